import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayOf } from '#kernel';
import { allowedCommands } from './decide.ts';
import { DECIDING, type TaskEventType } from './events.ts';
import { logArb } from './lives.features.ts';
import { firstMisfit } from './moves.ts';
import { repair } from './repairs.ts';
import { evolve, fold, foldAt, initial, type TaskState } from './state.ts';
import { sentenceOf } from './story.ts';
import { EVENT_NAMES_VI } from './words.ts';

const FULL = process.env['NHACVIEC_FULL'] !== undefined;
const runs = (n: number): { readonly seed: number; readonly numRuns: number } => ({ seed: 20_201_128, numRuns: FULL ? n * 12 : n });
const HOUR = 3_600_000;

/** What the work axis says, without the facts and without what is told in the log's order only. */
function axis(state: TaskState): unknown {
  if (state.kind === 'none') return 'none';
  const { work, assigned, leadUnitId, assignedAt, begunAt, deadline, deadlineFact, submission, completed, extensions, duplicateOf, lastDeciding } = state;
  return { work, assigned, leadUnitId, assignedAt, begunAt, deadline, deadlineFact, submission, completed, extensions, duplicateOf, lastDeciding };
}

describe('random lives', () => {
  it('are folded one by one into what they are at once', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks }) => {
        for (const { facts } of tasks) {
          let state: TaskState = initial;
          facts.forEach((fact, n) => {
            state = evolve(state, fact);
            expect(state).toEqual(fold(facts.slice(0, n + 1)));
          });
        }
      }),
      runs(120),
    );
  });

  it('end in the order of occurrence where they end in the order of the log', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks }) => {
        for (const { facts } of tasks) {
          expect(axis(foldAt(facts, Infinity))).toEqual(axis(fold(facts)));
          const first = repair(facts).effective.find((f) => f.type === 'TaskAssigned');
          if (first) expect([foldAt(facts, first.occurredAt - 1).kind, foldAt(facts, first.occurredAt).kind]).toEqual(['none', 'task']);
        }
      }),
      runs(200),
    );
  });

  it('at an instant are those whose later facts have not happened', () => {
    fc.assert(
      fc.property(logArb(), fc.noBias(fc.nat()), ({ tasks }, n) => {
        for (const { facts } of tasks) {
          const { effective, voided } = repair(facts);
          if (facts.length === 0 || voided) continue;
          const at = facts[n % facts.length]!.occurredAt;
          // Without repairs in them, the facts that happened by then are a log of their own.
          const happened = effective.filter((f) => f.occurredAt <= at);
          expect(axis(foldAt(facts, at))).toEqual(axis(fold(happened)));
          expect(axis(foldAt(facts, at - 1))).toEqual(axis(fold(effective.filter((f) => f.occurredAt < at))));
        }
      }),
      runs(200),
    );
  });

  it('stay legal after every command, in order, and never in the future', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks }) => {
        for (const { facts } of tasks) {
          facts.forEach((fact, n) => {
            expect(dayOf(fact.occurredAt) <= dayOf(fact.recordedAt)).toBe(true);
            const { effective } = repair(facts.slice(0, n + 1));
            expect(firstMisfit(effective)).toBeUndefined();
            const starred = effective.filter((f) => DECIDING.has(f.type)).map((f) => f.occurredAt);
            expect(starred).toEqual([...starred].sort((a, b) => a - b));
            const given = effective.find((f) => f.type === 'TaskAssigned');
            expect(effective.filter((f) => f.type !== 'TaskBecameOverdue').every((f) => f.occurredAt >= given!.occurredAt)).toBe(true);
          });
        }
      }),
      runs(120),
    );
  });

  it('have urgings four hours apart, one assignment, and each passing of a deadline once', () => {
    fc.assert(
      fc.property(logArb(3, 60), ({ tasks }) => {
        for (const { facts } of tasks) {
          const { effective } = repair(facts);
          const urged = effective.filter((f) => f.type === 'TaskUrged').map((f) => f.occurredAt).sort((a, b) => a - b);
          expect(urged.every((at, n) => n === 0 || at - urged[n - 1]! >= 4 * HOUR)).toBe(true);
          expect(facts.filter((f) => f.type === 'TaskAssigned').length).toBe(facts.length === 0 ? 0 : 1);
          const passed = facts.flatMap((f) => (f.type === 'TaskBecameOverdue' ? [`${f.data.decidingEventId} ${f.occurredAt}`] : []));
          expect(new Set(passed).size).toBe(passed.length);
          expect(new Set(effective.flatMap((f) => (f.type === 'CoordinationAnswered' ? [f.data.unitId] : []))).size).toBe(effective.filter((f) => f.type === 'CoordinationAnswered').length);
        }
      }),
      runs(200),
    );
  });

  it('go on by no command that is not among the allowed ones', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks, given }) => {
        const told = new Map(tasks.map(({ taskId }) => [taskId, 0]));
        for (const { taskId, command, decision } of given) {
          const so = told.get(taskId)!;
          const state = so === 0 ? initial : fold(tasks.find((task) => task.taskId === taskId)!.facts.slice(0, so));
          if (decision.ok) told.set(taskId, so + decision.events.length);
          if (command.type === 'AssignTask' || command.type === 'RecordOverdue') continue;
          if (decision.ok) expect(allowedCommands(state)).toContain(command.type);
          else if (!allowedCommands(state).includes(command.type)) expect([409, 422]).toContain(decision.rejection.status);
        }
      }),
      runs(120),
    );
  });

  it('are refused with a sentence, and where a fact stands in the way it is one of the task’s', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks, given }) => {
        for (const { taskId, decision } of given) {
          if (decision.ok) continue;
          const { detail, fact, status, code } = decision.rejection;
          expect(detail).toMatch(/^[A-ZĐ“].+\.$/su);
          expect(code).toMatch(/^[a-z-]+$/);
          if (fact) expect(tasks.find((task) => task.taskId === taskId)!.facts.map((f) => f.eventId)).toContain(fact.eventId);
          else expect([status, code].join(' ')).toMatch(/^422 |^409 task-not-assigned$/);
        }
      }),
      runs(120),
    );
  });

  it('are told in sentences that hold no id, no hole and no code', () => {
    const names = { unit: (id: string) => `Sở ${id.toUpperCase()}`, task: (id: string) => `NV-${id.slice(1)}`, authority: (code: string) => `Cơ quan ${code.toUpperCase()}` };
    fc.assert(
      fc.property(logArb(), ({ log }) => {
        for (const { fact } of log) {
          const sentence = sentenceOf(fact, names, 'a');
          expect(sentence).not.toMatch(/undefined|null|NaN|\[object|t\d+-\d/);
          expect(sentence.length).toBeGreaterThan(5);
        }
      }),
      runs(120),
    );
  });

  it('hold every event there is, and meet most refusals', () => {
    const types = new Map<string, number>();
    const codes = new Map<string, number>();
    const count = (into: Map<string, number>, name: string): unknown => into.set(name, (into.get(name) ?? 0) + 1);
    for (const { given } of fc.sample(logArb(), { seed: 20_201_128, numRuns: 500 })) {
      for (const { decision } of given) {
        if (decision.ok) for (const event of decision.events) count(types, event.type);
        else count(codes, decision.rejection.code);
      }
    }
    expect((Object.keys(EVENT_NAMES_VI) as TaskEventType[]).filter((type) => (types.get(type) ?? 0) < 5)).toEqual([]);
    expect([...codes.keys()].sort()).toEqual(expect.arrayContaining([
      'already-answered', 'annulment-leaves-illegal-life', 'backdate-reason-missing', 'before-assignment', 'before-last-deciding-fact', 'correction-changes-nothing', 'correction-leaves-illegal-life', 'deadline-already-set',
      'extension-needs-date', 'extension-not-later', 'fact-already-annulled', 'in-the-future', 'no-deadline-to-extend', 'no-return-proposed', 'not-allowed-when-voided', 'not-coordinating', 'transfer-to-same-unit',
    ]));
  });
});
