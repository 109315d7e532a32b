import { endOfDay, isDay, isUuid, dayOf, isoInstant, parseInstant, Problem, type Day, type Instant } from '#kernel';
import type { PointDto } from './dto.ts';
import type { Runtime } from './runtime.ts';

/** What was asked about, and as known when. */
export interface Point {
  /** As given back: the day or the instant. */
  readonly asOf: string;
  /** Last millisecond included. */
  readonly at: Instant;
  readonly day: Day;
  readonly knownAt: string | null;
  /** null: everything now known. */
  readonly known: bigint | null;
  /** Position answered from, and the event standing there. */
  readonly position: bigint;
  readonly lastEventId: string | null;
}

const WAIT_MS = 2_000;

export function badParameter(name: string, given: unknown, expected: string, status: 400 | 422 = 400): Problem {
  const detail = `Tham số ${name}=“${String(given)}”: cần ${expected}.`;
  return new Problem(status, status === 400 ? 'parameter-invalid' : 'value-invalid', 'Tham số không hợp lệ', detail, { errors: [{ pointer: `?${name}`, code: 'invalid', detail: `cần ${expected}`, given }] });
}

/** A day as the last millisecond before its 24:00, or an instant as itself. */
export function readMoment(name: string, text: string): { at: Instant; day: Day } {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    if (!isDay(text)) throw badParameter(name, text, 'một ngày có thật', 422);
    return { at: endOfDay(text) - 1, day: text };
  }
  // A plus sign in a query arrives as a space where the client did not escape it.
  const at = parseInstant(text.replace(' ', '+'));
  if (at === undefined) throw badParameter(name, text, 'ngày YYYY-MM-DD hoặc thời điểm ISO 8601 có múi giờ');
  return { at, day: dayOf(at) };
}

/** Resolves asOf, knownAt and atLeast; waits for one's own write. */
export async function readPoint(query: PointDto, runtime: Runtime): Promise<Point> {
  const { log, projector } = runtime;
  if (query.atLeast !== undefined) {
    const wanted = readPosition('atLeast', query.atLeast);
    const head = (await log.head()).position;
    if (wanted > head) throw badParameter('atLeast', query.atLeast, `một vị trí không quá ${String(head)}`);
    if (!(await projector.reaches(wanted, WAIT_MS))) {
      throw new Problem(503, 'projection-behind', 'Số liệu chưa kịp cập nhật', `Số liệu đang ở vị trí ${String(projector.lowest())}, cần ${String(wanted)}; thử lại sau.`, { extra: { position: String(projector.lowest()), lag: Number(wanted - projector.lowest()) } });
    }
  }
  const now = await runtime.tasks.now();
  const asOf = query.asOf ?? isoInstant(now);
  const { at, day } = query.asOf === undefined ? { at: now, day: dayOf(now) } : readMoment('asOf', query.asOf);
  const reached = projector.lowest();
  const known = query.knownAt === undefined ? null : await readKnown(query.knownAt, runtime);
  const position = known === null || known > reached ? reached : known;
  const [last] = position === 0n ? [] : await log.readAll({ after: position - 1n, limit: 1 });
  return { asOf, at, day, knownAt: query.knownAt ?? null, known, position, lastEventId: last?.position === position ? last.id : null };
}

async function readKnown(text: string, { log }: Runtime): Promise<bigint> {
  if (text.startsWith('position:')) {
    const position = readPosition('knownAt', text.slice('position:'.length));
    const head = (await log.head()).position;
    if (position > head) throw badParameter('knownAt', text, `một vị trí không quá ${String(head)}`);
    return position;
  }
  if (text.startsWith('event:')) {
    const id = text.slice('event:'.length);
    if (!isUuid(id)) throw badParameter('knownAt', text, 'event:<uuid>');
    const event = await log.readEvent(id.toLowerCase());
    if (!event) throw badParameter('knownAt', text, 'mã một sự kiện có trong nhật ký', 422);
    return event.position;
  }
  return log.positionAt(readMoment('knownAt', text).at);
}

function readPosition(name: string, text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw badParameter(name, text, 'một vị trí (dãy chữ số)');
  return BigInt(text);
}

/** `limit` (≤ 200, default 50) and an opaque `cursor`. */
export function readPage(query: { limit?: string; cursor?: string }): { limit: number; offset: number } {
  const limit = query.limit ?? '50';
  if (!/^\d{1,3}$/.test(limit) || +limit < 1 || +limit > 200) throw badParameter('limit', limit, 'số từ 1 đến 200');
  const cursor = query.cursor ?? '0';
  const offset = /^[0-9a-z]{1,8}$/.test(cursor) ? parseInt(cursor, 36) : NaN;
  if (Number.isNaN(offset)) throw badParameter('cursor', cursor, 'giá trị nextCursor của trang trước');
  return { limit: +limit, offset };
}

export function nextCursor(offset: number, limit: number, total: number): string | null {
  return offset + limit < total ? (offset + limit).toString(36) : null;
}

/** One of the names, or the default. */
export function oneOf<T extends string>(name: string, given: string | undefined, names: readonly T[], otherwise: T): T {
  if (given === undefined) return otherwise;
  const found = names.find((n) => n === given);
  if (found === undefined) throw badParameter(name, given, names.join(' | '));
  return found;
}
