import { useEffect } from 'react';

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

const seen = (one: HTMLElement): boolean => one.checkVisibility();
const focusables = (root: Node | null): HTMLElement[] =>
  root instanceof HTMLElement ? [...(root.matches(FOCUSABLE) ? [root] : []), ...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(seen) : [];

/** The place nearest to one that is gone: what stood behind it, before it, or within what held it; the heading of the page at last. */
function nearest(holders: readonly HTMLElement[], behind: Node | null, before: Node | null): HTMLElement | null {
  const beside = [behind, before].filter((one) => one?.isConnected === true);
  for (const one of beside) {
    const found = one === before ? focusables(one).at(-1) : focusables(one)[0];
    if (found) return found;
  }
  for (const holder of holders) {
    if (!holder.isConnected) continue;
    const heading = holder.querySelector<HTMLElement>('h1');
    if (heading) {
      if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
      return heading;
    }
    const found = focusables(holder)[0];
    if (found) return found;
  }
  return null;
}

/**
 * For who works with keys: what is taken away or switched off while it has the focus leaves the focus to nobody, and the next Tab would begin
 * at the top of the page. It then goes to the nearest place, and comes back to what is only switched off for a while. A page that sends the
 * focus somewhere itself is quicker.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let holders: HTMLElement[] = [];
    let [behind, before]: [Node | null, Node | null] = [null, null];
    let off = false;
    let asked = 0;
    const came = ({ target }: FocusEvent) => {
      // One who points at things is not sent anywhere: on a phone a box would bring the keyboard up.
      last = target instanceof HTMLElement && target.matches(':focus-visible') ? target : null;
      [holders, behind, before, off] = [[], null, null, false];
      for (let holder = last?.parentElement ?? null; holder; holder = holder.parentElement) holders.push(holder);
    };
    const look = () => {
      asked = 0;
      if (last === null || (document.activeElement !== document.body && document.activeElement !== null)) return;
      if (last.isConnected) {
        if (last.matches(':disabled')) off = true;
        else if (off) last.focus({ preventScroll: true });
        return;
      }
      nearest(holders, behind, before)?.focus({ preventScroll: true });
    };
    const changes = new MutationObserver((records) => {
      if (last === null) return;
      for (const { removedNodes, nextSibling, previousSibling } of records)
        for (const gone of removedNodes) if (gone.contains(last)) [behind, before] = [nextSibling, previousSibling];
      if (last.isConnected && last.matches(':disabled')) off = true;
      if (asked === 0 && (off || !last.isConnected)) asked = requestAnimationFrame(() => (asked = requestAnimationFrame(look)));
    });
    changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', came);
    return () => {
      changes.disconnect();
      cancelAnimationFrame(asked);
      document.removeEventListener('focusin', came);
    };
  }, []);
}
