/** Kinds of files that can be evidence; told by content, never by name. */
export type EvidenceKind = 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'odt' | 'ods' | 'doc' | 'xls' | 'png' | 'jpg' | 'tiff' | 'text';

/** A kind that is allowed, or what was found instead, in words. */
export type Told = { readonly kind: EvidenceKind } | { readonly found: string };

export const EVIDENCE_TYPES: Readonly<Record<EvidenceKind, string>> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  png: 'image/png',
  jpg: 'image/jpeg',
  tiff: 'image/tiff',
  text: 'text/plain; charset=utf-8',
};

/** For people, in the order they would look. */
export const ALLOWED_KINDS: readonly string[] = ['PDF', 'DOCX', 'XLSX', 'PPTX', 'ODT', 'ODS', 'DOC', 'XLS', 'PNG', 'JPG', 'TIFF', 'TXT hoặc CSV (UTF-8)'];

/** The MIME type kept with a file. Plain text and CSV have the same bytes, so between these two, and only there, the name decides. */
export function evidenceType(kind: EvidenceKind, name: string): string {
  return kind === 'text' && /\.csv$/i.test(name) ? 'text/csv; charset=utf-8' : EVIDENCE_TYPES[kind];
}
