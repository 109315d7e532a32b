import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { inventedList } from '../../apps/cli/src/bench/spreadsheets.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, seeded, told } from '../support/rounds.ts';

const ROWS = FULL ? 50_000 : 600;
const KILLS = FULL ? 24 : 3;
/** Kills fall over somewhat longer than a list of this length has just taken to be recorded, so that some come before and some after. */
const OVER = 1.2;
const SEED = 20_201_128;

afterEach(endLeftServers);

/** How often each row of the list stands in the log as a task. */
async function recorded(data: string): Promise<Map<string, number>> {
  const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock: new ManualClock(Date.now()), readOnly: true });
  const found = new Map<string, number>();
  try {
    for (let after = 0n; ; ) {
      const events = await log.readAll({ after, categories: ['task'], limit: 2_000 });
      for (const { type, data: of } of events) {
        if (type !== 'TaskAssigned') continue;
        const { number } = (of as { document: { number: string } }).document;
        found.set(number, (found.get(number) ?? 0) + 1);
      }
      if (events.length === 0) return found;
      after = events.at(-1)!.position;
    }
  } finally {
    await log.close();
  }
}

describe('a server killed while a list is being recorded', () => {
  it(`has recorded all ${String(ROWS)} rows or none of them, each time of ${String(KILLS)}, and each row once when it is started again`, async () => {
    const random = seeded(SEED);
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-import-killed-'));
    const list = await inventedList(ROWS, '2026-11-20');
    const api = async (url: string, path: string, init: RequestInit = {}): Promise<any> => {
      const answer = await fetch(`${url}/api/v1${path}`, init);
      const body = (await answer.json());
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
      return body;
    };
    const post = (url: string, path: string, body: object): Promise<any> => api(url, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const settled = async (url: string, id: string): Promise<any> => {
      for (;;) {
        const state = await api(url, `/imports/${id}`);
        if (state.doing === null) return state;
        await sleep(50);
      }
    };
    const seen = { none: 0, all: 0 };
    let lists = 0;
    let under: { data: string; id: string } | undefined;
    const start = (data: string) => startChildServer(data, { env: { NHACVIEC_ACCESS: 'open', NHACVIEC_NOW: '2026-11-22T08:00:00+07:00' } });
    const rehearsed = async (url: string): Promise<string> => {
      await post(url, '/units', { id: 'so-noi-vu', name: 'Sở Nội vụ', shortName: 'SNV', kind: 'so' });
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(list)]), 'danh-sach.xlsx');
      const { id, sheets } = await api(url, '/imports', { method: 'POST', body: form });
      await post(url, `/imports/${id}/mapping`, { columns: sheets[0].guessed });
      expect(await settled(url, id)).toMatchObject({ phase: 'rehearsed', rehearsed: { counts: { new: ROWS, refused: 0 } } });
      return id;
    };
    // One that nobody kills says how long it takes here and now.
    const whole = await start(join(root, 'whole'));
    const id = await rehearsed(whole.url);
    const begun = performance.now();
    await post(whole.url, `/imports/${id}/commit`, {});
    expect(await settled(whole.url, id)).toMatchObject({ phase: 'committed' });
    const over = (performance.now() - begun) * OVER;
    await endChild(whole.child, 'SIGTERM');
    for (let kill = 0; kill < KILLS; kill++) {
      const data: string = under?.data ?? join(root, String(++lists));
      const { child, url } = await start(data);
      if (!under) {
        under = { data, id: await rehearsed(url) };
        await post(url, `/imports/${under.id}/commit`, {});
      }
      await sleep(((kill + random()) / KILLS) * over);
      await endChild(child, 'SIGKILL');
      const { size } = await recorded(data);
      expect([0, ROWS]).toContain(size);
      if (size === 0) seen.none += 1;
      else seen.all += 1;
      if (size === 0 && kill < KILLS - 1) continue;
      // Begun before the kill, it is taken up by itself, and finds out whether it was recorded.
      const again = await start(data);
      expect(await settled(again.url, under.id)).toMatchObject({ phase: 'committed', failure: null });
      await endChild(again.child, 'SIGTERM');
      const rows = await recorded(data);
      expect([rows.size, [...rows.values()].filter((n) => n !== 1)]).toEqual([ROWS, []]);
      await expectReadModelsAreFoldOfLog(data, new ManualClock(Date.now()));
      rmSync(data, { recursive: true, force: true });
      under = undefined;
    }
    rmSync(root, { recursive: true, force: true });
    if (FULL) expect([seen.none > 0, seen.all > 0]).toEqual([true, true]);
    told('a server killed while a list is being recorded', { rows: ROWS, kills: KILLS, lists, 'over ms': Math.round(over), 'nothing recorded yet': seen.none, 'all recorded': seen.all });
  }, FULL ? 1_800_000 : 120_000);
});
