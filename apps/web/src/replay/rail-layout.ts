import { type DeadlineChange, type TaskEvent } from '../api.ts';
import { addDays, count, day, daysBetween, dayOf, mondayOf } from '../format.ts';
import { t } from '../i18n.ts';

const DAY_MS = 86_400_000;
const startOf = (iso: string): number => Date.parse(`${iso}T00:00:00+07:00`);
/** More columns than this cannot be told apart on the rail. */
const MOST_COLUMNS = 90;
/** Squares stand on each other up to here; beyond, a bar with its count. */
export const MOST_SQUARES = 6;

export interface Span {
  /** First and last day drawn, both whole. */
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly end: number;
}

/** The task's life on the rail: from its first day to its last event, deadline or point, a day of room on both sides. */
export function spanOf(events: readonly TaskEvent[], dues: readonly string[], points: readonly number[]): Span {
  const days = [...events.flatMap((event) => [dayOf(event.occurredAt), dayOf(event.recordedAt)]), ...dues].sort();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new Error('replay: a rail without events');
  const from = addDays(first, -1);
  const latest = Math.max(startOf(last), ...points);
  const to = addDays(dayOf(new Date(latest).toISOString()), 1);
  return { from, to, start: startOf(from), end: startOf(to) + DAY_MS };
}

/** Where an instant lies, 0–100. */
export const placeOf = (span: Span, time: number): number =>
  ((Math.min(Math.max(time, span.start), span.end) - span.start) / (span.end - span.start)) * 100;

export interface Column {
  /** First day of the column, its width in days, its middle on the rail. */
  readonly day: string;
  readonly days: number;
  readonly place: number;
  readonly events: readonly TaskEvent[];
}

/** How dense the events are: columns of one day, or of as many as it takes for them to be seen. */
export function columnsOf(events: readonly TaskEvent[], span: Span, by: 'recordedAt' | 'occurredAt'): Column[] {
  const days = Math.max(1, Math.ceil((daysBetween(span.from, span.to) + 1) / MOST_COLUMNS));
  const groups = new Map<number, TaskEvent[]>();
  for (const event of events) {
    const n = Math.floor(daysBetween(span.from, dayOf(event[by])) / days);
    groups.set(n, [...(groups.get(n) ?? []), event]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([n, inside]) => {
      const first = addDays(span.from, n * days);
      return { day: first, days, place: placeOf(span, startOf(first) + (days * DAY_MS) / 2), events: inside };
    });
}

export interface Tick {
  readonly place: number;
  readonly text: string;
}

/** Days written under the rail, at even distances: single days, every other day, or Mondays as many weeks apart as leaves room. */
export function ticksOf(span: Span, most = 14): Tick[] {
  const whole = daysBetween(span.from, span.to);
  const every = whole <= most ? 1 : whole <= 2 * most ? 2 : Math.ceil(whole / most / 7) * 7;
  const ticks: Tick[] = [];
  for (let at = every < 7 ? addDays(span.from, 1) : addDays(mondayOf(span.from), 7); at < span.to; at = addDays(at, every))
    ticks.push({ place: placeOf(span, startOf(at)), text: day(at).slice(0, 5) });
  return ticks;
}

export interface DueTick {
  readonly dueOn: string;
  readonly place: number;
  readonly text: string;
  /** No longer in force: a later deadline took its place. */
  readonly old: boolean;
}

/** The deadlines that were in force, each at the end of its day. */
export function dueTicksOf(history: readonly DeadlineChange[], span: Span): DueTick[] {
  const dues = history.flatMap((change) => (change.deadline?.dueOn ? [change.deadline.dueOn] : []));
  return dues
    .filter((dueOn, at) => dues.indexOf(dueOn) === at)
    .map((dueOn) => ({
      dueOn,
      place: placeOf(span, startOf(dueOn) + DAY_MS - 1),
      text: `${dueOn === dues[0] ? (dues.length > 1 ? t('hạn đầu') : t('hạn')) : t('hạn mới')} ${day(dueOn).slice(0, 5)}`,
      old: dueOn !== dues.at(-1),
    }));
}

/** The event (from 1) recorded nearest to a place of the rail: where a click or a drag leads. */
export function nearest(events: readonly TaskEvent[], span: Span, place: number): number {
  let [best, distance] = [1, Infinity];
  events.forEach((event, at) => {
    const away = Math.abs(placeOf(span, Date.parse(event.recordedAt)) - place);
    if (away <= distance) [best, distance] = [at + 1, away];
  });
  return best;
}

export interface DeadlineStep {
  readonly change: DeadlineChange;
  /** Days against the deadline before; null where one of the two has none. */
  readonly added: number | null;
}

/** Each deadline with what it added to the one before. */
export function deadlineSteps(history: readonly DeadlineChange[]): DeadlineStep[] {
  return history.map((change, at) => {
    const before = history[at - 1]?.deadline?.dueOn;
    const now = change.deadline?.dueOn;
    return { change, added: before && now ? daysBetween(before, now) : null };
  });
}

export const addedWords = (added: number | null): string =>
  added === null
    ? ''
    : added === 0
      ? t('không đổi')
      : added > 0
        ? t('thêm {{n}} ngày', { n: count(added) })
        : t('bớt {{n}} ngày', { n: count(-added) });
