import { cleanText, foldText } from '#kernel';

/** The canonical form of a document number as typed any way: "Số 57 /BC - TTT" → "57/BC-TTT". Letters keep their case. */
export function canonicalDocumentNumber(text: string): string {
  return cleanText(text)
    .replace(/^số\s*:?\s*(?=\d)/iu, '')
    .replace(/\s*([/-])\s*/g, '$1')
    .trim();
}

/** What two spellings of one number share: without case and marks, for keys and search. */
export function documentNumberKey(text: string): string {
  return foldText(canonicalDocumentNumber(text));
}
