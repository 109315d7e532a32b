import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useActor } from '../actor.ts';
import { ApiError, newKey, read, send, type BulkAnswer, type BulkChoice, type BulkPreview, type BulkRefused, type Counts, type Problem } from '../api.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { ACTIONS, type Action } from '../task/action-specs.ts';
import { placeWords } from '../words.ts';
import { BulkField, bulkBody, BULK_SEGMENTS, NO_VALUES } from './bulk-fields.tsx';

/** Which tasks: those picked, or all that the filter finds. */
export type Target = { ids: readonly string[] } | { filter: Readonly<Record<string, string>> };

export interface BulkDone {
  action: Action;
  answer: BulkAnswer;
}

const problemOf = (error: unknown): Problem => (error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
/** The server names places of the body below it; the fields know only their own. */
const ofFields = (problem: Problem): Problem => ({ ...problem, errors: (problem.errors ?? []).map((item) => ({ ...item, pointer: (item.pointer ?? '').replace(/^\/body/, '') })) });

/** One command for many tasks: what all of them allow, one body, what it would do to each, and only then the command. */
export function BulkDialog({ target, close, finish }: { target: Target; close: () => void; finish: (done: BulkDone) => void }) {
  const actor = useActor();
  const [action, setAction] = useState<Action | null>(null);
  const choice = useQuery({
    queryKey: ['bulk', actor, target],
    queryFn: ({ signal }) => read<BulkChoice>('/tasks/bulk/preview', 'ids' in target ? { tasks: target.ids.map((id) => ({ id })) } : { filter: target.filter }, signal, actor),
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const total = choice.data?.total ?? ('ids' in target ? target.ids.length : 0);
  const title = t('Làm với {{n}} việc', { n: count(total) });
  return (
    <Modal label={title} className="bulk" close={close}>
      <h2>{action ? `${action.word}: ${t('{{n}} việc', { n: count(total) })}` : title}</h2>
      {choice.isError ? (
        <p role="alert" className="refusal">
          {problemOf(choice.error).detail}
        </p>
      ) : !choice.data ? (
        <p role="status">{t('Đang xem các việc này cho làm gì…')}</p>
      ) : action ? (
        <BulkForm action={action} tasks={choice.data.tasks} back={() => setAction(null)} finish={finish} />
      ) : (
        <Choose choice={choice.data} choose={setAction} />
      )}
      <p className="acts">
        <button type="button" className="btn plain" onClick={close}>
          {t('Đóng')}
        </button>
      </p>
    </Modal>
  );
}

/** What all of them allow first, then what only some do. */
function Choose({ choice, choose }: { choice: BulkChoice; choose: (action: Action) => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector('button')?.focus(), []);
  const open = ACTIONS.filter(({ segment }) => BULK_SEGMENTS.has(segment) && (choice.actions[segment] ?? 0) > 0);
  const ofAll = open.filter(({ segment }) => choice.actions[segment] === choice.total);
  const ofSome = open.filter((action) => !ofAll.includes(action));
  if (open.length === 0) return <p>{t('Không có lệnh nào vai đang chọn ghi được cho các việc này.')}</p>;
  const step = (event: React.KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
  };
  return (
    <ul className="wacts" ref={list} onKeyDown={step}>
      {[...ofAll, ...ofSome].map((action) => (
        <li key={action.segment}>
          <button type="button" className="btn" data-act={action.segment} onClick={() => choose(action)}>
            {action.word}
          </button>
          <span className="quiet">
            {ofAll.includes(action) ? t('hợp với cả {{n}} việc', { n: count(choice.total) }) : t('hợp với {{n}} trong {{total}} việc', { n: count(choice.actions[action.segment] ?? 0), total: count(choice.total) })}
          </span>
        </li>
      ))}
    </ul>
  );
}

function BulkForm({ action, tasks, back, finish }: { action: Action; tasks: readonly { id: string }[]; back: () => void; finish: (done: BulkDone) => void }) {
  const actor = useActor();
  const client = useQueryClient();
  const [values, setValues] = useState(NO_VALUES);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [foreseen, setForeseen] = useState<{ preview: BulkPreview; body: Record<string, unknown> } | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const told = useRef<HTMLDivElement>(null);
  /** Kept until it is answered: sent again after a break it does what is left, and nothing twice. */
  const key = useRef<{ text: string; key: string } | null>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus(), []);
  useEffect(() => {
    if (foreseen) told.current?.focus();
  }, [foreseen]);
  const fields = action.fields.filter(({ kind }) => kind !== 'files');
  const change = (part: Partial<typeof values>) => {
    setForeseen(null);
    setProblem(null);
    setValues((old) => ({ ...old, ...part }));
  };
  const look = async (event: SubmitEvent) => {
    event.preventDefault();
    const made = bulkBody(action, values);
    if ('missing' in made) {
      setProblem({ title: t('Chưa đủ'), detail: made.says, errors: [{ pointer: `/${made.missing}`, detail: made.says }] });
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      setForeseen({ preview: await read<BulkPreview>('/tasks/bulk/preview', { action: action.segment, tasks, body: made.body }, undefined, actor), body: made.body });
    } catch (error) {
      setProblem(ofFields(problemOf(error)));
    } finally {
      setBusy(false);
    }
  };
  const give = async () => {
    if (!foreseen) return;
    const accepted = foreseen.preview.items.flatMap((item) => (item.ok ? [{ id: item.id, revision: item.revision }] : []));
    const request = { action: action.segment, tasks: accepted, body: foreseen.body };
    const text = JSON.stringify(request);
    if (key.current?.text !== text) key.current = { text, key: newKey() };
    setBusy(true);
    setProblem(null);
    try {
      const answer = await send<BulkAnswer>('/tasks/bulk', request, { actor, key: key.current.key });
      await client.invalidateQueries();
      finish({ action, answer });
    } catch (error) {
      setProblem(ofFields(problemOf(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form ref={form} className="form" noValidate data-form={action.segment} onSubmit={(event) => void look(event)}>
        {fields.map((field) => (
          <BulkField key={field.name} field={field} action={action} values={values} change={change} problem={problem} />
        ))}
        {problem ? (
          <p className="refusal" role="alert">
            <b>{problem.title ?? t('Không ghi được')}.</b> {problem.detail}
          </p>
        ) : null}
        <p className="acts">
          <button type="submit" className={foreseen ? 'btn' : 'btn primary'} disabled={busy}>
            {busy && !foreseen ? t('Đang xem trước…') : t('Xem trước')}
          </button>
          <button type="button" className="btn" onClick={back}>
            {t('Chọn lệnh khác')}
          </button>
        </p>
      </form>
      {foreseen ? (
        <div ref={told} tabIndex={-1} className="wforeseen" data-foreseen={foreseen.preview.accepted}>
          <Foresight preview={foreseen.preview} />
          {foreseen.preview.accepted > 0 ? (
            <p className="acts">
              <button type="button" className="btn primary" data-give disabled={busy} onClick={() => void give()}>
                {busy ? t('Đang ghi…') : t('Ghi cho {{n}} việc', { n: count(foreseen.preview.accepted) })}
              </button>
            </p>
          ) : null}
        </div>
      ) : null}
    </>
  );
}

/** Before anything is written: how many, which figures move, what is refused and why. */
function Foresight({ preview }: { preview: BulkPreview }) {
  const refused = preview.items.filter((item) => !item.ok);
  const accepted = preview.items.filter((item) => item.ok);
  const warned = accepted.filter((item) => item.warnings.length > 0);
  return (
    <>
      <p role="status">
        <b>{t('Sẽ ghi cho {{n}} việc', { n: count(preview.accepted) })}</b>
        {preview.refused > 0 ? `, ${t('{{n}} việc không ghi được', { n: count(preview.refused) })}` : ''}.
      </p>
      <CellsMoved cells={preview.cells} />
      {accepted.some((item) => item.dueOn !== item.newDueOn) ? (
        <details>
          <summary>{t('Hạn mới của từng việc')}</summary>
          <ul className="wlist">
            {accepted.map((item) => (
              <li key={item.id}>
                <span className="code">{item.code ?? item.id}</span>: {item.dueOn ? day(item.dueOn) : t('không thời hạn')} → <b>{item.newDueOn ? day(item.newDueOn) : t('không thời hạn')}</b>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {warned.length > 0 ? (
        <details>
          <summary className="warnt">{t('{{n}} việc có điều cần lưu ý', { n: count(warned.length) })}</summary>
          <ul className="wlist">
            {warned.map((item) => (
              <li key={item.id}>
                <span className="code">{item.code ?? item.id}</span>: {item.warnings.map(({ detail }) => detail).join(' ')}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <RefusedList items={refused} />
    </>
  );
}

/** Counts of these tasks by place, before → after. */
function CellsMoved({ cells: { before, after } }: { cells: { before: Counts; after: Counts } }) {
  const places = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((cell) => (before[cell] ?? 0) !== (after[cell] ?? 0));
  if (places.length === 0) return <p>{t('Các việc này không đổi nhóm; số liệu giữ nguyên.')}</p>;
  return (
    <table className="wmoved">
      <caption>{t('Số liệu của các việc này')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('Nhóm')}</th>
          <th scope="col" className="num">
            {t('Trước')}
          </th>
          <th scope="col" className="num">
            {t('Sau')}
          </th>
        </tr>
      </thead>
      <tbody>
        {places.map((cell) => (
          <tr key={cell} data-cell={cell}>
            <th scope="row">{placeWords(cell)}</th>
            <td className="num">{count(before[cell] ?? 0)}</td>
            <td className="num">{count(after[cell] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function RefusedList({ items }: { items: readonly BulkRefused[] }) {
  if (items.length === 0) return null;
  return (
    <details open={items.length <= 10}>
      <summary>{t('{{n}} việc không ghi được, vì sao', { n: count(items.length) })}</summary>
      <ul className="wlist" data-refused={items.length}>
        {items.map((item) => (
          <li key={item.id}>
            <span className="code">{item.code ?? item.id}</span>: {item.problem.detail}
          </li>
        ))}
      </ul>
    </details>
  );
}
