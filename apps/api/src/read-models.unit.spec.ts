import { expect, test } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock } from '#kernel';
import type { Build } from '#projections';
import { ReadModels, type ProjectorControl, type ReadModelReader } from './read-models.ts';

const build = (id: number, name: string): Build => ({ id, name, version: 1, state: 'active', position: 0n, eventId: '', repairs: 0 });

test('builds that serve no more are dropped only when nothing is answered from them any more', async () => {
  let builds = [build(1, 'task-board'), build(2, 'figures')];
  const reader = {
    builds: async () => builds,
    board: ({ id }: Build) => ({ id }),
    figures: () => ({
      async *all() {
        await nextTurn();
        yield [];
      },
    }),
  } as unknown as ReadModelReader;
  const served: unknown[] = [];
  const projector = {
    onChange: () => undefined,
    drop: async () => {
      served.push(models.board);
      return [];
    },
  } as unknown as ProjectorControl;
  const clock = new ManualClock(0);
  const models = await ReadModels.open({ reader, projector, log: new MemoryEventLog({ clock }), clock, reference: { catchUp: () => Promise.resolve() } });

  builds = [build(3, 'task-board'), build(4, 'figures')];
  await models.drop();
  expect(served).toEqual([{ id: 3 }]);

  builds = [];
  await expect(models.drop()).rejects.toMatchObject({ code: 'read-models-missing' });
  expect(served.length).toBe(1);
});
