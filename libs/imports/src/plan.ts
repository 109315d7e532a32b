import { lastInstantInTime, type Deadline } from '#deadlines';
import { schemaOf, type Actor, type AppendConflict, type EventLog, type Json, type JsonObject, type NewEvent, type StreamAppend } from '#event-log';
import { cleanText, dayOf, dayVi, derivedId, foldText, instantVi, startOfDay, type Instant } from '#kernel';
import { establishUnit, UNIT_EVENT_SCHEMAS, unitStream } from '#organisation';
import { decide, documentNumberKey, fold, TASK_EVENT_SCHEMAS, taskStream, type DecidedEvent, type TaskCommand, type TaskFact, type TaskState } from '#tasks';
import type { AcceptedRow, ReadRecord, TaskListReading } from './types.ts';

/** A row against what the log knows. A contradiction waits for a person and nothing of its row is appended; a difference is only told. */
export interface PlanRemark {
  readonly record: number;
  readonly line: number;
  readonly label: string;
  readonly taskId: string;
  readonly code: string;
  /** One Vietnamese sentence. */
  readonly message: string;
}

export interface ImportCounts {
  /** Rows of the file, as read. */
  readonly accepted: number;
  readonly warned: number;
  readonly refused: number;
  readonly skipped: number;
  /** Accepted rows against the log: tasks it does not have, tasks with nothing new, tasks with new facts, rows for a person to decide. */
  readonly new: number;
  readonly unchanged: number;
  readonly extended: number;
  readonly contradictions: number;
  /** Events to append to task streams. */
  readonly events: number;
}

export interface ImportPlan {
  /** Set when nothing may be appended: the file cannot be read, or `strict` and a row was refused. */
  readonly refusal?: { readonly code: string; readonly detail: string };
  readonly units: readonly StreamAppend[];
  readonly appends: readonly StreamAppend[];
  readonly counts: ImportCounts;
  readonly contradictions: readonly PlanRemark[];
  readonly differences: readonly PlanRemark[];
}

export interface PlanOptions {
  /** The facts of a task in log order; empty when the log does not have it. */
  readonly load: (taskId: string) => Promise<readonly TaskFact[]>;
  /** Whether the log has a task, where that is known with less than all of its facts. */
  readonly has?: (taskId: string) => Promise<boolean>;
  readonly now: Instant;
  readonly actor: Actor;
  /** True of a task that an import made and that was taken back with the whole import. */
  readonly undone?: (taskId: string) => Promise<boolean>;
  /** Stands in the metadata of every event: what import it came with. */
  readonly tags?: Readonly<Record<string, Json>>;
  /** Refuse the whole file when one row is refused or contradicts the log. */
  readonly strict?: boolean;
}

/** Appends that establish the units a file brings. Ids are derived, so a repeat is the same event. */
export function unitAppends(reading: TaskListReading, options: { readonly actor: Actor; readonly now: Instant }): StreamAppend[] {
  return reading.unitsToCreate.map((unit) => {
    const decision = establishUnit(unit, false);
    // The reader makes units that pass; anything else is a mistake of the program.
    if (!decision.ok) throw new Error(`${unit.id}: ${decision.rejection.detail}`);
    return {
      stream: unitStream(unit.id),
      expectedRevision: -1,
      events: decision.events.map((event, n) => ({
        id: derivedId('unit', unit.id, event.type, String(n)),
        type: event.type,
        schema: schemaOf(UNIT_EVENT_SCHEMAS, event.type),
        data: event.data as unknown as JsonObject,
        metadata: { actor: options.actor },
        occurredAt: options.now,
      })),
    };
  });
}

export type RowOutcome = 'new' | 'unchanged' | 'extended' | 'contradiction' | 'refused' | 'skipped';

/** One row against the log: what comes of it, what is to be appended, and what to say of it. */
export interface RecordPlan {
  readonly outcome: RowOutcome;
  readonly taskId?: string;
  readonly append?: StreamAppend;
  readonly remarks: readonly PlanRemark[];
}

