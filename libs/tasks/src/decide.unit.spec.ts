import { describe, expect, it } from '@jest/globals';
import { endOfDay, startOfDay } from '#kernel';
import { after, assign, at, codeOf, due, give, none, NOW, on, taskOf, typesOf, WAYS, type After } from './builders.features.ts';
import type { TaskCommand } from './commands.ts';
import { allowedCommands, decide } from './decide.ts';
import { canonicalDocumentNumber, documentNumberKey } from './document-number.ts';
import { firstMisfit } from './moves.ts';
import { repair } from './repairs.ts';
import { hasSecrecyMark } from './secrecy.ts';
import { initial, WORKS } from './state.ts';

const HOUR = 3_600_000;
const namedBy = ({ last }: After): string | undefined => (last.ok ? undefined : last.rejection.fact?.eventId);
const codeAndFact = (told: After): unknown => [codeOf(told.last), namedBy(told)];
const annul = (eventId: string): TaskCommand => give('AnnulFact', '2020-11-30', { eventId });
const correct = (changes: Extract<TaskCommand, { type: 'CorrectTask' }>['changes']): TaskCommand => give('CorrectTask', '2020-11-30', { changes });
const overdue = give('RecordOverdue');

describe('a task', () => {
  it.each(['none', ...WORKS] as const)('comes into the state %s', (state) => {
    const told = after(...WAYS[state]);
    expect(told.state.kind === 'none' ? 'none' : told.state.work).toBe(state);
  });

  it('is submitted again after its result was refused', () => {
    expect(typesOf(after(...WAYS.submitted, give('RefuseCompletion', '2020-11-23'), give('SubmitCompletion', '2020-11-25'), give('ConfirmCompletion', '2020-11-26')).last)).toEqual(['TaskCompleted']);
  });

  it('names in a confirmation the submission that it accepts', () => {
    expect(after(...WAYS.submitted, give('RefuseCompletion'), give('SubmitCompletion'), give('ConfirmCompletion')).facts.at(-1)!.data).toMatchObject({ submissionEventId: 'e3' });
  });

  it.each<[string, TaskCommand[]]>([
    ['WithdrawTask', [give('WithdrawTask', '2020-11-28')]], ['CancelTask', [give('CancelTask', '2020-11-28')]], ['LinkDuplicate', [give('LinkDuplicate', '2020-11-28')]], ['TransferTask', [give('TransferTask', '2020-11-28')]],
    ['AcceptReturn', [give('ProposeReturn'), give('AcceptReturn', '2020-11-28')]],
  ])('goes out overdue by %s on the day after its deadline, and not on the day', (_, commands) => {
    expect(after(assign(), ...commands).facts.at(-1)!.data).toMatchObject({ wasOverdue: true });
    expect(after(assign({ deadline: due('2020-11-28') }), ...commands).facts.at(-1)!.data).toMatchObject({ wasOverdue: false });
  });

  it('is not overdue once submitted or while suspended', () => {
    expect(after(...WAYS.submitted, give('WithdrawTask', '2020-11-28')).facts.at(-1)!.data).toMatchObject({ wasOverdue: false });
    expect(after(...WAYS.suspended, give('CancelTask', '2020-11-28')).facts.at(-1)!.data).toMatchObject({ wasOverdue: false });
  });

  it('begins afresh with the lead it is transferred to', () => {
    const moved = [assign(), give('ReceiveTask'), give('ReportProgress', '2020-11-20', { percent: 40 }), give('RequestExtension'), give('TransferTask')];
    const task = taskOf(after(...moved));
    expect([task.leadUnitId, task.assigned.leadUnitId, task.received, task.progress, task.percent, task.pendingExtension, task.begunAt]).toEqual(['so-noi-vu', 'so-y-te', undefined, undefined, undefined, undefined, startOfDay('2020-11-20')]);
    expect(task.deadline).toEqual(due('2020-11-27'));
    expect(taskOf(after(assign(), give('TransferTask', '2020-11-20', { deadline: due('2020-12-01') }))).deadline).toEqual(due('2020-12-01'));
    expect(typesOf(after(...moved, give('ReceiveTask', '2020-11-23')).last)).toEqual(['TaskReceived']);
    expect(typesOf(after(...moved, give('ProposeReturn', '2020-11-23')).last)).toEqual(['ReturnProposed']);
  });

  it('keeps its deadline through a reopening unless a new one is given', () => {
    expect(taskOf(after(...WAYS.done, give('ReopenTask'))).deadline).toEqual(due('2020-11-27'));
    expect(taskOf(after(...WAYS.done, give('ReopenTask', '2020-11-23', { deadline: due('2020-12-04') }))).deadline).toEqual(due('2020-12-04'));
  });

  it('without a deadline gets one by SetDeadline, and may be resumed without', () => {
    expect(taskOf(after(assign({ deadline: none }), give('SetDeadline'))).deadline).toEqual(due('2020-12-10'));
    expect(typesOf(after(assign({ deadline: none }), give('SuspendTask'), give('ResumeTask', '2020-11-23', { deadline: none })).last)).toEqual(['TaskResumed']);
  });
});

