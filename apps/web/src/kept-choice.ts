import { useSyncExternalStore } from 'react';

/** A choice that this browser keeps until there are accounts, by the key of its storage; where that is closed it lasts as long as the page. */
export function keptChoice(key: string) {
  const listeners = new Set<() => void>();
  let current = stored(key);
  const now = (): string | null => current;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    now,
    choose: (text: string): void => {
      current = text;
      try {
        localStorage.setItem(key, text);
      } catch {
        // Storage is closed.
      }
      for (const listener of listeners) listener();
    },
    useChoice: (): string | null => useSyncExternalStore(subscribe, now),
  };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
