import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '#event-log';
import { isUuid, Problem } from '#kernel';
import type { Runtime } from '../runtime.ts';

export type Role = Exclude<Actor['role'], 'system'>;
interface Headed {
  readonly headers: IncomingHttpHeaders;
}

/** Who acts, from `X-Actor` in the open mode: `office | leader | auditor | admin | unit:<unitId>`; the office when not said. */
export function actorOf(request: Headed, { reference }: Pick<Runtime, 'reference'>): Actor & { readonly role: Role } {
  const given = single(request, 'x-actor') ?? 'office';
  if (given === 'office' || given === 'leader' || given === 'auditor' || given === 'admin') return { id: given, role: given };
  if (given.startsWith('unit:')) {
    const unitId = given.slice('unit:'.length);
    if (reference.organisation.unit(unitId)) return { id: given, role: 'unit', unitId };
  }
  throw new Problem(401, 'actor-unknown', 'Không rõ ai thực hiện', `X-Actor “${given}”: cần office, leader, auditor, admin hoặc unit:<mã đơn vị có trong danh mục>.`);
}

export function idempotencyKey(request: Headed): string | undefined {
  const key = single(request, 'idempotency-key');
  if (key !== undefined && !isUuid(key)) {
    throw new Problem(400, 'idempotency-key-invalid', 'Idempotency-Key không hợp lệ', `Idempotency-Key “${key.slice(0, 80)}”: cần một UUID.`);
  }
  return key;
}

/** `If-Match: "3"` as a revision. */
export function ifMatch(request: Headed): number | undefined {
  const given = single(request, 'if-match');
  if (given === undefined) return undefined;
  const m = /^"(\d{1,9})"$/.exec(given);
  if (!m) throw new Problem(400, 'if-match-invalid', 'If-Match không hợp lệ', `If-Match ${given.slice(0, 80)}: cần số phiên bản trong ngoặc kép, ví dụ "3".`);
  return Number(m[1]);
}

/** `Idempotency-Key` and `If-Match`, as requests carry them on. */
export function conditions(request: Headed): { readonly key?: string; readonly ifMatch?: number } {
  const key = idempotencyKey(request);
  const match = ifMatch(request);
  return { ...(key === undefined ? {} : { key }), ...(match === undefined ? {} : { ifMatch: match }) };
}

/** @throws Problem 403 unless the role is one of those that may. */
export function requireRole(actor: Actor, roles: readonly string[], what: string): void {
  if (!roles.includes(actor.role)) throw new Problem(403, 'not-permitted', 'Không có quyền', `Vai trò “${actor.role}” không được ${what}.`, { extra: { role: actor.role, allowed: roles } });
}

function single(request: Headed, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