describe('the passing of a deadline', () => {
  it('is recorded at the deadline’s end, once', () => {
    const { facts, last } = after(assign(), overdue, overdue);
    expect(facts.map((f) => [f.type, f.occurredAt])).toEqual([['TaskAssigned', startOfDay('2020-11-16')], ['TaskBecameOverdue', endOfDay('2020-11-27')]]);
    expect(last).toEqual({ ok: true, events: [] });
  });
  it('is not recorded at the very end, but a moment later', () => {
    const { state } = after(assign());
    expect(decide({ type: 'RecordOverdue' }, state, { now: endOfDay('2020-11-27'), assignWithoutReasonFrom: '2020-11-26' })).toEqual({ ok: true, events: [] });
    expect(typesOf(decide({ type: 'RecordOverdue' }, state, { now: endOfDay('2020-11-27') + 1, assignWithoutReasonFrom: '2020-11-26' }))).toEqual(['TaskBecameOverdue']);
  });
  it.each([['submitted', WAYS.submitted], ['suspended', WAYS.suspended], ['withdrawn', WAYS.withdrawn], ['voided', WAYS.voided], ['none', WAYS.none], ['without a deadline', [assign({ deadline: none })]]] as const)('is not recorded for work that is %s', (_, way) => {
    expect(after(...way, overdue).last).toEqual({ ok: true, events: [] });
  });
  it('is recorded again for an extended deadline that passes too', () => {
    expect(typesOf(after(assign(), overdue, give('GrantExtension', '2020-11-28', { deadline: due('2020-11-29') }), overdue).last)).toEqual(['TaskBecameOverdue']);
  });
  it('does not keep a completion of the 27th from being keyed on the 30th', () => {
    expect(typesOf(after(assign(), overdue, give('SubmitCompletion', '2020-11-27')).last)).toEqual(['CompletionSubmitted']);
  });
  it('is not recorded a second time once its record was annulled', () => {
    expect(after(assign(), overdue, annul('e1'), overdue).last).toEqual({ ok: true, events: [] });
  });
});

