import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-log';
import { endOfDeadline, lastInstantInTime } from '#deadlines';
import { DAY_MS, addDays, endOfDay, startOfDay, weekday } from '#kernel';
import type { Build, Projection, ReadModelStore } from '#projections';
import { endOfOpenDeadline, fold, taskStream, type TaskFact } from '#tasks';
import { LIVES_FROM, logArb, UNITS, type ToldLog } from '#tasks/lives.features';
import { played } from './builders.features.ts';
import type { FiguresQuery } from './columns.ts';
import type { FigureTasks } from './figure-tasks.ts';
import { FiguresInMemory, type BeliefsSource } from './figures-in-memory.ts';

/** A store of read models with the figures in it. */
export interface FiguresStore<Tx> {
  readonly store: ReadModelStore<Tx>;
  projection(): Projection<Tx>;
  figures(build: Build): FigureTasks & BeliefsSource;
  /** Every line of a build in a fixed order. */
  dump(build: Build): Promise<string>;
  clear(): Promise<void>;
}

/** A build that a log is played into, and the memory that follows it. */
export interface PlayedBuild {
  readonly build: Build;
  readonly figures: FigureTasks & BeliefsSource;
  memory: FiguresInMemory;
}

export const eventsOf = ({ log }: ToldLog): RecordedEvent[] =>
  log.map(
    ({ taskId, fact }: { taskId: string; fact: TaskFact }) =>
      ({
        id: fact.eventId,
        type: fact.type,
        schema: 1,
        data: fact.data,
        metadata: {},
        stream: taskStream(taskId),
        revision: fact.revision,
        position: fact.position,
        occurredAt: fact.occurredAt,
        recordedAt: fact.recordedAt,
      }) as unknown as RecordedEvent,
  );

/** What the projector does with one batch. */
export async function commit<Tx>(
  { store }: FiguresStore<Tx>,
  projection: Projection<Tx>,
  tx: Tx,
  build: Build,
  events: readonly RecordedEvent[],
): Promise<void> {
  await store.begin();
  await projection.apply(events, tx);
  await projection.flush?.(tx);
  await store.commit([{ buildId: build.id, position: events.at(-1)!.position, eventId: events.at(-1)!.id }]);
  projection.committed?.();
}

/** A new build without a row. */
export async function begun<Tx>(stored: FiguresStore<Tx>): Promise<{ build: Build; projection: Projection<Tx>; tx: Tx }> {
  const { store } = stored;
  const projection = stored.projection();
  await store.begin();
  const build = await store.create(projection.name, projection.version);
  const tx = store.tx(build);
  await projection.init(tx);
  await store.commit([]);
  await projection.caughtUp?.(tx);
  return { build, projection, tx };
}

/**
 * Plays the log in batches of the sizes given, over and over, with the memory following each commit; after a batch where `restarts` says so
 * everything in memory is lost and read back, and now and then a batch fails first.
 */
export async function projected<Tx>(
  stored: FiguresStore<Tx>,
  log: ToldLog,
  sizes: readonly number[],
  restarts: (batch: number) => boolean,
): Promise<PlayedBuild> {
  const { store } = stored;
  const { build, tx, ...first } = await begun(stored);
  let { projection } = first;
  const now: PlayedBuild = { build, figures: stored.figures(build), memory: new FiguresInMemory() };
  const events = eventsOf(log);
  for (let from = 0, batch = 0, followed = 0n; from < events.length; batch++) {
    const some = events.slice(from, (from += sizes[batch % sizes.length]!));
    if (batch % 3 === 2) {
      // A batch that fails leaves nothing behind.
      await store.begin();
      await projection.apply(some, tx);
      await projection.flush?.(tx);
      await store.rollback();
      projection.rolledBack?.();
    }
    await commit(stored, projection, tx, build, some);
    for await (const beliefs of now.figures.changedAfter(followed)) now.memory.take(beliefs);
    followed = some.at(-1)!.position;
    if (restarts(batch)) {
      projection = stored.projection();
      now.memory = new FiguresInMemory();
      for await (const beliefs of now.figures.all()) now.memory.take(beliefs);
    }
  }
  return now;
}

const sorted = <T>(groups: ReadonlyMap<string, T>): [string, T][] => [...groups].sort(([a], [b]) => (a < b ? -1 : 1));

