import { IconAdjustmentsAlt } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useEscape } from '../escape.ts';
import { chooseLanguage, currentLanguage, t } from '../i18n.ts';
import { chooseDisplay, keptDisplay, type Display } from './display.ts';

function Choice<T extends string>({
  name,
  legend,
  options,
  value,
  choose,
}: {
  name: string;
  legend: string;
  options: readonly { value: T; word: string; lang?: string }[];
  value: T;
  choose: (value: T) => void;
}) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} lang={option.lang}>
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => choose(option.value)} />
          {option.word}
        </label>
      ))}
    </fieldset>
  );
}

/** Language, theme, contrast and size of type: kept in this browser. */
export function DisplayMenu() {
  const [open, setOpen] = useState(false);
  const [display, setDisplay] = useState<Display>(keptDisplay);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEscape(open, () => {
    setOpen(false);
    opener.current?.focus();
  });
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  const choose = <K extends keyof Display>(name: K, value: Display[K]) => {
    chooseDisplay(name, value);
    setDisplay({ ...display, [name]: value });
  };
  return (
    <div className="display" ref={box}>
      <button
        ref={opener}
        type="button"
        className="btn plain"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setDisplay(keptDisplay());
          setOpen(!open);
        }}
      >
        <IconAdjustmentsAlt size={16} aria-hidden /> {t('Hiển thị')}
      </button>
      <div
        id={id}
        className="displayp"
        role="group"
        aria-label={t('Hiển thị')}
        hidden={!open}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          setOpen(false);
          opener.current?.focus();
        }}
      >
        <Choice name="ngonNgu" legend={t('Ngôn ngữ')} options={LANGUAGES} value={currentLanguage()} choose={chooseLanguage} />
        <Choice
          name="nen"
          legend={t('Nền')}
          options={[
            { value: '', word: t('Theo máy') },
            { value: 'light', word: t('Nền sáng') },
            { value: 'dark', word: t('Nền tối') },
          ]}
          value={display.theme ?? ''}
          choose={(theme) => choose('theme', theme || null)}
        />
        <Choice
          name="tuongPhan"
          legend={t('Tương phản')}
          options={[
            { value: '', word: t('Theo máy') },
            { value: 'high', word: t('Tương phản cao') },
          ]}
          value={display.contrast ?? ''}
          choose={(contrast) => choose('contrast', contrast || null)}
        />
        <Choice
          name="coChu"
          legend={t('Cỡ chữ')}
          options={[
            { value: '', word: t('Thường') },
            { value: '125', word: '125 %' },
            { value: '150', word: '150 %' },
          ]}
          value={display.size ?? ''}
          choose={(size) => choose('size', size || null)}
        />
        <p className="quiet">{t('Được nhớ trong trình duyệt này.')}</p>
      </div>
    </div>
  );
}

/** Each in its own language, whatever the page is in: whoever cannot read the page finds theirs. */
const LANGUAGES = [
  { value: 'vi', word: 'Tiếng Việt', lang: 'vi' },
  { value: 'en', word: 'English', lang: 'en' },
] as const;