describe('order among facts', () => {
  const STARRED = ['GrantExtension', 'RecomputeDeadline', 'TransferTask', 'SuspendTask', 'SubmitCompletion', 'WithdrawTask', 'CancelTask', 'LinkDuplicate'] as const;
  it.each(STARRED)('%s is not before the last ★ fact, whose name is given', (type) => {
    const way = [assign(), give('GrantExtension', '2020-11-24', { deadline: due('2020-11-30') })];
    const refused = after(...way, give(type, '2020-11-23'));
    expect(codeAndFact(refused)).toEqual(['before-last-deciding-fact', 'e1']);
    expect(after(...way, give(type, '2020-11-24')).last.ok).toBe(true);
  });

  it.each(['ConfirmCompletion', 'RefuseCompletion'] as const)('%s is not before the submission', (type) => {
    expect(codeAndFact(after(...WAYS.submitted, give(type, '2020-11-19')))).toEqual(['before-last-deciding-fact', 'e1']);
  });

  it('is free for the others, back to the assignment', () => {
    const way = [assign(), give('GrantExtension', '2020-11-24', { deadline: due('2020-11-30') })];
    for (const type of ['ReceiveTask', 'ReportProgress', 'RequestExtension', 'ProposeReturn', 'UrgeTask', 'RequestExplanation', 'ConfirmObjectiveCause', 'AnswerCoordination'] as const) {
      expect([type, codeOf(after(...way, give(type, '2020-11-16')).last)]).toEqual([type, undefined]);
      expect([type, codeAndFact(after(...way, give(type, '2020-11-15')))]).toEqual([type, ['before-assignment', 'e0']]);
    }
  });

  it('holds by the instant: nothing happens on the day of an assignment before its hour', () => {
    const way = [assign({}, at('2020-11-16', 10))];
    expect(codeOf(after(...way, give('ReceiveTask', at('2020-11-16', 8))).last)).toBe('before-assignment');
    expect(after(...way, give('ReceiveTask', '2020-11-16')).facts.at(-1)!.occurredAt).toBe(startOfDay('2020-11-16') + 10 * HOUR);
  });

  it('puts a fact by day at 00:00, or at the last ★ fact of that day', () => {
    expect(after(assign(), give('SubmitCompletion', '2020-11-27')).facts[1]!.occurredAt).toBe(startOfDay('2020-11-27'));
    const { facts } = after(assign(), give('SubmitCompletion', at('2020-11-27', 14)), give('ConfirmCompletion', '2020-11-27'));
    expect(facts.map((f) => f.occurredAt)).toEqual([startOfDay('2020-11-16'), startOfDay('2020-11-27') + 14 * HOUR, startOfDay('2020-11-27') + 14 * HOUR]);
    // A later fact that is no ★ does not draw it along, and neither does one of another day.
    expect(after(assign(), give('ReceiveTask', at('2020-11-27', 14)), give('SubmitCompletion', '2020-11-27')).facts[2]!.occurredAt).toBe(startOfDay('2020-11-27'));
    expect(after(assign(), give('SubmitCompletion', at('2020-11-26', 14)), give('ConfirmCompletion', '2020-11-27')).facts[2]!.occurredAt).toBe(startOfDay('2020-11-27'));
  });

  it('lets an annulment clear the way', () => {
    const way = [assign(), give('GrantExtension', '2020-11-24'), annul('e1')];
    expect(after(...way, give('SubmitCompletion', '2020-11-20')).last.ok).toBe(true);
  });
});

describe('days before and after today', () => {
  const submit = (day: string, backdateReason?: string): TaskCommand => ({ type: 'SubmitCompletion', occurredAt: startOfDay(day), byDay: true, ...(backdateReason === undefined ? {} : { backdateReason }) });
  const given = (day: string, backdateReason?: string): TaskCommand => ({ ...assign({ assignedOn: day }), occurredAt: startOfDay(day), byDay: true, ...(backdateReason === undefined ? { backdateReason: '' } : { backdateReason }) });

  it('today needs no reason, yesterday does', () => {
    expect(codeOf(after(assign(), submit('2020-11-30')).last)).toBeUndefined();
    expect(codeOf(after(assign(), submit('2020-11-29')).last)).toBe('backdate-reason-missing');
    expect(codeOf(after(assign(), submit('2020-11-29', '  ')).last)).toBe('backdate-reason-missing');
    expect(codeOf(after(assign(), submit('2020-11-29', 'nhập bù')).last)).toBeUndefined();
  });
  it('an assignment needs one only when earlier than two working days ago', () => {
    expect([codeOf(after(given('2020-11-26')).last), codeOf(after(given('2020-11-25')).last), codeOf(after(given('2020-11-25', 'nhập bù')).last)]).toEqual([undefined, 'backdate-reason-missing', undefined]);
  });
  it('tomorrow is refused, and so is a minute from now; later today by day is today', () => {
    expect(codeOf(after(assign(), submit('2020-12-01')).last)).toBe('in-the-future');
    expect(codeOf(after(assign(), { type: 'SubmitCompletion', occurredAt: NOW + 60_000, byDay: false }).last)).toBe('in-the-future');
    expect(codeOf(after(assign(), { type: 'SubmitCompletion', occurredAt: NOW, byDay: false }).last)).toBeUndefined();
    expect(codeOf(after(given('2020-12-01')).last)).toBe('in-the-future');
  });
  it('keeps the reason and the document with the fact', () => {
    expect(after(assign(), { type: 'SubmitCompletion', ...on('2020-11-20'), backdateReason: 'mất mạng', backdateDocument: '5/BC', note: 'ghi chú' }).facts[1]!.data).toEqual({ backdateReason: 'mất mạng', backdateDocument: '5/BC', note: 'ghi chú' });
  });
});

