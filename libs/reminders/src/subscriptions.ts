import { addDays, atTime, cleanText, dayOf, weekday, type Day, type Instant } from '#kernel';
import type { PersonRole } from '#people';
import { readDashboardAddress, readName } from '#views';

/* A dashboard sent at a stated hour: who gets it, of what, and when. What is sent is a reminder message of its own kind. */

export interface SubscriptionTerms {
  readonly name: string;
  /** The dashboard's address: what stands behind the question mark, without times. */
  readonly query: string;
  /** `HH:MM` in Việt Nam. */
  readonly hour: string;
  /** 1 = Monday … 7 = Sunday, ascending; of these the working days. */
  readonly weekdays: readonly number[];
}

/** Opaque ids only. */
export interface SubscriptionEventData {
  SubscriptionBegun: SubscriptionTerms & { readonly recipientId: string; readonly role: PersonRole; readonly unitId: string };
  /** The terms that changed, as they are from then on. */
  SubscriptionChanged: Partial<SubscriptionTerms>;
  SubscriptionEnded: Readonly<Record<string, never>>;
}
export type SubscriptionEventType = keyof SubscriptionEventData;
export type SubscriptionEvent = { [T in SubscriptionEventType]: { readonly type: T; readonly data: SubscriptionEventData[T] } }[SubscriptionEventType];

export const SUBSCRIPTION_CATEGORY = 'subscription';
export const subscriptionStream = (id: string): string => `${SUBSCRIPTION_CATEGORY}-${id}`;
export const subscriptionIdOf = (stream: string): string => stream.slice(SUBSCRIPTION_CATEGORY.length + 1);

/** The terms from an instant on; null from its end on. */
export interface SubscriptionVersion {
  readonly at: Instant;
  readonly terms: SubscriptionTerms | null;
}

export interface Subscription {
  readonly id: string;
  readonly recipientId: string;
  /** What the recipient was when it was begun. */
  readonly role: PersonRole;
  readonly unitId: string;
  /** The last ones in force. */
  readonly terms: SubscriptionTerms;
  /** Oldest first. */
  readonly versions: readonly SubscriptionVersion[];
  readonly begunAt: Instant;
  readonly endedAt: Instant | null;
  readonly revision: number;
}

/** A fact of a subscription as the log has it. */
export interface SubscriptionFact {
  readonly type: string;
  readonly data: unknown;
  readonly revision: number;
  readonly occurredAt: Instant;
}

export function evolveSubscription(state: Subscription | undefined, id: string, { type, data, revision, occurredAt: at }: SubscriptionFact): Subscription | undefined {
  if (type === 'SubscriptionBegun') {
    const { recipientId, role, unitId, ...terms } = data as SubscriptionEventData['SubscriptionBegun'];
    return { id, recipientId, role, unitId, terms, versions: [{ at, terms }], begunAt: at, endedAt: null, revision };
  }
  if (!state) return undefined;
  if (type === 'SubscriptionChanged') {
    const terms = { ...state.terms, ...(data as SubscriptionEventData['SubscriptionChanged']) };
    return { ...state, terms, versions: [...state.versions, { at, terms }], revision };
  }
  if (type === 'SubscriptionEnded') return { ...state, versions: [...state.versions, { at, terms: null }], endedAt: at, revision };
  return { ...state, revision };
}

/** What is asked for, as it was sent; what is left out stays. */
export interface GivenTerms {
  readonly name?: string | undefined;
  readonly query?: string | undefined;
  readonly hour?: string | undefined;
  readonly weekdays?: readonly unknown[] | undefined;
}

export type SubscriptionCommand =
  | { readonly type: 'begin'; readonly recipient: { readonly id: string; readonly role: PersonRole; readonly unitId: string }; readonly terms: GivenTerms }
  | { readonly type: 'change'; readonly terms: GivenTerms }
  | { readonly type: 'end' };

export interface SubscriptionRejection {
  readonly status: 404 | 409 | 422;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}
export type SubscriptionDecision = { readonly ok: true; readonly events: readonly SubscriptionEvent[] } | { readonly ok: false; readonly rejection: SubscriptionRejection };

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly rejection: SubscriptionRejection };

/** Each of the terms that is given, in the one form in which it is recorded. */
function readTerms({ name, query, hour, weekdays }: GivenTerms): Read<Partial<SubscriptionTerms>> {
  const wrong = (pointer: string, code: string, detail: string, given?: unknown): Read<never> => ({ ok: false, rejection: { status: 422, code, detail, pointer, ...(given === undefined ? {} : { given }) } });
  const read: { -readonly [K in keyof SubscriptionTerms]?: SubscriptionTerms[K] } = {};
  if (name !== undefined) {
    const named = readName(name);
    if ('detail' in named) return cleanText(name) === '' ? wrong('/name', 'subscription-name-empty', 'Bản gửi định kỳ cần một tên.', name) : wrong('/name', 'subscription-name-invalid', named.detail.replace('Tên góc nhìn', 'Tên'));
    read.name = named.name;
  }
  if (query !== undefined) {
    const address = readDashboardAddress(query);
    if ('detail' in address) return wrong('/query', 'subscription-query-invalid', address.detail);
    read.query = address.query;
  }
  if (hour !== undefined) {
    if (!TIME.test(hour)) return wrong('/hour', 'subscription-hour-invalid', 'Giờ gửi cần dạng HH:MM, từ 00:00 đến 23:59.', hour);
    read.hour = hour;
  }
  if (weekdays !== undefined) {
    const days = [...new Set(weekdays)].filter((day): day is number => typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7).sort((a, b) => a - b);
    if (days.length === 0 || days.length !== weekdays.length) return wrong('/weekdays', 'subscription-weekdays-invalid', 'Cần ít nhất một thứ trong tuần, mỗi thứ một lần: số từ 1 (thứ Hai) đến 7 (Chủ nhật).', weekdays);
    read.weekdays = days;
  }
  return { ok: true, value: read };
}

