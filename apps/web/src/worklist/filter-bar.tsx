import { IconColumns, IconFilter } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { useEscape } from '../escape.ts';
import { AuthorityOptions } from '../forms/authority-options.tsx';
import { t } from '../i18n.ts';
import { type Scope } from '../scope/scope.ts';
import { CELL_WORDS, OUT_WORDS } from '../words.ts';
import { CHOOSABLE } from './columns.ts';
import { type Filters } from './filters.ts';

const TYPED_MS = 250;

/** A text that goes into the address a moment after the last letter. */
function TextFilter({ label, name, value, go, ...more }: { label: string; name: string; value: string; go: (text: string) => void; placeholder?: string; inputMode?: 'numeric' }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label className="wf">
      <span>{label}</span>
      <input
        type="text"
        name={name}
        value={text}
        {...more}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => latest.current(typed), TYPED_MS);
        }}
      />
    </label>
  );
}

/** A button with a panel under it. */
function Drop({ word, icon, children }: { word: string; icon: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEscape(open, close);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [open]);
  return (
    <div className="wdrop" ref={box}>
      <button ref={button} type="button" className="btn" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {icon}
        {word}
      </button>
      <div id={id} className="wpanel" hidden={!open}>
        {open ? children : null}
      </div>
    </div>
  );
}

/** Every filter of the list; each goes into the address at once. */
export function FilterBar({
  filters,
  scope,
  columns,
  go,
  goScope,
  chooseColumns,
  children,
}: {
  filters: Filters;
  scope: Scope;
  columns: readonly string[];
  go: (change: Partial<Filters>, typing?: boolean) => void;
  goScope: (change: Partial<Scope>) => void;
  chooseColumns: (keys: readonly string[]) => void;
  children: ReactNode;
}) {
  const toggle = (cell: string) => go({ cells: filters.cells.includes(cell) ? filters.cells.filter((one) => one !== cell) : [...filters.cells, cell] });
  const more = [filters.field, filters.documentNumber, filters.dueFrom, filters.dueTo, filters.staleDays].filter((one) => one !== '').length + (filters.starred ? 1 : 0);
  return (
    <div className="wbar" role="group" aria-label={t('Lọc danh sách')}>
      <TextFilter label={t('Chứa chữ')} name="loc-q" value={filters.q} go={(q) => go({ q }, true)} placeholder={t('không cần dấu')} />
      <Drop word={filters.cells.length > 0 ? t('Hiện trạng ({{n}})', { n: filters.cells.length }) : t('Hiện trạng')} icon={<IconFilter size={16} aria-hidden />}>
        <fieldset>
          <legend>{t('Trong tổng số')}</legend>
          {Object.entries(CELL_WORDS).map(([cell, word]) => (
            <label key={cell} className="check">
              <input type="checkbox" name={`nhom-${cell}`} checked={filters.cells.includes(cell)} onChange={() => toggle(cell)} /> {word}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t('Ngoài tổng số')}</legend>
          {Object.entries(OUT_WORDS).map(([cell, word]) => (
            <label key={cell} className="check">
              <input type="checkbox" name={`nhom-${cell}`} checked={filters.cells.includes(cell)} onChange={() => toggle(cell)} /> {word}
            </label>
          ))}
        </fieldset>
      </Drop>
      <label className="wf">
        <span>{t('Cơ quan giao')}</span>
        <select name="coQuanGiao" value={scope.authority ?? ''} onChange={(event) => goScope({ authority: event.target.value || null })}>
          <option value="">{t('mọi cơ quan giao')}</option>
          <AuthorityOptions />
        </select>
      </label>
      {scope.unitId === null ? null : (
        <label className="check">
          <input type="checkbox" name="trucThuoc" checked={scope.tree !== null} onChange={(event) => goScope({ tree: event.target.checked ? 'co' : null })} /> {t('Cả đơn vị trực thuộc')}
        </label>
      )}
      <Drop word={more > 0 ? t('Lọc thêm ({{n}})', { n: more }) : t('Lọc thêm')} icon={<IconFilter size={16} aria-hidden />}>
        <div className="wmore">
          <TextFilter label={t('Số văn bản')} name="soVanBan" value={filters.documentNumber} go={(documentNumber) => go({ documentNumber }, true)} />
          <TextFilter label={t('Lĩnh vực')} name="linhVuc" value={filters.field} go={(field) => go({ field }, true)} />
          <label className="wf">
            <span>{t('Hạn từ ngày')}</span>
            <input type="date" name="hanTu" value={filters.dueFrom} max={filters.dueTo || undefined} onChange={(event) => go({ dueFrom: event.target.value })} />
          </label>
          <label className="wf">
            <span>{t('Hạn đến ngày')}</span>
            <input type="date" name="hanDen" value={filters.dueTo} min={filters.dueFrom || undefined} onChange={(event) => go({ dueTo: event.target.value })} />
          </label>
          <TextFilter label={t('Không cập nhật từ bao nhiêu ngày')} name="khongCapNhat" inputMode="numeric" value={filters.staleDays} go={(staleDays) => go({ staleDays }, true)} />
          <label className="check">
            <input type="checkbox" name="sao" checked={filters.starred} onChange={(event) => go({ starred: event.target.checked })} /> {t('Chỉ việc trọng tâm')}
          </label>
        </div>
      </Drop>
      <Drop word={t('Cột')} icon={<IconColumns size={16} aria-hidden />}>
        <fieldset>
          <legend>{t('Cột hiện trong danh sách')}</legend>
          {CHOOSABLE.map(({ key, word }) => (
            <label key={key} className="check">
              <input
                type="checkbox"
                name={`cot-${key}`}
                checked={columns.includes(key)}
                onChange={() => chooseColumns(columns.includes(key) ? columns.filter((one) => one !== key) : [...columns, key])}
              />{' '}
              {word}
            </label>
          ))}
        </fieldset>
      </Drop>
      {children}
    </div>
  );
}
