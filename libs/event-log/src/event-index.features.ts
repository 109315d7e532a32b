import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventIndex, IndexedEvent } from './event-index.ts';

/** An empty index. */
export interface IndexUnderTest {
  readonly index: EventIndex;
  clear(): Promise<void>;
}

/** So many events in log order, with gaps between positions and clocks that go back now and then. */
export const indexedArb = (most: number): fc.Arbitrary<readonly IndexedEvent[]> =>
  fc
    .array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), at: fc.integer({ min: 0, max: 12 }), stream: fc.nat({ max: 4 }) }), {
      minLength: 1,
      maxLength: most,
    })
    .map((steps) => {
      let position = 2n ** 33n;
      const revisions = new Map<number, number>();
      return steps.map(({ gap, at, stream }, n) => {
        position += BigInt(gap);
        const revision = (revisions.get(stream) ?? -1) + 1;
        revisions.set(stream, revision);
        return { id: `e${String(n)}`, stream: `task-${String(stream)}`, revision, position, recordedAt: 1_600_000_000_000 + at };
      });
    });

/** What an index of these events has to answer, looked up from the first to the last. */
export async function expectAnswers(index: EventIndex, events: readonly IndexedEvent[]): Promise<void> {
  const last = events.at(-1);
  expect(await index.upTo()).toBe(last?.position ?? 0n);
  expect(await index.last()).toEqual(last);
  const told: unknown[] = [];
  const expected: unknown[] = [];
  for (const place of [0n, ...events.flatMap(({ position }) => [position - 1n, position]), (last?.position ?? 0n) + 9n]) {
    told.push([place, await index.count(place), await index.firstAfter(place)]);
    expected.push([
      place,
      events.filter(({ position }) => position <= place).length,
      events.find(({ position }) => position > place)?.position,
    ]);
  }
  for (const instant of [0, ...Array.from({ length: 14 }, (_, n) => 1_599_999_999_999 + n), Number.MAX_SAFE_INTEGER]) {
    const tooLate = events.findIndex(({ recordedAt }) => recordedAt > instant);
    const before = tooLate === -1 ? last : events[tooLate - 1];
    told.push([instant, await index.positionAt(instant)]);
    expected.push([instant, before?.position ?? 0n]);
  }
  expect(told).toEqual(expected);
  const found = await index.find([...events.filter((_, n) => n % 2 === 0).map(({ id }) => id), 'nowhere']);
  expect([...found].sort((a, b) => Number(a.position - b.position))).toEqual(events.filter((_, n) => n % 2 === 0));
  expect(await index.find([])).toEqual([]);
}

/** What every index of events does. */
export function eventIndexFeatures(name: string, open: () => Promise<IndexUnderTest>, numRuns = 20): void {
  describe(`the index of events: ${name}`, () => {
    let under: IndexUnderTest | undefined;
    afterEach(async () => {
      await under?.clear();
      under = undefined;
    });

    it('is empty at first', async () => {
      under = await open();
      await under.index.add([]);
      await expectAnswers(under.index, []);
    });

    it('answers the same whatever came together, and passes over what comes again', async () => {
      await fc.assert(
        fc.asyncProperty(
          indexedArb(25),
          fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), again: fc.nat({ max: 6 }) }), { minLength: 1, maxLength: 5 }),
          async (events, steps) => {
            under = await open();
            const { index } = under;
            for (let at = 0, n = 0; at < events.length; n++) {
              const { size, again } = steps[n % steps.length]!;
              await index.add(events.slice(Math.max(0, at - again), at + size));
              at += size;
              expect(await index.upTo()).toBe(events[Math.min(at, events.length) - 1]!.position);
            }
            await index.add(events);
            await expectAnswers(index, events);
            await under.clear();
            under = undefined;
          },
        ),
        { seed: 20_201_128, numRuns },
      );
    });

    it('counts both events where an id stands twice in the log', async () => {
      under = await open();
      const event = { id: 'e', stream: 'task-1', revision: 0, position: 5n, recordedAt: 1 };
      await under.index.add([event, { ...event, id: 'f', position: 7n, revision: 1 }, { ...event, stream: 'task-2', position: 9n }]);
      expect([await under.index.count(6n), await under.index.count(9n), await under.index.upTo()]).toEqual([1, 3, 9n]);
      expect(await under.index.find(['e'])).toEqual([{ ...event, stream: 'task-2', position: 9n }]);
    });
  });
}
