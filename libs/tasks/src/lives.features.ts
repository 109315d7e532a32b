import fc from 'fast-check';
import { FIXED_DATE_POLICIES, type Deadline } from '#deadlines';
import { addDays, atTime, dayOf, startOfDay, type Day, type Instant } from '#kernel';
import type { CorrectionValues, FactTime, TaskCommand, TaskCommandType } from './commands.ts';
import { allowedCommands, decide, type Decision } from './decide.ts';
import type { TaskFact } from './events.ts';
import { fold, initial, type TaskState } from './state.ts';

/*
 * Random lives of several tasks in one log, made by giving random commands to the real decider, so that only legal lives come about. Days are
 * few and hours fewer, so that facts fall on one another, on deadlines, and on the ends of periods.
 */

/** First day on which anything happens, and how many days the first deadlines and facts lie in. */
export const LIVES_FROM: Day = '2020-02-25';
export const LIVES_DAYS = 18;
export const UNITS = ['a', 'b', 'c', 'd'] as const;
const HOURS = ['00:00', '10:00', '16:00'] as const;
const HOUR_MS = 3_600_000;

export interface ToldTask {
  readonly taskId: string;
  readonly facts: TaskFact[];
}

/** Facts of all tasks in log order. */
export interface ToldLog {
  readonly tasks: readonly ToldTask[];
  readonly log: readonly { readonly taskId: string; readonly fact: TaskFact }[];
  /** What was given and what came of it. */
  readonly given: readonly { readonly taskId: string; readonly command: TaskCommand; readonly decision: Decision }[];
}

/** Numbers that a command is made of; what they mean depends on the state it meets. */
interface Step {
  readonly task: number;
  readonly kind: number;
  readonly wait: number;
  readonly back: number;
  readonly pick: number;
  readonly other: number;
}

const KINDS: readonly TaskCommandType[] = [
  'ReceiveTask', 'ReportProgress', 'RequestExtension', 'GrantExtension', 'RefuseExtension', 'SetDeadline', 'RecomputeDeadline', 'ProposeReturn', 'RefuseReturn', 'AcceptReturn', 'TransferTask', 'SuspendTask',
  'ResumeTask', 'SubmitCompletion', 'ConfirmCompletion', 'RefuseCompletion', 'ReopenTask', 'WithdrawTask', 'CancelTask', 'LinkDuplicate', 'UrgeTask', 'RequestExplanation', 'GiveExplanation', 'ConfirmObjectiveCause',
  'AnswerCoordination', 'CorrectTask', 'AnnulFact', 'VoidTask', 'RecordOverdue', 'RaiseForBriefing',
];

const times = (n: number, type: TaskCommandType): TaskCommandType[] => Array.from({ length: n }, () => type);

/** What mostly happens in a state, the likelier the more often it stands here. Any command may be given in any state besides. */
const LIKELY: Readonly<Record<string, readonly TaskCommandType[]>> = {
  none: ['AssignTask'],
  open: [
    ...times(9, 'SubmitCompletion'), ...times(5, 'GrantExtension'), ...times(3, 'SetDeadline'), ...times(4, 'TransferTask'), ...times(3, 'AnswerCoordination'), ...times(2, 'CorrectTask'), ...times(2, 'SuspendTask'), ...times(2, 'ProposeReturn'),
    ...times(6, 'AcceptReturn'), 'RefuseReturn', 'RecomputeDeadline', 'AnnulFact', 'RequestExtension', ...times(2, 'RefuseExtension'), 'RecordOverdue', 'WithdrawTask', 'CancelTask', 'LinkDuplicate', 'VoidTask', 'UrgeTask', 'RequestExplanation',
    'GiveExplanation',
  ],
  submitted: [...times(12, 'ConfirmCompletion'), ...times(4, 'RefuseCompletion'), ...times(2, 'AnswerCoordination'), 'WithdrawTask', 'CancelTask', 'LinkDuplicate', 'AnnulFact', 'CorrectTask'],
  done: [...times(6, 'ReopenTask'), ...times(2, 'AnnulFact'), 'LinkDuplicate', 'CorrectTask', 'VoidTask', 'AnswerCoordination'],
  suspended: [...times(6, 'ResumeTask'), 'AnnulFact', 'WithdrawTask', 'CancelTask', 'CorrectTask', 'AnswerCoordination'],
  withdrawn: ['AnnulFact', 'AnnulFact', 'AnnulFact', 'CorrectTask'],
  cancelled: ['AnnulFact', 'AnnulFact', 'AnnulFact', 'CorrectTask'],
  returned: ['AnnulFact', 'AnnulFact', 'AnnulFact', 'CorrectTask'],
  duplicate: ['AnnulFact', 'AnnulFact', 'AnnulFact', 'CorrectTask'],
  voided: ['AnnulFact', 'AnnulFact', 'AnnulFact'],
};

