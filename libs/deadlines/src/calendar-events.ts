import { isCalendarYear, yearOutOfRange, type CalendarYear } from './calendar-year.ts';

/** A year's calendar as published: the whole content, which takes the place of what stood for that year before. */
export interface CalendarPublished {
  readonly type: 'CalendarPublished';
  readonly data: CalendarYear;
}

export type CalendarEvent = CalendarPublished;

/** One stream per year: `calendar-2027`. */
export function calendarStream(year: number): string {
  return `calendar-${String(year)}`;
}

/** What was published for one year: how often, and what last. */
export interface CalendarYearState {
  readonly published: number;
  readonly current?: CalendarYear;
}

export const initialCalendarYear: CalendarYearState = { published: 0 };

export function evolveCalendarYear(state: CalendarYearState, event: CalendarEvent): CalendarYearState {
  return { published: state.published + 1, current: event.data };
}

export interface CalendarRejection {
  readonly status: 409 | 422;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}

export type CalendarDecision =
  | { readonly ok: true; readonly events: readonly CalendarEvent[] }
  | { readonly ok: false; readonly rejection: CalendarRejection };

/** Publishes a year's calendar, read by `parseCalendarYear`. Pure. A publication that changes nothing is refused: it would only raise the version. */
export function publishCalendarYear(command: CalendarYear, state: CalendarYearState): CalendarDecision {
  const { year } = command;
  if (!isCalendarYear(year)) {
    const { code, detail } = yearOutOfRange(year);
    return { ok: false, rejection: { status: 422, code, detail, pointer: '/year', given: year } };
  }
  if (state.current !== undefined && canonical(state.current) === canonical(command)) {
    const detail = `Lịch năm ${String(year)} giống hệt lần công bố gần nhất (lần ${String(state.published)}); không có gì thay đổi.`;
    return { ok: false, rejection: { status: 409, code: 'calendar-unchanged', detail, given: year } };
  }
  return { ok: true, events: [{ type: 'CalendarPublished', data: command }] };
}

/** The content independent of the order of entries and of keys. */
function canonical({ year, basis, holidays, compensations, swaps }: CalendarYear): string {
  return JSON.stringify([
    year,
    basis,
    holidays.map((h) => [h.date, h.name, h.basis ?? '']).sort(),
    compensations.map((c) => [c.date, c.compensates.toSorted().join(), c.basis ?? '']).sort(),
    swaps.map((s) => [s.worked, s.off, s.basis ?? '']).sort(),
  ]);
}
