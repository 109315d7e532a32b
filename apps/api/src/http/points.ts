import { endOfDay, FIRST_YEAR, isDay, isPlausibleYear, isUuid, dayOf, isoInstant, LAST_YEAR, parseInstant, Problem, type Day, type Instant } from '#kernel';
import type { PointDto } from './dto.ts';
import type { Sources } from '../sources.ts';

/** What was asked about, and as known when. */
export interface Point {
  /** As given back: the day or the instant. */
  readonly asOf: string;
  /** Last millisecond included. */
  readonly at: Instant;
  readonly day: Day;
  readonly knownAt: string | null;
  /** Only what is recorded up to here is known; what is derived has reached it. */
  readonly known: bigint;
  /** The same, as answers name it, and the event standing there. */
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
    return plausible(name, text, { at: endOfDay(text) - 1, day: text });
  }
  // A plus sign in a query arrives as a space where the client did not escape it.
  const at = parseInstant(text.replace(' ', '+'));
  if (at === undefined) throw badParameter(name, text, 'ngày YYYY-MM-DD hoặc thời điểm ISO 8601 có múi giờ');
  return plausible(name, text, { at, day: dayOf(at) });
}

function plausible<T extends { readonly day: Day }>(name: string, text: string, moment: T): T {
  if (!isPlausibleYear(Number(moment.day.slice(0, 4)))) throw badParameter(name, text, `một lúc trong các năm ${String(FIRST_YEAR)}–${String(LAST_YEAR)}`, 422);
  return moment;
}

/** Resolves asOf, knownAt and atLeast; waits for one's own write. `prefix` names the parameters of a second point: `sinceAsOf`, `sinceKnownAt`. */
export async function readPoint(query: PointDto, runtime: Sources, prefix = ''): Promise<Point> {
  const named = (name: string): string => (prefix === '' ? name : `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  const { log, projector } = runtime;
  if (query.atLeast !== undefined) {
    const wanted = readPosition('atLeast', query.atLeast);
    const head = (await log.head()).position;
    if (wanted > head) throw badParameter('atLeast', query.atLeast, `một vị trí không quá ${String(head)}`);
    await reach(wanted, runtime);
  }
  const now = await runtime.tasks.now();
  const asOf = query.asOf ?? isoInstant(now);
  const { at, day } = query.asOf === undefined ? { at: now, day: dayOf(now) } : readMoment(named('asOf'), query.asOf);
  const asked = query.knownAt === undefined ? undefined : await readKnown(named('knownAt'), query.knownAt, runtime);
  // A knowledge that is asked for has to be had whole: the same K gives the same answer, now and in a year.
  if (asked !== undefined) await reach(asked, runtime);
  const known = asked ?? projector.lowest();
  const last = known === 0n ? undefined : await log.readAt(known);
  return { asOf, at, day, knownAt: query.knownAt ?? null, known, position: known, lastEventId: last?.id ?? null };
}

async function reach(position: bigint, { projector }: Sources): Promise<void> {
  if (await projector.reaches(position, WAIT_MS)) return;
  const lowest = projector.lowest();
  throw new Problem(503, 'projection-behind', 'Số liệu chưa kịp cập nhật', `Số liệu đang ở vị trí ${String(lowest)}, cần ${String(position)}; thử lại sau.`, { extra: { position: String(lowest), lag: Number(position - lowest) } });
}

async function readKnown(name: string, text: string, { log }: Sources): Promise<bigint> {
  if (text.startsWith('position:')) {
    const position = readPosition(name, text.slice('position:'.length));
    const head = (await log.head()).position;
    if (position > head) throw badParameter(name, text, `một vị trí không quá ${String(head)}`);
    return position;
  }
  if (text.startsWith('event:')) {
    const id = text.slice('event:'.length);
    if (!isUuid(id)) throw badParameter(name, text, 'event:<uuid>');
    const event = await log.readEvent(id.toLowerCase());
    if (!event) throw badParameter(name, text, 'mã một sự kiện có trong nhật ký', 422);
    return event.position;
  }
  return log.positionAt(readMoment(name, text).at);
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
