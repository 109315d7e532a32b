import type { Deadline } from '#deadlines';
import { startOfDay, type Day, type Instant } from '#kernel';
import type { CorrectionValues, FactTime, TaskCommand, TaskCommandType } from './commands.ts';
import { decide, type Decision } from './decide.ts';
import type { TaskFact } from './events.ts';
import { fold, type Task, type TaskState, type Work } from './state.ts';

/** Monday, 9:00. */
export const NOW: Instant = startOfDay('2020-11-30') + 9 * 3_600_000;

export const due = (day: Day, dueTime?: string): Deadline => ({
  kind: 'due', dueOn: day, literalDueOn: day, basis: dueTime === undefined ? 'fixed' : 'hours', dueOnBy: { all: day, none: day, 'all-but-before': day }, countsWorkingDays: false, ruleVersion: 1, calendarVersion: 't', steps: [],
  ...(dueTime === undefined ? {} : { dueTime }),
});
export const none: Deadline = { kind: 'none' };

/** By day, with the reason that a day before today needs. */
export const on = (day: Day): FactTime => ({ occurredAt: startOfDay(day), byDay: true, backdateReason: 'nhập bù' });
/** At an instant: `at('2020-11-27', 14)`. */
export const at = (day: Day, hour: number): FactTime => ({ occurredAt: startOfDay(day) + hour * 3_600_000, byDay: false, backdateReason: 'nhập bù' });

type Assign = Extract<TaskCommand, { type: 'AssignTask' }>;

/** Given on 16/11, due on 27/11, to so-y-te with so-tai-chinh coordinating. */
export const assign = (change: Partial<Assign['task']> = {}, time: FactTime = on(change.assignedOn ?? '2020-11-16')): Assign => ({
  type: 'AssignTask', ...time,
  task: {
    document: { number: '1/UBND', date: '2020-11-13', issuer: 'UBND tỉnh', title: 'Về báo cáo' }, content: 'Báo cáo', authority: 'chu-tich', leadUnitId: 'so-y-te', coordinatingUnitIds: ['so-tai-chinh'], assignedOn: '2020-11-16',
    deadline: due('2020-11-27'), ...change,
  },
});

/** Every other command, on a day or at an instant, with what it needs unless told otherwise. */
export function give<T extends TaskCommandType>(type: T, time: Day | FactTime = '2020-11-20', more: Partial<Extract<TaskCommand, { type: T }>> = {}): TaskCommand {
  const needs: Partial<Record<TaskCommandType, object>> = {
    ReportProgress: { text: 'đang làm' },
    RequestExtension: { deadline: due('2020-12-10') },
    GrantExtension: { deadline: due('2020-12-10') },
    SetDeadline: { deadline: due('2020-12-10') },
    RecomputeDeadline: { deadline: due('2020-12-01'), calendarVersion: 't2' },
    TransferTask: { toUnitId: 'so-noi-vu' },
    ResumeTask: { deadline: due('2020-12-10') },
    LinkDuplicate: { ofTaskId: 't0' },
    RequestExplanation: { question: 'vì sao chậm?' },
    GiveExplanation: { answer: 'vì mưa lũ' },
    ConfirmObjectiveCause: { document: '9/UBND' },
    AnswerCoordination: { unitId: 'so-tai-chinh' },
    CorrectTask: { changes: { content: 'Báo cáo năm' } satisfies CorrectionValues },
    AnnulFact: { eventId: 'e0' },
  };
  if (type === 'AssignTask') return assign();
  if (type === 'RecordOverdue') return { type: 'RecordOverdue' };
  return { type, reason: 'lý do', ...needs[type], ...(typeof time === 'string' ? on(time) : time), ...more } as unknown as TaskCommand;
}

export interface After {
  readonly facts: readonly TaskFact[];
  readonly state: TaskState;
  readonly last: Decision;
}

/** Gives commands one after another at NOW; what is refused leaves no fact. Event ids are e0, e1, … in log order. */
export function after(...commands: readonly TaskCommand[]): After {
  const facts: TaskFact[] = [];
  let last: Decision = { ok: true, events: [] };
  for (const command of commands) {
    last = decide(command, fold(facts), { now: NOW, assignWithoutReasonFrom: '2020-11-26' });
    if (last.ok) for (const event of last.events) facts.push({ ...event, eventId: `e${facts.length}`, revision: facts.length, position: BigInt(facts.length + 1), recordedAt: NOW });
  }
  return { facts, state: fold(facts), last };
}

export const typesOf = (decision: Decision): string[] => (decision.ok ? decision.events.map((e) => e.type) : []);
export const codeOf = (decision: Decision): string | undefined => (decision.ok ? undefined : decision.rejection.code);

/** The task of a state, which there has to be. */
export function taskOf({ state }: Pick<After, 'state'>): Task {
  if (state.kind === 'none') throw new Error('no task was given');
  return state;
}

/** How a task comes into each state. */
export const WAYS: Readonly<Record<'none' | Work, readonly TaskCommand[]>> = {
  none: [],
  open: [assign()],
  submitted: [assign(), give('SubmitCompletion')],
  done: [assign(), give('SubmitCompletion'), give('ConfirmCompletion')],
  suspended: [assign(), give('SuspendTask')],
  withdrawn: [assign(), give('WithdrawTask')],
  cancelled: [assign(), give('CancelTask')],
  returned: [assign(), give('ProposeReturn'), give('AcceptReturn')],
  duplicate: [assign(), give('LinkDuplicate')],
  voided: [assign(), give('VoidTask', '2020-11-30')],
};
