import { dayVi, instantVi, type Instant } from '#kernel';
import type { TaskEvent, TaskEventType, TaskFact } from './events.ts';
import { DECIDING } from './events.ts';
import { initial, step, type FactReference, type Task, type TaskState, type Work } from './state.ts';
import { EVENT_NAMES_VI } from './words.ts';

/** Why something is refused. `status` 409: the state stands in the way; 422: the content does. */
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

export const WORK_VI: Readonly<Record<Work, string>> = {
  open: 'đang thực hiện', submitted: 'đã báo cáo hoàn thành, chờ xác nhận', done: 'đã hoàn thành', suspended: 'đang tạm dừng', withdrawn: 'đã thu hồi', cancelled: 'đã hủy', returned: 'đã trả lại',
  duplicate: 'đã ghi là trùng việc khác', voided: 'đã hủy do nhập sai',
};

type Living = Exclude<TaskEventType, 'TaskAssigned' | 'TaskBecameOverdue'>;

/** At most one urging per four hours per task. */
export const URGE_PAUSE_MS = 4 * 3_600_000;

const ALIVE = ['open', 'submitted', 'suspended', 'done'] as const;

/** What may happen in which state (domain.md §2 "Legal moves"); out of "out" leads only a repair. */
export const LEGAL: Readonly<Record<Living, readonly Work[]>> = {
  TaskReceived: ['open'],
  ProgressReported: ['open'],
  ExtensionRequested: ['open'],
  ExtensionRefused: ['open'],
  ExtensionGranted: ['open'],
  DeadlineSet: ['open'],
  DeadlineRecomputed: ['open'],
  ReturnProposed: ['open'],
  ReturnRefused: ['open'],
  ReturnAccepted: ['open'],
  TaskTransferred: ['open'],
  TaskSuspended: ['open'],
  TaskResumed: ['suspended'],
  CompletionSubmitted: ['open'],
  TaskCompleted: ['submitted'],
  CompletionRefused: ['submitted'],
  TaskReopened: ['done'],
  TaskWithdrawn: ['open', 'submitted', 'suspended'],
  TaskCancelled: ['open', 'submitted', 'suspended'],
  DuplicateLinked: ['open', 'submitted', 'suspended', 'done'],
  TaskUrged: ['open'],
  RaisedForBriefing: ['open', 'submitted', 'suspended'],
  ExplanationRequested: ALIVE,
  ExplanationGiven: ALIVE,
  ObjectiveCauseConfirmed: ALIVE,
  CoordinationAnswered: ALIVE,
  TaskCorrected: ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'duplicate'],
  // Of a voided task only the void itself can be annulled; `decide` sees to that.
  FactAnnulled: ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'duplicate', 'voided'],
  TaskVoided: ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'duplicate'],
};

const conflict = (code: string, detail: string, fact: FactReference): Rejection => ({ status: 409, code, detail, fact });

