import type { EvidenceRejection } from './rejections.ts';

/** What is known about a kept file. The name may hold personal data: it stands beside the file, where it can be erased, and never in the log. */
export interface EvidenceFile {
  /** Lower-case hex SHA-256 of the content. */
  readonly id: string;
  readonly name: string;
  /** MIME type, with its charset where the kind is text. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface OpenedEvidence extends EvidenceFile {
  /** The bytes, hashed on their way: throws EvidenceDamagedError instead of giving the last of them when they are not those of the id. */
  content(): AsyncIterable<Uint8Array>;
}

/** `created` is false when the same content was kept already: the answer is what was kept then, its name included. */
export type EvidencePut = { readonly ok: true; readonly created: boolean; readonly file: EvidenceFile } | { readonly ok: false; readonly rejection: EvidenceRejection };

export type EvidenceSoundness =
  | { readonly state: 'sound'; readonly size: number }
  | { readonly state: 'missing' }
  | { readonly state: 'damaged'; readonly expected: string; readonly actual: string; readonly size: number };

/** Kept bytes are not those of their id: bring them back from a backup. */
export class EvidenceDamagedError extends Error {
  readonly id: string;
  constructor(id: string, what: string) {
    super(`Tệp minh chứng ${id} bị hỏng: ${what}. Hãy khôi phục tệp này từ bản sao lưu.`);
    this.name = 'EvidenceDamagedError';
    this.id = id;
  }
}

/** Evidence files kept by content. Every store of this port passes `evidence-store.features.ts`. */
export interface EvidenceStore {
  /**
   * Keeps the content; durable when the promise resolves. A refusal is an answer; an error of the stream or of the disk is thrown. In both cases
   * nothing is left behind. The content is checked at the end of the stream and never held in memory as a whole.
   */
  put(content: AsyncIterable<Uint8Array>, options: { readonly name: string }): Promise<EvidencePut>;
  /** Undefined for an id that is unknown or no id at all. @throws EvidenceDamagedError when the length is not the one noted. */
  open(id: string): Promise<OpenedEvidence | undefined>;
  has(id: string): Promise<boolean>;
  /** Removes what an upload left behind that was cut off by the end of the program. Uploads under way are not touched. */
  sweep(): Promise<void>;
  /** Reads the whole content again and compares it with the id. */
  verify(id: string): Promise<EvidenceSoundness>;
}

/** True for lower-case hex of 64 digits. Anything else never reaches the disk. */
export function isEvidenceId(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
