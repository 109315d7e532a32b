import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskCommandType } from './commands.ts';
import { after, give, WAYS } from './builders.features.ts';
import type { Work } from './state.ts';
import { answerIn, COMMANDS, STATES, stateTable } from './state-table.features.ts';

const page = join(process.cwd(), 'docs', 'states.md');

/* Written out from domain.md §2 "Legal moves", apart from the decider. */
const ALIVE = ['RequestExplanation', 'GiveExplanation', 'ConfirmObjectiveCause', 'AnswerCoordination'];
const REPAIRS = ['CorrectTask', 'AnnulFact', 'VoidTask'];
const ACCEPTED: Readonly<Record<(typeof STATES)[number], readonly string[]>> = {
  none: ['AssignTask'],
  open: [
    'GrantExtension', 'SetDeadline', 'RecomputeDeadline', 'TransferTask', 'SuspendTask', 'SubmitCompletion', 'AcceptReturn', 'WithdrawTask', 'CancelTask', 'LinkDuplicate',
    'ReceiveTask', 'ReportProgress', 'RequestExtension', 'RefuseExtension', 'ProposeReturn', 'RefuseReturn', 'UrgeTask', 'RaiseForBriefing', ...ALIVE, ...REPAIRS,
  ],
  submitted: ['ConfirmCompletion', 'RefuseCompletion', 'WithdrawTask', 'CancelTask', 'LinkDuplicate', 'RaiseForBriefing', ...ALIVE, ...REPAIRS],
  done: ['ReopenTask', 'LinkDuplicate', ...ALIVE, ...REPAIRS],
  suspended: ['ResumeTask', 'WithdrawTask', 'CancelTask', 'LinkDuplicate', 'RaiseForBriefing', ...ALIVE, ...REPAIRS],
  withdrawn: REPAIRS,
  cancelled: REPAIRS,
  returned: REPAIRS,
  duplicate: REPAIRS,
  // The void itself.
  voided: ['AnnulFact'],
};

describe('every command in every state', () => {
  it.each(STATES.flatMap((state) => COMMANDS.map((command): [string, TaskCommandType] => [state, command])))('%s: %s', (given, command) => {
    const state = given as (typeof STATES)[number];
    const code = command === 'AssignTask' ? 'task-already-assigned' : state === 'none' ? 'task-not-assigned' : `not-allowed-when-${state}`;
    expect(answerIn(state, command)).toBe(ACCEPTED[state].includes(command) ? undefined : code);
  });
});

describe('a refusal by the state', () => {
  it.each(STATES.filter((state) => state !== 'none').flatMap((state) => COMMANDS.map((command): [Work, TaskCommandType] => [state, command])))('%s: %s names a fact of the task and says why in Vietnamese', (state, command) => {
    const { last, facts } = after(...WAYS[state], give(command));
    if (last.ok) return;
    expect([last.rejection.status, facts.find((f) => f.eventId === last.rejection.fact?.eventId)?.type]).toEqual([409, last.rejection.fact?.type]);
    expect(last.rejection.detail).toMatch(/\.$/);
  });
});

describe('docs/states.md', () => {
  it('says what the decider says', () => {
    if (process.env['NHACVIEC_WRITE_DOCS'] !== undefined) writeFileSync(page, stateTable());
    expect(readFileSync(page, 'utf8')).toBe(stateTable());
  });
});
