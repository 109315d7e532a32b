import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { t } from '../i18n.ts';

export interface Option {
  value: string;
  text: string;
  note?: string;
}

/**
 * A box to type in and a list to choose from: ↑ ↓ move, Enter takes, Esc closes. What counts as a match is the caller's business.
 * `shown` is the text of the current choice; typing anew gives the choice up.
 */
export function Combo({
  ids,
  shown,
  options,
  typed,
  onType,
  onPick,
  placeholder,
  required,
  empty,
}: {
  ids: { id?: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: true | undefined };
  shown: string | null;
  options: readonly Option[];
  typed: string;
  onType: (text: string) => void;
  onPick: (option: Option) => void;
  placeholder?: string;
  required?: boolean;
  empty: string;
}) {
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const current = Math.min(at, Math.max(0, options.length - 1));
  const take = (option: Option | undefined) => {
    if (!option) return;
    onPick(option);
    setOpen(false);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else setAt((current + (event.key === 'ArrowDown' ? 1 : options.length - 1)) % Math.max(1, options.length));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      take(options[current]);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setOpen(false);
    } else if (event.key === 'Tab') setOpen(false);
  };
  return (
    <div className="combo">
      <input
        {...ids}
        ref={input}
        type="text"
        role="combobox"
        autoComplete="off"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && options[current] ? `${listId}-${current}` : undefined}
        placeholder={placeholder}
        required={required}
        value={shown ?? typed}
        onChange={(event) => {
          onType(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={press}
      />
      <ul id={listId} role="listbox" aria-label={t('Gợi ý')} hidden={!open}>
        {options.map((option, index) => (
          <li
            key={option.value}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            onMouseDown={(event) => {
              // The box keeps the focus; blur would close the list before the click lands.
              event.preventDefault();
              take(option);
            }}
          >
            {option.text}
            {option.note ? <span className="sub">{option.note}</span> : null}
          </li>
        ))}
        {options.length === 0 ? (
          <li className="quiet" role="option" aria-disabled="true" aria-selected="false">
            {empty}
          </li>
        ) : null}
      </ul>
    </div>
  );
}
