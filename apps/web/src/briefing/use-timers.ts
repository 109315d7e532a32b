import { useEffect, useState } from 'react';
import { startTimers, turnTo, type Timers } from './timers.ts';
import { type Show } from './types.ts';

const timersKey = (id: string): string => `nhacviec.giao-ban.${id}`;
function keptTimers(id: string): Timers | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(timersKey(id)) ?? 'null');
    return found !== null && typeof found === 'object' && 'page' in found && 'spent' in found ? (found as Timers) : null;
  } catch {
    return null;
  }
}
function keepTimers(id: string, timers: Timers): void {
  try {
    localStorage.setItem(timersKey(id), JSON.stringify(timers));
  } catch {
    // Storage is closed: the times then last as long as the page.
  }
}

/** How long each page was shown, as the operator's own machine saw it; it outlives a reload. */
export function useTimers(id: string, show: Show | null, now: number, running: boolean): Timers | null {
  const [timers, setTimers] = useState<Timers | null>(() => keptTimers(id));
  const page = show?.page ?? null;
  useEffect(() => {
    if (page === null || !running) return;
    setTimers((old) => {
      const next = old === null ? startTimers(page, now) : turnTo(old, page, now);
      keepTimers(id, next);
      return next;
    });
  }, [page, running, id]);
  return timers;
}
