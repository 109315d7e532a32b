export type ConsoleCommand =
  | { do: 'page'; by: 1 | -1 }
  | { do: 'part'; by: 1 | -1 }
  | { do: 'live' }
  | { do: 'blank' }
  | { do: 'unit'; n: number }
  | { do: 'back' }
  | { do: 'find' }
  | { do: 'conclude'; kind: 'decision' | 'extend' | 'explain' | 'assign' }
  | { do: 'screens' };

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** What has the focus: words are typed there, or it does something of its own when the space bar is pressed. */
  on: 'typing' | 'control' | 'page';
}

const LETTERS: Readonly<Record<string, ConsoleCommand>> = {
  k: { do: 'conclude', kind: 'decision' },
  g: { do: 'conclude', kind: 'extend' },
  r: { do: 'conclude', kind: 'explain' },
  a: { do: 'conclude', kind: 'assign' },
  b: { do: 'blank' },
  m: { do: 'screens' },
  '/': { do: 'find' },
};
const ARROWS: Readonly<Record<string, ConsoleCommand>> = {
  ArrowRight: { do: 'page', by: 1 },
  PageDown: { do: 'page', by: 1 },
  ArrowLeft: { do: 'page', by: -1 },
  PageUp: { do: 'page', by: -1 },
  ArrowDown: { do: 'part', by: 1 },
  ArrowUp: { do: 'part', by: -1 },
};

/** What a key does in the meeting; nothing while somebody types, and nothing beside the keys of the browser. A presenter's clicker sends PageUp and PageDown. */
export function commandOf({ key, ctrlKey, metaKey, altKey, on }: Pressed): ConsoleCommand | null {
  if (on === 'typing' || ctrlKey || metaKey || altKey) return null;
  if (/^[1-9]$/.test(key)) return { do: 'unit', n: Number(key) };
  if (key === ' ') return on === 'control' ? null : { do: 'live' };
  if (key === 'Backspace' || key === '0') return { do: 'back' };
  return ARROWS[key] ?? LETTERS[key.toLowerCase()] ?? null;
}

/** Those who only look turn pages, and in an open meeting compare with the present; whoever leads an open meeting does everything. */
export const mayDo = (command: ConsoleCommand, leads: boolean, open: boolean): boolean =>
  leads || command.do === 'page' || command.do === 'part' || command.do === 'unit' || command.do === 'back' || (command.do === 'live' && open);

export function focusOf(target: EventTarget | null): Pressed['on'] {
  if (!(target instanceof HTMLElement)) return 'page';
  if (target.closest('input, select, textarea, dialog, [role=listbox], [contenteditable=true]')) return 'typing';
  return target.closest('a, button, summary') ? 'control' : 'page';
}
