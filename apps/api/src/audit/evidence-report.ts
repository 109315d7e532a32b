import type { Instant } from '#kernel';

/** A printed piece of evidence as plain data: what stands in it is decided here, how it looks in render-pdf.ts. */
export interface EvidenceReport {
  readonly title: string;
  readonly subject: string;
  /** What it rests on: instants, position, last event. */
  readonly grounds: readonly (readonly [label: string, text: string])[];
  readonly states: { readonly title: string; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly note: string | null };
  readonly events: readonly { readonly position: string; readonly recordedAt: string; readonly occurredAt: string; readonly who: string; readonly text: string; readonly marks: readonly string[] }[];
  readonly closing: string;
  /** Of the file: from the log and not from the clock, so that the same question gives the same bytes. */
  readonly date: Instant;
}
