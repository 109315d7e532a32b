import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState, type SubmitEvent } from 'react';
import { Link, useLocation } from 'react-router';
import { useActor } from '../actor.ts';
import { ApiError, get, read, remove, type SavedView } from '../api.ts';
import { useEscape } from '../escape.ts';
import { Labelled } from '../forms/field.tsx';
import { t } from '../i18n.ts';

const addressOf = ({ path, query }: Pick<SavedView, 'path' | 'query'>): string => (query ? `${path}?${query}` : path);

/** Where a view leads, where its name does not say it. */
const PAGE_WORDS: Readonly<Record<string, string>> = {
  '/': t('Điều hành'),
  '/viec': t('Việc'),
  '/danh-sach': t('Danh sách'),
  '/so-sanh': t('So sánh'),
  '/ban-lam-viec': t('Bàn làm việc'),
};

/** Named addresses of this role: to open, to keep the present one, to rename and to remove. `extra` completes the address with what it does not say. */
export function ViewsMenu({ extra = {} }: { extra?: Readonly<Record<string, string>> }) {
  const actor = useActor();
  const client = useQueryClient();
  const { pathname, search } = useLocation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [renaming, setRenaming] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const views = useQuery({ queryKey: ['views', actor], queryFn: ({ signal }) => get<{ items: SavedView[] }>('/views', {}, signal, actor), enabled: open, refetchOnWindowFocus: false });
  useEscape(open, () => {
    setOpen(false);
    button.current?.focus();
  });
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    window.addEventListener('pointerdown', outside);
    return () => window.removeEventListener('pointerdown', outside);
  }, [open]);
  const parameters = new URLSearchParams(search);
  for (const [key, value] of Object.entries(extra)) if (!parameters.has(key)) parameters.set(key, value);
  const here = { path: pathname, query: parameters.toString() };
  const tried = async (work: () => Promise<unknown>, done: string) => {
    setWrong(null);
    try {
      await work();
      setSaid(done);
      await client.invalidateQueries({ queryKey: ['views', actor] });
    } catch (error) {
      setWrong(error instanceof ApiError ? (error.problem.detail ?? t('Không lưu được')) : String(error));
    }
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void tried(async () => {
      await read('/views', { name, ...here }, undefined, actor);
      setName('');
    }, t('Đã lưu góc nhìn “{{name}}”', { name }));
  };
  const items = views.data?.items ?? [];
  return (
    <div className="wdrop views" ref={box}>
      <button ref={button} type="button" className="btn" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <IconBookmark size={16} aria-hidden />
        {t('Góc nhìn')}
      </button>
      <div id={id} className="wpanel" hidden={!open}>
        {open ? (
          <>
            <form className="wsave" noValidate onSubmit={save}>
              <Labelled label={t('Lưu góc nhìn đang xem với tên')} required errors={wrong === null ? [] : [{ detail: wrong }]}>
                {(ids) => <input {...ids} type="text" name="viewName" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
              </Labelled>
              <button type="submit" className="btn primary">
                {t('Lưu góc nhìn')}
              </button>
            </form>
            <p className="vh" role="status">
              {said}
            </p>
            {items.length === 0 ? <p className="quiet">{views.data ? t('Chưa lưu góc nhìn nào với vai này.') : t('Đang tải…')}</p> : null}
            <ul className="wviews">
              {items.map((view) => (
                <li key={view.id} data-view={view.id}>
                  {renaming === view.id ? (
                    <Rename
                      view={view}
                      cancel={() => setRenaming(null)}
                      rename={(text) =>
                        void tried(async () => {
                          await read(`/views/${encodeURIComponent(view.id)}/rename`, { name: text }, undefined, actor);
                          setRenaming(null);
                        }, t('Đã đổi tên'))
                      }
                    />
                  ) : (
                    <>
                      <Link to={addressOf(view)} aria-current={addressOf(view) === addressOf(here) ? 'true' : undefined} onClick={() => setOpen(false)}>
                        {view.name}
                      </Link>
                      <span className="quiet">{PAGE_WORDS[view.path] ?? view.path}</span>
                      <button type="button" className="btn plain" aria-label={t('Đổi tên {{name}}', { name: view.name })} onClick={() => setRenaming(view.id)}>
                        <IconPencil size={16} aria-hidden /> {t('Đổi tên')}
                      </button>
                      <button
                        type="button"
                        className="btn plain"
                        aria-label={t('Xóa {{name}}', { name: view.name })}
                        onClick={() => void tried(() => remove(`/views/${encodeURIComponent(view.id)}`, actor), t('Đã xóa góc nhìn “{{name}}”', { name: view.name }))}
                      >
                        <IconTrash size={16} aria-hidden /> {t('Xóa')}
                      </button>
                    </>
                  )}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </div>
  );
}

function Rename({ view, rename, cancel }: { view: SavedView; rename: (name: string) => void; cancel: () => void }) {
  const [text, setText] = useState(view.name);
  return (
    <form
      className="wsave"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        rename(text);
      }}
    >
      <input type="text" name="renamed" aria-label={t('Tên mới của {{name}}', { name: view.name })} autoFocus maxLength={100} value={text} onChange={(event) => setText(event.target.value)} />
      <button type="submit" className="btn">
        {t('Lưu tên')}
      </button>
      <button type="button" className="btn plain" onClick={cancel}>
        {t('Thôi')}
      </button>
    </form>
  );
}
