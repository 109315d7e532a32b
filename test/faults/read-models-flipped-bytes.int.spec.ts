import { expect, test } from '@jest/globals';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock, parseInstant } from '#kernel';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { openRuntime, READ_MODEL_FILE } from '../../apps/api/src/runtime.ts';
import { FULL, seeded, told } from '../support/rounds.ts';
import { inFolder } from './log-writer.ts';

const ROUNDS = FULL ? 600 : 12;
const clock = (): ManualClock => new ManualClock(parseInstant('2020-11-29T07:30:00+07:00')!);

async function dumpOf(dataDir: string): Promise<string> {
  const runtime = await openRuntime({ dataDir, clock: clock() });
  try {
    return [...runtime.projector.dump()].join('\n');
  } finally {
    await runtime.close();
  }
}

test('pages of the read models zeroed or cut off at random: built anew, the same', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    await playDemo(data);
    const sound = await dumpOf(data);
    const file = join(data, READ_MODEL_FILE);
    const bytes = readFileSync(file);
    const random = seeded(3);
    const counts = { rebuilt: 0, 'not noticed': 0, failed: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const page = Math.floor((random() * bytes.length) / 4_096);
      const harmed = Buffer.from(bytes);
      if (round % 2 === 0) harmed.fill(0xa5, page * 4_096, (page + 1) * 4_096);
      writeFileSync(file, round % 2 === 0 ? harmed : harmed.subarray(0, page * 4_096 + 512));
      const again = await dumpOf(data).catch((error: unknown) => String(error));
      counts[again === sound ? 'rebuilt' : again.startsWith('# ') ? 'not noticed' : 'failed'] += 1;
      // Whatever came of it, the next round starts from a sound file.
      for (const suffix of ['-wal', '-shm', '.damaged']) rmSync(`${file}${suffix}`, { force: true });
      cpSync(file, `${file}.last`);
      writeFileSync(file, bytes);
    }
    told('read models with damaged pages', { rounds: ROUNDS, ...counts });
    expect(counts.rebuilt).toBe(ROUNDS);
  }), 1_200_000);
