/** Words of composed Latin letters with single spaces between: nothing in them is to be cleaned. Most texts are so, and asking is cheap. */
function isClean(text: string): boolean {
  let before = 32;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 ? before === 32 : !((code > 32 && code < 127) || (code >= 0xc0 && code <= 0x24f) || (code >= 0x1e00 && code <= 0x1eff))) return false;
    before = code;
  }
  return before !== 32 || text === '';
}

/** NFC, without zero-width characters and byte order marks, white space (U+00A0 too) collapsed and trimmed. Line breaks become spaces. */
export function cleanText(text: string): string {
  if (isClean(text)) return text;
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