/** Evenly spread: fast-check's liking for small numbers would make all steps alike. */
const any = fc.noBias(fc.nat({ max: 0xffff }));
const stepArb: fc.Arbitrary<Step> = fc.record({ task: any, kind: any, wait: any, back: any, pick: any, other: any });

/** Steps of a log with up to so many tasks. */
export const logArb = (tasks = 4, steps = 60): fc.Arbitrary<ToldLog> =>
  fc.tuple(fc.integer({ min: 1, max: tasks }), fc.array(stepArb, { minLength: 12, maxLength: steps, size: 'max' })).map(([count, given]) => tell(count, given));

const at = <T>(from: readonly T[], n: number): T => from[n % from.length]!;

/** A day's deadline or an hour's, under three policies, around a day; rarely none. */
function deadlineOf(n: number, around: Day): Deadline {
  const shape = n % 9;
  const day = addDays(around, ((n >> 4) % 9) - 2);
  if (shape === 0) return { kind: 'none' };
  const moved = shape === 1 ? addDays(day, -2) : shape === 2 ? addDays(day, -1) : day;
  const dueTime = shape === 3 ? '10:00' : shape === 4 ? '16:00' : undefined;
  const by = Object.fromEntries(FIXED_DATE_POLICIES.map((policy) => [policy, policy === 'all' ? day : policy === 'none' ? moved : shape === 1 ? day : moved])) as Record<(typeof FIXED_DATE_POLICIES)[number], Day>;
  return {
    kind: 'due', dueOn: day, literalDueOn: moved, basis: dueTime === undefined ? 'fixed' : 'hours', dueOnBy: dueTime === undefined ? by : { all: day, none: day, 'all-but-before': day },
    countsWorkingDays: false, ruleVersion: 1, calendarVersion: 'thử', steps: [], ...(dueTime === undefined ? {} : { dueTime }),
  };
}

/** When it happened: mostly now or on a day up to five earlier, by day or by an hour that others fall on as well. */
function timeOf(n: number, now: Instant): FactTime {
  const form = n % 7;
  const back = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 5][(n >> 3) % 11]!;
  const day = addDays(dayOf(now), -back);
  const reason = (n >> 7) % 12 === 0 ? {} : { backdateReason: 'nhập bù' };
  if (form < 3) return { occurredAt: startOfDay(day), byDay: true, ...reason };
  if (form === 3) return { occurredAt: now, byDay: false, ...reason };
  const instant = atTime(day, HOURS[form - 4]!) + [0, 0, 1, -1][(n >> 10) % 4]!;
  // Now and then in the future, which is refused.
  return { occurredAt: instant > now && (n >> 12) % 8 !== 0 ? now : instant, byDay: false, ...reason };
}

