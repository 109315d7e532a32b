import { Problem } from '#kernel';
import { hasSecrecyMark } from '#tasks';

/** Refuses a body with a secrecy mark in any of its texts (domain rule 1); the answer names the place and repeats nothing of it. @throws Problem 422 */
export function refuseSecrecyMark(body: unknown): void {
  const pointer = markedPlace(body, '');
  if (pointer === undefined) return;
  const detail = 'Nội dung có dấu chỉ độ mật; không được nhập vào hệ thống.';
  throw new Problem(422, 'secrecy-mark', 'Nội dung không hợp lệ', detail, { errors: [{ pointer, code: 'secrecy-mark', detail }] });
}

function markedPlace(value: unknown, at: string): string | undefined {
  if (typeof value === 'string') return hasSecrecyMark(value) ? at : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = markedPlace(inner, `${at}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