/** Decides every fact of a row against the log as it is. What is known already is not said twice. */
export async function planRecord(record: ReadRecord, options: PlanOptions): Promise<RecordPlan> {
  const { row, sealed } = record;
  // As this program wrote it: whatever has happened since, the list says nothing new.
  if (sealed !== undefined && (options.has ? await options.has(sealed) : (await options.load(sealed)).length > 0)) return { outcome: 'unchanged', taskId: sealed, remarks: [] };
  if (!row) return { outcome: record.verdict === 'skip' ? 'skipped' : 'refused', remarks: [] };
  let { taskId } = row;
  let known = await options.load(taskId);
  // What an import had made and was taken back as a whole can be brought in again, as another task.
  for (let n = 1; known.length > 0 && options.undone !== undefined && (await options.undone(taskId)); n++) {
    taskId = derivedId('again', row.taskId, String(n));
    known = await options.load(taskId);
  }
  const result = planRow({ ...row, taskId }, known, options);
  const remark = ({ code, message }: Said): PlanRemark => ({ record: record.record, line: record.line, label: record.label, taskId, code, message: `Dòng ${nameOf(record)}: ${message}` });
  if (result.contradiction) return { outcome: 'contradiction', taskId, remarks: [remark(result.contradiction)] };
  const remarks = result.differences.map(remark);
  if (result.events.length === 0) return { outcome: 'unchanged', taskId, remarks };
  return {
    outcome: known.length === 0 ? 'new' : 'extended', taskId, remarks,
    append: { stream: taskStream(taskId), expectedRevision: known.length === 0 ? -1 : known.at(-1)!.revision, events: result.events },
  };
}

/** Decides every fact of every accepted row against the log. What is known already is not said twice; the same file again appends nothing. */
export async function planImport(reading: TaskListReading, options: PlanOptions): Promise<ImportPlan> {
  const appends: StreamAppend[] = [];
  const contradictions: PlanRemark[] = [];
  const differences: PlanRemark[] = [];
  const tally = { new: 0, unchanged: 0, extended: 0, events: 0 };
  const { skipped } = reading.counts;
  let { accepted, warned, refused } = reading.counts;
  for (const record of reading.records) {
    const { outcome, append, remarks } = await planRecord(record, options);
    if (outcome === 'contradiction') contradictions.push(...remarks);
    else differences.push(...remarks);
    if (outcome === 'new' || outcome === 'unchanged' || outcome === 'extended') tally[outcome]++;
    if (outcome === 'unchanged' && record.sealed !== undefined && record.verdict !== 'accept') {
      // Nothing of it is taken in, so whatever could be said of it does not matter.
      if (record.verdict === 'refuse') refused--;
      else warned--;
      accepted++;
    }
    if (append) {
      tally.events += append.events.length;
      appends.push(append);
    }
  }
  const counts: ImportCounts = { accepted, warned, refused, skipped, ...tally, contradictions: contradictions.length };
  const strictly = options.strict === true && refused + contradictions.length > 0;
  const refusal =
    reading.refusal ??
    (strictly ? { code: 'strict-refused', detail: `Chế độ nghiêm ngặt: có ${String(refused)} dòng bị từ chối và ${String(contradictions.length)} dòng trái với nhật ký nên không nhập dòng nào.` } : undefined);
  if (refusal) return { refusal: { code: refusal.code, detail: refusal.detail }, units: [], appends: [], counts: { ...counts, events: 0 }, contradictions, differences };
  return { units: unitAppends(reading, options), appends, counts, contradictions, differences };
}

export type ImportResult = { readonly ok: true; readonly events: number } | { readonly ok: false; readonly conflict?: AppendConflict; readonly code: string; readonly detail: string };

/** Appends the plan, all of it or nothing. A conflict means that someone wrote since the plan was made: plan again. */
export async function runImport(log: Pick<EventLog, 'appendMany'>, plan: ImportPlan): Promise<ImportResult> {
  if (plan.refusal) return { ok: false, ...plan.refusal };
  const all = [...plan.units, ...plan.appends];
  if (all.length === 0) return { ok: true, events: 0 };
  const result = await log.appendMany(all);
  if (!result.ok) {
    return { ok: false, conflict: result, code: 'log-changed', detail: `Nhật ký “${result.stream}” đã thay đổi từ khi lập kế hoạch nhập; chưa ghi gì, đề nghị chạy lại.` };
  }
  return { ok: true, events: all.reduce((n, a) => n + a.events.length, 0) };
}

