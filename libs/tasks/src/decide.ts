import { endOfDeadline, lastInstantInTime, type Deadline } from '#deadlines';
import { dayOf, dayVi, endOfDay, instantVi, type Day, type Instant } from '#kernel';
import type { CorrectionValues, FactTime, TaskCommand } from './commands.ts';
import { CORRECTABLE, DECIDING, type Reasoned, type TaskEvent, type TaskEventType, type TaskFact } from './events.ts';
import { firstMisfit, LEGAL, refuseEvent, refuseMove, URGE_PAUSE_MS, type Rejection } from './moves.ts';
import { repair } from './repairs.ts';
import { hasSecrecyMark } from './secrecy.ts';
import { deadlineKey, type FactReference, type Task, type TaskState } from './state.ts';
import { EVENT_NAMES_VI } from './words.ts';

export interface DecideContext {
  /** The system's now: the later of the clock and the log's last recordedAt. */
  readonly now: Instant;
  /** First day that a new task may be given for without a reason: two working days before today. */
  readonly assignWithoutReasonFrom: Day;
}

export type DecidedEvent = TaskEvent & { readonly occurredAt: Instant };
export type Decision = { readonly ok: true; readonly events: readonly DecidedEvent[] } | { readonly ok: false; readonly rejection: Rejection };

type OnTask = Exclude<TaskCommand, { type: 'AssignTask' } | { type: 'RecordOverdue' }>;

/** The event each command makes. */
export const EVENT_OF = {
  ReceiveTask: 'TaskReceived',
  ReportProgress: 'ProgressReported',
  RequestExtension: 'ExtensionRequested',
  GrantExtension: 'ExtensionGranted',
  RefuseExtension: 'ExtensionRefused',
  SetDeadline: 'DeadlineSet',
  RecomputeDeadline: 'DeadlineRecomputed',
  ProposeReturn: 'ReturnProposed',
  RefuseReturn: 'ReturnRefused',
  AcceptReturn: 'ReturnAccepted',
  TransferTask: 'TaskTransferred',
  SuspendTask: 'TaskSuspended',
  ResumeTask: 'TaskResumed',
  SubmitCompletion: 'CompletionSubmitted',
  ConfirmCompletion: 'TaskCompleted',
  RefuseCompletion: 'CompletionRefused',
  ReopenTask: 'TaskReopened',
  WithdrawTask: 'TaskWithdrawn',
  CancelTask: 'TaskCancelled',
  LinkDuplicate: 'DuplicateLinked',
  UrgeTask: 'TaskUrged',
  RaiseForBriefing: 'RaisedForBriefing',
  RequestExplanation: 'ExplanationRequested',
  GiveExplanation: 'ExplanationGiven',
  ConfirmObjectiveCause: 'ObjectiveCauseConfirmed',
  AnswerCoordination: 'CoordinationAnswered',
  CorrectTask: 'TaskCorrected',
  AnnulFact: 'FactAnnulled',
  VoidTask: 'TaskVoided',
} as const satisfies Readonly<Record<OnTask['type'], TaskEventType>>;

const refuse = (rejection: Rejection): Decision => ({ ok: false, rejection });

