import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditTrailProjection } from '#audit-trail/sqlite/sqlite-audit-trail';
import { FiguresProjection } from '#figures/sqlite/sqlite-figures';
import { TaskBoardProjection } from '#task-board/sqlite/sqlite-task-board';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

const TODAY = '2026-11-20';
const NOW = `${TODAY}T08:00:00+07:00`;
const TASKS = 600;
const READERS = 3;

/* Of a release that changed something: each is built from the whole log, in tables of its own. */
class NextFigures extends FiguresProjection {
  override readonly version = 1_000;
}
class NextBoard extends TaskBoardProjection {
  override readonly version = 1_000;
}
class NextTrail extends AuditTrailProjection {
  override readonly version = 1_000;
}

interface Build {
  readonly name: string;
  readonly version: number;
  readonly state: string;
}

describe('a release whose projections have new versions, started under load', () => {
  let server: TestServer;
  const builds = async (): Promise<readonly Build[]> => (await server.ok<{ items: readonly Build[] }>('/projections')).items;

  beforeAll(async () => {
    server = await TestServer.start(instant(NOW), async (folder) => { await writeHistory({ folder, units: 12, tasks: TASKS, seed: 5, now: NOW }); });
    await server.done('/units', unit('so-thu'));
  }, 60_000);
  afterAll(() => server.stop());

  it('answers every question by the former ones until the new ones take their places: none fails, none says anything else', async () => {
    const { parameters } = await server.ok<{ parameters: { position: string } }>('/figures');
    // One point of the log, asked in ways that read figures, board and trail: nothing that happens later may change a letter.
    const known = `asOf=2026-06-30&knownAt=position:${parameters.position}`;
    const fixed = [`/figures?${known}&groupBy=unit`, `/figures/list?${known}&cohort=C2&limit=100`, `/tasks?${known}&q=bao%20cao&limit=50`, `/audit/density?by=recorded&bucket=month&${known}`, `/audit/events?${known}&limit=20`];
    const answersBefore = await Promise.all(fixed.map((path) => server.get(path)));
    expect(answersBefore.map(({ status }) => status)).toEqual(fixed.map(() => 200));
    const expected = new Map(fixed.map((path, n) => [path, answersBefore[n]!.text]));
    const total = (await server.ok<{ total: number }>('/tasks?limit=1')).total;
    const former = await builds();

    server.projections = (usual) => [...usual, () => new NextFigures(), () => new NextBoard(), () => new NextTrail()];
    await server.restart();

    const wrong: string[] = [];
    let [asked, given, whileBuilding] = [0, total, 0];
    const going = new AbortController();
    const readers = Array.from({ length: READERS }, async (_, r) => {
      for (let n = r; !going.signal.aborted; n++) {
        const path = fixed[n % fixed.length]!;
        const { status, text } = await server.get(path);
        if (status !== 200 || text !== expected.get(path)) wrong.push(`${path}: ${String(status)} ${text.slice(0, 200)}`);
        const least = given;
        const tasks = await server.get('/tasks?limit=1');
        // One task is being given at any time, and what is derived may be a moment behind the answer to its giver.
        if (tasks.status !== 200 || tasks.body.total < least - 1 || tasks.body.total > given + 1) wrong.push(`/tasks: ${String(tasks.status)} ${String(tasks.body.total)}, given ${String(least)}`);
        asked++;
      }
    });
    const writer = (async () => {
      while (!going.signal.aborted) {
        const { status, body } = await server.post('/tasks', assignment({ content: `việc giao khi đổi bảng ${String(given)}`, leadUnitId: 'so-thu', assignedOn: TODAY, document: { number: '1/UBND', date: TODAY, issuer: 'UBND tỉnh', title: 'Minh họa' }, deadline: { none: true } }), { 'X-Actor': 'office' });
        if (status !== 201) wrong.push(`POST /tasks: ${String(status)}`);
        given++;
        const seen = await server.get(`/tasks?limit=1&atLeast=${String(body.position)}`);
        if (seen.status !== 200 || seen.body.total !== given) wrong.push(`atLeast ${String(body.position)}: ${String(seen.status)} ${String(seen.body?.total)}, given ${String(given)}`);
      }
    })();
    const done = (list: readonly Build[]): boolean => ['figures', 'task-board', 'audit-trail'].every((name) => list.some((one) => one.name === name && one.version === 1_000 && one.state === 'active'));
    for (let list = await builds(); !done(list); list = await builds()) {
      if (list.some(({ state }) => state === 'building')) whileBuilding++;
      // Each has one that serves at any moment.
      for (const name of ['figures', 'task-board', 'audit-trail']) if (!list.some((one) => one.name === name && one.state === 'active')) wrong.push(`${name} has none that serves`);
    }
    for (const enough = asked + 20; asked < enough;) await new Promise((resolve) => setTimeout(resolve, 10));
    going.abort();
    await Promise.all([...readers, writer]);

    expect(wrong).toEqual([]);
    expect(whileBuilding).toBeGreaterThan(0);
    expect(former.every(({ version }) => version < 1_000)).toBe(true);
    for (const path of fixed) expect((await server.get(path)).text).toBe(expected.get(path));
    process.stdout.write(`three new versions built and switched to: ${String(asked)} rounds of questions, ${String(given - total)} tasks given meanwhile\n`);
  }, 120_000);

  it('leaves the former ones until they are dropped by command, and goes on without them', async () => {
    const dropped = await server.post('/projections/drop', {}, { 'X-Actor': 'admin' });
    expect(dropped.status).toBe(200);
    expect(dropped.text).toContain('figures');
    expect((await builds()).every(({ state }) => state === 'active')).toBe(true);
    const { total } = await server.ok<{ total: number }>('/tasks?limit=1');
    await server.restart();
    expect((await server.ok<{ total: number }>('/tasks?limit=1')).total).toBe(total);
  });
});
