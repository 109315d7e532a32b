import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { derivedId, ManualClock } from '#kernel';
import { LogDamagedError, type EventLog, type RecordedEvent } from '#event-log';
import { openSqliteEventLog, type SqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { FULL, seeded, told } from '../support/rounds.ts';
import { inFolder } from './log-writer.ts';

const ROUNDS = FULL ? 6_000 : 96;
const EVENTS = 700;
const STREAMS = 120;
const PAGE = 4_096;
const BEGIN = 1_600_000_000_000;
const streamOf = (n: number): string => `${n % 7 === 0 ? 'unit' : 'task'}-${derivedId('stream', String(n % STREAMS))}`;
const TYPES = ['TaskAssigned', 'ProgressReported', 'TaskCompleted'] as const;

/** A closed log: everything stands in the one file. */
async function given(file: string): Promise<void> {
  const clock = new ManualClock(BEGIN);
  const log = await openSqliteEventLog({ file, clock });
  const revisions = new Map<string, number>();
  for (let n = 0; n < EVENTS; n++) {
    clock.set(BEGIN + n * 1_000);
    const stream = streamOf(n);
    const expectedRevision = revisions.get(stream) ?? -1;
    await log.append(
      stream,
      [
        {
          id: derivedId('event', String(n)),
          type: TYPES[n % 3]!,
          schema: 1,
          data: { note: `dau-${n}-`.repeat(1 + (n % 40)), n },
          metadata: { actor: { id: 'office', role: 'office' } },
          occurredAt: BEGIN,
        },
      ],
      { expectedRevision },
    );
    revisions.set(stream, expectedRevision + 1);
  }
  await log.close();
}

type Ask = readonly [name: string, ask: (log: EventLog) => Promise<unknown>, through: 'places' | 'indexes'];

async function walk(read: (after: bigint) => Promise<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (let after = 0n; ;) {
    const events = await read(after);
    if (events.length === 0) return all;
    all.push(...events);
    after = events.at(-1)!.position;
  }
}

/** Every way to read, with an answer that can be compared. */
const ASKS: readonly Ask[] = [
  ['readAll', (log) => walk((after) => log.readAll({ after, limit: 90 })), 'places'],
  ['readAll backwards', (log) => log.readAll({ after: 0n, limit: EVENTS, direction: 'backwards' }), 'places'],
  [
    'readAll of a type',
    async (log) =>
      (await walk((after) => log.readAll({ after, limit: 90, types: ['TaskCompleted'], lazily: true })))
        .filter(({ type }) => type === 'TaskCompleted')
        .map(({ id, data }) => [id, data]),
    'places',
  ],
  ['head', (log) => log.head(), 'places'],
  ['positionAt', async (log) => Promise.all([0, 99, 350, EVENTS].map((n) => log.positionAt(BEGIN + n * 1_000))), 'places'],
  ['readAll of a category', (log) => walk((after) => log.readAll({ after, limit: 90, categories: ['unit'] })), 'indexes'],
  ...Array.from({ length: STREAMS }, (_, n): Ask => ['readStream', (log) => log.readStream(streamOf(n)), 'indexes']),
  ...Array.from({ length: 60 }, (_, n): Ask => ['readEvent', (log) => log.readEvent(derivedId('event', String(n * 11))), 'indexes']),
];

const asText = (answer: unknown): string =>
  JSON.stringify([answer], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

type Harm = (bytes: Buffer, random: () => number) => Buffer;
const at = (random: () => number, below: number): number => Math.floor(random() * below);
const HARMS: Readonly<Record<string, Harm>> = {
  'one bit': (bytes, random) => {
    const place = at(random, bytes.length);
    bytes[place]! ^= 1 << at(random, 8);
    return bytes;
  },
  'one byte': (bytes, random) => {
    bytes[at(random, bytes.length)] = at(random, 256);
    return bytes;
  },
  'sixteen bytes in a row': (bytes, random) => {
    const place = at(random, bytes.length - 16);
    for (let n = 0; n < 16; n++) bytes[place + n] = at(random, 256);
    return bytes;
  },
  'a page of zeros': (bytes, random) => {
    const page = at(random, bytes.length / PAGE);
    bytes.fill(0, page * PAGE, (page + 1) * PAGE);
    return bytes;
  },
  'a page cut short': (bytes, random) => {
    const page = at(random, bytes.length / PAGE);
    bytes.fill(0, page * PAGE + at(random, 8) * 512, (page + 1) * PAGE);
    return bytes;
  },
  'the end of the file cut off': (bytes, random) => bytes.subarray(0, at(random, bytes.length)),
};

describe('bytes of the log file that have changed', () => {
  test(
    'are found: a read gives the original or says that the log is damaged; what a damaged index hides, verify finds',
    () =>
      inFolder(async (folder) => {
        const file = join(folder, 'log.db');
        await given(file);
        const sound = readFileSync(file);
        const clock = new ManualClock(BEGIN + EVENTS * 1_000);
        const first = await openSqliteEventLog({ file, clock, readOnly: true });
        const originals: string[] = [];
        for (const [, ask] of ASKS) originals.push(asText(await ask(first)));
        const texts = new Set((await first.readAll({ after: 0n, limit: EVENTS })).map(asText));
        await first.close();

        const random = seeded(7);
        const counts = {
          'refused at opening': 0,
          'found by a read': 0,
          'found by verify alone': 0,
          'hidden by an index until verify': 0,
          'without effect': 0,
        };
        const wrong: string[] = [];
        const names = Object.keys(HARMS);
        for (let round = 0; round < ROUNDS; round++) {
          const harm = names[round % names.length]!;
          const where = `round ${round}, ${harm}`;
          writeFileSync(file, HARMS[harm]!(Buffer.from(sound), random));
          let log: SqliteEventLog;
          try {
            log = await openSqliteEventLog({ file, clock, readOnly: true });
          } catch (error) {
            if (!(error instanceof LogDamagedError)) wrong.push(`${where}: opening: ${String(error)}`);
            counts['refused at opening'] += 1;
            continue;
          }
          let thrown = 0;
          let hidden = 0;
          for (const [n, [name, ask, through]] of ASKS.entries()) {
            try {
              const answer = await ask(log);
              if (asText(answer) === originals[n]) continue;
              // An index may have lost an event; what it still gives has to be as it was.
              const given = Array.isArray(answer) ? answer : answer === undefined ? [] : [answer];
              if (through === 'indexes' && given.every((event) => texts.has(asText(event)))) hidden += 1;
              else wrong.push(`${where}: ${name} gives something else`);
            } catch (error) {
              if (!(error instanceof LogDamagedError)) wrong.push(`${where}: ${name}: ${String(error)}`);
              thrown += 1;
            }
          }
          const verified = await log.verify().then(
            () => true,
            (error: unknown) => {
              if (!(error instanceof LogDamagedError)) wrong.push(`${where}: verify: ${String(error)}`);
              return false;
            },
          );
          if (verified && thrown + hidden > 0)
            wrong.push(`${where}: verify finds nothing where ${thrown} reads did and ${hidden} were short`);
          counts[
            hidden > 0
              ? 'hidden by an index until verify'
              : thrown > 0
                ? 'found by a read'
                : verified
                  ? 'without effect'
                  : 'found by verify alone'
          ] += 1;
          await log.close();
        }
        told('bytes of the log file that have changed', { rounds: ROUNDS, ...counts, wrong: wrong.length });
        expect(wrong.slice(0, 8)).toEqual([]);
        expect(counts['found by a read']).toBeGreaterThan(ROUNDS / 5);
      }),
    3_600_000,
  );

  test(
    'in the row of an event are told with its id, wherever in the row they stand',
    () =>
      inFolder(async (folder) => {
        const file = join(folder, 'log.db');
        await given(file);
        const sound = readFileSync(file);
        const random = seeded(11);
        const rounds = FULL ? 700 : 40;
        for (let round = 0; round < rounds; round++) {
          const n = at(random, EVENTS);
          // Of the two places that name the note only the row holds it; the text itself is repeated, so the change is inside it.
          const text = Buffer.from(`"note":"dau-${n}-`);
          const bytes = Buffer.from(sound);
          const inside = at(random, text.length);
          const bit = 1 << at(random, 7);
          // A page that was split keeps old copies in its free space: all of them are changed, the one that counts among them.
          for (let place = sound.indexOf(text); place >= 0; place = sound.indexOf(text, place + 1)) bytes[place + inside]! ^= bit;
          writeFileSync(file, bytes);
          const log = await openSqliteEventLog({ file, clock: new ManualClock(BEGIN), readOnly: true }).catch(
            (error: unknown) => error as Error,
          );
          const error =
            log instanceof Error
              ? log
              : await log.readStream(streamOf(n)).then(
                  () => undefined,
                  (e: unknown) => e as Error,
                );
          expect([round, error instanceof LogDamagedError, error?.message.includes(derivedId('event', String(n)))]).toEqual([
            round,
            true,
            true,
          ]);
          if (!(log instanceof Error)) {
            expect(asText(await log.readEvent(derivedId('event', String((n + 1) % EVENTS)))).length).toBeGreaterThan(50);
            await log.close();
          }
        }
      }),
    600_000,
  );
});
