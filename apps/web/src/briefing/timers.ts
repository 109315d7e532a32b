import { type AgendaItem, type PageKey } from './types.ts';

/** How long each page has been shown, and since when the one that is shown now. Kept beside the operator: no fact of the meeting. */
export interface Timers {
  page: PageKey;
  since: number;
  spent: Readonly<Partial<Record<PageKey, number>>>;
}

export const startTimers = (page: PageKey, at: number): Timers => ({ page, since: at, spent: {} });

export const spentOn = (timers: Timers, key: PageKey, now: number): number =>
  (timers.spent[key] ?? 0) + (timers.page === key ? Math.max(0, now - timers.since) : 0);

/** The page is turned: what the one before took is kept. */
export const turnTo = (timers: Timers, page: PageKey, at: number): Timers =>
  page === timers.page ? timers : { page, since: at, spent: { ...timers.spent, [timers.page]: spentOn(timers, timers.page, at) } };

export interface Plan {
  totalMs: number;
  /** What is left of the whole; negative once it is over. */
  leftMs: number;
  /** When the meeting ends if what is still to come takes the time it was given. */
  endsAt: number;
  /** That end against the one that was planned: positive is late. */
  lateMs: number;
}

/** The agenda against the clock. `startedAt` is when the first page was shown. */
export function planOf(pages: readonly AgendaItem[], timers: Timers, startedAt: number, now: number): Plan {
  const given = (item: AgendaItem): number => item.minutes * 60_000;
  const totalMs = pages.reduce((all, item) => all + given(item), 0);
  const current = pages.findIndex(({ key }) => key === timers.page);
  const toCome = pages.reduce((all, item, at) => all + (at < current ? 0 : Math.max(0, given(item) - spentOn(timers, item.key, now))), 0);
  const endsAt = now + toCome;
  return { totalMs, leftMs: startedAt + totalMs - now, endsAt, lateMs: endsAt - (startedAt + totalMs) };
}
