import { useEffect, useRef } from 'react';

type Handler = () => void;
const stack: { current: Handler }[] = [];

function press(event: KeyboardEvent): void {
  const top = stack.at(-1);
  if (event.key !== 'Escape' || event.defaultPrevented || !top) return;
  const at = event.target instanceof HTMLElement ? event.target : null;
  // A box that is being typed in, an open list and a date picker have an Esc of their own.
  if (at?.closest('input, select, textarea, [role=listbox]')) return;
  event.preventDefault();
  top.current();
}

/** Esc goes to what was opened last, and to nothing else. */
export function useEscape(active: boolean, handler: Handler): void {
  const latest = useRef(handler);
  latest.current = handler;
  useEffect(() => {
    if (!active) return undefined;
    const mine = latest;
    if (stack.length === 0) window.addEventListener('keydown', press);
    stack.push(mine);
    return () => {
      stack.splice(stack.indexOf(mine), 1);
      if (stack.length === 0) window.removeEventListener('keydown', press);
    };
  }, [active]);
}
