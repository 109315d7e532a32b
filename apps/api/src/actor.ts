import type { Request } from 'express';
import type { Actor } from '#event-log';
import { isUuid, Problem } from '#kernel';
import type { UnitDirectory } from '#organisation';

/** Who acts, from `X-Actor` in the open mode: `office | leader | auditor | admin | unit:<unitId>`; the office when not said. */
export function actorOf(request: Request, units: UnitDirectory): Actor {
  const given = single(request, 'x-actor') ?? 'office';
  if (given === 'office' || given === 'leader' || given === 'auditor' || given === 'admin') return { id: given, role: given };
  if (given.startsWith('unit:')) {
    const unitId = given.slice('unit:'.length);
    if (units.get(unitId)) return { id: given, role: 'unit', unitId };
  }
  throw new Problem(401, 'actor-unknown', 'Không rõ ai thực hiện', `X-Actor “${given}”: cần office, leader, auditor, admin hoặc unit:<mã đơn vị có trong danh mục>.`);
}

export function idempotencyKey(request: Request): string | undefined {
  const key = single(request, 'idempotency-key');
  if (key !== undefined && !isUuid(key)) {
    throw new Problem(400, 'idempotency-key-invalid', 'Idempotency-Key không hợp lệ', `Idempotency-Key “${key.slice(0, 80)}”: cần một UUID.`);
  }
  return key;
}

/** `If-Match: "3"` as a revision. */
export function ifMatch(request: Request): number | undefined {
  const given = single(request, 'if-match');
  if (given === undefined) return undefined;
  const m = /^"(\d{1,9})"$/.exec(given);
  if (!m) throw new Problem(400, 'if-match-invalid', 'If-Match không hợp lệ', `If-Match ${given.slice(0, 80)}: cần số phiên bản trong ngoặc kép, ví dụ "3".`);
  return Number(m[1]);
}

function single(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
