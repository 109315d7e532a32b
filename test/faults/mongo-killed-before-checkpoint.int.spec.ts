import { expect, test } from '@jest/globals';
import { mongoUnderFault } from './mongo-store.ts';

test('what was written without its checkpoint is written again by the next process, and counts once', () =>
  mongoUnderFault(async ({ server, happen, start, reaches, compare }) => {
    await happen(50);
    const first = await start();
    await first.catchUp();
    await happen(100);
    server.misbehave({ kind: 'cut-before', collection: 'projections', commands: ['update'], times: 1_000 });
    await expect(first.catchUp()).rejects.toThrow();
    // The data is there, the checkpoint is not.
    const { held: ahead, folded: whole } = await compare();
    expect(ahead).toEqual(whole);
    server.behave();
    const second = await start();
    expect(second.lowest()).toBe(50n);
    await second.catchUp();
    expect(await reaches(second)).toBe(true);
    const { held, folded } = await compare();
    expect(held).toEqual(folded);
    // The first one wakes up: its checkpoint is refused.
    await happen(10);
    await expect(first.catchUp()).rejects.toMatchObject({ code: 'mongo-lease-lost' });
    await second.catchUp();
    const last = await compare();
    expect(last.held).toEqual(last.folded);
  }));