/** The decider of a task: pure and total. Times are checked against `context.now`, order against the last ★ fact. */
export function decide(command: TaskCommand, state: TaskState, context: DecideContext): Decision {
  if (command.type === 'RecordOverdue') return decideOverdue(state, context.now);
  if (command.type === 'AssignTask' && state.kind === 'task') {
    return refuse({ status: 409, code: 'task-already-assigned', detail: 'Việc này đã được giao.', fact: state.lastFact });
  }
  if (carriesSecrecyMark(command)) {
    return refuse({ status: 422, code: 'secrecy-mark', detail: 'Nội dung có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng.' });
  }
  const late = refuseTime(command, context, dayOf(command.occurredAt) < (command.type === 'AssignTask' ? context.assignWithoutReasonFrom : dayOf(context.now)));
  if (command.type === 'AssignTask') {
    if (late) return refuse(late);
    return { ok: true, events: [{ type: 'TaskAssigned', data: { ...command.task, ...because(command) }, occurredAt: command.occurredAt }] };
  }
  if (state.kind === 'none') return refuse({ status: 409, code: 'task-not-assigned', detail: 'Việc chưa được giao.' });
  if (late) return refuse(late);

  const type = EVENT_OF[command.type];
  // Asked first, so that an answer names the state in the way before it looks at what the command carries.
  const moved = refuseMove(type, state);
  if (moved) return refuse(moved);
  const occurredAt = settle(command, state);
  const early = refuseOrder(type, state, occurredAt);
  if (early) return refuse(early);
  const built = build(command, state, occurredAt, context.now);
  if ('rejection' in built) return refuse(built.rejection);
  const unfit = refuseEvent(built, state);
  return unfit ? refuse(unfit) : { ok: true, events: [{ ...built, occurredAt }] };
}

type Built = (TaskEvent & { readonly type: (typeof EVENT_OF)[OnTask['type']] }) | { readonly rejection: Rejection };

