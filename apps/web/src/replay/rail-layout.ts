import { type DeadlineChange, type TaskEvent } from '../api.ts';
import { addDays, count, day, daysBetween, dayOf, local, mondayOf } from '../format.ts';
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
  /** Drawn by the minute: what happened stands within hours, and days would put it all in one place. */
  readonly fine?: true;
}

const MINUTE_MS = 60_000;
/** Shorter lives than this are drawn by the minute. */
const FINE_UP_TO_MS = DAY_MS / 2;

/** The hours in which a short life was recorded, with some room on both sides; undefined for a longer one. */
export function fineSpanOf(events: readonly TaskEvent[]): Span | undefined {
  const times = events.flatMap(({ occurredAt, recordedAt }) => [Date.parse(occurredAt), Date.parse(recordedAt)]);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  if (events.length === 0 || last - first > FINE_UP_TO_MS) return undefined;
  const room = Math.max(MINUTE_MS, (last - first) * 0.06);
  return { from: dayOf(new Date(first).toISOString()), to: dayOf(new Date(last).toISOString()), start: first - room, end: last + room, fine: true };
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
  if (span.fine) return fineColumnsOf(events, span, by);
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

function fineColumnsOf(events: readonly TaskEvent[], span: Span, by: 'recordedAt' | 'occurredAt'): Column[] {
  const width = (span.end - span.start) / MOST_COLUMNS;
  const groups = new Map<number, TaskEvent[]>();
  for (const event of events) {
    const n = Math.floor((Date.parse(event[by]) - span.start) / width);
    groups.set(n, [...(groups.get(n) ?? []), event]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([n, inside]) => ({ day: new Date(span.start + n * width).toISOString(), days: 0, place: ((n + 0.5) / MOST_COLUMNS) * 100, events: inside }));
}

export interface Tick {
  readonly place: number;
  readonly text: string;
}

/** Days written under the rail, at even distances: single days, every other day, or Mondays as many weeks apart as leaves room. */
export function ticksOf(span: Span, most = 14): Tick[] {
  if (span.fine) return fineTicksOf(span, most);
  const whole = daysBetween(span.from, span.to);
  const every = whole <= most ? 1 : whole <= 2 * most ? 2 : Math.ceil(whole / most / 7) * 7;
  const ticks: Tick[] = [];
  for (let at = every < 7 ? addDays(span.from, 1) : addDays(mondayOf(span.from), 7); at < span.to; at = addDays(at, every))
    ticks.push({ place: placeOf(span, startOf(at)), text: day(at).slice(0, 5) });
  return ticks;
}

const EVERY_MINUTES = [1, 2, 5, 10, 15, 30, 60] as const;

function fineTicksOf({ start, end }: Span, most: number): Tick[] {
  const every = (EVERY_MINUTES.find((minutes) => (end - start) / (minutes * MINUTE_MS) <= most) ?? 60) * MINUTE_MS;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(start / every) * every; at < end; at += every) ticks.push({ place: ((at - start) / (end - start)) * 100, text: local(at).time });
  return ticks;
}

export interface DueTick {
  readonly dueOn: string;
  readonly place: number;
  readonly text: string;
  /** No longer in force: a later deadline took its place. */
  readonly old: boolean;
  /** Its words would run into those of an earlier one: the mark stands alone, the table below the rail names it. */
  readonly crowded: boolean;
}

/** How much of the rail the words of a deadline take where it is narrow, in per cent; past `TURNS` they stand before their mark. */
const WORDS_WIDE = 14;
const TURNS = 70;

/** The deadlines that were in force, each at the end of its day. */
export function dueTicksOf(history: readonly DeadlineChange[], span: Span): DueTick[] {
  const dues = history.flatMap((change) => (change.deadline?.dueOn ? [change.deadline.dueOn] : []));
  let free = -Infinity;
  return dues
    .filter((dueOn, at) => dues.indexOf(dueOn) === at)
    .map((dueOn): Omit<DueTick, 'crowded'> => ({
      dueOn,
      place: placeOf(span, startOf(dueOn) + DAY_MS - 1),
      text: `${dueOn === dues[0] ? (dues.length > 1 ? t('hạn đầu') : t('hạn')) : t('hạn mới')} ${day(dueOn).slice(0, 5)}`,
      old: dueOn !== dues.at(-1),
    }))
    .map((tick) => {
      const begins = tick.place > TURNS ? tick.place - WORDS_WIDE : tick.place;
      const crowded = tick.old && begins < free;
      if (tick.old && !crowded) free = begins + WORDS_WIDE;
      return { ...tick, crowded };
    });
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
