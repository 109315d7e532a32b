import { type KeyboardEvent } from 'react';

/** A row that arrows walk, and what they stop at in it: the unit, its bar part by part, its numbers; above the rows the names of the weeks. */
const ROWS = 'tr[data-row], tr[data-heads]';
const STOPS = 'a[data-count], a[data-part], button.tw, th a[data-only]';
export const isStop = (one: Element): boolean => one.matches(STOPS) && one.closest(ROWS) !== null;
export const stopsIn = (table: HTMLElement): HTMLElement[] => [...table.querySelectorAll<HTMLElement>(STOPS)].filter(isStop);

/** Moves the one place where Tab enters the table, and the focus with it. */
export function step(table: HTMLElement, event: KeyboardEvent<HTMLElement>): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at.closest('.detail') || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = at.closest<HTMLElement>(ROWS);
  if (!row) return;
  const stops = (one: HTMLElement) => [...one.querySelectorAll<HTMLElement>(STOPS)].filter((stop) => stop.checkVisibility());
  const rows = [...table.querySelectorAll<HTMLElement>(ROWS)].filter((one) => one.checkVisibility());
  const mine = stops(row);
  const column = at.closest<HTMLTableCellElement>('td, th');
  const nearest = (one: HTMLElement | undefined): HTMLElement | undefined => {
    if (!one || !column) return undefined;
    const there = stops(one);
    const place = (stop: HTMLElement) => stop.closest<HTMLTableCellElement>('td, th')?.cellIndex ?? 0;
    const part = there.find((stop) => stop.dataset['part'] !== undefined && stop.dataset['part'] === at.dataset['part']);
    const same = part ?? there.find((stop) => place(stop) === column.cellIndex);
    // Above a column that has no name to go to is nothing.
    return same ?? (one.dataset['heads'] === undefined ? (there.filter((stop) => place(stop) <= column.cellIndex).at(-1) ?? there[0]) : undefined);
  };
  const to: Record<string, () => HTMLElement | undefined> = {
    ArrowRight: () => mine[mine.indexOf(at) + 1],
    ArrowLeft: () => mine[mine.indexOf(at) - 1],
    ArrowDown: () => nearest(rows[rows.indexOf(row) + 1]),
    ArrowUp: () => nearest(rows[rows.indexOf(row) - 1]),
    Home: () => mine[0],
    End: () => mine.at(-1),
  };
  const go = to[event.key];
  if (!go) return;
  event.preventDefault();
  go()?.focus();
}
