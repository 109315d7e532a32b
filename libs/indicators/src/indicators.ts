import type { Actor } from '#event-log';
import type { Day, Instant } from '#kernel';
import { BLANK, type Amount } from './amount.ts';

/** The document that proves a value. */
export interface IndicatorEvidence {
  readonly number?: string;
  readonly date?: Day;
  readonly title?: string;
  readonly fileIds?: readonly string[];
}

/** What a unit is asked for again and again. `code` is what report templates call it by; one per unit and code. */
export interface Indicator {
  readonly indicatorId: string;
  readonly unitId: string;
  readonly code: string;
  readonly name: string;
  /** Đơn vị tính: %, cơ quan, hồ sơ… */
  readonly measure: string;
  /** The unit that answers for the value; the indicator's own unit where it is left out. */
  readonly ownerUnitId?: string;
}

export interface IndicatorValue {
  readonly amount: Amount;
  /** Columns of a table beside the total: `province`, `district`, `commune`, `rate`. What is not named is blank. */
  readonly parts?: Readonly<Record<string, Amount>>;
  readonly note?: string;
  /** From this day on, until another value is valid. */
  readonly validFrom: Day;
  readonly evidence?: IndicatorEvidence;
}

interface Data {
  readonly IndicatorDefined: Indicator;
  readonly IndicatorValueRecorded: IndicatorValue;
  readonly IndicatorTargetSet: { readonly year: number; readonly amount: Amount; readonly document?: IndicatorEvidence };
}

export type IndicatorEvent = { readonly [T in keyof Data]: { readonly type: T; readonly data: Data[T] } }[keyof Data];
export type IndicatorFact = IndicatorEvent & { readonly eventId: string; readonly position: bigint; readonly occurredAt: Instant; readonly recordedAt: Instant; readonly actor?: Actor };

/** What somebody changed last: what stood in its place before (null: nothing), and what stands there since. */
export interface IndicatorChange {
  readonly of: { readonly kind: 'value'; readonly validFrom: Day } | { readonly kind: 'target'; readonly year: number };
  readonly before: Pick<IndicatorValue, 'amount' | 'parts' | 'note'> | null;
  readonly after: Pick<IndicatorValue, 'amount' | 'parts' | 'note'>;
  readonly at: Instant;
  readonly by?: Actor;
}

export interface IndicatorState extends Indicator {
  /** Every value known, by the day from which it is valid; of one day the last recorded. */
  readonly values: readonly (IndicatorValue & { readonly recordedAt: Instant; readonly eventId: string })[];
  readonly targets: Readonly<Record<string, Amount>>;
  readonly lastChange: Instant;
  /** None while it is only defined. */
  readonly change?: IndicatorChange;
}

/** The value of an indicator in a period: blank when it is defined and nobody has reported. */
export interface IndicatorReading extends Indicator {
  readonly amount: Amount;
  readonly parts: Readonly<Record<string, Amount>>;
  readonly note?: string;
  readonly validFrom?: Day;
  /** The value was recorded for an earlier period and nobody has said that it is still so. */
  readonly carriedOver: boolean;
  readonly evidence?: IndicatorEvidence;
  readonly targets: Readonly<Record<string, Amount>>;
  readonly lastChange: Instant;
  readonly change?: IndicatorChange;
}

export const INDICATOR_CATEGORY = 'indicator';
export const indicatorStream = (indicatorId: string): string => `${INDICATOR_CATEGORY}-${indicatorId}`;

export function evolveIndicator(state: IndicatorState | undefined, fact: IndicatorFact): IndicatorState | undefined {
  const { recordedAt, eventId, actor } = fact;
  if (fact.type === 'IndicatorDefined') return { ...fact.data, values: state?.values ?? [], targets: state?.targets ?? {}, lastChange: recordedAt };
  if (state === undefined) return undefined;
  const made = { at: recordedAt, ...(actor === undefined ? {} : { by: actor }) };
  if (fact.type === 'IndicatorTargetSet') {
    const { year, amount } = fact.data;
    const before = state.targets[year];
    return { ...state, targets: { ...state.targets, [year]: amount }, lastChange: recordedAt, change: { of: { kind: 'target', year }, before: before === undefined ? null : { amount: before }, after: { amount }, ...made } };
  }
  const { validFrom } = fact.data;
  const before = state.values.findLast((value) => value.validFrom <= validFrom);
  const values = [...state.values.filter((value) => value.validFrom !== validFrom), { ...fact.data, recordedAt, eventId }].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  return { ...state, values, lastChange: recordedAt, change: { of: { kind: 'value', validFrom }, before: before === undefined ? null : told(before), after: told(fact.data), ...made } };
}

const told = ({ amount, parts, note }: IndicatorValue): IndicatorChange['after'] => ({ amount, ...(parts === undefined ? {} : { parts }), ...(note === undefined ? {} : { note }) });

export function foldIndicator(facts: Iterable<IndicatorFact>): IndicatorState | undefined {
  let state: IndicatorState | undefined;
  for (const fact of facts) state = evolveIndicator(state, fact);
  return state;
}

/** The value in force at the end of a day; carried over when it is older than the period's first day. */
export function readIndicator({ values, ...indicator }: IndicatorState, { asOf, from }: { readonly asOf: Day; readonly from: Day }): IndicatorReading {
  const value = values.findLast(({ validFrom }) => validFrom <= asOf);
  if (value === undefined) return { ...indicator, amount: BLANK, parts: {}, carriedOver: false };
  const { amount, parts = {}, note, validFrom, evidence } = value;
  return { ...indicator, amount, parts, validFrom, carriedOver: validFrom < from, ...(note === undefined ? {} : { note }), ...(evidence === undefined ? {} : { evidence }) };
}

/** All indicators, as known at a position of the log. */
export class Indicators {
  private readonly facts = new Map<string, IndicatorFact[]>();

  /** Takes in the next fact of an indicator's stream. */
  apply(indicatorId: string, fact: IndicatorFact): void {
    const facts = this.facts.get(indicatorId);
    if (facts) facts.push(fact);
    else this.facts.set(indicatorId, [fact]);
  }

  /** As known at K. What held on a day is for `readIndicator`: a value says itself from when it is valid. */
  indicator(indicatorId: string, { known = null }: { readonly known?: bigint | null } = {}): IndicatorState | undefined {
    return foldIndicator((this.facts.get(indicatorId) ?? []).filter(({ position }) => known === null || position <= known));
  }

  all(at: { readonly known?: bigint | null } = {}): readonly IndicatorState[] {
    return [...this.facts.keys()].flatMap((id) => this.indicator(id, at) ?? []).sort((a, b) => (a.unitId < b.unitId ? -1 : a.unitId > b.unitId ? 1 : a.code < b.code ? -1 : 1));
  }
}
