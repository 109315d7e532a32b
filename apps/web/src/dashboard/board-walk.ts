import { type KeyboardEvent } from 'react';

/** Moves the one place where Tab enters the table, and the focus with it. */
export function step(table: HTMLElement, event: KeyboardEvent<HTMLElement>): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at.closest('.detail') || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = at.closest<HTMLElement>('tr[data-row]');
  if (!row) return;
  const stops = (one: HTMLElement) => [...one.querySelectorAll<HTMLElement>('a[data-count], button.tw')].filter((stop) => stop.checkVisibility());
  const rows = [...table.querySelectorAll<HTMLElement>('tr[data-row]')].filter((one) => one.checkVisibility());
  const mine = stops(row);
  const column = at.closest<HTMLTableCellElement>('td, th');
  const nearest = (one: HTMLElement | undefined): HTMLElement | undefined => {
    if (!one || !column) return undefined;
    const there = stops(one);
    const place = (stop: HTMLElement) => stop.closest<HTMLTableCellElement>('td, th')?.cellIndex ?? 0;
    return there.filter((stop) => place(stop) <= column.cellIndex).at(-1) ?? there[0];
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
