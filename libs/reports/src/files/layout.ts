import { fileURLToPath } from 'node:url';
import { printable } from '../words.ts';

/*
 * Decree 30/2020/NĐ-CP, Appendix I: A4; margins top and bottom 20–25 mm, left 30–35, right 15–20; Times New Roman or a face of the same metrics;
 * sizes of its table of elements; page number centred in the top margin and not on page 1.
 */
export const MARGIN_MM = { top: 20, bottom: 20, left: 30, right: 15 } as const;
/** The page number stands in the middle of the top margin. */
export const PAGE_NUMBER_MM = 10;
export const SIZE = { national: 13, motto: 14, agency: 13, number: 13, place: 14, kind: 14, abstract: 14, letterSubject: 12, body: 14, recipientsLabel: 12, recipients: 11, signer: 14, appendix: 14, attached: 13, table: 12, note: 11, pageNumber: 13 } as const;
export const DRAFT = 'DỰ THẢO';
export const FIRST_LINE_MM = 12.7;
export const BETWEEN_PARAGRAPHS_PT = 6;
export const POINT_MM = 25.4 / 72;
export const points = (mm: number): number => mm / POINT_MM;
export const TITLES = { left: 40, right: 60 } as const;

/** Mean width of a letter of bold Times, in parts of its size; rules under a text need its length only roughly. */
const BOLD_CAPITAL = 0.62;
const BOLD_SMALL = 0.46;
/** Points that a bold text takes. */
export function boldWidth(text: string, size: number): number {
  return text.length * size * (text === text.toLocaleUpperCase('vi') ? BOLD_CAPITAL : BOLD_SMALL);
}

/** A text as it is set: a share stays on one line with its sign. The words are the same. */
export const set = (text: string): string => printable(text).replace(/(\d) (?=%)/g, '$1\u00a0');

const font = (path: string): string => fileURLToPath(import.meta.resolve(`@expo-google-fonts/tinos/${path}`));

/** Tinos: the metrics of Times New Roman, every Vietnamese letter, free to embed. Vietnamese text has to be NFC, or its marks stand apart. */
export const tinos = (): { readonly normal: string; readonly bold: string; readonly italics: string; readonly bolditalics: string } => ({
  normal: font('400Regular/Tinos_400Regular.ttf'), bold: font('700Bold/Tinos_700Bold.ttf'), italics: font('400Regular_Italic/Tinos_400Regular_Italic.ttf'), bolditalics: font('700Bold_Italic/Tinos_700Bold_Italic.ttf'),
});
