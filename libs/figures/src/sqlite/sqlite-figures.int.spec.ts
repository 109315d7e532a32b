import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { DAY_MS, addDays, endOfDay, startOfDay, weekday } from '#kernel';
import type { RecordedEvent } from '#event-log';
import { endOfOpenDeadline, fold, taskStream, type TaskFact } from '#tasks';
import { LIVES_FROM, logArb, UNITS, type ToldLog } from '#tasks/lives.features';
import { played } from '../builders.features.ts';
import { Columns, type FiguresQuery } from '../columns.ts';
import { Coordination } from '../coordination.ts';
import { FiguresProjection, SqliteFigureTasks } from './sqlite-figures.ts';

const eventsOf = ({ log }: ToldLog): RecordedEvent[] =>
  log.map(({ taskId, fact }: { taskId: string; fact: TaskFact }) => ({ id: fact.eventId, type: fact.type, schema: 1, data: fact.data, metadata: {}, stream: taskStream(taskId), revision: fact.revision, position: fact.position, occurredAt: fact.occurredAt, recordedAt: fact.recordedAt }) as unknown as RecordedEvent);

interface Projected {
  readonly db: Database.Database;
  columns: Columns;
  coordination: Coordination;
  projection: FiguresProjection;
}

function open(db: Database.Database): Projected {
  const [columns, coordination] = [new Columns(), new Coordination()];
  return { db, columns, coordination, projection: new FiguresProjection(columns, coordination) };
}

/** Plays the log in batches of the sizes given, over and over; after a batch where `restarts` says so everything in memory is lost, and now and then a batch fails first. */
function projected(log: ToldLog, sizes: readonly number[], restarts: (batch: number) => boolean): Projected {
  const db = new Database(':memory:');
  let now = open(db);
  now.projection.init(db);
  const events = eventsOf(log);
  for (let first = 0, batch = 0; first < events.length; batch++) {
    const some = events.slice(first, (first += sizes[batch % sizes.length]!));
    if (batch % 3 === 2) {
      // A batch that fails leaves nothing behind.
      db.exec('BEGIN');
      now.projection.apply(some, db);
      now.projection.flush(db);
      db.exec('ROLLBACK');
      now.projection.rolledBack();
    }
    db.transaction(() => { now.projection.apply(some, db);
      now.projection.flush(db); })();
    now.projection.committed();
    if (restarts(batch)) {
      now = open(db);
      now.projection.load(db);
    }
  }
  return now;
}

const dump = ({ db }: Projected): string => JSON.stringify(db.prepare('SELECT * FROM figure_tasks ORDER BY rowid').all());
const sorted = <T>(groups: ReadonlyMap<string, T>): [string, T][] => [...groups].sort(([a], [b]) => (a < b ? -1 : 1));

function questions(): FiguresQuery[] {
  const p0 = startOfDay(LIVES_FROM) + 6 * DAY_MS;
  const p1 = endOfDay(LIVES_FROM) + 20 * DAY_MS;
  return [0, 3, 6, 14].flatMap((days) =>
    [null, 22n, 41n].map((known): FiguresQuery => ({ at: p0 + days * DAY_MS + DAY_MS - 1, known, p0, p1, cohort: 'C2', basis: days === 3 ? 'original' : 'current', groupBy: 'unit' })));
}
const answers = ({ columns, coordination }: Pick<Projected, 'columns' | 'coordination'>): string =>
  JSON.stringify(questions().map((q) => [sorted(columns.evaluate(q)), columns.list(q, () => true), sorted(coordination.rates(columns, q))]));

const runs = { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] === undefined ? 60 : 1_500 };

describe('the figures in SQLite', () => {
  it('are the same whatever the batches, with restarts and failed batches between, in answers and in the file', () => {
    fc.assert(
      fc.property(logArb(6, 60), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (log, sizes, every) => {
        const whole = projected(log, [1_000], () => false);
        const one = projected(log, [1], () => false);
        const cut = projected(log, sizes, (batch) => batch % every === 0);
        const expected = answers(played(log.tasks));
        expect(answers(whole)).toBe(expected);
        expect(answers(one)).toBe(expected);
        expect(answers(cut)).toBe(expected);
        expect(dump(one)).toBe(dump(whole));
        expect(dump(cut)).toBe(dump(whole));
        for (const { db } of [whole, one, cut]) db.close();
      }),
      runs,
    );
  });

  it('know which open tasks a unit leads, what ends when, and which deadlines pass unrecorded, as the decider does', () => {
    let waiting = 0;
    fc.assert(
      fc.property(logArb(6, 60), (log) => {
        const now = projected(log, [3], (batch) => batch % 2 === 0);
        const tasks = new SqliteFigureTasks(now.db, now.projection.weekLoads);
        const states = log.tasks.flatMap(({ taskId, facts }) => { const state = fold(facts); return state.kind === 'task' ? [{ taskId, state }] : []; });
        for (const unit of UNITS) {
          const led = states.filter(({ state }) => state.work === 'open' && state.leadUnitId === unit);
          expect([...tasks.openOf(unit)].sort()).toEqual(led.map(({ taskId }) => taskId).sort());
          for (let n = -14; n < 60; n++) {
            const day = addDays(LIVES_FROM, n);
            const monday = addDays(day, 1 - weekday(day));
            const within = led.filter(({ state }) => state.deadline.kind === 'due' && state.deadline.dueOn >= monday && state.deadline.dueOn <= addDays(monday, 6));
            expect(tasks.openDueInWeekOf(unit, startOfDay(day))).toBe(within.length);
          }
        }
        const expected = states.flatMap(({ taskId, state }) => { const end = endOfOpenDeadline(state); return end === undefined ? [] : [`${taskId} ${end}`]; });
        const found = [...tasks.openDeadlines()];
        expect(found.map(({ taskId, end }) => `${taskId} ${end}`).sort()).toEqual(expected.sort());
        expect(found.map(({ end }) => end)).toEqual(found.map(({ end }) => end).sort((a, b) => a - b));
        waiting += found.length;
        now.db.close();
      }),
      runs,
    );
    expect(waiting).toBeGreaterThan(10);
  });
});