describe('corrections', () => {
  it('keep the old value and the new one, and only of what differs', () => {
    expect(after(assign(), correct({ leadUnitId: 'so-noi-vu', content: 'Báo cáo', product: 'Kế hoạch' })).facts[1]!.data).toMatchObject({ changes: { leadUnitId: { old: 'so-y-te', new: 'so-noi-vu' }, product: { old: null, new: 'Kế hoạch' } } });
  });
  it('take an optional field away', () => {
    expect(taskOf(after(assign({ field: 'y-te' }), correct({ field: null }))).assigned).not.toHaveProperty('field');
  });
  it('of the lead reach back to the beginning, and stop at the transfer', () => {
    expect(taskOf(after(assign(), correct({ leadUnitId: 'so-noi-vu' }))).leadUnitId).toBe('so-noi-vu');
    const moved = taskOf(after(assign(), give('TransferTask', '2020-11-20', { toUnitId: 'so-xay-dung' }), correct({ leadUnitId: 'so-noi-vu' })));
    expect([moved.assigned.leadUnitId, moved.leadUnitId]).toEqual(['so-noi-vu', 'so-xay-dung']);
  });
  it('to the unit that the task is transferred to leave no legal life', () => {
    expect(codeAndFact(after(assign(), give('TransferTask'), correct({ leadUnitId: 'so-noi-vu' })))).toEqual(['correction-leaves-illegal-life', 'e1']);
  });
  it('of the deadline reach back, and to none forbid the extension that followed', () => {
    expect(taskOf(after(assign(), correct({ deadline: due('2020-11-30') }))).deadline).toEqual(due('2020-11-30'));
    expect(codeAndFact(after(assign(), give('GrantExtension'), correct({ deadline: none })))).toEqual(['correction-leaves-illegal-life', 'e1']);
  });
  it('of the day move the beginning, and not past what happened', () => {
    expect(taskOf(after(assign(), correct({ assignedOn: '2020-11-12' }))).begunAt).toBe(startOfDay('2020-11-12'));
    expect(taskOf(after(assign({}, at('2020-11-16', 10)), correct({ assignedOn: '2020-11-17' }))).begunAt).toBe(startOfDay('2020-11-17'));
    expect(codeAndFact(after(...WAYS.submitted, correct({ assignedOn: '2020-11-21' })))).toEqual(['correction-leaves-illegal-life', 'e1']);
    expect(codeAndFact(after(assign(), give('ReceiveTask'), correct({ assignedOn: '2020-11-21' })))).toEqual(['correction-leaves-illegal-life', 'e1']);
    expect(codeOf(after(...WAYS.submitted, correct({ assignedOn: '2020-11-20' })).last)).toBeUndefined();
    expect(codeOf(after(assign(), correct({ assignedOn: '2020-12-01' })).last)).toBe('in-the-future');
    expect(codeOf(after(assign(), correct({ assignedOn: '2020-11-30' })).last)).toBeUndefined();
  });
  it('of the coordinators forbid the answer of one who is none any more', () => {
    expect(codeAndFact(after(assign(), give('AnswerCoordination'), correct({ coordinatingUnitIds: [] })))).toEqual(['correction-leaves-illegal-life', 'e1']);
    expect(typesOf(after(assign(), correct({ coordinatingUnitIds: ['so-noi-vu'] }), give('AnswerCoordination', '2020-11-20', { unitId: 'so-noi-vu' })).last)).toEqual(['CoordinationAnswered']);
  });
  it('follow one another, and annulled leave what they changed', () => {
    const way = [assign(), correct({ content: 'hai' }), correct({ content: 'ba', product: 'p' })];
    expect(taskOf(after(...way)).assigned.content).toBe('ba');
    expect(taskOf(after(...way, annul('e2'))).assigned).toMatchObject({ content: 'hai' });
    expect(taskOf(after(...way, annul('e1'))).assigned).toMatchObject({ content: 'ba', product: 'p' });
    expect(codeOf(after(...way, correct({ content: 'ba' })).last)).toBe('correction-changes-nothing');
  });
});

