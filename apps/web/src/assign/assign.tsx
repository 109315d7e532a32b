import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ROLE_NAMES, roleOf, useActor } from '../actor.ts';
import { ApiError, get, newKey, send, type Problem, type Task } from '../api.ts';
import { count, dayOf } from '../format.ts';
import { Frame, usePast, useSystem } from '../frame.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { href, toPresent, useScope, type Scope } from '../scope/scope.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import { assignBody, documentGap, emptyDocument, emptyRow, rowGap, type DocumentDraft, type RowDraft } from './draft.ts';
import { DocumentFields } from './document-fields.tsx';
import { RowFields } from './row-fields.tsx';

/** A document once, then its tasks under it. */
export function AssignPage() {
  const [search] = useSearchParams();
  const parentId = search.get('viecCha');
  const scope = useScope();
  const role = roleOf(useActor());
  const past = usePast();
  const system = useSystem();
  const parent = useQuery({
    queryKey: ['task', parentId, {}],
    queryFn: ({ signal }) => get<Task>(`/tasks/${encodeURIComponent(parentId ?? '')}`, {}, signal),
    enabled: parentId !== null,
  });
  const may = role === 'office' || (role === 'unit' && parentId !== null);
  return (
    <Frame title={parentId ? t('Giao việc con') : t('Giao việc')}>
      {past ? (
        <Nothing title={t('Không giao việc từ quá khứ')} advice={t('Việc mới được ghi vào hiện tại.')}>
          <p>
            <Link to={href('/giao-viec', toPresent(scope), { viecCha: parentId })}>{t('Đang xem quá khứ — về hiện tại')}</Link>
          </p>
        </Nothing>
      ) : !may ? (
        <Nothing
          title={t('Vai đang chọn không giao việc')}
          advice={t('Giao việc là việc của {{office}}; đơn vị chỉ giao việc con của việc mình chủ trì, từ trang của việc ấy.', {
            office: ROLE_NAMES.office,
          })}
        />
      ) : parent.isError ? (
        <Failure error={parent.error} retry={() => void parent.refetch()} />
      ) : system.data && (parentId === null || parent.data) ? (
        <Form key={parentId ?? ''} today={dayOf(system.data.now)} parent={parent.data ?? null} scope={scope} />
      ) : (
        <Loading what={t('biểu mẫu')} />
      )}
    </Frame>
  );
}

function documentOf(parent: Task | null, today: string): DocumentDraft {
  const blank = emptyDocument(today);
  const document = parent?.document;
  if (!parent || !document) return blank;
  return {
    ...blank,
    number: document.number,
    date: document.date,
    issuer: document.issuer,
    title: document.title ?? '',
    signerTitle: document.signerTitle ?? '',
    urgency: document.urgency ?? '',
    authority: parent.authority,
  };
}

/** A refusal about the document is told at the document, one about a task at its row. */
const aboutDocument = (problem: Problem): boolean =>
  (problem.errors ?? []).some((item) => /^\/(document|assignedOn|backdateReason|authority)/.test(item.pointer ?? '')) ||
  problem.code === 'backdate-reason-missing';

