/** Anything but words of composed Latin letters with single spaces between, of which nothing is to be cleaned. Most texts are such, and asking is cheap. */
const UNCLEAN = /[^ -~\u00C0-\u024F\u1E00-\u1EFF]|^ | $| {2}/;

/** NFC, without zero-width characters and byte order marks, white space (U+00A0 too) collapsed and trimmed. Line breaks become spaces. */
export function cleanText(text: string): string {
  if (!UNCLEAN.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, '')
    .replace(/[\s\u00A0]+/g, ' ')
    .trim();
}

/** Text without tone marks and case, for search and matching: "Thanh tra tỉnh" → "thanh tra tinh". */
export function foldText(text: string): string {
  return cleanText(text)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
}

/** The folded text as an identifier: "Thanh tra tỉnh" → "thanh-tra-tinh". */
export function slug(text: string): string {
  return foldText(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Count in Vietnamese style: 14068 → "14.068". */
export function countVi(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '.');
}

/** Count in report prose: 1–9 with a leading zero, "06". */
export function proseCountVi(n: number): string {
  return n >= 1 && n <= 9 ? `0${String(n)}` : countVi(n);
}