function commandOf({ kind, back, pick, other }: Step, state: TaskState, now: Instant, taskId: string, count: number): TaskCommand {
  const work = state.kind === 'none' ? 'none' : state.work;
  // Of what is likely only what the state would let happen: deeper lives come of it. The decider is asked all the same.
  const may: readonly string[] = state.kind === 'none' ? ['AssignTask'] : [...allowedCommands(state), 'RecordOverdue'];
  const type = kind % 8 === 0 && state.kind === 'task' ? at(KINDS, kind >> 3) : at(LIKELY[work]!.filter((one) => may.includes(one)), kind >> 3);
  const time = timeOf(back, now);
  const deadline = deadlineOf(pick, dayOf(time.occurredAt));
  const reason = 'lý do';
  const waiting = state.kind === 'task' ? state.assigned.coordinatingUnitIds.filter((id) => !state.coordination[id]) : [];
  switch (type) {
    case 'AssignTask': {
      const form = other % 40;
      return {
        type, ...time,
        task: {
          document: { number: '1/UBND', date: LIVES_FROM, issuer: 'UBND tỉnh', title: 'việc thử' }, content: taskId, authority: at(['ubnd-tinh', 'chu-tich'], other >> 6), leadUnitId: at(UNITS, other >> 7),
          coordinatingUnitIds: UNITS.filter((_, n) => (other >> (9 + n)) % 2 === 1), assignedOn: dayOf(time.occurredAt), deadline, ...(other % 3 === 0 ? { field: 'x' } : {}), ...(form === 1 ? { routine: true } : form === 2 ? { parentTaskId: 't' } : {}),
        },
      };
    }
    case 'ReportProgress':
      return { type, text: 'đang làm', ...(other % 2 === 0 ? { percent: other % 101 } : {}), ...(other % 5 === 0 ? { blockedBy: `chờ ${String(other % 3)}` } : {}), ...time };
    case 'RequestExtension':
    case 'GrantExtension':
    case 'RecomputeDeadline':
    case 'SetDeadline':
    case 'ResumeTask':
      return { type, deadline, reason, calendarVersion: 'thử-2', ...time };
    case 'TransferTask':
      return { type, toUnitId: at(state.kind === 'task' && other % 16 > 0 ? UNITS.filter((id) => id !== state.leadUnitId) : UNITS, other >> 4), reason, ...(other % 3 === 0 ? { deadline } : {}), ...time };
    case 'ReopenTask':
      return { type, reason, ...(other % 2 === 0 ? { deadline } : {}), ...time };
    case 'SubmitCompletion':
    case 'ConfirmCompletion':
    case 'ReceiveTask':
    case 'UrgeTask':
      return { type, ...time };
    case 'LinkDuplicate':
      return { type, ofTaskId: `t${other % count}`, reason, ...time };
    case 'RequestExplanation':
      return { type, question: 'vì sao?', ...time };
    case 'GiveExplanation':
      return { type, answer: 'vì mưa', ...time };
    case 'ConfirmObjectiveCause':
      return { type, document: '9/UBND', reason, ...time };
    case 'AnswerCoordination':
      return { type, unitId: at(other % 8 > 0 && waiting.length > 0 ? waiting : UNITS, other >> 3), ...time };
    case 'CorrectTask':
      return { type, changes: correctionOf(other, pick, state, now), reason, ...time };
    case 'AnnulFact': {
      const facts = state.kind === 'task' ? state.facts : [];
      // Mostly one of the last three, so that annulments are annulled too.
      const fact = other % 4 === 0 ? at(facts, other >> 2) : facts.at(-1 - ((other >> 2) % 3));
      return { type, eventId: (work === 'voided' && other % 4 > 0 ? facts.findLast((f) => f.type === 'TaskVoided') : fact)?.eventId ?? 'không-có', reason, ...time };
    }
    case 'RecordOverdue':
      return { type };
    default:
      return { type, reason, ...time };
  }
}

function correctionOf(other: number, pick: number, state: TaskState, now: Instant): CorrectionValues {
  const on = state.kind === 'task' ? state.assigned.assignedOn : dayOf(now);
  switch (other % 10) {
    case 0:
    case 1:
      return { leadUnitId: at(UNITS, pick) };
    case 2:
    case 3:
      return { assignedOn: addDays(on, (pick % 6) - 3) };
    case 4:
    case 5:
      return { deadline: deadlineOf(pick, on) };
    case 6:
      return { authority: at(['ubnd-tinh', 'chu-tich'], pick), field: pick % 2 === 0 ? 'y' : null };
    case 7:
      return { coordinatingUnitIds: UNITS.filter((_, n) => (pick >> n) % 2 === 1) };
    case 8:
      return pick % 3 === 0 ? { parentTaskId: 't' } : { routine: pick % 3 === 1 };
    default:
      return { leadUnitId: at(UNITS, pick), assignedOn: addDays(on, (pick % 4) - 2), deadline: deadlineOf(pick >> 2, on), content: 'việc khác' };
  }
}

function tell(count: number, given: readonly Step[]): ToldLog {
  const tasks = Array.from({ length: count }, (_, n): ToldTask => ({ taskId: `t${n}`, facts: [] }));
  const log: { taskId: string; fact: TaskFact }[] = [];
  const answers: { taskId: string; command: TaskCommand; decision: Decision }[] = [];
  let now = startOfDay(addDays(LIVES_FROM, 5));
  let position = 10;
  for (const step of given) {
    now += [0, 0, 0, 1, HOUR_MS, 4 * HOUR_MS, 10 * HOUR_MS, 16 * HOUR_MS, 24 * HOUR_MS, 24 * HOUR_MS][step.wait % 10]!;
    const { taskId, facts } = at(tasks, step.task);
    const state = facts.length === 0 ? initial : fold(facts);
    const command = commandOf(step, state, now, taskId, count);
    const decision = decide(command, state, { now, assignWithoutReasonFrom: addDays(dayOf(now), -2) });
    answers.push({ taskId, command, decision });
    if (!decision.ok) continue;
    for (const event of decision.events) {
      // Positions have gaps, as those of a log with other streams have.
      position += 1 + (step.other % 3);
      const fact: TaskFact = { ...event, eventId: `${taskId}-${facts.length}`, revision: facts.length, position: BigInt(position), recordedAt: now };
      facts.push(fact);
      log.push({ taskId, fact });
    }
  }
  return { tasks, log, given: answers };
}
