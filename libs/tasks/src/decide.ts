import { endOfDeadline, lastInstantInTime } from '#deadlines';
import { dayOf, dayVi, endOfDay, instantVi, startOfDay, type Instant } from '#kernel';
import type { FactTime, TaskCommand } from './commands.ts';
import { DECIDING, type TaskEvent } from './events.ts';
import { hasSecrecyMark } from './secrecy.ts';
import { deadlineKey, type FactReference, type TaskState } from './state.ts';
import { EVENT_NAMES_VI } from './words.ts';

/** Why a command is refused. `status` 409: the state stands in the way; 422: the content does. */
export interface Rejection {
  readonly status: 409 | 422;
  /** Stable, English, kebab-case. */
  readonly code: string;
  /** One Vietnamese sentence. */
  readonly detail: string;
  /** The fact that stands in the way. */
  readonly fact?: FactReference;
  readonly pointer?: string;
  readonly given?: unknown;
}

export interface DecideContext {
  /** The system's now: the later of the clock and the log's last recordedAt. */
  readonly now: Instant;
  /** First day that a new task may be given for without a reason: two working days before today. */
  readonly assignWithoutReasonFrom: string;
  /** The id the event will get, where the event must name itself. */
  readonly role?: string;
}

export type DecidedEvent = TaskEvent & { readonly occurredAt: Instant };
export type Decision = { readonly ok: true; readonly events: readonly DecidedEvent[] } | { readonly ok: false; readonly rejection: Rejection };

type Task = Extract<TaskState, { kind: 'task' }>;

const refuse = (rejection: Rejection): Decision => ({ ok: false, rejection });
const WORK_VI = { open: 'đang thực hiện', submitted: 'đã báo cáo hoàn thành, chờ xác nhận', done: 'đã hoàn thành', withdrawn: 'đã thu hồi', voided: 'đã hủy do nhập sai' } as const;

/** What may happen next, by state (domain.md §2 "Legal moves"); the rest of the moves join here with their events. */
const LEGAL: Readonly<Record<Exclude<TaskCommand['type'], 'AssignTask' | 'RecordOverdue'>, readonly Task['work'][]>> = {
  ReceiveTask: ['open'],
  ReportProgress: ['open'],
  RequestExtension: ['open'],
  GrantExtension: ['open'],
  RefuseExtension: ['open'],
  SubmitCompletion: ['open'],
  ConfirmCompletion: ['submitted'],
  RefuseCompletion: ['submitted'],
  WithdrawTask: ['open', 'submitted'],
  VoidTask: ['open', 'submitted', 'done', 'withdrawn'],
};

/** The decider of a task: pure and total. Times are checked against `context.now`, order against the last ★ fact. */
export function decide(command: TaskCommand, state: TaskState, context: DecideContext): Decision {
  if (command.type === 'RecordOverdue') return decideOverdue(state, context.now);

  if (command.type === 'AssignTask') {
    if (state.kind === 'task') {
      return refuse({ status: 409, code: 'task-already-assigned', detail: 'Việc này đã được giao.', fact: state.lastFact });
    }
    const texts = [command.task.document.number, command.task.document.title, command.task.content, command.task.product ?? '', command.note ?? '', command.task.document.issuer, command.task.document.urgency ?? '', command.task.field ?? ''];
    if (texts.some(hasSecrecyMark)) {
      return refuse({ status: 422, code: 'secrecy-mark', detail: 'Văn bản có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng.' });
    }
    const late = refuseTime(command, context, dayOf(command.occurredAt) < context.assignWithoutReasonFrom);
    if (late) return late;
    return { ok: true, events: [{ type: 'TaskAssigned', data: { ...command.task, ...reasons(command) }, occurredAt: command.occurredAt }] };
  }

  if (state.kind === 'none') return refuse({ status: 409, code: 'task-not-assigned', detail: 'Việc chưa được giao.' });
  const late = refuseTime(command, context, dayOf(command.occurredAt) < dayOf(context.now));
  if (late) return late;

  if (!LEGAL[command.type].includes(state.work)) {
    return refuse({
      status: 409,
      code: `not-allowed-when-${state.work}`,
      detail: `Không thể thực hiện: việc ${WORK_VI[state.work]} (${EVENT_NAMES_VI[state.lastDeciding.type as keyof typeof EVENT_NAMES_VI]} ${instantVi(state.lastDeciding.occurredAt)}).`,
      fact: state.lastDeciding,
    });
  }
  const texts = [command.note, 'reason' in command ? command.reason : undefined, 'text' in command ? command.text : undefined, 'result' in command ? command.result : undefined];
  if (texts.some((t) => t !== undefined && hasSecrecyMark(t))) {
    return refuse({ status: 422, code: 'secrecy-mark', detail: 'Nội dung có dấu chỉ độ mật; không được nhập vào hệ thống.' });
  }
  const type = EVENT_OF[command.type];
  const occurredAt = settle(command, state, DECIDING.has(type));
  if (DECIDING.has(type) && occurredAt < state.lastDeciding.occurredAt) {
    return refuse({
      status: 409,
      code: 'before-last-deciding-fact',
      detail: `Thời điểm ${instantVi(occurredAt)} trước sự kiện “${EVENT_NAMES_VI[state.lastDeciding.type as keyof typeof EVENT_NAMES_VI]}” lúc ${instantVi(state.lastDeciding.occurredAt)}.`,
      fact: state.lastDeciding,
      pointer: '/occurredOn',
      given: dayVi(dayOf(occurredAt)),
    });
  }
  if (occurredAt < startOfDay(state.assigned.assignedOn) && command.type !== 'VoidTask') {
    return refuse({ status: 409, code: 'before-assignment', detail: `Thời điểm ${instantVi(occurredAt)} trước ngày giao ${dayVi(state.assigned.assignedOn)}.`, fact: state.lastDeciding });
  }
  return decideOnTask(command, state, occurredAt);
}

