import { type DeadlineChange, type TaskEvent } from '../api.ts';
import { day, dayOf } from '../format.ts';
import { t } from '../i18n.ts';
import { rowsOf, type Field } from './differences.ts';
import { endOf } from './happenings.ts';
import { pointOn, type Point } from './points.ts';
import { type Pausing } from './use-points.ts';

export interface PauseChoice {
  readonly value: string;
  readonly words: string;
}
export interface PauseGroup {
  readonly label: string | null;
  readonly choices: readonly PauseChoice[];
}

type ActorWords = (actor: NonNullable<TaskEvent['actor']>) => string;

const ANYBODY = 'nguoi';
const DUE = 'han';
const ANY_FIELD = 'truong';
/** Changes from day to day without any event. */
const BY_TIME: ReadonlySet<string> = new Set(['days']);

const whoOf = ({ actor }: Pick<TaskEvent, 'actor'>): string | null =>
  actor === null || actor.role === 'system' ? null : `${actor.role}:${actor.unitId ?? ''}:${actor.id ?? ''}`;

/** What playing can end at: a deadline passes, a person acts, a field changes. */
export function pauseGroups(events: readonly TaskEvent[], fields: readonly Field[], dues: boolean, words: ActorWords): PauseGroup[] {
  const people = new Map(events.flatMap((event) => {
    const who = whoOf(event);
    return who === null || event.actor === null ? [] : [[who, event.actor] as const];
  }));
  return [
    { label: null, choices: [...(dues ? [{ value: DUE, words: t('qua một thời hạn') }] : []), { value: ANYBODY, words: t('có người ghi, không phải máy') }, { value: ANY_FIELD, words: t('một trường bất kỳ đổi') }] },
    { label: t('Người ghi'), choices: [...people].map(([who, actor]) => ({ value: `${ANYBODY}:${who}`, words: [words(actor), ...(actor.id && actor.id !== actor.role && actor.id !== `unit:${actor.unitId ?? ''}` ? [actor.id] : [])].join(', ') })) },
    { label: t('Trường đổi'), choices: fields.filter(({ key }) => !BY_TIME.has(key)).map(({ key, label }) => ({ value: `${ANY_FIELD}:${key}`, words: label })) },
  ];
}

/** Reads a choice against the step from one point to the next. `fieldsAt` is asked only where a field is what is waited for. */
export function pausingOf(
  events: readonly TaskEvent[],
  history: readonly DeadlineChange[],
  words: ActorWords,
  fieldsAt: (point: Point) => Promise<readonly Field[] | null>,
): Pausing {
  return async (on, from, to) => {
    if (on === DUE) return dueBetween(events, history, from, to);
    const event = events[to.count - 1];
    if (event === undefined) return null;
    if (on === ANYBODY || on.startsWith(`${ANYBODY}:`)) {
      const who = whoOf(event);
      return who === null || (on !== ANYBODY && on !== `${ANYBODY}:${who}`) || event.actor === null ? null : { at: to, why: t('{{who}} ghi “{{what}}”', { who: words(event.actor), what: event.name }) };
    }
    const changed = rowsOf(await Promise.all([fieldsAt(from), fieldsAt(to)])).filter(({ key, changed: differs }) => differs && !BY_TIME.has(key));
    const row = on === ANY_FIELD ? changed[0] : changed.find(({ key }) => `${ANY_FIELD}:${key}` === on);
    return row === undefined ? null : { at: to, why: t('“{{field}}” đổi', { field: row.label }) };
  };
}

/** The deadline in force at a point, if it passes on the way to the next. */
export function dueBetween(events: readonly Pick<TaskEvent, 'id' | 'position' | 'recordedAt'>[], history: readonly DeadlineChange[], from: Point, to: Point): { at: Point; why: string } | null {
  const known = new Set(events.slice(0, from.count).map(({ id }) => id));
  const inForce = history.filter(({ eventId }) => known.has(eventId)).at(-1)?.deadline;
  const end = inForce ? endOf(inForce) : null;
  if (end === null || end.time <= from.time || end.time > to.time) return null;
  return { at: pointOn(events, end.at), why: t('hạn {{day}} đã qua', { day: day(dayOf(end.at)) }) };
}
