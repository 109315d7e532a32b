import { ALLOWED_KINDS } from './kinds.ts';

/** 25 MiB. */
export const MAX_EVIDENCE_BYTES = 25 * 1024 * 1024;

/** Why a file is not kept; the shape is that of a task's rejection, without a fact. */
export interface EvidenceRejection {
  readonly status: 413 | 422;
  readonly code: 'file-too-large' | 'file-empty' | 'file-type-not-allowed' | 'secrecy-mark';
  readonly detail: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** `maxBytes` a whole number of MiB is said as such. */
export function tooLarge(maxBytes: number): EvidenceRejection {
  const MiB = 1024 * 1024;
  const limit = maxBytes % MiB === 0 ? `${String(maxBytes / MiB)} MiB` : `${String(maxBytes)} byte`;
  return { status: 413, code: 'file-too-large', detail: `Tệp vượt quá ${limit}: hãy nén ảnh, tách tệp hoặc quét ở độ phân giải thấp hơn.`, extra: { maxBytes } };
}

export function empty(): EvidenceRejection {
  return { status: 422, code: 'file-empty', detail: 'Tệp trống (0 byte): cần một tệp có nội dung.' };
}

export function typeNotAllowed(found: string): EvidenceRejection {
  return { status: 422, code: 'file-type-not-allowed', detail: `Nội dung tệp là ${found}; cần một trong: ${ALLOWED_KINDS.join(', ')}.`, extra: { found, allowed: ALLOWED_KINDS } };
}

/** Says nothing of the name: nothing of what carries a mark may be kept or repeated (domain.md §1). */
export function secrecyMark(): EvidenceRejection {
  return { status: 422, code: 'secrecy-mark', detail: 'Tên tệp mang dấu độ mật: tài liệu mật không được đưa vào hệ thống. Không có gì được lưu lại.' };
}
