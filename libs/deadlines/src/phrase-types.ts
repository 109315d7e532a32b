/** A day as written; `shortYear` when the year had two digits, `weekday` (1 = Monday) when "thứ …" stands beside it. */
export interface WrittenDay {
  readonly d: number;
  readonly m: number;
  readonly y?: number;
  readonly shortYear?: true;
  readonly weekday?: number;
}

export interface WrittenTime {
  readonly hour: number;
  readonly minute: number;
}

export type PeriodUnit = 'working-day' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'hour';
export type Span = 'month' | 'quarter' | 'year';

/** What sets a period going. */
export type TriggerEvent = 'signed' | 'issued' | 'received' | 'effective';

export type PeriodStart =
  | Exclude<TriggerEvent, 'effective'>
  | {
      readonly day: WrittenDay;
      readonly time?: WrittenTime;
      /** The event whose day is written beside it: "kể từ ngày ký (01/6/2020)". */
      readonly event?: TriggerEvent;
    };

/** "năm 2020", "năm nay", "năm sau"; undefined when no year is written. */
export type WrittenYear = number | 'this' | 'next' | undefined;

export interface EndOf {
  readonly says: 'end-of';
  /** "trước tháng 6/2020": the day before its first day. */
  readonly before: boolean;
  readonly span: Span;
  /** Which month or quarter, or the document's own ("cuối tháng này") or the one after it. A year has its number in `year`. */
  readonly which: number | 'this' | 'next';
  readonly year: WrittenYear;
}

/** A duty that repeats: which day of every week, month, quarter or year. */
export interface Recurrence {
  readonly says: 'recurrence';
  readonly every: 'week' | Span;
  readonly before: boolean;
  readonly time?: WrittenTime;
  readonly spot:
    | { readonly on: 'weekday'; readonly weekday: number }
    | { readonly on: 'last-day' }
    /** `month` counts inside the quarter (1–3) or the year (1–12); 1 for a monthly duty. */
    | { readonly on: 'day'; readonly d: number; readonly month: number };
  /** 1 when the day lies in the period after the one reported on ("tháng đầu quý sau"). */
  readonly later: 0 | 1;
  readonly occurrence?: Occurrence;
}

export type Occurrence =
  | { readonly n: number; readonly y: number }
  /** Of a weekly duty: the day itself, or the first and last day of its week. */
  | { readonly day: WrittenDay; readonly until?: WrittenDay };

/** What a phrase says, before any date is checked or counted. */
export type Understood =
  | { readonly says: 'none' }
  | { readonly says: 'day'; readonly before: boolean; readonly day: WrittenDay }
  | { readonly says: 'hour'; readonly day: WrittenDay; readonly time: WrittenTime }
  | { readonly says: 'period'; readonly count: number; readonly unit: PeriodUnit; readonly from: PeriodStart }
  | EndOf
  | Recurrence;
