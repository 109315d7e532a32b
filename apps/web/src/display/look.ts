import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';
const MORE = '(prefers-contrast: more)';
/** As the reader chose them, in `public/display.js`. */
const CHOSEN = ['data-theme', 'data-contrast'];

function subscribe(changed: () => void): () => void {
  const asked = [window.matchMedia(DARK), window.matchMedia(MORE)];
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: CHOSEN });
  for (const one of asked) one.addEventListener('change', changed);
  return () => {
    chosen.disconnect();
    for (const one of asked) one.removeEventListener('change', changed);
  };
}

const current = (): string =>
  [...CHOSEN.map((name) => document.documentElement.getAttribute(name) ?? ''), window.matchMedia(DARK).matches, window.matchMedia(MORE).matches].join(' ');

/** Changes with theme and contrast, whoever changes them: for what is drawn in colours that were read once. */
export const useLook = (): string => useSyncExternalStore(subscribe, current);
