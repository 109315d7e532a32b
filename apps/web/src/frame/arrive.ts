import { useEffect, useLayoutEffect, type RefObject } from 'react';
import { useLocation, useNavigationType } from 'react-router';

const LATEST_MS = 10_000;
const KEPT = 'nhacviec.scroll';
const MOST = 50;

/** Where each entry of the history was scrolled to; kept for this tab, so that a reload finds its place too. */
function readPlaces(): [string, number][] {
  try {
    const all: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(all) ? (all as [string, number][]) : [];
  } catch {
    return [];
  }
}
let places: [string, number][] | null = null;

function keep(key: string, top: number): void {
  places = [...(places ?? readPlaces()).filter(([one]) => one !== key), [key, top] as [string, number]].slice(-MOST);
}
const keptAt = (key: string): number | undefined => (places ??= readPlaces()).find(([one]) => one === key)?.[1];

/** Does something as soon as `ready` says so, looking again whenever the page changes; gives up when the reader takes over. */
function whenever(root: HTMLElement, ready: () => boolean): () => void {
  if (ready()) return () => undefined;
  const look = () => {
    if (ready()) stop();
  };
  const changes = new MutationObserver(look);
  const sizes = new ResizeObserver(look);
  const timer = setTimeout(() => stop(), LATEST_MS);
  const takeovers = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
  function stop(): void {
    changes.disconnect();
    sizes.disconnect();
    clearTimeout(timer);
    for (const name of takeovers) window.removeEventListener(name, stop);
  }
  changes.observe(root, { childList: true, subtree: true });
  sizes.observe(root);
  for (const name of takeovers) window.addEventListener(name, stop, { passive: true });
  return stop;
}

/** Every page has a frame of its own, so what was there before is remembered here. */
let lastPath: string | null = null;

/**
 * What a browser does when a page is loaded and a page that is drawn by script has to do itself: the focus goes to the heading of where one has
 * arrived, a new page begins at its top, and going back or forward finds the place one had scrolled to.
 */
export function useArrival(main: RefObject<HTMLElement | null>): void {
  const { pathname, key, hash } = useLocation();
  const how = useNavigationType();

  useEffect(() => {
    window.history.scrollRestoration = 'manual';
    const leave = () => {
      try {
        sessionStorage.setItem(KEPT, JSON.stringify(places ?? []));
      } catch {
        // Then a reload begins at the top.
      }
    };
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, []);

  // Taken away with the page itself and not after: the next page begins at its top, which is no place of this one.
  useLayoutEffect(() => {
    const remember = () => keep(key, window.scrollY);
    window.addEventListener('scroll', remember, { passive: true });
    return () => window.removeEventListener('scroll', remember);
  }, [key]);

  useLayoutEffect(() => {
    const root = main.current;
    const arrived = lastPath !== pathname;
    const first = lastPath === null;
    lastPath = pathname;
    if (!root) return undefined;
    const stops: (() => void)[] = [];
    const kept = (how as string) === 'POP' ? keptAt(key) : undefined;
    if (kept !== undefined && kept > 0) {
      stops.push(
        whenever(root, () => {
          const reach = document.documentElement.scrollHeight - window.innerHeight;
          window.scrollTo(0, Math.min(kept, reach));
          return reach >= kept;
        }),
      );
    } else if (arrived && !first && hash === '') window.scrollTo(0, 0);
    if (arrived && !first) {
      root.focus({ preventScroll: true });
      stops.push(
        whenever(root, () => {
          // Whoever went on meanwhile keeps the focus.
          if (document.activeElement !== root && document.activeElement !== document.body) return true;
          const heading = root.querySelector<HTMLElement>('h1');
          if (!heading) return false;
          if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
          heading.focus({ preventScroll: true });
          return true;
        }),
      );
    }
    return () => {
      for (const stop of stops) stop();
    };
    // The place of an entry is found once, when one arrives at it.
  }, [pathname, key]);
}