type OnTask = Exclude<TaskCommand, { type: 'AssignTask' } | { type: 'RecordOverdue' }>;

const EVENT_OF = {
  ReceiveTask: 'TaskReceived',
  ReportProgress: 'ProgressReported',
  RequestExtension: 'ExtensionRequested',
  GrantExtension: 'ExtensionGranted',
  RefuseExtension: 'ExtensionRefused',
  SubmitCompletion: 'CompletionSubmitted',
  ConfirmCompletion: 'TaskCompleted',
  RefuseCompletion: 'CompletionRefused',
  WithdrawTask: 'TaskWithdrawn',
  VoidTask: 'TaskVoided',
} as const;

function decideOnTask(command: OnTask, state: Task, occurredAt: Instant): Decision {
  const because = reasons(command);
  const one = (event: TaskEvent): Decision => ({ ok: true, events: [{ ...event, occurredAt }] });
  switch (command.type) {
    case 'ReceiveTask':
      if (state.received) return refuse({ status: 409, code: 'already-received', detail: `Việc đã được tiếp nhận ${instantVi(state.received.occurredAt)}.`, fact: state.received });
      return one({ type: 'TaskReceived', data: because });
    case 'ReportProgress':
      return one({
        type: 'ProgressReported',
        data: { ...because, note: command.text, ...(command.percent === undefined ? {} : { percent: command.percent }), ...(command.blockedBy === undefined ? {} : { blockedBy: command.blockedBy }) },
      });
    case 'RequestExtension':
      if (state.pendingExtension) return refuse({ status: 409, code: 'extension-already-requested', detail: 'Đã có đề nghị gia hạn chưa được quyết định.', fact: state.pendingExtension });
      if (state.deadline.kind === 'none') return refuse({ status: 409, code: 'no-deadline-to-extend', detail: 'Việc không có thời hạn nên không có gì để gia hạn.', fact: state.deadlineFact });
      return extends_(command, state) ?? one({ type: 'ExtensionRequested', data: { ...because, deadline: command.deadline, reason: command.reason } });
    case 'GrantExtension':
      if (state.deadline.kind === 'none') return refuse({ status: 409, code: 'no-deadline-to-extend', detail: 'Việc không có thời hạn nên không có gì để gia hạn.', fact: state.deadlineFact });
      return (
        extends_(command, state) ??
        one({
          type: 'ExtensionGranted',
          data: { ...because, deadline: command.deadline, ...(command.document === undefined ? {} : { document: command.document }), ...(command.reason === undefined ? {} : { reason: command.reason }) },
        })
      );
    case 'RefuseExtension':
      if (!state.pendingExtension) return refuse({ status: 409, code: 'no-extension-requested', detail: 'Không có đề nghị gia hạn nào đang chờ quyết định.', fact: state.lastFact });
      return one({ type: 'ExtensionRefused', data: { ...because, reason: command.reason } });
    case 'SubmitCompletion':
      return one({
        type: 'CompletionSubmitted',
        data: { ...because, ...(command.resultDocument === undefined ? {} : { resultDocument: command.resultDocument }), ...(command.result === undefined ? {} : { result: command.result }) },
      });
    case 'ConfirmCompletion':
      return one({ type: 'TaskCompleted', data: { ...because, submissionEventId: state.submission!.eventId } });
    case 'RefuseCompletion':
      return one({ type: 'CompletionRefused', data: { ...because, submissionEventId: state.submission!.eventId, reason: command.reason } });
    case 'WithdrawTask':
      return one({ type: 'TaskWithdrawn', data: { ...because, reason: command.reason, wasOverdue: state.work === 'open' && occurredAt > lastInstantInTime(state.deadline) } });
    case 'VoidTask':
      return one({ type: 'TaskVoided', data: { ...because, reason: command.reason } });
  }
}