describe('annulments', () => {
  it('31 of a confirmation leave the task undecided', () => {
    const { state, last } = after(...WAYS.done, annul('e2'));
    expect([last.ok, taskOf({ state }).work, taskOf({ state }).completed]).toEqual([true, 'submitted', undefined]);
    expect(typesOf(after(...WAYS.done, annul('e2'), give('RefuseCompletion')).last)).toEqual(['CompletionRefused']);
  });
  it('of a submission under a confirmation are refused, naming the confirmation', () => {
    expect(codeAndFact(after(...WAYS.done, annul('e1')))).toEqual(['annulment-leaves-illegal-life', 'e2']);
    expect(taskOf(after(...WAYS.done, annul('e2'), annul('e1'))).work).toBe('open');
  });
  it('of a reopening under a second completion are refused, naming the next submission', () => {
    expect(codeAndFact(after(...WAYS.done, give('ReopenTask'), give('SubmitCompletion', '2020-11-23'), give('ConfirmCompletion', '2020-11-23'), annul('e3')))).toEqual(['annulment-leaves-illegal-life', 'e4']);
  });
  it('bring work back from out', () => {
    for (const state of ['withdrawn', 'cancelled', 'duplicate', 'suspended'] as const) expect([state, taskOf(after(...WAYS[state], annul('e1'))).work]).toEqual([state, 'open']);
    expect(taskOf(after(...WAYS.returned, annul('e2')))).toMatchObject({ work: 'open', pendingReturn: { eventId: 'e1' } });
  });
  it('of an annulment bring the fact back, where that is legal', () => {
    expect(taskOf(after(...WAYS.done, annul('e2'), annul('e3'))).work).toBe('done');
    // Confirmed anew in between, the first confirmation would be a second one.
    expect(codeAndFact(after(...WAYS.done, annul('e2'), give('ConfirmCompletion', '2020-11-23'), annul('e3')))).toEqual(['annulment-leaves-illegal-life', 'e4']);
    expect(taskOf(after(...WAYS.done, annul('e2'), annul('e3'), annul('e4'))).work).toBe('submitted');
  });
  it('of what is annulled already name that annulment', () => {
    expect(codeAndFact(after(...WAYS.done, annul('e2'), annul('e2')))).toEqual(['fact-already-annulled', 'e3']);
  });
  it('of the assignment are refused', () => {
    expect(codeAndFact(after(assign(), annul('e0')))).toEqual(['annulment-leaves-illegal-life', 'e0']);
  });
  it('of facts that decide nothing are free', () => {
    const task = taskOf(after(assign(), give('ReceiveTask'), give('ReportProgress'), annul('e2'), annul('e1')));
    expect([task.received, task.progress]).toEqual([undefined, undefined]);
    expect(typesOf(after(assign(), give('ReportProgress'), annul('e1'), give('ProposeReturn')).last)).toEqual(['ReturnProposed']);
  });
  it('of a proposal under its acceptance are refused, naming the acceptance', () => {
    expect(codeAndFact(after(...WAYS.returned, annul('e1')))).toEqual(['annulment-leaves-illegal-life', 'e2']);
  });
  it('of the void are the only thing that a voided task accepts', () => {
    expect(codeAndFact(after(...WAYS.voided, annul('e0')))).toEqual(['not-allowed-when-voided', 'e1']);
    const again = after(...WAYS.voided, annul('e1'));
    expect(taskOf(again).work).toBe('open');
    // The annulment of the void annulled, the task is voided once more; then only that void counts.
    expect(taskOf(after(...WAYS.voided, annul('e1'), annul('e2'))).work).toBe('voided');
    expect(taskOf(after(...WAYS.voided, annul('e1'), annul('e2'), annul('e1'))).work).toBe('open');
    expect(taskOf(after(...WAYS.voided, annul('e1'), give('VoidTask', '2020-11-30'))).work).toBe('voided');
  });
  it('keep the state a task was voided in', () => {
    for (const state of ['submitted', 'done', 'suspended', 'cancelled'] as const) {
      const told = after(...WAYS[state], give('VoidTask', '2020-11-30'));
      expect([state, taskOf(told).work, taskOf(after(...WAYS[state], give('VoidTask', '2020-11-30'), annul(`e${told.facts.length - 1}`))).work]).toEqual([state, 'voided', state]);
    }
  });
  it('leave facts that the rules allow: no fact stands where it could not have been recorded', () => {
    expect(firstMisfit(repair(after(...WAYS.done, annul('e2'), annul('e1'), give('SubmitCompletion', '2020-11-24')).facts).effective)).toBeUndefined();
  });
});

