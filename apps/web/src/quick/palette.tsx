import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { get, type Page, type TaskItem } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { href, pointQuery, toPresent, useScope } from '../scope/scope.ts';
import { useUnits } from '../scope/units.ts';
import { placesFor, unitsFor } from './find.ts';
import { Modal } from './modal.tsx';

const MOST = 8;
const MOST_UNITS = 4;
const TYPING_MS = 150;

interface Choice {
  key: string;
  word: string;
  note?: string;
  to: string;
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Anywhere by typing: a page, a task (code, words, document number, tone marks or not), a unit to look at. */
export function Palette({ close }: { close: () => void }) {
  const scope = useScope();
  const navigate = useNavigate();
  const role = roleOf(useActor());
  const units = useUnits();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const q = useSettled(typed.trim());
  const query = { ...pointQuery(scope), q, limit: String(MOST) };
  const tasks = useQuery({
    queryKey: ['palette', query],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', query, signal),
    enabled: q !== '',
    placeholderData: keepPreviousData,
  });
  const found = q === '' || typed.trim() === '' ? undefined : tasks.data;
  const sections: { name: string; choices: Choice[] }[] = [
    {
      name: t('Trang'),
      choices: placesFor(typed, role).map(({ path, word, present }) => ({
        key: path,
        word,
        to: href(path, present ? toPresent(scope) : scope),
      })),
    },
    {
      name: t('Xem số liệu của đơn vị'),
      choices: unitsFor(units.data ?? [], typed, MOST_UNITS).map((unit) => ({
        key: `unit:${unit.id}`,
        word: unit.name,
        to: href('/', { ...scope, unitId: unit.id }),
      })),
    },
    {
      name: t('Việc'),
      choices: [
        ...(found?.items ?? []).map((task) => ({
          key: task.id,
          word: task.content,
          note: [task.code, task.documentNumber, task.leadUnitName].filter(Boolean).join(' · '),
          to: href(`/viec/${encodeURIComponent(task.id)}`, scope),
        })),
        ...(found && found.total > found.items.length
          ? [
              {
                key: 'all',
                word: t('Xem cả {{total}} việc khớp “{{q}}”', { total: count(found.total), q }),
                to: href('/viec', scope, { q }),
              },
            ]
          : []),
      ],
    },
  ].filter(({ choices }) => choices.length > 0);
  const all = sections.flatMap(({ choices }) => choices);
  const current = Math.min(at, Math.max(0, all.length - 1));
  const idOf = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const go = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    void navigate(choice.to);
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((current + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % Math.max(1, all.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(all[current]);
    }
  };
  const searching = typed.trim() !== '' && (q !== typed.trim() || tasks.isFetching);
  return (
    <Modal label={t('Đi nhanh')} className="palette" close={close}>
      <input
        type="text"
        role="combobox"
        autoFocus
        autoComplete="off"
        aria-label={t('Đi tới trang, việc hoặc đơn vị')}
        aria-expanded={all.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={all[current] ? idOf(current) : undefined}
        placeholder={t('Trang, việc, số văn bản hoặc đơn vị; không cần dấu')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={listId} ref={list} role="listbox" aria-label={t('Kết quả')} data-searching={searching ? 'yes' : undefined}>
        {sections.map(({ name, choices }) => (
          <div key={name} role="group" aria-label={name}>
            <p aria-hidden="true">{name}</p>
            {choices.map((choice) => {
              const index = all.indexOf(choice);
              return (
                <div
                  key={choice.key}
                  id={idOf(index)}
                  role="option"
                  aria-selected={index === current}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => go(choice)}
                >
                  {choice.word}
                  {choice.note ? <span className="sub">{choice.note}</span> : null}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p className="quiet" role="status">
        {all.length === 0
          ? searching
            ? t('Đang tìm…')
            : t('Không thấy gì khớp “{{typed}}”. Thử ít chữ hơn.', { typed: typed.trim() })
          : ''}
      </p>
      <p className="hint">
        <kbd>↑</kbd> <kbd>↓</kbd> {t('chọn,')} <kbd>Enter</kbd> {t('mở,')} <kbd>Esc</kbd> {t('đóng')}
      </p>
    </Modal>
  );
}
