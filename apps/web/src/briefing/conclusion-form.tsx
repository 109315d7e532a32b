import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent, type SubmitEvent } from 'react';
import { ApiError, get, newKey, read, send, type Counts, type Deadline, type Problem, type Recorded, type Task, type Warning } from '../api.ts';
import { count, day, longDay, weekday } from '../format.ts';
import { AuthorityOptions } from '../forms/authority-options.tsx';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { TaskField } from '../forms/task-field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { CELL_WORDS } from '../words.ts';
import { briefingPath, postAs, type Asker } from './ask.ts';
import {
  conclusionBody,
  cut,
  deadlineFrom,
  emptyDraft,
  MOST_SHORT,
  MOST_TEXT,
  NEEDS_DEADLINE,
  ON_TASK,
  phraseOf,
  TAKES_DEADLINE,
  TAKES_UNIT,
  wordsOf,
  type Draft,
} from './draft.ts';
import { placeIn } from './pages/shared.ts';
import { type Briefing, type ConclusionKind, type Preview, type ScreenAnswer } from './types.ts';
import { KIND_WORDS } from './words.ts';

const TYPING_MS = 250;

/** The first four have a key; the others are offered where the chosen task allows them. */
const ALWAYS: readonly { kind: ConclusionKind; key: string | null }[] = [
  { kind: 'extend', key: 'G' },
  { kind: 'explain', key: 'R' },
  { kind: 'assign', key: 'A' },
  { kind: 'decision', key: 'K' },
];

function kindsFor(task: Task | undefined): readonly { kind: ConclusionKind; key: string | null }[] {
  if (!task) return [...ALWAYS, { kind: 'speed-up', key: null }];
  const submitted = task.cell?.startsWith('V') === true;
  const more: ConclusionKind[] = [
    ...(task.pendingExtension ? (['refuse-extension'] as const) : []),
    ...(task.pendingReturn ? (['accept-return', 'refuse-return'] as const) : []),
    ...(submitted ? (['confirm', 'refuse-completion'] as const) : []),
    'urge',
    'transfer',
    'speed-up',
  ];
  return [...ALWAYS, ...more.map((kind) => ({ kind, key: null }))];
}

function useSettled<T>(value: T): T {
  const text = JSON.stringify(value);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled) as T;
}

/** The day a typed deadline comes to, with every day it was counted over. */
function useDueOn(typed: string, today: string) {
  const input = deadlineFrom(typed, today);
  const phrase = useSettled(input ? phraseOf(input) : null);
  return useQuery({
    queryKey: ['deadline', { phrase, documentDate: today, receivedOn: today }],
    queryFn: ({ signal }) => read<{ deadline: Deadline; warnings: Warning[] }>('/deadlines/read', { phrase, documentDate: today, receivedOn: today }, signal),
    enabled: phrase !== null && phrase.length > 2,
    retry: false,
    staleTime: 600_000,
  });
}

const MOST_STEPS = 15;

function CountingLine({ deadline }: { deadline: Deadline }) {
  if (!deadline.dueOn) return <>{t('Không thời hạn.')}</>;
  const steps = deadline.steps ?? [];
  return (
    <>
      {t('Đọc là')} <b className="due">{longDay(deadline.dueOn)}</b>.{' '}
      {steps.length > 0 && steps.length <= MOST_STEPS
        ? t('Đếm: {{steps}}.', {
            steps: steps.map(({ day: on, text }) => (on && /^\d{4}-/.test(on) ? `${weekday(on)} ${day(on).slice(0, 5)} ${text}` : text)).join('; '),
          })
        : ''}
      {deadline.literalDueOn && deadline.literalDueOn !== deadline.dueOn
        ? ` ${t('Theo mặt chữ {{day}}, trúng ngày nghỉ.', { day: longDay(deadline.literalDueOn) })}`
        : ''}
    </>
  );
}

/** What the figures of now would become; the cut-off's stay. */
function EffectLine({ before, after }: { before: Counts; after: Counts }) {
  const cells = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((cell) => (before[cell] ?? 0) !== (after[cell] ?? 0));
  return cells.length === 0 ? (
    <>{t('Số liệu không đổi.')}</>
  ) : (
    <>
      {cells.map((cell, at) => (
        <span key={cell}>
          {at > 0 ? '; ' : ''}
          {CELL_WORDS[cell] ?? cell} {count(before[cell] ?? 0)} → <b>{count(after[cell] ?? 0)}</b>
        </span>
      ))}
      . {t('Số chốt không đổi.')}
    </>
  );
}

