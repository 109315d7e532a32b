import { useEffect, type RefObject } from 'react';

/** The head of the table stands below the line of scope and time, however high that is. */
export function useStickBelowScope(table: RefObject<HTMLElement | null>, away: boolean): void {
  useEffect(() => {
    const bar = document.querySelector<HTMLElement>('.scope');
    const one = table.current;
    if (!bar || !one) return undefined;
    const watch = new ResizeObserver(() => one.style.setProperty('--stick', `${String(bar.offsetHeight)}px`));
    watch.observe(bar);
    return () => watch.disconnect();
  }, [table, away]);
}
