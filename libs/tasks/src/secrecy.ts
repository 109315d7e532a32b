import { cleanText } from '#kernel';

/**
 * Secrecy marks (domain rule 1; Law on Protection of State Secrets 2018, art. 8): Mật, Tối mật, Tuyệt mật standing alone in a field or in
 * brackets, or after "độ mật" (that form with or without tone marks). "bảo mật", "bí mật nhà nước" inside a sentence are not marks.
 */
const ALONE = /^(?:mật|tối mật|tuyệt mật)$/iu;
const BRACKETS = /[([{]\s*(?:mật|tối mật|tuyệt mật)\s*(?:[,;][^)\]}]*)?[)\]}]/iu;
const AFTER_DEGREE = /(?:độ|do)\s+(?:mật|mat)\s*[:\-–]?\s*(?:(?:tối|toi|tuyệt|tuyet)\s+)?(?:mật|mat)(?!\p{L})/iu;
/** Every mark has an m and a t with little between them, whatever the form of its letters; most texts end here. */
const MAYBE = /m\S{0,8}t/iu;
const MENTIONS = /bí mật nhà nước/iu;

/** True when the text carries a secrecy mark: nothing of it may be kept. */
export function hasSecrecyMark(text: string): boolean {
  if (!MAYBE.test(text)) return false;
  const clean = cleanText(text);
  return ALONE.test(clean) || BRACKETS.test(clean) || AFTER_DEGREE.test(clean);
}

/** True when state secrets are the subject matter: a person should confirm that the document carries no mark. */
export function mentionsStateSecrets(text: string): boolean {
  return MENTIONS.test(cleanText(text));
}