const refused = (rejection: SubscriptionRejection): SubscriptionDecision => ({ ok: false, rejection });

/** Pure and total. */
export function decideSubscription(command: SubscriptionCommand, state: Subscription | undefined): SubscriptionDecision {
  if (command.type === 'begin') {
    if (state) return refused({ status: 409, code: 'subscription-exists', detail: 'Bản gửi định kỳ này đã có.' });
    const read = readTerms(command.terms);
    if (!read.ok) return read;
    const { name, query = '', hour, weekdays } = read.value;
    const missing = (['name', 'hour', 'weekdays'] as const).find((one) => read.value[one] === undefined);
    if (name === undefined || hour === undefined || weekdays === undefined) return refused({ status: 422, code: 'subscription-incomplete', detail: 'Cần tên, giờ gửi và ít nhất một thứ trong tuần.', pointer: `/${missing ?? 'name'}` });
    const { id, role, unitId } = command.recipient;
    return { ok: true, events: [{ type: 'SubscriptionBegun', data: { recipientId: id, role, unitId, name, query, hour, weekdays } }] };
  }
  if (!state) return refused({ status: 404, code: 'subscription-not-found', detail: 'Không có bản gửi định kỳ này.' });
  if (state.endedAt !== null) return refused({ status: 409, code: 'subscription-ended', detail: 'Bản gửi định kỳ này đã thôi; lập bản mới nếu cần.' });
  if (command.type === 'end') return { ok: true, events: [{ type: 'SubscriptionEnded', data: {} }] };
  const read = readTerms(command.terms);
  if (!read.ok) return read;
  const changed = Object.fromEntries(Object.entries(read.value).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(state.terms[name as keyof SubscriptionTerms])));
  if (Object.keys(changed).length === 0) return refused({ status: 409, code: 'subscription-unchanged', detail: 'Không có gì khác với bản đang dùng.' });
  return { ok: true, events: [{ type: 'SubscriptionChanged', data: changed }] };
}

/** When a subscription sends something on a day. */
export interface DashboardSlot {
  readonly day: Day;
  readonly at: Instant;
  readonly terms: SubscriptionTerms;
}

type Days = { isWorkingDay(day: Day): boolean };

/** The slot of a day: the first hour that was in force when it came; one a day, whatever was changed meanwhile. */
function slotOn(versions: readonly SubscriptionVersion[], day: Day): DashboardSlot | undefined {
  for (const [n, { at: from, terms }] of versions.entries()) {
    if (terms === null || !terms.weekdays.includes(weekday(day))) continue;
    const at = atTime(day, terms.hour);
    const next = versions[n + 1];
    if (at > from && (next === undefined || at <= next.at)) return { day, at, terms };
  }
  return undefined;
}

/** The slots after one instant up to another (included), oldest first: a pure function of the subscription's history and the calendar. */
export function dashboardSlots({ versions, endedAt }: Pick<Subscription, 'versions' | 'endedAt'>, calendar: Days, after: Instant, until: Instant): DashboardSlot[] {
  const last = Math.min(until, endedAt ?? Infinity);
  const slots: DashboardSlot[] = [];
  for (let day = dayOf(Math.max(after, versions[0]!.at)), end = dayOf(last); day <= end; day = addDays(day, 1)) {
    if (!calendar.isWorkingDay(day)) continue;
    const slot = slotOn(versions, day);
    if (slot && slot.at > after && slot.at <= last) slots.push(slot);
  }
  return slots;
}

/** Further ahead nobody asks. */
const AHEAD_DAYS = 62;

/** The next slot if nothing changes; undefined where the chosen days are no working days for a long time. */
export function nextDashboardSlot(subscription: Pick<Subscription, 'versions' | 'endedAt'>, calendar: Days, now: Instant): DashboardSlot | undefined {
  if (subscription.endedAt !== null) return undefined;
  for (let day = dayOf(now), end = addDays(day, AHEAD_DAYS); day <= end; day = addDays(day, 1)) {
    const slot = calendar.isWorkingDay(day) ? slotOn(subscription.versions, day) : undefined;
    if (slot && slot.at > now) return slot;
  }
  return undefined;
}

/** A slot that nobody decided in time is still sent on its own day, or soon after; what is older is not worth its figures any more. */
export const isSentStill = ({ day, at }: Pick<DashboardSlot, 'day' | 'at'>, now: Instant, soonMs: number): boolean => day === dayOf(now) || now - at <= soonMs;
