import { useEffect, type RefObject } from 'react';
import { t } from '../i18n.ts';
import { commandOf, focusOf, mayDo, type ConsoleCommand } from './keys.ts';

/** Keys that move the page in the window, which only the operator's page has other work for. */
const SCROLLING: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', ' ']);

/** The keys of the meeting, wherever the focus is; nothing while a dialog lies over the page. */
export function useConsoleKeys(act: RefObject<(command: ConsoleCommand) => void>, leads: boolean, open: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const { key, ctrlKey, metaKey, altKey } = event;
      const command = commandOf({ key, ctrlKey, metaKey, altKey, on: focusOf(event.target) });
      if (!command || !mayDo(command, leads, open) || (!leads && SCROLLING.has(key))) return;
      event.preventDefault();
      act.current(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [act, leads, open]);
}

const KEYS: readonly [keys: readonly string[], word: string][] = [
  [['←', '→'], t('đổi trang')],
  [['↑', '↓'], t('trang con, đề nghị')],
  [[t('Dấu cách')], t('mốc chốt, trực tiếp')],
  [['1', '–', '9'], t('mở đơn vị')],
  [['/'], t('tìm việc')],
  [['K'], t('kết luận mới')],
  [['G'], t('gia hạn')],
  [['R'], t('yêu cầu giải trình')],
  [['A'], t('giao việc')],
  [['B'], t('tắt màn')],
  [['M'], t('màn phòng họp')],
];

/** What each key does, at the foot of the operator's page. */
export function KeyBar() {
  return (
    <footer className="brkeys">
      <ul aria-label={t('Bảng phím')}>
        {KEYS.map(([keys, word]) => (
          <li key={word}>
            {keys.map((key) => (key === '–' ? ' – ' : <kbd key={key}>{key}</kbd>))} {word}
          </li>
        ))}
      </ul>
    </footer>
  );
}
