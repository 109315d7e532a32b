import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { DAY_MS, addDays, endOfDay, startOfDay, weekday } from '#kernel';
import type { RecordedEvent } from '#event-log';
import { endOfOpenDeadline, fold, taskStream, type TaskFact } from '#tasks';
import { LIVES_FROM, logArb, UNITS, type ToldLog } from '#tasks/lives.features';
import { played } from '../builders.features.ts';
import type { Build } from '#projections';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import type { FiguresQuery } from '../columns.ts';
import { FiguresInMemory } from '../figures-in-memory.ts';
import { FiguresProjection, SqliteFigures } from './sqlite-figures.ts';

const eventsOf = ({ log }: ToldLog): RecordedEvent[] =>
  log.map(({ taskId, fact }: { taskId: string; fact: TaskFact }) => ({ id: fact.eventId, type: fact.type, schema: 1, data: fact.data, metadata: {}, stream: taskStream(taskId), revision: fact.revision, position: fact.position, occurredAt: fact.occurredAt, recordedAt: fact.recordedAt }) as unknown as RecordedEvent);

const build: Build = { id: 7, name: 'figures', version: 3, state: 'active', position: 0n, eventId: '', repairs: 0 };

interface Projected {
  readonly db: Database.Database;
  readonly figures: SqliteFigures;
  memory: FiguresInMemory;
}

/**
 * Plays the log in batches of the sizes given, over and over, with the memory following each commit; after a batch where `restarts` says so
 * everything in memory is lost and read back, and now and then a batch fails first.
 */
async function projected(log: ToldLog, sizes: readonly number[], restarts: (batch: number) => boolean): Promise<Projected> {
  const db = new Database(':memory:');
  const tx: SqliteTx = { db, table: (name) => tableOf(build, name) };
  let projection = new FiguresProjection();
  projection.init(tx);
  projection.caughtUp(tx);
  const now: Projected = { db, figures: new SqliteFigures(db, build), memory: new FiguresInMemory() };
  const events = eventsOf(log);
  for (let first = 0, batch = 0, followed = 0n; first < events.length; batch++) {
    const some = events.slice(first, (first += sizes[batch % sizes.length]!));
    if (batch % 3 === 2) {
      // A batch that fails leaves nothing behind.
      db.exec('BEGIN');
      projection.apply(some, tx);
      projection.flush(tx);
      db.exec('ROLLBACK');
      projection.rolledBack();
    }
    db.transaction(() => {
      projection.apply(some, tx);
      projection.flush(tx);
    })();
    projection.committed();
    for await (const beliefs of now.figures.changedAfter(followed)) now.memory.take(beliefs);
    followed = some.at(-1)!.position;
    if (restarts(batch)) {
      projection = new FiguresProjection();
      now.memory = new FiguresInMemory();
      for await (const beliefs of now.figures.all()) now.memory.take(beliefs);
    }
  }
  return now;
}

const dump = ({ db }: Projected): string => JSON.stringify(db.prepare(`SELECT * FROM ${tableOf(build, 'figure_tasks')} ORDER BY rowid`).all());
const sorted = <T>(groups: ReadonlyMap<string, T>): [string, T][] => [...groups].sort(([a], [b]) => (a < b ? -1 : 1));

function questions(): FiguresQuery[] {
  const p0 = startOfDay(LIVES_FROM) + 6 * DAY_MS;
  const p1 = endOfDay(LIVES_FROM) + 20 * DAY_MS;
  return [0, 3, 6, 14].flatMap((days) =>
    [null, 22n, 41n].map((known): FiguresQuery => ({ at: p0 + days * DAY_MS + DAY_MS - 1, known, p0, p1, cohort: 'C2', basis: days === 3 ? 'original' : 'current', groupBy: 'unit' })));
}
const answers = ({ columns, coordination }: Pick<FiguresInMemory, 'columns' | 'coordination'>): string =>
  JSON.stringify(questions().map((q) => [sorted(columns.evaluate(q)), columns.list(q, () => true), sorted(coordination.rates(columns, q))]));

const runs = { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] === undefined ? 60 : 1_500 };

describe('the figures in SQLite', () => {
  it('are the same whatever the batches, with restarts and failed batches between, in answers and in the file', async () => {
    await fc.assert(
      fc.asyncProperty(logArb(6, 60), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5 }), async (log, sizes, every) => {
        const whole = await projected(log, [1_000], () => false);
        const one = await projected(log, [1], () => false);
        const cut = await projected(log, sizes, (batch) => batch % every === 0);
        const expected = answers(played(log.tasks));
        expect(answers(whole.memory)).toBe(expected);
        expect(answers(one.memory)).toBe(expected);
        expect(answers(cut.memory)).toBe(expected);
        expect(dump(one)).toBe(dump(whole));
        expect(dump(cut)).toBe(dump(whole));
        for (const { db } of [whole, one, cut]) db.close();
      }),
      runs,
    );
  });

  it('know which open tasks a unit leads, what ends when, and which deadlines pass unrecorded, as the decider does', async () => {
    let waiting = 0;
    await fc.assert(
      fc.asyncProperty(logArb(6, 60), async (log) => {
        const { db, figures: tasks, memory } = await projected(log, [3], (batch) => batch % 2 === 0);
        const states = log.tasks.flatMap(({ taskId, facts }) => { const state = fold(facts); return state.kind === 'task' ? [{ taskId, state }] : []; });
        for (const unit of UNITS) {
          const led = states.filter(({ state }) => state.work === 'open' && state.leadUnitId === unit);
          expect([...(await tasks.openOf(unit))].sort()).toEqual(led.map(({ taskId }) => taskId).sort());
          for (let n = -14; n < 60; n++) {
            const day = addDays(LIVES_FROM, n);
            const monday = addDays(day, 1 - weekday(day));
            const within = led.filter(({ state }) => state.deadline.kind === 'due' && state.deadline.dueOn >= monday && state.deadline.dueOn <= addDays(monday, 6));
            expect(memory.openDueInWeekOf(unit, startOfDay(day))).toBe(within.length);
          }
        }
        const expected = states.flatMap(({ taskId, state }) => { const end = endOfOpenDeadline(state); return end === undefined ? [] : [`${taskId} ${end}`]; });
        const found = await tasks.passedBy(Number.MAX_SAFE_INTEGER, 100);
        expect(found.map(({ taskId, end }) => `${taskId} ${end}`).sort()).toEqual(expected.sort());
        expect(found.map(({ end }) => end)).toEqual(found.map(({ end }) => end).sort((a, b) => a - b));
        expect(await tasks.nextEnd()).toBe(found[0]?.end);
        const middle = found[found.length >> 1];
        if (middle) expect(await tasks.passedBy(middle.end, 2)).toEqual(found.filter(({ end }) => end < middle.end).slice(0, 2));
        waiting += found.length;
        db.close();
      }),
      runs,
    );
    expect(waiting).toBeGreaterThan(10);
  });
});