interface Said {
  readonly code: string;
  readonly message: string;
}

interface RowPlan {
  readonly events: readonly NewEvent[];
  readonly differences: readonly Said[];
  readonly contradiction?: Said;
}

type Task = Extract<TaskState, { kind: 'task' }>;

function planRow(row: AcceptedRow, known: readonly TaskFact[], options: PlanOptions): RowPlan {
  const facts = [...known];
  const events: NewEvent[] = [];
  const differences: Said[] = [];
  // Every fact carries its reason, so the border of "given without a reason" never matters.
  const context = { now: options.now, assignWithoutReasonFrom: dayOf(options.now) };
  for (const command of row.facts) {
    const state = fold(facts);
    const seen = state.kind === 'task' && known.length > 0 ? compare(command, state, known, row) : 'new';
    if (seen === 'known') continue;
    if (seen !== 'new') {
      if (seen.severe) return { events: [], differences: [], contradiction: seen.said };
      differences.push(seen.said);
      continue;
    }
    const decision = decide(command, state, context);
    if (!decision.ok) return { events: [], differences: [], contradiction: { code: decision.rejection.code, message: decision.rejection.detail } };
    for (const event of decision.events) {
      const next = toNewEvent(row.taskId, event, facts, options);
      events.push(next);
      facts.push({ ...event, eventId: next.id, revision: (facts.at(-1)?.revision ?? -1) + 1, position: 0n, recordedAt: options.now });
    }
  }
  if (known.length > 0) differences.push(...silent(row, fold(known)));
  return { events, differences };
}

type Seen = 'new' | 'known' | { readonly severe: boolean; readonly said: Said };

const contradicts = (code: string, message: string): Seen => ({ severe: true, said: { code, message } });

/** A fact of the file against a task the log has. */
function compare(command: TaskCommand, state: Task, known: readonly TaskFact[], row: AcceptedRow): Seen {
  switch (command.type) {
    case 'AssignTask': {
      const { task } = command;
      const { assigned } = state;
      if (state.work === 'voided') return contradicts('task-voided', `việc này đã được hủy do nhập sai (${instantVi(state.lastDeciding.occurredAt)}), danh sách vẫn còn ghi.`);
      // A row that names its task may have been changed in what otherwise tells tasks apart.
      if (row.identified) {
        const changed = [
          ...(documentNumberKey(task.document.number) === documentNumberKey(assigned.document.number) && task.document.date === assigned.document.date ? [] : ['số hoặc ngày văn bản']),
          ...(foldText(task.content) === foldText(assigned.content) ? [] : ['nội dung']),
          ...(task.leadUnitId === state.leadUnitId || task.leadUnitId === assigned.leadUnitId ? [] : ['cơ quan chủ trì']),
        ];
        if (changed.length > 0) return contradicts('identity-differs', `${changed.join(', ')} khác với nhật ký; sửa bằng đính chính hoặc chuyển trên trang của việc, hoặc xóa Mã định danh nếu là việc khác.`);
      }
      if (task.assignedOn !== assigned.assignedOn) return contradicts('assigned-day-differs', `nhật ký ghi ngày giao ${dayVi(assigned.assignedOn)}, danh sách ghi ${dayVi(task.assignedOn)}.`);
      // By the letter: another policy or calendar moves the effective day, not what was written.
      if (letter(task.deadline) !== letter(state.assigned.deadline)) return contradicts('deadline-differs', `nhật ký ghi thời hạn ${letter(state.assigned.deadline)}, danh sách ghi ${letter(task.deadline)}.`);
      const other = [
        ...(cleanText(task.product ?? '') === cleanText(assigned.product ?? '') ? [] : ['sản phẩm']),
        ...(task.authority === assigned.authority ? [] : ['cơ quan giao']),
        ...([...task.coordinatingUnitIds].sort().join() === [...assigned.coordinatingUnitIds].sort().join() ? [] : ['cơ quan phối hợp']),
      ];
      return other.length === 0 ? 'known' : { severe: false, said: { code: 'details-differ', message: `${other.join(', ')} khác với nhật ký; giữ theo nhật ký.` } };
    }
    case 'GrantExtension': {
      const same = known.find((f) => f.type === 'ExtensionGranted' && letter(f.data.deadline) === letter(command.deadline));
      if (!same) return 'new';
      const day = dayOf(same.occurredAt);
      if (!row.grantDayKnown || day === dayOf(command.occurredAt)) return 'known';
      return contradicts('grant-day-differs', `nhật ký ghi cho gia hạn ngày ${dayVi(day)}, danh sách ghi ${dayVi(dayOf(command.occurredAt))}.`);
    }
    case 'SubmitCompletion':
    case 'ConfirmCompletion': {
      if (state.work === 'withdrawn' || state.work === 'voided') return contradicts('task-out', `việc đã được thu hồi hoặc hủy (${instantVi(state.lastDeciding.occurredAt)}), danh sách ghi hoàn thành ${dayVi(dayOf(command.occurredAt))}.`);
      const { submission } = state;
      if (!submission || state.work === 'open') return 'new';
      if (!sameTime(submission.occurredAt, command.occurredAt)) {
        return contradicts('completion-differs', `nhật ký ghi hoàn thành ${instantVi(submission.occurredAt)}, danh sách ghi ${command.byDay ? dayVi(dayOf(command.occurredAt)) : instantVi(command.occurredAt)}.`);
      }
      return command.type === 'SubmitCompletion' || state.work === 'done' ? 'known' : 'new';
    }
    default:
      return 'new';
  }
}

