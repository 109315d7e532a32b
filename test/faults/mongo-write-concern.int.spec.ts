import { expect, test } from '@jest/globals';
import { mongoUnderFault } from './mongo-store.ts';

test('a read model whose writes the majority does not acknowledge is the fold of the log', () =>
  mongoUnderFault(async ({ server, happen, start, reaches, compare }) => {
    await happen(50);
    const projector = await start();
    await projector.catchUp();
    projector.start();
    server.misbehave({ kind: 'write-concern', times: 3 });
    await happen(100);
    expect(await reaches(projector)).toBe(true);
    const { held, folded } = await compare();
    expect(held).toEqual(folded);
    expect(Object.values(held).reduce((sum, n) => sum + n, 0)).toBe(150);
  }));
