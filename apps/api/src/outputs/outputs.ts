import type { Day } from '#kernel';
import type { Printable } from '#reports/files/write-files';
import { badParameter, oneOf } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { writeDocuments } from '../reports/report-writer.ts';
import { briefingPack, figuresTable, overdueLetter, weeklySheet, type OutputAsked } from './output-data.ts';

/** The papers besides reports, by the last segment of their path. */
export const OUTPUTS = ['overdue-letter', 'weekly-sheet', 'briefing-pack', 'figures-table'] as const;
export type Output = (typeof OUTPUTS)[number];
export const OUTPUT_FORMATS = { 'overdue-letter': ['docx', 'pdf'], 'weekly-sheet': ['docx', 'pdf'], 'briefing-pack': ['docx', 'pdf'], 'figures-table': ['xlsx'] } as const;
const FILE_NAMES: Readonly<Record<Output, string>> = { 'overdue-letter': 'cong-van-don-doc', 'weekly-sheet': 'phieu-nhac-viec', 'briefing-pack': 'tai-lieu-giao-ban', 'figures-table': 'bang-so-lieu' };

export const OUTPUT_TYPES = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', pdf: 'application/pdf', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export interface OutputFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Puts a paper together and writes it off the thread that answers. @throws Problem */
export async function outputFile(output: Output, asked: OutputAsked & { readonly format?: string }, runtime: Runtime): Promise<OutputFile> {
  const { format: given, ...rest } = asked;
  const formats: readonly (keyof typeof OUTPUT_TYPES)[] = OUTPUT_FORMATS[output];
  const format = oneOf('format', given, formats, formats[0]!);
  const { what, day } = await printableOf(output, rest, runtime);
  const { bytes } = (await writeDocuments(what, [format]))[0]!;
  return { bytes, type: OUTPUT_TYPES[format], name: `${FILE_NAMES[output]}${rest.unitId === undefined ? '' : `-${rest.unitId}`}-${day}.${format}` };
}

async function printableOf(output: Output, asked: OutputAsked, runtime: Runtime): Promise<{ readonly what: Printable; readonly day: Day }> {
  if (output === 'figures-table') {
    const tables = await figuresTable(asked, runtime);
    return { what: { tables }, day: tables.day };
  }
  const official = await DOCUMENTS[output](asked, runtime);
  return { what: { official }, day: official.day };
}

const DOCUMENTS = { 'overdue-letter': overdueLetter, 'weekly-sheet': weeklySheet, 'briefing-pack': briefingPack } as const;

/** @throws Problem 400 naming those there are. */
export function readOutput(text: string): Output {
  const found = OUTPUTS.find((one) => one === text);
  if (found === undefined) throw badParameter('output', text, OUTPUTS.join(', '));
  return found;
}