function build(command: OnTask, state: Task, occurredAt: Instant, now: Instant): Built {
  const common = because(command);
  const wasOverdue = state.work === 'open' && occurredAt > lastInstantInTime(state.deadline);
  const optional = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } => (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
  switch (command.type) {
    case 'ReceiveTask':
      return { type: 'TaskReceived', data: common };
    case 'ReportProgress':
      return { type: 'ProgressReported', data: { ...common, note: command.text, ...optional('percent', command.percent), ...optional('blockedBy', command.blockedBy) } };
    case 'RequestExtension':
      return refuseExtension(command.deadline, state) ?? { type: 'ExtensionRequested', data: { ...common, deadline: command.deadline, reason: command.reason } };
    case 'GrantExtension':
      return refuseExtension(command.deadline, state) ?? { type: 'ExtensionGranted', data: { ...common, deadline: command.deadline, ...optional('document', command.document), ...optional('reason', command.reason) } };
    case 'RefuseExtension':
      return { type: 'ExtensionRefused', data: { ...common, reason: command.reason } };
    case 'SetDeadline':
      return needsDate(command.deadline, 'Đặt thời hạn') ?? { type: 'DeadlineSet', data: { ...common, deadline: command.deadline, ...optional('reason', command.reason) } };
    case 'RecomputeDeadline':
      if (lastInstantInTime(command.deadline) === lastInstantInTime(state.deadline))
        return { rejection: { status: 409, code: 'deadline-unchanged', detail: 'Tính lại theo lịch hiện hành không làm thời hạn thay đổi.', fact: state.deadlineFact } };
      return { type: 'DeadlineRecomputed', data: { ...common, deadline: command.deadline, previous: state.deadline, calendarVersion: command.calendarVersion, reason: command.reason } };
    case 'ProposeReturn':
      return { type: 'ReturnProposed', data: { ...common, reason: command.reason } };
    case 'RefuseReturn':
      return { type: 'ReturnRefused', data: { ...common, reason: command.reason } };
    case 'AcceptReturn':
      return { type: 'ReturnAccepted', data: { ...common, wasOverdue, ...optional('reason', command.reason) } };
    case 'TransferTask':
      return dropsDeadline(command.deadline, state, 'Chuyển cơ quan chủ trì') ?? { type: 'TaskTransferred', data: { ...common, fromUnitId: state.leadUnitId, toUnitId: command.toUnitId, ...optional('deadline', command.deadline), reason: command.reason, wasOverdue } };
    case 'SuspendTask':
      return { type: 'TaskSuspended', data: { ...common, reason: command.reason, ...optional('document', command.document) } };
    case 'ResumeTask':
      return dropsDeadline(command.deadline, state, 'Tiếp tục') ?? { type: 'TaskResumed', data: { ...common, deadline: command.deadline, ...optional('reason', command.reason) } };
    case 'SubmitCompletion':
      return { type: 'CompletionSubmitted', data: { ...common, ...optional('resultDocument', command.resultDocument), ...optional('result', command.result), ...optional('evidence', command.evidence) } };
    case 'ConfirmCompletion':
      return { type: 'TaskCompleted', data: { ...common, submissionEventId: state.submission!.eventId } };
    case 'RefuseCompletion':
      return { type: 'CompletionRefused', data: { ...common, submissionEventId: state.submission!.eventId, reason: command.reason } };
    case 'ReopenTask':
      return dropsDeadline(command.deadline, state, 'Mở lại') ?? { type: 'TaskReopened', data: { ...common, ...optional('deadline', command.deadline), reason: command.reason } };
    case 'WithdrawTask':
      return { type: 'TaskWithdrawn', data: { ...common, reason: command.reason, wasOverdue } };
    case 'CancelTask':
      return { type: 'TaskCancelled', data: { ...common, reason: command.reason, wasOverdue } };
    case 'LinkDuplicate':
      return { type: 'DuplicateLinked', data: { ...common, ofTaskId: command.ofTaskId, reason: command.reason, wasOverdue } };
    case 'UrgeTask': {
      // Any urging counts, not the last one alone: one may be keyed late, between or before others.
      const near = repair(state.facts).effective.find((f) => f.type === 'TaskUrged' && Math.abs(occurredAt - f.occurredAt) < URGE_PAUSE_MS);
      if (near?.type === 'TaskUrged')
        return { rejection: { status: 409, code: 'urged-recently', detail: `Việc đã được đôn đốc lần ${String(near.data.number)} lúc ${instantVi(near.occurredAt)}; mỗi việc cách ít nhất 04 giờ mới đôn đốc lại.`, fact: { eventId: near.eventId, type: near.type, occurredAt: near.occurredAt } } };
      return { type: 'TaskUrged', data: { ...common, number: (state.urged?.number ?? 0) + 1, ...optional('channel', command.channel) } };
    }
    case 'RaiseForBriefing':
      return { type: 'RaisedForBriefing', data: { ...common, reason: command.reason } };
    case 'RequestExplanation':
      return { type: 'ExplanationRequested', data: { ...common, question: command.question } };
    case 'GiveExplanation':
      return { type: 'ExplanationGiven', data: { ...common, answer: command.answer } };
    case 'ConfirmObjectiveCause':
      return { type: 'ObjectiveCauseConfirmed', data: { ...common, document: command.document, reason: command.reason } };
    case 'AnswerCoordination':
      return { type: 'CoordinationAnswered', data: { ...common, unitId: command.unitId } };
    case 'CorrectTask':
      return buildCorrection(command.changes, { ...common, reason: command.reason }, state, occurredAt, now);
    case 'AnnulFact':
      return buildAnnulment(command.eventId, { ...common, reason: command.reason }, state, occurredAt);
    case 'VoidTask':
      return { type: 'TaskVoided', data: { ...common, reason: command.reason } };
  }
}

function needsDate(deadline: Deadline, what: string): { readonly rejection: Rejection } | undefined {
  return deadline.kind === 'due' ? undefined : { rejection: { status: 422, code: 'deadline-needs-date', detail: `${what} phải có ngày cụ thể.`, pointer: '/deadline' } };
}

/** A task that had a deadline goes on with one: dropping it in passing would take the task out of every rate. */
function dropsDeadline(deadline: Deadline | undefined, state: Task, what: string): { readonly rejection: Rejection } | undefined {
  return deadline !== undefined && state.deadline.kind === 'due' ? needsDate(deadline, what) : undefined;
}

/** An extension must move the deadline forward. */
function refuseExtension(deadline: Deadline, state: Task): { readonly rejection: Rejection } | undefined {
  if (deadline.kind === 'none') return { rejection: { status: 422, code: 'extension-needs-date', detail: 'Gia hạn phải có ngày cụ thể.', pointer: '/deadline' } };
  if (lastInstantInTime(deadline) > lastInstantInTime(state.deadline)) return undefined;
  const now = state.deadline.kind === 'due' ? dayVi(state.deadline.dueOn) : '';
  return { rejection: { status: 422, code: 'extension-not-later', detail: `Gia hạn đến ${dayVi(deadline.dueOn)} không muộn hơn thời hạn đang có hiệu lực ${now}.`, pointer: '/deadline', given: deadline.dueOn } };
}