function questions(): FiguresQuery[] {
  const p0 = startOfDay(LIVES_FROM) + 6 * DAY_MS;
  const p1 = endOfDay(LIVES_FROM) + 20 * DAY_MS;
  return [0, 3, 6, 14].flatMap((days) =>
    [null, 22n, 41n].map((known): FiguresQuery => ({
      at: p0 + days * DAY_MS + DAY_MS - 1,
      known,
      p0,
      p1,
      cohort: 'C2',
      basis: days === 3 ? 'original' : 'current',
      groupBy: 'unit',
    })),
  );
}
export const answers = ({ columns, coordination, marks }: Pick<FiguresInMemory, 'columns' | 'coordination' | 'marks'>): string =>
  JSON.stringify(
    questions().map((q) => [
      sorted(columns.evaluate(q)),
      columns.list(q, () => true).map((task) => {
        const number = columns.numberOfTask(task.taskId)!;
        const told = marks.read(number, q.at, q.known);
        return [task, told, marks.obstacle(number, told.obstacle)];
      }),
      sorted(coordination.rates(columns, q)),
    ]),
  );

/** Tasks in the order in which their first events stand in the log. */
const inOrder = ({ log }: ToldLog): string[] => [...new Set(log.map(({ taskId }) => taskId))];

async function idsIn(source: BeliefsSource): Promise<string[]> {
  const ids: string[] = [];
  for await (const beliefs of source.all()) ids.push(...beliefs.map(({ taskId }) => taskId));
  return ids;
}

export const figureRuns = (reduced: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: 20_201_128,
  numRuns: process.env['NHACVIEC_FULL'] === undefined ? reduced : reduced * 25,
});