const MINUTE = 60_000;

/** The same day, and the same minute where both give one: 00:00 stands for the day alone. */
function sameTime(a: Instant, b: Instant): boolean {
  if (Math.floor(a / MINUTE) === Math.floor(b / MINUTE)) return true;
  const day = dayOf(a);
  return day === dayOf(b) && (a === startOfDay(day) || b === startOfDay(day));
}

function letter(deadline: Deadline): string {
  return deadline.kind === 'none' ? 'không thời hạn' : `${deadline.dueTime === undefined ? '' : `${deadline.dueTime} `}${dayVi(deadline.literalDueOn)}`;
}

/** What the log knows and the file does not say: an older export, told but not taken back. */
function silent(row: AcceptedRow, state: TaskState): Said[] {
  if (state.kind !== 'task') return [];
  const says = (type: TaskCommand['type']): boolean => row.facts.some((f) => f.type === type);
  const said: Said[] = [];
  if (state.work === 'withdrawn') said.push({ code: 'withdrawn-in-log', message: `nhật ký đã ghi thu hồi (${instantVi(state.lastDeciding.occurredAt)}), danh sách vẫn còn ghi.` });
  if (state.submission && !says('SubmitCompletion')) said.push({ code: 'completion-not-in-file', message: `nhật ký đã ghi hoàn thành ${dayVi(dayOf(state.submission.occurredAt))}, danh sách chưa ghi.` });
  if (state.extensions > 0 && lastInstantInTime(state.deadline) > lastInstantInTime(state.assigned.deadline) && !says('GrantExtension')) {
    said.push({ code: 'extension-not-in-file', message: `nhật ký đã ghi gia hạn đến ${letter(state.deadline)}, danh sách chưa ghi.` });
  }
  return said;
}

/** The id is derived from what happened on which day, and how many times before: a repeated import makes the same event. */
function toNewEvent(taskId: string, event: DecidedEvent, facts: readonly TaskFact[], { actor, tags }: PlanOptions): NewEvent {
  const day = dayOf(event.occurredAt);
  const n = facts.filter((f) => f.type === event.type && dayOf(f.occurredAt) === day).length;
  return {
    id: derivedId(taskId, event.type, day, String(n)),
    type: event.type,
    schema: schemaOf(TASK_EVENT_SCHEMAS, event.type),
    data: event.data as unknown as JsonObject,
    metadata: { actor, ...tags },
    occurredAt: event.occurredAt,
  };
}

function nameOf(record: ReadRecord): string {
  return record.label === '' ? String(record.line) : `${String(record.line)} (STT ${record.label})`;
}