function buildCorrection(values: CorrectionValues, common: Reasoned & { readonly reason: string }, state: Task, occurredAt: Instant, now: Instant): Built {
  const changes: Record<string, { readonly old: unknown; readonly new: unknown }> = {};
  for (const field of CORRECTABLE) {
    const value = values[field];
    const old = state.assigned[field] ?? null;
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(old)) changes[field] = { old, new: value };
  }
  if (Object.keys(changes).length === 0) {
    return { rejection: { status: 422, code: 'correction-changes-nothing', detail: 'Đính chính không làm thay đổi gì so với nội dung đang ghi.', pointer: '/changes', given: Object.keys(values) } };
  }
  if (values.assignedOn && values.assignedOn > dayOf(now)) {
    return { rejection: { status: 422, code: 'in-the-future', detail: `Ngày giao ${dayVi(values.assignedOn)} sau hiện tại (${instantVi(now)}).`, pointer: '/changes/assignedOn', given: values.assignedOn } };
  }
  const event: Built = { type: 'TaskCorrected', data: { ...common, changes: changes } };
  const { effective } = repair([...state.facts, pending(event, occurredAt)]);
  const misfit = firstMisfit(effective);
  return misfit ? { rejection: { status: 409, code: 'correction-leaves-illegal-life', detail: `Đính chính như vậy thì sự kiện “${nameOf(misfit.type)}” ${instantVi(misfit.occurredAt)} không còn hợp lệ.`, fact: misfit } } : event;
}

function buildAnnulment(eventId: string, common: Reasoned & { readonly reason: string }, state: Task, occurredAt: Instant): Built {
  const fact = state.facts.find((f) => f.eventId === eventId);
  if (!fact) return { rejection: { status: 422, code: 'fact-unknown', detail: `Việc này không có sự kiện “${eventId}”.`, pointer: '/eventId', given: eventId } };
  const at = { eventId, type: fact.type, occurredAt: fact.occurredAt };
  const before = repair(state.facts);
  const by = before.annulledBy.get(eventId);
  if (by) return { rejection: { status: 409, code: 'fact-already-annulled', detail: `Sự kiện này đã được hủy ghi nhận ${instantVi(by.occurredAt)}.`, fact: { eventId: by.eventId, type: by.type, occurredAt: by.occurredAt } } };
  if (state.work === 'voided' && fact.type !== 'TaskVoided') {
    return { rejection: { status: 409, code: 'not-allowed-when-voided', detail: 'Việc đã hủy do nhập sai; chỉ có thể hủy ghi nhận chính việc hủy đó.', fact: state.lastDeciding } };
  }
  const event: Built = { type: 'FactAnnulled', data: { ...common, annulledEventId: eventId, annulledType: fact.type } };
  const { effective } = repair([...state.facts, pending(event, occurredAt)]);
  const misfit = effective.some((f) => f.type === 'TaskAssigned') ? firstMisfit(effective) : at;
  if (!misfit) return event;
  const why = fact.type === 'TaskAssigned' ? 'Không hủy ghi nhận việc giao được: nếu việc chưa từng có, hãy “hủy do nhập sai”.' : `Bỏ sự kiện này thì sự kiện “${nameOf(misfit.type)}” ${instantVi(misfit.occurredAt)} không còn hợp lệ; hãy hủy ghi nhận sự kiện đó trước.`;
  return { rejection: { status: 409, code: 'annulment-leaves-illegal-life', detail: why, fact: misfit } };
}

/** The event as a fact, to see what the life would be with it. */
function pending(event: TaskEvent, occurredAt: Instant): TaskFact {
  return { ...event, eventId: '', revision: Number.MAX_SAFE_INTEGER, position: 0n, occurredAt, recordedAt: occurredAt };
}

