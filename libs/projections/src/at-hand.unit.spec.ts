import { describe, expect, it } from '@jest/globals';
import { AtHand } from './at-hand.ts';

const COMMIT = 5_000;

/** Takes so many streams, and commits. */
function commit(hand: AtHand<number>, from: number, count = COMMIT): void {
  for (let n = from; n < from + count; n++) hand.change(hand.find(`task-${String(n)}`) ?? hand.hold(`task-${String(n)}`, String(n), n, false));
  hand.committed();
}

describe('streams kept at hand', () => {
  it('names what changed since the last commit, once each and in the order of the first change', () => {
    const hand = new AtHand<string>();
    const [a, b] = [hand.hold('task-a', 'a', 'A', false), hand.hold('task-b', 'b', 'B', false)];
    for (const one of [b, a, b]) hand.change(one);
    expect(hand.changed.map(({ id }) => id)).toEqual(['b', 'a']);
    hand.committed();
    expect(hand.changed).toEqual([]);
    hand.change(a);
    expect(hand.changed.map(({ id }) => id)).toEqual(['a']);
  });

  it('lets go of what two commits in a row did not use, and keeps what was used meanwhile', () => {
    const hand = new AtHand<number>();
    commit(hand, 0);
    expect(hand.find('task-7')?.item).toBe(7);
    commit(hand, COMMIT);
    expect([hand.find('task-7')?.item, hand.find('task-8')]).toEqual([7, undefined]);
  });

  it('forgets all of what was not committed', () => {
    const hand = new AtHand<string>();
    hand.change(hand.hold('task-a', 'a', 'A', true));
    hand.rolledBack();
    expect([hand.find('task-a'), hand.changed]).toEqual([undefined, []]);
  });
});
