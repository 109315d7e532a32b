import { type TaskEvent } from '../api.ts';
import { addDays, at, dayOf, isDay, known, local, longDay, positionText } from '../format.ts';
import { t } from '../i18n.ts';

/** What a point is made of: where the events are counted and in which order they were written. */
export type Mark = Pick<TaskEvent, 'id' | 'position' | 'recordedAt'>;

/** A point of the replay, found among the task's events: what was known by then, seen at that instant. */
export interface Point {
  /** As the address names it: `position:<n>` of an event of this task, a day (its 24:00), or an instant. */
  readonly name: string;
  /** How many of the task's events were recorded by then; 0 before the first. */
  readonly count: number;
  /** What the API is asked with. */
  readonly asOf: string;
  readonly knownAt: string;
  /** Milliseconds, to compare and to draw. */
  readonly time: number;
}

export interface Found {
  readonly point: Point;
  /** Why the point is not the one that was named; null where it is. */
  readonly remark: string | null;
}

const DAY_MS = 86_400_000;
const endOf = (day: string): number => Date.parse(`${day}T00:00:00+07:00`) + DAY_MS - 1;
const isInstant = (text: string): boolean => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text));

/** The point right after the n-th event (from 1), at the instant it was recorded. */
export function pointAt(marks: readonly Mark[], n: number): Point {
  const count = Math.min(Math.max(1, n), marks.length);
  const mark = marks[count - 1];
  if (!mark) throw new Error(`replay: no event ${n} among ${marks.length}`);
  return {
    name: `position:${mark.position}`,
    count,
    asOf: mark.recordedAt,
    knownAt: `position:${mark.position}`,
    time: Date.parse(mark.recordedAt),
  };
}

/** A day's end or an instant, with what was known by then. */
export function pointOn(marks: readonly Mark[], moment: string): Point {
  const time = isDay(moment) ? endOf(moment) : Date.parse(moment);
  const count = marks.filter((mark) => Date.parse(mark.recordedAt) <= time).length;
  return { name: moment, count, asOf: moment, knownAt: moment, time };
}

/** Reads a point of the address; what cannot be found becomes the nearest that can, with a remark. */
export function findPoint(marks: readonly Mark[], name: string): Found {
  const last = pointAt(marks, marks.length);
  const position = /^position:(\d{1,18})$/.exec(name)?.[1];
  if (position !== undefined) {
    const wanted = BigInt(position);
    const before = marks.filter((mark) => BigInt(mark.position) <= wanted).length;
    const point = pointAt(marks, before);
    if (marks[before - 1]?.position === position) return { point, remark: null };
    const shown = marks[point.count - 1]?.position ?? '';
    return {
      point,
      remark: t('Sự kiện {{position}} không thuộc việc này; lấy sự kiện gần nhất của việc, {{shown}}.', {
        position: positionText(position),
        shown: positionText(shown),
      }),
    };
  }
  if (name.startsWith('event:')) {
    const id = name.slice('event:'.length).toLowerCase();
    const index = marks.findIndex((mark) => mark.id === id);
    return index >= 0
      ? { point: pointAt(marks, index + 1), remark: null }
      : { point: last, remark: t('Việc này không có sự kiện mang mã “{{id}}”; lấy sự kiện cuối.', { id }) };
  }
  if ((isDay(name) && !Number.isNaN(endOf(name))) || isInstant(name)) return { point: pointOn(marks, name), remark: null };
  return {
    point: last,
    remark: t('Không hiểu mốc “{{name}}”: cần position:<số>, event:<mã> hoặc một ngày YYYY-MM-DD. Lấy sự kiện cuối.', { name }),
  };
}

/** Before (−), the same (0), or after (+). */
export const compare = (one: Point, other: Point): number => one.time - other.time || one.count - other.count;

export type Step = 'previous' | 'next' | 'day-back' | 'day-on' | 'first' | 'last';

/** Where a step leads; the same point where there is nothing further. By day it stops at the 24:00 of each day, also of those on which nothing was written, and never beyond `today`. */
export function step(marks: readonly Mark[], from: Point, how: Step, today: string): Point {
  const [first, last] = [pointAt(marks, 1), pointAt(marks, marks.length)];
  if (how === 'first') return first;
  if (how === 'last') return last;
  if (how === 'next') return from.count < marks.length ? pointAt(marks, from.count + 1) : from;
  // From the end of a day back to the event it follows, from an event to the one before it.
  if (how === 'previous') return from.count < 1 ? from : pointAt(marks, from.name.startsWith('position:') ? from.count - 1 : from.count);
  const here = local(from.time).day;
  const to = how === 'day-back' ? addDays(here, -1) : from.time === endOf(here) ? addDays(here, 1) : here;
  if (how === 'day-on' && to > today) return from;
  const point = pointOn(marks, to);
  return point.count === 0 ? first : point;
}

/** A point for the reader: `09:14 T3 03/11/2026`, `hết T7 28/11/2020`. */
export const pointWords = (point: Point): string => at(point.asOf);

/** What a handle says of itself: `sự kiện 14 trên 62, 03/11 09:14`. */
export function valueText(point: Point, total: number): string {
  const here = local(point.time);
  const when = isDay(point.name)
    ? t('hết {{day}}', { day: longDay(point.name) })
    : `${here.day.slice(8)}/${here.day.slice(5, 7)} ${here.time}`;
  return point.count === 0
    ? t('trước sự kiện đầu, {{when}}', { when })
    : t('sự kiện {{n}} trên {{total}}, {{when}}', { n: point.count, total, when });
}

/** What is known by a point, in words: up to which event. */
export const knownWords = (point: Point): string =>
  point.knownAt.startsWith('position:')
    ? known(point.knownAt)
    : t('mọi điều ghi đến {{when}}', { when: isDay(point.knownAt) ? known(point.knownAt) : at(point.knownAt) });

/** How far the recorded day lies behind the day it happened. */
export const recordedLater = (event: Pick<TaskEvent, 'occurredAt' | 'recordedAt'>): boolean =>
  dayOf(event.recordedAt) > dayOf(event.occurredAt);