function Form({ today, parent, scope }: { today: string; parent: Task | null; scope: Scope }) {
  const actor = useActor();
  const client = useQueryClient();
  const [document, setDocument] = useState(() => documentOf(parent, today));
  const [rows, setRows] = useState<RowDraft[]>(() => [emptyRow()]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(0);
  const keys = useRef(new Map<string, string>());
  const form = useRef<HTMLFormElement>(null);
  const added = useRef<string | null>(null);
  const waiting = rows.filter((row) => row.recorded === null);
  const given = rows.filter((row) => row.recorded !== null);

  const setRow = (key: string, part: Partial<RowDraft>) =>
    setRows((old) => old.map((row) => (row.key === key ? { ...row, problem: null, ...part } : row)));
  const add = () => {
    const row = emptyRow();
    added.current = row.key;
    setRows((old) => [...old, row]);
  };
  useEffect(() => {
    if (added.current) form.current?.querySelector<HTMLElement>(`[data-row="${added.current}"] textarea`)?.focus();
    added.current = null;
  }, [rows.length]);
  const restart = () => {
    keys.current.clear();
    setRows([emptyRow()]);
    setDocument(documentOf(parent, today));
    setProblem(null);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('input')?.focus());
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const gap = documentGap(document);
    const gaps = new Map(waiting.map((row) => [row.key, rowGap(row)]));
    setProblem(gap);
    setRows((old) => old.map((row) => ({ ...row, problem: gaps.get(row.key) ?? null })));
    if (gap || [...gaps.values()].some(Boolean)) return;
    for (const [at, row] of waiting.entries()) {
      setSending(at + 1);
      const body = assignBody(document, row, parent?.id ?? null);
      const text = JSON.stringify(body);
      const key = keys.current.get(`${row.key} ${text}`) ?? newKey();
      keys.current.set(`${row.key} ${text}`, key);
      try {
        const recorded = await send('/tasks', body, { actor, key });
        setRow(row.key, { recorded });
      } catch (error) {
        const refused = error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) };
        if (aboutDocument(refused)) setProblem(refused);
        else setRow(row.key, { problem: refused });
        break;
      }
    }
    setSending(0);
    void client.invalidateQueries();
  };

  return (
    <form ref={form} className="form assign" noValidate onSubmit={(event) => void submit(event)}>
      <h1 className="listh">{parent ? t('Giao việc con của {{code}}', { code: parent.code }) : t('Giao việc')}</h1>
      {parent ? (
        <p className="aside">
          {parent.content}. {t('Việc con không tính vào số liệu ở cấp trên.')}
        </p>
      ) : (
        <p className="quiet">{t('Văn bản điền một lần, mỗi việc trong đó một mục.')}</p>
      )}
      <DocumentFields
        document={document}
        today={today}
        problem={problem}
        locked={given.length > 0 || parent !== null}
        onChange={(part) => {
          setProblem(null);
          setDocument((old) => ({ ...old, ...part }));
        }}
      />
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      {rows.map((row, at) => (
        <RowFields
          key={row.key}
          row={row}
          number={at + 1}
          document={document}
          only={waiting.length === 1}
          scope={scope}
          onChange={(part) => setRow(row.key, part)}
          onRemove={() => setRows((old) => old.filter((one) => one.key !== row.key))}
        />
      ))}
      {waiting.length > 0 ? (
        <>
          <p className="effect">
            <b>{t('Khi ghi:')}</b>{' '}
            {parent
              ? t('số liệu không đổi, vì việc con không tính lên trên.')
              : t('thêm {{n}} việc vào tổng số được giao, ở “Đang thực hiện trong hạn”, hoặc “Chưa có thời hạn” khi không thời hạn.', {
                  n: count(waiting.length),
                })}
          </p>
          <p className="acts">
            <button type="submit" className="btn primary" disabled={sending > 0}>
              {sending > 0
                ? t('Đang ghi việc {{sending}} trong {{n}}…', { sending: count(sending), n: count(waiting.length) })
                : t('Giao {{n}} việc', { n: count(waiting.length) })}
            </button>
            <button type="button" className="btn" onClick={add}>
              {t('Thêm một việc cùng văn bản')}
            </button>
          </p>
        </>
      ) : (
        <div className="outcome" role="status">
          <p>
            <b>{t('Đã giao {{n}} việc', { n: count(given.length) })}</b> {t('theo văn bản {{number}}.', { number: document.number })}
          </p>
          <p className="acts">
            <button type="button" className="btn primary" onClick={restart}>
              {parent ? t('Giao tiếp việc con khác') : t('Giao tiếp văn bản khác')}
            </button>
            <button type="button" className="btn" onClick={add}>
              {t('Thêm việc vào văn bản này')}
            </button>
          </p>
        </div>
      )}
    </form>
  );
}
