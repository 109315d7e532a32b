import { expect, test } from '@jest/globals';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock, parseInstant } from '#kernel';
import { isDamage } from '#projections/sqlite/open-read-models';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { readModelRows } from '../support/dump.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { FULL, seeded, told } from '../support/rounds.ts';
import { inFolder } from './log-writer.ts';

const ROUNDS = FULL ? 900 : 12;
const PAGE = 4_096;

async function dumpOf(dataDir: string, anew = false): Promise<string> {
  const runtime = await openRuntime({ dataDir, clock: new ManualClock(parseInstant('2020-11-29T07:30:00+07:00')!), anew });
  try {
    return await readModelRows(runtime);
  } finally {
    await runtime.close();
  }
}

type Harm = (bytes: Buffer, random: () => number) => Buffer;
const pageOf = (bytes: Buffer, random: () => number): number => Math.floor((random() * bytes.length) / PAGE) * PAGE;
const HARMS: readonly (readonly [name: string, harm: Harm, alwaysNoticed: boolean])[] = [
  [
    'a page of rubbish',
    (bytes, random) => {
      const at = pageOf(bytes, random);
      return bytes.fill(0xa5, at, at + PAGE);
    },
    true,
  ],
  ['the end cut off', (bytes, random) => bytes.subarray(0, pageOf(bytes, random) + 512), true],
  // SQLite keeps no checksum of a page: a bit that changes inside a text is only found by building anew.
  [
    'one bit',
    (bytes, random) => {
      bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
      return bytes;
    },
    false,
  ],
];

test(
  'random damage of the read models: found at opening it is mended at once, found later it is told; building anew gives the same in any case',
  () =>
    inFolder(async (folder) => {
      const data = join(folder, 'data');
      await playDemo(data);
      const sound = await dumpOf(data);
      const file = join(data, READ_MODEL_FILE);
      const bytes = readFileSync(file);
      // All of it stands in the file, nothing in a journal that would be believed instead.
      expect([bytes.length > 100 * PAGE, existsSync(`${file}-wal`)]).toEqual([true, false]);
      const random = seeded(3);
      const counts = { equal: 0, told: 0, 'one bit not noticed': 0 };
      const wrong: string[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const [name, harm, alwaysNoticed] = HARMS[round % HARMS.length]!;
        writeFileSync(file, harm(Buffer.from(bytes), random));
        const again = await dumpOf(data).catch((error: unknown) => error);
        if (again === sound) counts.equal += 1;
        else if (isDamage(again)) counts.told += 1;
        else if (!alwaysNoticed && typeof again === 'string') counts['one bit not noticed'] += 1;
        else wrong.push(`round ${round}, ${name}: ${typeof again === 'string' ? 'other rows' : String(again)}`);
        if (again !== sound && (await dumpOf(data, true)) !== sound) wrong.push(`round ${round}, ${name}: built anew it is not the same`);
        for (const suffix of ['-wal', '-shm', '.damaged']) rmSync(`${file}${suffix}`, { force: true });
      }
      told('random damage of the read models', { rounds: ROUNDS, ...counts, wrong: wrong.length });
      expect(wrong.slice(0, 8)).toEqual([]);
      expect(counts.equal).toBeGreaterThan(ROUNDS / 3);
    }),
  1_800_000,
);
