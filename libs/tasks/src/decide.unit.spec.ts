import { describe, expect, it } from '@jest/globals';
import type { Deadline } from '#deadlines';
import { endOfDay, startOfDay } from '#kernel';
import type { TaskCommand } from './commands.ts';
import { decide, type Decision } from './decide.ts';
import { documentNumberKey, canonicalDocumentNumber } from './document-number.ts';
import type { TaskFact } from './events.ts';
import { hasSecrecyMark } from './secrecy.ts';
import { fold } from './state.ts';

const due = (day: string): Deadline => ({ kind: 'due', dueOn: day, literalDueOn: day, basis: 'fixed', dueOnBy: { all: day, none: day, 'all-but-before': day }, countsWorkingDays: false, ruleVersion: 1, calendarVersion: 't', steps: [] });
const NOW = startOfDay('2020-11-30') + 9 * 3_600_000;
const on = (day: string): { occurredAt: number; byDay: true; backdateReason: string } => ({ occurredAt: startOfDay(day), byDay: true, backdateReason: 'nhập bù' });

const assign: TaskCommand = {
  type: 'AssignTask', ...on('2020-11-16'),
  task: { document: { number: '1/UBND', date: '2020-11-13', issuer: 'UBND tỉnh', title: 't' }, content: 'Báo cáo', authority: 'chu-tich', leadUnitId: 'so-y-te', coordinatingUnitIds: [], assignedOn: '2020-11-16', deadline: due('2020-11-27') },
};
const grant = (day: string, to: string): TaskCommand => ({ type: 'GrantExtension', deadline: due(to), ...on(day) });
const submit = (day: string): TaskCommand => ({ type: 'SubmitCompletion', ...on(day) });
const confirm = (day: string): TaskCommand => ({ type: 'ConfirmCompletion', ...on(day) });
const redo = (day: string): TaskCommand => ({ type: 'RefuseCompletion', reason: 'thiếu', ...on(day) });
const withdraw = (day: string): TaskCommand => ({ type: 'WithdrawTask', reason: 'thôi', ...on(day) });
const voiding: TaskCommand = { type: 'VoidTask', reason: 'nhầm', ...on('2020-11-30') };
const overdue: TaskCommand = { type: 'RecordOverdue' };

/** Gives commands one after another; the last answer and the facts so far. */
function after(...commands: TaskCommand[]): { facts: TaskFact[]; last: Decision } {
  const facts: TaskFact[] = [];
  let last: Decision = { ok: true, events: [] };
  for (const command of commands) {
    last = decide(command, fold(facts), { now: NOW, assignWithoutReasonFrom: '2020-11-26' });
    if (last.ok) for (const event of last.events) facts.push({ ...event, eventId: `e${String(facts.length)}`, revision: facts.length, position: BigInt(facts.length + 1), recordedAt: NOW });
  }
  return { facts, last };
}
const types = (decision: Decision): string[] => (decision.ok ? decision.events.map((e) => e.type) : []);
const code = (decision: Decision): string | undefined => (decision.ok ? undefined : decision.rejection.code);

describe('a task', () => {
  it('is assigned, submitted and confirmed', () => {
    expect(after(assign, submit('2020-11-27'), confirm('2020-11-30')).facts.map((f) => f.type)).toEqual(['TaskAssigned', 'CompletionSubmitted', 'TaskCompleted']);
  });

  it('puts a fact by day after the last deciding fact of that day', () => {
    const { facts } = after(assign, { type: 'SubmitCompletion', occurredAt: startOfDay('2020-11-27') + 3_600_000, byDay: false, backdateReason: 'x' }, confirm('2020-11-27'));
    expect(facts[2]!.occurredAt).toBe(facts[1]!.occurredAt);
  });

  it('is submitted again after its result was refused', () => {
    expect(types(after(assign, submit('2020-11-20'), redo('2020-11-23'), submit('2020-11-25'), confirm('2020-11-26')).last)).toEqual(['TaskCompleted']);
  });

  it('goes out overdue when withdrawn on the day after its deadline', () => {
    expect(after(assign, withdraw('2020-11-28')).facts[1]!.data).toMatchObject({ wasOverdue: true });
    expect(after(assign, withdraw('2020-11-27')).facts[1]!.data).toMatchObject({ wasOverdue: false });
  });
});