/** An extension must move the deadline forward. */
function extends_(command: Extract<OnTask, { type: 'RequestExtension' | 'GrantExtension' }>, state: Task): Decision | undefined {
  if (command.deadline.kind === 'none') {
    return refuse({ status: 422, code: 'extension-needs-date', detail: 'Gia hạn phải có ngày cụ thể.', pointer: '/deadline' });
  }
  if (lastInstantInTime(command.deadline) <= lastInstantInTime(state.deadline)) {
    const now = state.deadline.kind === 'due' ? dayVi(state.deadline.dueOn) : '';
    return refuse({ status: 422, code: 'extension-not-later', detail: `Gia hạn đến ${dayVi(command.deadline.dueOn)} không muộn hơn thời hạn đang có hiệu lực ${now}.`, pointer: '/deadline', given: command.deadline.dueOn });
  }
  return undefined;
}

/**
 * A deadline that has passed on open work is recorded once, at its end. Asked again, or of work submitted in time, there is nothing to record.
 * `occurredAt` is the deadline's end even when the program was off then.
 */
function decideOverdue(state: TaskState, now: Instant): Decision {
  const end = endOfOpenDeadline(state);
  if (end === undefined || now <= end || state.kind === 'none') return { ok: true, events: [] };
  return { ok: true, events: [{ type: 'TaskBecameOverdue', data: { deadline: state.deadline, decidingEventId: state.deadlineFact.eventId }, occurredAt: end }] };
}

/** End of the deadline of open work whose passing is not recorded yet; undefined when there is nothing to wait for. */
export function endOfOpenDeadline(state: TaskState): Instant | undefined {
  if (state.kind === 'none' || state.work !== 'open' || state.deadline.kind === 'none') return undefined;
  if (state.overdueRecorded.includes(deadlineKey(state.deadlineFact, state.deadline))) return undefined;
  return endOfDeadline(lastInstantInTime(state.deadline));
}

function refuseTime(time: FactTime, context: DecideContext, needsReason: boolean): Decision | undefined {
  if (time.byDay ? dayOf(time.occurredAt) > dayOf(context.now) : time.occurredAt > context.now) {
    return refuse({ status: 422, code: 'in-the-future', detail: `Thời điểm ${instantVi(time.occurredAt)} sau hiện tại (${instantVi(context.now)}).`, pointer: '/occurredOn', given: dayVi(dayOf(time.occurredAt)) });
  }
  if (needsReason && (time.backdateReason ?? '').trim() === '') {
    return refuse({ status: 422, code: 'backdate-reason-missing', detail: `Sự kiện ngày ${dayVi(dayOf(time.occurredAt))} được ghi muộn: cần nêu lý do (backdateReason).`, pointer: '/backdateReason' });
  }
  return undefined;
}

/** A fact by day stands at 00:00, or at the last ★ fact's instant if that is later the same day. */
function settle(time: FactTime, state: Task, deciding: boolean): Instant {
  if (!time.byDay || !deciding) return time.occurredAt;
  const last = state.lastDeciding.occurredAt;
  return last > time.occurredAt && last < endOfDay(dayOf(time.occurredAt)) ? last : time.occurredAt;
}

function reasons(time: FactTime): { note?: string; backdateReason?: string; backdateDocument?: string } {
  return {
    ...(time.note === undefined ? {} : { note: time.note }),
    ...(time.backdateReason === undefined ? {} : { backdateReason: time.backdateReason }),
    ...(time.backdateDocument === undefined ? {} : { backdateDocument: time.backdateDocument }),
  };
}

/** Commands the decider would accept now, for "what may be done next". */
export function allowedCommands(state: TaskState): readonly string[] {
  if (state.kind === 'none') return [];
  return (Object.keys(LEGAL) as (keyof typeof LEGAL)[]).filter((c) => {
    if (!LEGAL[c].includes(state.work)) return false;
    if (c === 'ReceiveTask') return state.received === undefined;
    if (c === 'RefuseExtension') return state.pendingExtension !== undefined;
    if (c === 'RequestExtension') return state.pendingExtension === undefined && state.deadline.kind === 'due';
    if (c === 'GrantExtension') return state.deadline.kind === 'due';
    return true;
  });
}