/** Whether the state lets an event of this type happen next, whatever it carries. */
export function refuseMove(type: Living, state: Task): Rejection | undefined {
  if (!LEGAL[type].includes(state.work)) {
    const fact = state.lastDeciding;
    const name = EVENT_NAMES_VI[fact.type as TaskEventType];
    return conflict(`not-allowed-when-${state.work}`, `Không thể ${EVENT_NAMES_VI[type].toLowerCase()}: việc ${WORK_VI[state.work]} (${name} ${instantVi(fact.occurredAt)}).`, fact);
  }
  switch (type) {
    case 'TaskReceived':
      return state.received && conflict('already-received', `Việc đã được tiếp nhận ${instantVi(state.received.occurredAt)}.`, state.received);
    case 'ExtensionRequested':
      if (state.pendingExtension) return conflict('extension-already-requested', 'Đã có đề nghị gia hạn chưa được quyết định.', state.pendingExtension);
      return state.deadline.kind === 'none' ? conflict('no-deadline-to-extend', 'Việc không có thời hạn nên không có gì để gia hạn.', state.deadlineFact) : undefined;
    case 'ExtensionGranted':
    case 'DeadlineRecomputed':
      return state.deadline.kind === 'none' ? conflict('no-deadline-to-extend', 'Việc không có thời hạn nên không có gì để gia hạn hoặc tính lại.', state.deadlineFact) : undefined;
    case 'ExtensionRefused':
      return state.pendingExtension ? undefined : conflict('no-extension-requested', 'Không có đề nghị gia hạn nào đang chờ quyết định.', state.lastFact);
    case 'DeadlineSet':
      return state.deadline.kind === 'none' ? undefined : conflict('deadline-already-set', `Việc đã có thời hạn ${dayVi(state.deadline.dueOn)}; muốn đổi thì gia hạn.`, state.deadlineFact);
    case 'ReturnProposed':
      if (state.pendingReturn) return conflict('return-already-proposed', 'Đã có đề nghị trả lại chưa được quyết định.', state.pendingReturn);
      return state.progress && conflict('progress-already-reported', `Đã cập nhật tiến độ ${instantVi(state.progress.occurredAt)} nên không đề nghị trả lại được nữa.`, state.progress);
    case 'ReturnRefused':
    case 'ReturnAccepted':
      return state.pendingReturn ? undefined : conflict('no-return-proposed', 'Không có đề nghị trả lại nào đang chờ quyết định.', state.lastFact);
    case 'ExplanationRequested':
      return state.explanation && !state.explanation.answered ? conflict('explanation-already-requested', 'Đã có yêu cầu giải trình chưa được trả lời.', state.explanation) : undefined;
    case 'ExplanationGiven':
      return state.explanation && !state.explanation.answered ? undefined : conflict('no-explanation-requested', 'Không có yêu cầu giải trình nào đang chờ trả lời.', state.explanation?.answered ?? state.lastFact);
    default:
      return undefined;
  }
}

/** Whether what the event carries fits the state; asked after `refuseMove`. */
function refuseContent(event: TaskEvent, state: Task): Rejection | undefined {
  switch (event.type) {
    case 'TaskTransferred':
      return event.data.toUnitId === state.leadUnitId ? conflict('transfer-to-same-unit', 'Cơ quan này đang chủ trì việc.', state.lastDeciding) : undefined;
    case 'TaskCompleted':
    case 'CompletionRefused':
      return event.data.submissionEventId === state.submission?.eventId ? undefined : conflict('other-submission', 'Báo cáo hoàn thành được xác nhận hay từ chối không phải báo cáo đang chờ.', state.submission ?? state.lastFact);
    case 'CoordinationAnswered': {
      if (!state.assigned.coordinatingUnitIds.includes(event.data.unitId))
        return { status: 422, code: 'not-coordinating', detail: `Đơn vị “${event.data.unitId}” không phối hợp việc này.`, pointer: '/unitId', given: event.data.unitId };
      const before = state.coordination[event.data.unitId];
      return before && conflict('already-answered', `Đơn vị đã trả lời phối hợp ${instantVi(before.occurredAt)}.`, before);
    }
    default:
      return undefined;
  }
}

/** Everything the rules of the work axis say about an event in a state; times are judged elsewhere. */
export function refuseEvent(event: TaskEvent & { readonly type: Living }, state: Task): Rejection | undefined {
  return refuseMove(event.type, state) ?? refuseContent(event, state);
}

/**
 * Whether effective facts, in log order, are a life that could have been recorded so: begun by an assignment, every move legal where it
 * stands, ★ facts in the order in which they happened. The first fact that does not fit is the answer; undefined when all do.
 */
export function firstMisfit(effective: readonly TaskFact[]): FactReference | undefined {
  let state: TaskState = initial;
  const urged: Instant[] = [];
  for (const fact of effective) {
    const at: FactReference = { eventId: fact.eventId, type: fact.type, occurredAt: fact.occurredAt };
    if (fact.type === 'TaskAssigned') {
      if (state.kind === 'task') return at;
    } else {
      if (state.kind === 'none') return at;
      // A deadline may have passed before the task was given; whatever else happened, happened to a task that was there.
      if (fact.type !== 'TaskBecameOverdue' && (refuseEvent(fact, state) || fact.occurredAt < state.assignedAt)) return at;
      if (DECIDING.has(fact.type) && fact.occurredAt < state.lastDeciding.occurredAt) return at;
    }
    if (fact.type === 'TaskUrged') {
      if (urged.some((before) => Math.abs(fact.occurredAt - before) < URGE_PAUSE_MS)) return at;
      urged.push(fact.occurredAt);
    }
    state = step(state, fact);
  }
  return undefined;
}
