import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { ApiError, get, newKey, send, type Deadline, type Page, type Problem, type Recorded, type Task, type TaskEvent } from '../api.ts';
import { unitOf } from '../actor.ts';
import { useEscape } from '../escape.ts';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { isDay } from '../format.ts';
import { deadlineInput, emptyDeadline } from '../forms/deadline-field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { emptyTime, timeBody, TimeFields } from '../forms/time-fields.tsx';
import { changesBody } from './changes-field.tsx';
import { effectOf } from './effects.ts';
import { FormField, type Values } from './form-field.tsx';
import { type Action } from './action-specs.ts';

function startValues(action: Action, task: Task, actor: string): Values {
  const pending = action.segment === 'extension-grants' ? task.pendingExtension?.deadline : undefined;
  const keeps = action.fields.some((field) => field.kind === 'deadline' && !field.required);
  const unit = unitOf(actor as Parameters<typeof unitOf>[0]);
  return {
    texts: {},
    deadline: pending?.dueOn
      ? { ...emptyDeadline('date'), date: pending.dueOn, time: pending.dueTime ?? '' }
      : emptyDeadline(keeps ? 'keep' : 'phrase'),
    unitId: action.segment === 'coordination-answers' ? (unit ?? task.coordinatingUnits.find((one) => !one.answeredAt)?.id ?? null) : null,
    resultNumber: '',
    resultDate: '',
    files: [],
    eventId: null,
    taskId: null,
    changes: [],
  };
}

/** The request, or the first field that is still missing. */
function bodyOf(action: Action, values: Values, task: Task): { body: Record<string, unknown> } | { missing: string; says: string } {
  const body: Record<string, unknown> = {};
  for (const field of action.fields) {
    const text = (values.texts[field.name] ?? '').trim();
    const missing = { missing: field.name, says: t('Cần điền “{{label}}”.', { label: field.label }) };
    if (field.kind === 'deadline') {
      const deadline = deadlineInput(values.deadline);
      if (deadline) body[field.name] = deadline;
      else if (field.required || values.deadline.kind !== 'keep') return missing;
    } else if (field.kind === 'unit' || field.kind === 'coordinator') {
      if (!values.unitId) return missing;
      body[field.name] = values.unitId;
    } else if (field.kind === 'result') {
      if (!values.resultNumber.trim() || !isDay(values.resultDate))
        return { missing: field.name, says: t('Cần số và ngày của văn bản kết quả.') };
      body[field.name] = { number: values.resultNumber.trim(), date: values.resultDate };
    } else if (field.kind === 'files') {
      if (values.files.length > 0) body[field.name] = values.files.map((file) => file.id);
    } else if (field.kind === 'fact') {
      if (!values.eventId) return missing;
      body[field.name] = values.eventId;
    } else if (field.kind === 'task') {
      if (!values.taskId) return missing;
      body[field.name] = values.taskId;
    } else if (field.kind === 'changes') {
      const changes = changesBody(values.changes, task);
      if (Object.keys(changes).length === 0) return { missing: field.name, says: t('Chưa sửa thông tin nào.') };
      body[field.name] = changes;
    } else if (field.kind === 'percent') {
      if (text) body[field.name] = Number(text);
    } else if (text) body[field.name] = text;
    else if (field.required) return missing;
  }
  return { body };
}

/** None where they cannot be had: the refusal is told all the same. */
async function recordedAfter(task: Task): Promise<readonly TaskEvent[]> {
  const found: TaskEvent[] = [];
  let cursor: string | null = null;
  try {
    do {
      const page: Page<TaskEvent> = await get(`/tasks/${encodeURIComponent(task.id)}/events`, { cursor });
      found.push(...page.items.filter(({ revision }) => revision > task.revision));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  } catch {
    return [];
  }
}

/** One command as a form: what it needs, what it will do, and what stood in the way when it was refused. */
export function ActionForm({
  action,
  task,
  events,
  actor,
  today,
  cancel,
  finish,
}: {
  action: Action;
  task: Task;
  events: readonly TaskEvent[];
  actor: string;
  today: string;
  cancel: () => void;
  finish: (recorded: Recorded) => void;
}) {
  const client = useQueryClient();
  const units = useUnits();
  const [values, setValues] = useState<Values>(() => startValues(action, task, actor));
  const [time, setTime] = useState(emptyTime);
  const [reading, setReading] = useState<Deadline | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  /** What others recorded on the task while this form was open. */
  const [meanwhile, setMeanwhile] = useState<readonly TaskEvent[]>([]);
  const form = useRef<HTMLFormElement>(null);
  /** A repeat of the same request carries the same key, so that a lost answer cannot become a second fact. */
  const key = useRef<{ body: string; key: string } | null>(null);
  useEscape(true, cancel);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
  }, []);

  const change = (part: Partial<Values>) => {
    setProblem(null);
    setValues((old) => ({ ...old, ...part }));
  };
  const fact = events.find((event) => event.id === values.eventId);
  const effect = effectOf(action.segment, task, {
    today,
    on: time.other && isDay(time.on) ? time.on : null,
    deadline: values.deadline.kind === 'keep' ? null : reading,
    setsDeadline: values.deadline.kind !== 'keep' && action.fields.some((field) => field.kind === 'deadline'),
    toUnitName: values.unitId ? ((units.data ?? []).find((unit) => unit.id === values.unitId)?.name ?? null) : null,
    fact: fact ? { type: fact.type, sentence: fact.sentence } : null,
  });

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const made = bodyOf(action, values, task);
    const timed = timeBody(time);
    if ('missing' in made || 'missing' in timed) {
      const { missing, says } = 'missing' in made ? made : (timed as { missing: string; says: string });
      setProblem({ title: t('Chưa đủ'), detail: says, errors: [{ pointer: `/${missing}`, detail: says }] });
      return;
    }
    const body = { ...made.body, ...timed.body };
    const text = JSON.stringify(body);
    if (key.current?.body !== text) key.current = { body: text, key: newKey() };
    setSending(true);
    setProblem(null);
    try {
      const recorded = await send(`/tasks/${encodeURIComponent(task.id)}/${action.segment}`, body, {
        actor,
        key: key.current.key,
        revision: task.revision,
      });
      await client.invalidateQueries();
      finish(recorded);
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === 'revision-mismatch') setMeanwhile(await recordedAfter(task));
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
    } finally {
      setSending(false);
    }
  };

  return (
    <form ref={form} className="form" noValidate onSubmit={(event) => void submit(event)} data-form={action.segment}>
      {action.fields.map((field) => (
        <FormField
          key={field.name}
          field={field}
          values={values}
          change={change}
          problem={problem}
          task={task}
          events={events}
          actor={actor}
          onRead={setReading}
        />
      ))}
      <TimeFields time={time} onChange={setTime} today={today} problem={problem} />
      <p className="effect">
        <b>{t('Khi ghi:')}</b> {effect}
      </p>
      {problem ? <Refusal problem={problem} events={events} meanwhile={meanwhile} reload={() => void client.invalidateQueries()} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang ghi…') : action.word}
        </button>
        <button type="button" className="btn" onClick={cancel}>
          {t('Thôi')}
        </button>
      </p>
    </form>
  );
}