const nameOf = (type: string): string => EVENT_NAMES_VI[type as TaskEventType];

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
  if (state.overdueRecorded.includes(deadlineKey(state.deadlineFact.eventId, state.deadline))) return undefined;
  return endOfDeadline(lastInstantInTime(state.deadline));
}

function refuseTime(time: FactTime, context: DecideContext, needsReason: boolean): Rejection | undefined {
  if (time.byDay ? dayOf(time.occurredAt) > dayOf(context.now) : time.occurredAt > context.now) {
    return { status: 422, code: 'in-the-future', detail: `Thời điểm ${instantVi(time.occurredAt)} sau hiện tại (${instantVi(context.now)}).`, pointer: '/occurredOn', given: dayVi(dayOf(time.occurredAt)) };
  }
  if (needsReason && (time.backdateReason ?? '').trim() === '') {
    return { status: 422, code: 'backdate-reason-missing', detail: `Sự kiện ngày ${dayVi(dayOf(time.occurredAt))} được ghi muộn: cần nêu lý do (backdateReason).`, pointer: '/backdateReason' };
  }
  return undefined;
}

/** ★ facts keep the order in which they happened; no fact but a repair happens before the task was given. */
function refuseOrder(type: TaskEventType, state: Task, occurredAt: Instant): Rejection | undefined {
  const last = state.lastDeciding;
  if (DECIDING.has(type) && occurredAt < last.occurredAt) {
    return { status: 409, code: 'before-last-deciding-fact', detail: `Thời điểm ${instantVi(occurredAt)} trước sự kiện “${nameOf(last.type)}” lúc ${instantVi(last.occurredAt)}.`, fact: last, pointer: '/occurredOn', given: dayVi(dayOf(occurredAt)) };
  }
  const repairs = type === 'TaskVoided' || type === 'TaskCorrected' || type === 'FactAnnulled';
  if (!repairs && occurredAt < state.assignedAt) {
    return { status: 409, code: 'before-assignment', detail: `Thời điểm ${instantVi(occurredAt)} trước khi giao việc (${instantVi(state.assignedAt)}).`, fact: assignment(state), pointer: '/occurredOn', given: dayVi(dayOf(occurredAt)) };
  }
  return undefined;
}

const assignment = (state: Task): FactReference => ({ eventId: state.facts.find((f) => f.type === 'TaskAssigned')!.eventId, type: 'TaskAssigned', occurredAt: state.assignedAt });

/** A fact by day stands at 00:00, or at the last ★ fact's instant if that is later the same day. */
function settle(time: FactTime, state: Task): Instant {
  if (!time.byDay) return time.occurredAt;
  const last = state.lastDeciding.occurredAt;
  return last > time.occurredAt && last < endOfDay(dayOf(time.occurredAt)) ? last : time.occurredAt;
}

function because(time: FactTime): Reasoned {
  return {
    ...(time.note === undefined ? {} : { note: time.note }),
    ...(time.backdateReason === undefined ? {} : { backdateReason: time.backdateReason }),
    ...(time.backdateDocument === undefined ? {} : { backdateDocument: time.backdateDocument }),
  };
}

/** True when any text of the command carries a secrecy mark: nothing of it may be kept. Ids and the words of our own counting are no texts. */
function carriesSecrecyMark(value: unknown): boolean {
  if (typeof value === 'string') return hasSecrecyMark(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key !== 'steps' && key !== 'type' && carriesSecrecyMark(inner));
}

/** Commands that the state would let happen next, for "what may be done"; what they carry is judged when they come. */
export function allowedCommands(state: TaskState): readonly OnTask['type'][] {
  if (state.kind === 'none') return [];
  return (Object.keys(EVENT_OF) as OnTask['type'][]).filter((command) => LEGAL[EVENT_OF[command]].includes(state.work) && !refuseMove(EVENT_OF[command], state));
}