export interface Start {
  kind: ConclusionKind;
  task: { id: string; name: string } | null;
  deadline: string;
  /** Which box the words go into first. */
  focus: 'task' | 'next';
  /** Counts the times it was asked for, so that the same key twice begins twice. */
  n: number;
}

/** What a conclusion asked for by its key begins with: the task that is decided on in the room, with the day that is asked for. */
export function startOn(answer: ScreenAnswer | undefined, n: number, kind: ConclusionKind): Pick<Start, 'task' | 'deadline'> {
  // Words for everybody are of no task, whatever stands in the room.
  const ofTask = kind !== 'assign' && kind !== 'decision';
  const request = ofTask && answer?.page === 'requests' ? answer.data.rows[placeIn(answer.data.rows, n - answer.data.first + 1)] : undefined;
  const raised = ofTask && answer?.page === 'raised' ? answer.data.rows[placeIn(answer.data.rows, n)] : undefined;
  const meant = request ?? raised;
  return {
    task: meant ? { id: meant.taskId, name: meant.short } : null,
    deadline: kind === 'extend' && request?.askedDueOn ? day(request.askedDueOn) : '',
  };
}

/** One conclusion, typed once: what the room reads, what the minutes say, and the command on the task. */
export function ConclusionForm({
  briefing,
  actor,
  today,
  start,
  done,
  leave,
}: {
  briefing: Briefing;
  actor: string;
  today: string;
  start: Start;
  done: (recorded: Recorded, short: string) => void;
  leave: () => void;
}) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft>(() => ({ ...emptyDraft(start.kind, briefing.cutOff.asOf), task: start.task, deadline: start.deadline }));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  /** How many were recorded here: the box of the task is a new one each time, so that what was typed in it is gone with its task. */
  const [recordings, setRecordings] = useState(0);
  const [toFocus, setToFocus] = useState<{ what: 'task' | 'next'; kind: ConclusionKind } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  /** A repeat of the same request carries the same key, so that a lost answer cannot become a second conclusion. */
  const key = useRef<{ body: string; key: string } | null>(null);
  const change = (part: Partial<Draft>): void => {
    setProblem(null);
    setDraft((old) => ({ ...old, ...part }));
  };

  const focusOn = (what: 'task' | 'next', kind: ConclusionKind): void => {
    const box = form.current;
    const pick = (name: string): HTMLElement | null => box?.querySelector<HTMLElement>(`[data-box="${name}"] input, [data-box="${name}"] textarea`) ?? null;
    const next = NEEDS_DEADLINE.has(kind) && kind !== 'assign' ? 'deadline' : kind === 'explain' ? 'question' : kind === 'assign' ? 'unit' : 'text';
    (what === 'task' ? pick('task') : (pick(next) ?? pick('text')))?.focus();
  };
  useEffect(() => {
    if (start.n === 0) return;
    setDraft((old) => ({
      ...emptyDraft(start.kind, briefing.cutOff.asOf),
      task: start.task ?? old.task,
      deadline: start.deadline,
    }));
    setProblem(null);
    const wants = start.focus === 'task' || (ON_TASK.has(start.kind) && start.task === null && draft.task === null) ? 'task' : 'next';
    setToFocus({ what: wants, kind: start.kind });
  }, [start.n]);
  // After the commit that has the fields of the new kind.
  useEffect(() => {
    if (toFocus) focusOn(toFocus.what, toFocus.kind);
  }, [toFocus]);

  const task = useQuery({
    queryKey: ['task', draft.task?.id ?? '', {}],
    queryFn: ({ signal }) => get<Task>(`/tasks/${encodeURIComponent(draft.task?.id ?? '')}`, {}, signal),
    enabled: draft.task !== null,
  });
  const found = draft.task === null ? undefined : task.data;
  const named: Draft = found && draft.task ? { ...draft, task: { id: draft.task.id, name: found.content } } : draft;
  const asked = found?.pendingExtension?.deadline.dueOn;
  const kinds = kindsFor(found);
  const takesDeadline = TAKES_DEADLINE.has(draft.kind);
  const dueOn = useDueOn(takesDeadline ? draft.deadline : '', today);
  const readOn = takesDeadline && draft.deadline.trim() !== '' ? (dueOn.data?.deadline.dueOn ?? null) : null;
  const suggested = wordsOf(named, readOn);
  const text = draft.text ?? cut(suggested, MOST_TEXT);
  const short = draft.short ?? cut(text, MOST_SHORT);
  const made = conclusionBody({ ...named, text, short }, today, readOn);
  const body = useSettled('body' in made ? made.body : null);
  const preview = useQuery({
    queryKey: ['briefing-preview', briefing.id, body, found?.revision ?? null],
    queryFn: ({ signal }) => postAs<Preview>({ actor } satisfies Asker, `${briefingPath(briefing.id)}/conclusions/preview`, body, signal),
    enabled: body !== null && (!ON_TASK.has(draft.kind) || found !== undefined),
    retry: false,
  });
  const refused = preview.error instanceof ApiError ? preview.error.problem : null;
  const current = 'body' in made && JSON.stringify(body) === JSON.stringify(made.body);

  const submit = async (): Promise<void> => {
    if (sending) return;
    if ('missing' in made) {
      setProblem(made.missing);
      return;
    }
    const sent = JSON.stringify(made.body);
    if (key.current?.body !== sent) key.current = { body: sent, key: newKey() };
    setSending(true);
    setProblem(null);
    try {
      const recorded = await send(`${briefingPath(briefing.id)}/conclusions`, made.body, { actor, key: key.current.key });
      key.current = null;
      setDraft(emptyDraft('decision', briefing.cutOff.asOf));
      setRecordings((n) => n + 1);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'task' });
      done(recorded, short);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
    } finally {
      setSending(false);
    }
  };
  const press = (event: KeyboardEvent<HTMLFormElement>): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      leave();
    }
  };
  const of = (name: string) => refusalsOf(problem, name);
  return (
    <form
      ref={form}
      className="form brform"
      noValidate
      aria-labelledby="h-ghi"
      onKeyDown={press}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 id="h-ghi">{t('Ghi kết luận {{n}}', { n: briefing.conclusions.length + 1 })}</h2>
      <div data-box="task" key={recordings}>
        <TaskField
          label={t('Việc')}
          required={ON_TASK.has(draft.kind)}
          errors={of('taskId')}
          not=""
          value={draft.task?.id ?? null}
          named={draft.task === null ? null : found ? `${found.code} ${found.content}` : draft.task.name || null}
          onChange={(id) => change({ task: id === null ? null : { id, name: '' } })}
        />
        {found ? (
          <p className="hint">
            <b>{found.leadUnitName}</b>, <span className="code">{found.code}</span>
            {found.daysLate !== null && found.daysLate > 0 && found.cell === 'O2' ? (
              <>
                ; <b className="t-overdue">{t('quá hạn {{n}} ngày', { n: count(found.daysLate) })}</b>
              </>
            ) : found.deadline?.dueOn ? (
              <>; {t('hạn {{day}}', { day: day(found.deadline.dueOn) })}</>
            ) : null}
            {asked ? <>; {t('xin đến {{day}}', { day: day(asked) })}</> : null}
          </p>
        ) : null}
      </div>
      <fieldset className="brkinds">
        <legend>{t('Quyết định')}</legend>
        <div>
          {kinds.map(({ kind, key: letter }) => (
            <label key={kind} className={draft.kind === kind ? 'on' : ''}>
              <input type="radio" name="kind" value={kind} checked={draft.kind === kind} onChange={() => change({ kind })} />
              {KIND_WORDS[kind]}
              {letter ? <kbd aria-hidden="true">{letter}</kbd> : null}
            </label>
          ))}
        </div>
      </fieldset>
      {TAKES_UNIT.has(draft.kind) ? (
        <div data-box="unit">
          <UnitField
            label={draft.kind === 'transfer' ? t('Chủ trì mới') : t('Đơn vị')}
            required={draft.kind === 'assign' || draft.kind === 'transfer'}
            errors={[...of('unitId'), ...of('toUnitId'), ...of('leadUnitId')]}
            value={draft.unitId}
            onChange={(unitId) => change({ unitId })}
          />
        </div>
      ) : null}
      {draft.kind === 'assign' ? (
        <Labelled label={t('Cơ quan giao')} required errors={of('authority')}>
          {(ids) => (
            <select {...ids} name="authority" value={draft.authority} onChange={(event) => change({ authority: event.target.value })}>
              <AuthorityOptions />
            </select>
          )}
        </Labelled>
      ) : null}
      {takesDeadline ? (
        <div data-box="deadline">
          <Labelled
            label={t('Thời hạn')}
            required={NEEDS_DEADLINE.has(draft.kind)}
            hint={t('số ngày làm việc, ngày/tháng, hoặc như trong văn bản')}
            errors={of('deadline')}
          >
            {(ids) => (
              <input
                {...ids}
                type="text"
                name="deadline"
                autoComplete="off"
                placeholder={asked ? day(asked) : t('10, 25/11, trước ngày 15/12')}
                value={draft.deadline}
                onChange={(event) => change({ deadline: event.target.value })}
              />
            )}
          </Labelled>
          <p className="hint" aria-live="polite" data-reading={readOn ?? ''}>
            {draft.deadline.trim() === '' ? (
              ''
            ) : dueOn.error instanceof ApiError ? (
              <span className="warnt">{dueOn.error.problem.detail ?? t('Chưa đọc được thời hạn này.')}</span>
            ) : dueOn.data ? (
              <CountingLine deadline={dueOn.data.deadline} />
            ) : (
              t('Đang đọc…')
            )}
          </p>
        </div>
      ) : null}
      {draft.kind === 'explain' ? (
        <div data-box="question">
          <Labelled label={t('Cần giải trình điều gì')} required errors={of('question')}>
            {(ids) => (
              <textarea {...ids} name="question" rows={2} value={draft.question} onChange={(event) => change({ question: event.target.value })} />
            )}
          </Labelled>
        </div>
      ) : null}
      <div data-box="text">
        <Labelled label={t('Nội dung, như sẽ đứng trong thông báo')} required errors={[...of('text'), ...of('content')]}>
          {(ids) => (
            <textarea {...ids} name="text" rows={2} maxLength={MOST_TEXT} value={text} onChange={(event) => change({ text: event.target.value })} />
          )}
        </Labelled>
      </div>
      <Labelled label={t('Câu hiện trên màn')} required hint={t('tối đa {{n}} ký tự', { n: MOST_SHORT })} errors={of('short')}>
        {(ids) => (
          <input {...ids} type="text" name="short" maxLength={MOST_SHORT} value={short} onChange={(event) => change({ short: event.target.value })} />
        )}
      </Labelled>
      <Labelled label={t('Lý do')} required errors={of('reason')}>
        {(ids) => <input {...ids} type="text" name="reason" value={draft.reason} onChange={(event) => change({ reason: event.target.value })} />}
      </Labelled>
      <p className="effect" aria-live="polite" data-preview={current && preview.data ? 'yes' : 'no'}>
        {'missing' in made ? (
          t('Điền đủ thì thấy trước điều sẽ ghi và số sẽ đổi.')
        ) : refused && current ? (
          <span className="warnt">
            {t('Sẽ không ghi được:')} {refused.detail ?? refused.title}
          </span>
        ) : preview.data && current ? (
          <>
            <b>{t('Sẽ ghi:')}</b> {preview.data.sentence}
            {preview.data.marks.length > 0 ? `, ${preview.data.marks.join(', ')}` : ''}.{' '}
            {preview.data.effect ? <EffectLine before={preview.data.effect.before} after={preview.data.effect.after} /> : t('Số liệu không đổi.')}
            {preview.data.warnings.map((warning) => (
              <span key={warning.code} className="warnt">
                {' '}
                {warning.detail}
              </span>
            ))}
          </>
        ) : (
          t('Đang tính…')
        )}
      </p>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang ghi…') : t('Ghi kết luận')}
          <kbd aria-hidden="true">Ctrl Enter</kbd>
        </button>
        <button
          type="button"
          className="btn"
          onClick={() => {
            setDraft(emptyDraft('decision', briefing.cutOff.asOf));
            setProblem(null);
            leave();
          }}
        >
          {t('Bỏ')}
          <kbd aria-hidden="true">Esc</kbd>
        </button>
      </p>
    </form>
  );
}
