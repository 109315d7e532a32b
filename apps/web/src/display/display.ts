/** What a reader can choose for the display. `public/display.js` puts it on the page, before anything is drawn and whenever it changes. */
export interface Display {
  /** null: as the machine has it. */
  theme: 'light' | 'dark' | null;
  contrast: 'high' | null;
  size: '125' | '150' | null;
}

declare global {
  interface Window {
    applyDisplay?: () => void;
  }
}

const KEYS: Readonly<Record<keyof Display, string>> = { theme: 'nhacviec.theme', contrast: 'nhacviec.contrast', size: 'nhacviec.size' };

const kept = (name: keyof Display): string | null => {
  try {
    return localStorage.getItem(KEYS[name]);
  } catch {
    return null;
  }
};

const oneOf = <T extends string>(text: string | null, known: readonly T[]): T | null => known.find((one) => one === text) ?? null;

/** What was chosen, not what came of it: a machine that asks for contrast gets it without a choice. */
export const keptDisplay = (): Display => ({
  theme: oneOf(kept('theme'), ['light', 'dark']),
  contrast: oneOf(kept('contrast'), ['high']),
  size: oneOf(kept('size'), ['125', '150']),
});

export function chooseDisplay<K extends keyof Display>(name: K, value: Display[K]): void {
  try {
    if (value === null) localStorage.removeItem(KEYS[name]);
    else localStorage.setItem(KEYS[name], value);
  } catch {
    // Storage is closed: the choice cannot be kept, and lasts as long as the page.
    document.documentElement.toggleAttribute(`data-${name}`, value !== null);
    if (value !== null) document.documentElement.setAttribute(`data-${name}`, value);
    return;
  }
  window.applyDisplay?.();
}