describe('the passing of a deadline', () => {
  it('is recorded at the deadline’s end, once', () => {
    const { facts, last } = after(assign, overdue, overdue);
    expect(facts.map((f) => [f.type, f.occurredAt])).toEqual([['TaskAssigned', startOfDay('2020-11-16')], ['TaskBecameOverdue', endOfDay('2020-11-27')]]);
    expect(last).toEqual({ ok: true, events: [] });
  });
  it('is not recorded for work submitted in time, nor for work without a deadline', () => {
    expect(types(after(assign, submit('2020-11-27'), overdue).last)).toEqual([]);
  });
  it('is recorded again for an extended deadline that passes too', () => {
    expect(types(after(assign, overdue, grant('2020-11-28', '2020-11-29'), overdue).last)).toEqual(['TaskBecameOverdue']);
  });
  it('does not keep a completion of the 27th from being keyed on the 30th', () => {
    expect(types(after(assign, overdue, submit('2020-11-27')).last)).toEqual(['CompletionSubmitted']);
  });
});

/** Every state against every command: what is accepted, and the code of what is not. */
describe('legal moves', () => {
  const states: Record<string, TaskCommand[]> = { none: [], open: [assign], submitted: [assign, submit('2020-11-20')], done: [assign, submit('2020-11-20'), confirm('2020-11-20')], withdrawn: [assign, withdraw('2020-11-20')], voided: [assign, voiding] };
  const commands: Record<string, TaskCommand> = {
    assign, receive: { type: 'ReceiveTask', ...on('2020-11-20') }, progress: { type: 'ReportProgress', text: 'đang làm', ...on('2020-11-20') }, request: { type: 'RequestExtension', deadline: due('2020-12-10'), reason: 'r', ...on('2020-11-20') },
    grant: grant('2020-11-20', '2020-12-10'), refuseExtension: { type: 'RefuseExtension', reason: 'r', ...on('2020-11-20') }, submit: submit('2020-11-20'), confirm: confirm('2020-11-20'), redo: redo('2020-11-20'), withdraw: withdraw('2020-11-20'), void: voiding,
  };
  const accepted: Record<string, string[]> = {
    none: ['assign'], open: ['receive', 'progress', 'request', 'grant', 'submit', 'withdraw', 'void'], submitted: ['confirm', 'redo', 'withdraw', 'void'], done: ['void'], withdrawn: ['void'], voided: [],
  };
  it.each(Object.keys(states).flatMap((state) => Object.keys(commands).map((command) => [state, command] as const)))('%s: %s', (state, command) => {
    const { last } = after(...states[state]!, commands[command]!);
    if (accepted[state]!.includes(command)) expect(types(last)).toHaveLength(1);
    else expect(code(last)).toBe(command === 'assign' ? 'task-already-assigned' : state === 'none' ? 'task-not-assigned' : state === 'open' && command === 'refuseExtension' ? 'no-extension-requested' : `not-allowed-when-${state}`);
  });
});

describe('what the decider refuses', () => {
  it.each<[string, TaskCommand, string]>([
    ['a fact in the future', submit('2020-12-01'), 'in-the-future'],
    ['a fact before the last deciding one', submit('2020-11-15'), 'before-last-deciding-fact'],
    ['a fact of an earlier day without a reason', { type: 'SubmitCompletion', occurredAt: startOfDay('2020-11-27'), byDay: true }, 'backdate-reason-missing'],
    ['an extension that is not later', grant('2020-11-20', '2020-11-27'), 'extension-not-later'],
    ['a secrecy mark in a reason', { type: 'WithdrawTask', reason: 'theo văn bản (Tối mật)', ...on('2020-11-20') }, 'secrecy-mark'],
  ])('%s', (_, command, expected) => {
    expect(code(after(assign, command).last)).toBe(expected);
  });
});

describe('secrecy marks', () => {
  it.each(['Mật', ' TỐI MẬT ', '05/KH-UBND (MẬT)', 'công văn (Mật, hỏa tốc)', 'độ mật: tối mật', 'do mat: tuyet mat'])('“%s” is one', (text) => {
    expect(hasSecrecyMark(text)).toBe(true);
  });
  it.each(['bảo mật thông tin', 'bảo vệ bí mật nhà nước', 'mật độ dân số', 'Nội dung giả định của văn bản có độ mật'])('“%s” is none', (text) => {
    expect(hasSecrecyMark(text)).toBe(false);
  });
});

describe('document numbers', () => {
  it('are the same however they are typed', () => {
    expect(canonicalDocumentNumber('Số 57 /BC - TTT')).toBe('57/BC-TTT');
    expect(documentNumberKey('SỐ: 57/bc-ttt')).toBe(documentNumberKey('57/BC-TTT'));
  });
});