/** What every store of the figures does. */
export function figureTasksFeatures<Tx>(name: string, open: () => Promise<FiguresStore<Tx>>, reduced = 60): void {
  describe(`the figures in ${name}`, () => {
    let stored: FiguresStore<Tx>;
    beforeAll(async () => {
      stored = await open();
    });
    afterAll(() => stored.clear());

    it('are the same whatever the batches, with restarts and failed batches between, in answers, in order and in what is stored', async () => {
      await fc.assert(
        fc.asyncProperty(
          logArb(6, 60),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 1, max: 5 }),
          async (log, sizes, every) => {
            const whole = await projected(stored, log, [1_000], () => false);
            const one = await projected(stored, log, [1], () => false);
            const cut = await projected(stored, log, sizes, (batch) => batch % every === 0);
            const expected = answers(played(log.tasks));
            const lines = await stored.dump(whole.build);
            for (const { build, figures, memory } of [whole, one, cut]) {
              expect(answers(memory)).toBe(expected);
              expect(await stored.dump(build)).toBe(lines);
              expect(await idsIn(figures)).toEqual(inOrder(log));
              await stored.store.drop(build);
            }
          },
        ),
        figureRuns(reduced),
      );
    });

    it('know which open tasks a unit leads, what ends when, and which deadlines pass unrecorded, as the decider does', async () => {
      let waiting = 0;
      let dueLater = 0;
      await fc.assert(
        fc.asyncProperty(logArb(6, 60), async (log) => {
          const { build, figures: tasks, memory } = await projected(stored, log, [3], (batch) => batch % 2 === 0);
          const order = inOrder(log);
          const states = log.tasks
            .flatMap(({ taskId, facts }) => {
              const state = fold(facts);
              return state.kind === 'task' ? [{ taskId, state }] : [];
            })
            .sort((a, b) => order.indexOf(a.taskId) - order.indexOf(b.taskId));
          for (const unit of UNITS) {
            const led = states.filter(({ state }) => state.work === 'open' && state.leadUnitId === unit);
            expect(await tasks.openOf(unit)).toEqual(led.map(({ taskId }) => taskId));
            const held = (work: string): number => states.filter(({ state }) => state.work === work && state.leadUnitId === unit).length;
            expect(await tasks.heldBy(unit)).toEqual({ open: held('open'), submitted: held('submitted'), suspended: held('suspended') });
            for (let n = -14; n < 60; n++) {
              const day = addDays(LIVES_FROM, n);
              const monday = addDays(day, 1 - weekday(day));
              const within = led.filter(
                ({ state }) =>
                  state.deadline.kind === 'due' && state.deadline.dueOn >= monday && state.deadline.dueOn <= addDays(monday, 6),
              );
              expect(memory.openDueInWeekOf(unit, startOfDay(day))).toBe(within.length);
            }
          }
          for (const from of [0, 8, 16].map((n) => endOfDeadline(endOfDay(addDays(LIVES_FROM, n)) - 1))) {
            const later = states.filter(
              ({ state }) => state.work === 'open' && state.deadline.kind === 'due' && lastInstantInTime(state.deadline) >= from,
            );
            expect(await tasks.openDueFrom(from)).toEqual(later.map(({ taskId }) => taskId));
            dueLater += later.length;
          }
          const expected = states.flatMap(({ taskId, state }) => {
            const end = endOfOpenDeadline(state);
            return end === undefined ? [] : [`${taskId} ${end}`];
          });
          const found = await tasks.passedBy(Number.MAX_SAFE_INTEGER, 100);
          expect(found.map(({ taskId, end }) => `${taskId} ${end}`).sort()).toEqual(expected.sort());
          expect(found).toEqual([...found].sort((a, b) => a.end - b.end || (a.taskId < b.taskId ? -1 : 1)));
          expect(await tasks.nextEnd()).toBe(found[0]?.end);
          const middle = found[found.length >> 1];
          if (middle) expect(await tasks.passedBy(middle.end, 2)).toEqual(found.filter(({ end }) => end < middle.end).slice(0, 2));
          waiting += found.length;
          await stored.store.drop(build);
        }),
        figureRuns(reduced),
      );
      expect(waiting).toBeGreaterThan(10);
      expect(dueLater).toBeGreaterThan(10);
    });

    it('give all tasks and those that changed page by page, each once', async () => {
      const { build, projection, tx } = await begun(stored);
      const events = manyTasks(1_234);
      await commit(stored, projection, tx, build, events);
      const figures = stored.figures(build);
      const all: string[][] = [];
      for await (const beliefs of figures.all()) all.push(beliefs.map(({ taskId }) => taskId));
      expect(all.length).toBeGreaterThan(1);
      expect(all.flat()).toEqual(events.map(({ stream }) => stream.slice('task-'.length)));
      const changed: string[] = [];
      for await (const beliefs of figures.changedAfter(events[99]!.position)) changed.push(...beliefs.map(({ taskId }) => taskId));
      expect(changed).toEqual(all.flat().slice(100));
      await stored.store.drop(build);
    });

    it('keep positions past 2^31 apart, and refuse those past 2^53', async () => {
      const { build, projection, tx } = await begun(stored);
      const far = 2n ** 52n;
      const events = manyTasks(3, far);
      await commit(stored, projection, tx, build, events);
      const after: string[] = [];
      for await (const beliefs of stored.figures(build).changedAfter(far + 1n)) after.push(...beliefs.map(({ taskId }) => taskId));
      expect(after).toEqual(events.slice(1).map(({ stream }) => stream.slice('task-'.length)));
      const memory = new FiguresInMemory();
      for await (const beliefs of stored.figures(build).all()) memory.take(beliefs);
      const total = (known: bigint): number => memory.columns.page({ at: Number.MAX_SAFE_INTEGER, known }, () => true).items.length;
      expect([far, far + 1n, far + 2n, far + 3n].map(total)).toEqual([0, 1, 2, 3]);
      await expect((async () => projection.apply(manyTasks(1, 2n ** 53n), tx))()).rejects.toThrow('9007199254740993');
      await stored.store.drop(build);
    });
  });
}

/** So many tasks, each only assigned, from the position after this one on; ids that do not sort as they come. */
function manyTasks(count: number, after = 0n): RecordedEvent[] {
  return Array.from({ length: count }, (_, n) => {
    const position = after + BigInt(n + 1);
    const data = { authority: 'ubnd-tinh', leadUnitId: 'a', coordinatingUnitIds: [], assignedOn: LIVES_FROM, deadline: { kind: 'none' } };
    const at = startOfDay(LIVES_FROM);
    return {
      id: `e${String(position)}`,
      type: 'TaskAssigned',
      schema: 1,
      data,
      metadata: {},
      stream: taskStream(`t${String((n * 7_919) % 10_007)}`),
      revision: 0,
      position,
      occurredAt: at,
      recordedAt: at,
    } as unknown as RecordedEvent;
  });
}