describe('urging', () => {
  it('has a running number, and four hours between', () => {
    const told = after(assign(), give('UrgeTask', at('2020-11-20', 8)), give('UrgeTask', at('2020-11-20', 12)), give('UrgeTask', at('2020-11-23', 8), { channel: 'điện thoại' }));
    expect(told.facts.slice(1).map((f) => f.data)).toMatchObject([{ number: 1 }, { number: 2 }, { number: 3, channel: 'điện thoại' }]);
    expect(codeAndFact(after(assign(), give('UrgeTask', at('2020-11-20', 8)), give('UrgeTask', { ...at('2020-11-20', 12), occurredAt: startOfDay('2020-11-20') + 12 * HOUR - 1 })))).toEqual(['urged-recently', 'e1']);
  });
  it('keeps the four hours from any urging, be it keyed out of order', () => {
    const way = [assign(), give('UrgeTask', at('2020-11-20', 10)), give('UrgeTask', at('2020-11-18', 10))];
    expect(codeAndFact(after(...way, give('UrgeTask', at('2020-11-20', 11))))).toEqual(['urged-recently', 'e1']);
    expect(codeAndFact(after(...way, give('UrgeTask', at('2020-11-18', 7))))).toEqual(['urged-recently', 'e2']);
    expect(after(...way, give('UrgeTask', at('2020-11-20', 14))).facts.at(-1)!.data).toMatchObject({ number: 3 });
  });
  it('annulled and urged anew within four hours does not come back', () => {
    expect(codeAndFact(after(assign(), give('UrgeTask', at('2020-11-20', 8)), annul('e1'), give('UrgeTask', at('2020-11-20', 9)), annul('e2')))).toEqual(['annulment-leaves-illegal-life', 'e3']);
  });
  it('annulled was none', () => {
    expect(after(assign(), give('UrgeTask', at('2020-11-20', 8)), annul('e1'), give('UrgeTask', at('2020-11-20', 9))).facts.at(-1)!.data).toMatchObject({ number: 1 });
  });
});

