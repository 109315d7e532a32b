import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { ManualClock, parseInstant } from '#kernel';
import { EVIDENCE_FOLDER, LOG_FILE } from '../../apps/api/src/data-files.ts';
import { MANIFEST, readManifest } from '../../apps/cli/src/operating/backup.ts';
import { restore } from '../../apps/cli/src/operating/restore.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { Assignments } from '../support/assignments.ts';
import { CHILD_ENV, endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { countsInLog, expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

const TITLE = 'killed while a backup is made';
const DAY = '2026-11-20';
const NOW = `${DAY}T08:00:00+07:00`;
const ROUNDS = FULL ? 60 : 3;
const TASKS = FULL ? 4_000 : 600;
const WRITERS = 4;
const EVIDENCE_FILES = 12;
/** Who is killed, and at which of its steps the backup is then, as it tells them; a round later in the run kills some time after the step began. */
const KILLS = [
  ['backup', 'Chép nhật ký'],
  ['server', 'Đọc lại bản sao nhật ký'],
  ['backup', 'Chép tệp minh chứng'],
  ['backup', 'Đọc lại bản sao nhật ký'],
  ['server', 'Chép nhật ký'],
  ['nobody', ''],
] as const;

const clock = (): ManualClock => new ManualClock(parseInstant(NOW)!);

interface Command {
  readonly child: ChildProcess;
  /** Resolves when it has said so on standard error, or has ended. */
  readonly says: (words: string) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
}

function command(...args: readonly string[]): Command {
  const child = spawn(process.execPath, ['apps/cli/launch.mjs', ...args], {
    env: { ...CHILD_ENV, NHACVIEC_NOW: NOW },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => child.once('close', (code) => resolve({ code, said })));
  const says = (words: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (said.includes(words)) resolve();
      };
      look();
      child.stderr.on('data', look);
      void ended.then(() => resolve());
    });
  return { child, says, ended };
}

async function upload(url: string, n: number): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob([`ket qua ${n}\n`.repeat(10_000)]), `ket-qua-${n}.txt`);
  const response = await fetch(`${url}/api/v1/files`, { method: 'POST', body: form });
  if (!response.ok) throw new Error(`POST /files: ${response.status} ${await response.text()}`);
}

/** How far a backup had come, by what lies in its folder. */
function stageOf(target: string): 'nothing' | 'log' | 'evidence' | 'complete' {
  if (existsSync(join(target, MANIFEST))) return 'complete';
  if (existsSync(join(target, EVIDENCE_FOLDER))) return 'evidence';
  return existsSync(join(target, LOG_FILE)) ? 'log' : 'nothing';
}

/** The ids of a log, oldest first, once it has been found sound. */
async function idsOf(dataDir: string): Promise<readonly string[]> {
  const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock: clock(), readOnly: true });
  try {
    await log.verify();
    return [...(await countsInLog(log)).keys()];
  } finally {
    await log.close();
  }
}

afterEach(endLeftServers);

test(`${TITLE} under load, itself or the server beside it: there is a whole backup or one that no restore takes, and the log has every task once`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-backup-'));
  const data = join(root, 'data');
  await writeHistory({ folder: data, units: 20, tasks: TASKS, seed: 6, now: NOW });
  const start = () => startChildServer(data, { env: { NHACVIEC_NOW: NOW } });
  let server = await start();
  await Assignments.makeUnit(server.url);
  for (let n = 0; n < EVIDENCE_FILES; n++) await upload(server.url, n);
  const client = new Assignments();
  const stages = { nothing: 0, log: 0, evidence: 0, complete: 0 };
  const backups: (readonly string[])[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const [victim, step] = KILLS[round % KILLS.length]!;
    let writing = true;
    const writers = Array.from({ length: WRITERS }, async (_, w) => {
      for (let n = 0; writing; n++) {
        const content = `việc ${round}-${w}-${n}`;
        // A server that is gone is not asked a thousand times a second.
        if ((await client.assign(server.url, content, { assignedOn: DAY })) === 0) await sleep(50);
        await sleep(20);
      }
    });
    await sleep(50);
    const before = [...client.acknowledged];
    const target = join(root, `backup-${round}`);
    const { child, says, ended } = command('backup', target, '--data', data);
    if (victim !== 'nobody') {
      await says(step);
      await sleep(Math.floor(round / KILLS.length) * 17);
      (victim === 'backup' ? child : server.child).kill('SIGKILL');
    }
    const { code } = await ended;
    writing = false;
    await Promise.all(writers);

    const stage = stageOf(target);
    stages[stage] += 1;
    // Nothing happens to a backup when the server beside it is killed.
    if (victim !== 'backup') expect([round, victim, code, stage]).toEqual([round, victim, 0, 'complete']);
    const restored = join(root, `restored-${round}`);
    if (stage === 'complete') {
      const { log } = await restore({ source: target, dataDir: restored, clock: clock() });
      const ids = await idsOf(restored);
      expect([ids.length, ids.at(-1)]).toEqual([log.events, log.headEventId]);
      backups.push(ids);
      const store = await openSqliteEventLog({ file: join(restored, LOG_FILE), clock: clock(), readOnly: true });
      expectOnce(await Assignments.countsIn(store), { acknowledged: before });
      await store.close();
    } else {
      await expect(readManifest(target)).rejects.toMatchObject({
        code: existsSync(join(target, LOG_FILE)) ? 'backup-unfinished' : expect.stringMatching(/^backup-(unfinished|missing)$/),
      });
      const refused = await command('restore', target, '--data', restored).ended;
      expect([refused.code, refused.said]).toEqual([
        1,
        expect.stringMatching(/không có manifest\.json: lần sao lưu ấy bị ngắt giữa chừng|Không có bản sao lưu ở/),
      ]);
      expect(existsSync(restored)).toBe(false);
    }
    for (const folder of [target, restored]) rmSync(folder, { recursive: true, force: true });
    if (victim === 'server') server = await start();
    await client.sendAgain(server.url);
  }

  await endChild(server.child, 'SIGTERM');
  told(TITLE, { rounds: ROUNDS, events: backups.at(-1)!.length, acknowledged: client.acknowledged.size, ...stages });
  const ids = await idsOf(data);
  for (const backup of backups) expect(backup.every((id, n) => id === ids[n])).toBe(true);
  expect([client.unknown.size, client.refused.size]).toEqual([0, 0]);
  const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock: clock(), readOnly: true });
  expectOnce(await Assignments.countsIn(log), client);
  await log.close();
  await expectReadModelsAreFoldOfLog(data, clock());
  // Or else no kill came in the middle of anything.
  expect(stages.nothing + stages.log + stages.evidence).toBeGreaterThanOrEqual(ROUNDS / 6);
  expect(client.acknowledged.size).toBeGreaterThan(ROUNDS * 10);
  rmSync(root, { recursive: true, force: true });
}, 1_800_000);