/** Every command with every text it can carry. */
const FULL: readonly TaskCommand[] = [
  assign({
    document: { number: '1/UBND', date: '2020-11-13', issuer: 'UBND tỉnh', signerTitle: 'Chủ tịch', title: 'Về báo cáo', urgency: 'khẩn' }, itemId: 'mục-1', product: 'báo cáo', field: 'y tế', parentTaskId: 't0', asTyped: { 'Nội dung': 'báo cáo' },
    deadline: { ...due('2020-11-27'), phrase: 'đến ngày 27/11' } as ReturnType<typeof due>,
  }),
  ...(
    [
      ['ReceiveTask', {}], ['ReportProgress', { blockedBy: 'thiếu số liệu' }], ['RequestExtension', {}], ['GrantExtension', { document: '3/UBND' }], ['RefuseExtension', {}], ['SetDeadline', {}], ['RecomputeDeadline', {}], ['ProposeReturn', {}],
      ['RefuseReturn', {}], ['AcceptReturn', {}], ['TransferTask', {}], ['SuspendTask', { document: '4/UBND' }], ['ResumeTask', {}], ['SubmitCompletion', { resultDocument: { number: '57/BC-TTT', date: '2020-11-20' }, result: 'đã xong' }],
      ['ConfirmCompletion', {}], ['RefuseCompletion', {}], ['ReopenTask', {}], ['WithdrawTask', {}], ['CancelTask', {}], ['LinkDuplicate', {}], ['UrgeTask', { channel: 'điện thoại' }], ['RaiseForBriefing', {}], ['RequestExplanation', {}], ['GiveExplanation', {}],
      ['ConfirmObjectiveCause', {}], ['AnswerCoordination', {}], ['CorrectTask', { changes: { content: 'khác', document: { number: '1', date: '2020-11-13', issuer: 'UBND', title: 't' } } }], ['AnnulFact', {}], ['VoidTask', {}],
    ] as const
  ).map(([type, more]) => give(type, { ...on('2020-11-20'), backdateDocument: '5/BC', note: 'ghi chú' }, more)),
];

function textsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'type' && path.length === 0 ? [] : textsOf(inner, [...path, key])));
}
function withText(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  const inner = withText((value as Record<string, unknown>)[key], rest, text);
  return Array.isArray(value) ? value.map((one: unknown, n) => (String(n) === key ? inner : one)) : { ...(value as object), [key]: inner };
}

describe('a secrecy mark', () => {
  const places = FULL.flatMap((command) => textsOf(command).map((path): [string, string, TaskCommand, readonly string[]] => [command.type, path.join('.'), command, path]));

  it('is looked for in every command', () => {
    expect(new Set(FULL.map((command) => command.type)).size).toBe(30);
  });
  it.each(places)('in %s %s is refused, and nothing of the text is told back', (_, __, command, path) => {
    const secret = 'phương án X (Tối mật)';
    const state = command.type === 'AssignTask' ? initial : after(assign()).state;
    const decision = decide(withText(command, path, secret) as TaskCommand, state, { now: NOW, assignWithoutReasonFrom: '2020-11-26' });
    expect(codeOf(decision)).toBe('secrecy-mark');
    expect(JSON.stringify(decision)).not.toContain('phương án');
  });

  it.each(['Mật', ' TỐI MẬT ', '05/KH-UBND (MẬT)', 'công văn (Mật, hỏa tốc)', 'độ mật: tối mật', 'do mat: tuyet mat', 'Độ mật: Mật'.normalize('NFD')])('“%s” is one', (text) => {
    expect(hasSecrecyMark(text)).toBe(true);
  });
  it.each(['bảo mật thông tin', 'bảo vệ bí mật nhà nước', 'mật độ dân số', 'Nội dung giả định của văn bản có độ mật'])('“%s” is none', (text) => {
    expect(hasSecrecyMark(text)).toBe(false);
  });
});

describe('what may be done next', () => {
  it('leaves out what waits for nothing', () => {
    const may = allowedCommands(after(assign()).state);
    expect(may).toEqual(expect.arrayContaining(['ReceiveTask', 'SubmitCompletion', 'GrantExtension', 'ProposeReturn', 'VoidTask']));
    for (const command of ['RefuseExtension', 'AcceptReturn', 'RefuseReturn', 'SetDeadline', 'GiveExplanation', 'ConfirmCompletion', 'ResumeTask', 'ReopenTask'] as const) expect(may).not.toContain(command);
    expect(allowedCommands(after(assign({ deadline: none })).state)).toEqual(expect.arrayContaining(['SetDeadline']));
    expect(allowedCommands(after(...WAYS.voided).state)).toEqual(['AnnulFact']);
    expect(allowedCommands(initial)).toEqual([]);
  });
});

describe('document numbers', () => {
  it('are the same however they are typed', () => {
    expect(canonicalDocumentNumber('Số 57 /BC - TTT')).toBe('57/BC-TTT');
    expect(documentNumberKey('SỐ: 57/bc-ttt')).toBe(documentNumberKey('57/BC-TTT'));
  });
});
