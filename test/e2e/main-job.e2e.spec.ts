import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, clockFrom, parseInstant, startOfDay } from '#kernel';
import { READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { readModelRows } from '../support/dump.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { DEMO_NOW, demoList } from '../../apps/cli/src/demo.ts';
import { startDemoServer, type DemoServer } from '../support/demo-server.ts';

interface Figures {
  readonly cells: Record<string, number>;
  readonly parts: Record<string, number>;
  readonly flow: Record<string, number>;
  readonly total: number;
  readonly sentence: string;
  readonly parameters: Record<string, unknown>;
  readonly rates: readonly { code: string; numerator: number; denominator: number; text: string }[];
}
interface Item { readonly id: string; readonly code: string; readonly cell: string; readonly content: string; readonly documentNumber: string }
interface Page { readonly items: readonly Item[]; readonly total: number; readonly nextCursor: string | null }

let demo: DemoServer;
const THE_UNIT = 'unitId=thanh-tra-tinh&asOf=2020-11-28';

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${demo.url}/api/v1${path}`);
  expect([path, response.status]).toEqual([path, 200]);
  return (await response.json()) as T;
}

async function allOf(path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await get<Page>(`${path}&limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.nextCursor;
    expect(page.total).toBeGreaterThanOrEqual(items.length);
  }
  return items;
}

beforeAll(async () => {
  demo = await startDemoServer();
});
afterAll(async () => {
  await demo.stop();
});

describe('the 2020 case', () => {
  it('has 268 of 268 on time among matured, and 268 of 274 completed of all', async () => {
    const figures = await get<Figures>(`/figures?${THE_UNIT}`);
    expect(figures.cells).toEqual({ D1: 268, D2: 0, D3: 0, V1: 0, V2: 0, V3: 0, O1: 6, O2: 0, O3: 0, X: 0 });
    expect(figures.parts).toMatchObject({ D1a: 259, D1b: 9, carriedOver: 9, begunInPeriod: 265, reopenedInPeriod: 0 });
    expect(figures.flow).toEqual({ opening: 9, new: 265, transferredIn: 0, reopened: 0, closed: 268, out: 0, closing: 6 });
    expect(figures.total).toBe(274);
    const rate = (code: string): string => { const r = figures.rates.find((x) => x.code === code)!; return `${String(r.numerator)}/${String(r.denominator)} ${r.text}`; };
    expect([rate('R1'), rate('R2'), rate('R3'), rate('R4')]).toEqual(['268/268 100 %', '268/268 100 %', '268/274 97,81 %', '268/274 97,81 %']);
    expect(figures.sentence).toBe('Hoàn thành đúng hạn 268/268 việc đã đến hạn hoặc đã hoàn thành (100 %); tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn (tính đến hết ngày 28/11/2020).');
  });

  it('has 265 on time and three late when fixed dates do not move: rows 20, 74 and 119', async () => {
    const figures = await get<Figures>(`/figures?${THE_UNIT}&fixedDatePolicy=none`);
    expect([figures.cells['D1'], figures.cells['D2'], figures.cells['O1']]).toEqual([265, 3, 6]);
    const late = await allOf(`/figures/list?${THE_UNIT}&fixedDatePolicy=none&cell=D2`);
    const rows = readFileSync(demoList(), 'utf8').split('\n').filter((line) => late.some((item) => line.includes(`,${item.documentNumber},`) && line.includes(item.content))).map((line) => line.split(',')[0]);
    expect(rows).toEqual(['20', '74', '119']);
  });

  it('has 267 on time when only "trước ngày" stays', async () => {
    const figures = await get<Figures>(`/figures?${THE_UNIT}&fixedDatePolicy=all-but-before`);
    expect([figures.cells['D1'], figures.cells['D2']]).toEqual([267, 1]);
  });

  it('has 259, 9, 5 and 1 on the deadlines first given', async () => {
    const { cells } = await get<Figures>(`/figures?${THE_UNIT}&deadlineBasis=original`);
    expect([cells['D1'], cells['D2'], cells['O1'], cells['O2']]).toEqual([259, 9, 5, 1]);
  });

  it('gives every number a list of exactly the tasks counted, on the cut-off and on a day in June', async () => {
    for (const asOf of ['2020-11-28', '2020-06-30']) {
      const base = `unitId=thanh-tra-tinh&asOf=${asOf}`;
      const figures = await get<Figures>(`/figures?${base}`);
      const expectList = async (parameter: string, name: string, n: number): Promise<void> => {
        const items = await allOf(`/figures/list?${base}&${parameter}=${name}`);
        expect([asOf, name, new Set(items.map((item) => item.id)).size]).toEqual([asOf, name, n]);
      };
      for (const [cell, n] of Object.entries(figures.cells)) await expectList('cell', cell, n);
      for (const [part, n] of Object.entries(figures.parts)) await expectList('part', part, n);
      for (const [flow, n] of Object.entries(figures.flow)) await expectList('flow', flow, n);
      for (const rate of figures.rates) {
        await expectList('side=numerator&rate', rate.code, rate.numerator);
        await expectList('side=denominator&rate', rate.code, rate.denominator);
      }
    }
  });

  it('shows something else as known on the day itself, since some facts were keyed late', async () => {
    const then = await get<Figures>(`/figures?${THE_UNIT}&knownAt=2020-11-28`);
    const now = await get<Figures>(`/figures?${THE_UNIT}`);
    expect(then.cells['D1']!).toBeLessThan(now.cells['D1']!);
    expect(now.parts['backdated']!).toBeGreaterThan(0);
  });

  it('answers the same at the same position, named by number or by event', async () => {
    const now = await get<Figures>(`/figures?${THE_UNIT}`);
    const byPosition = await get<Figures>(`/figures?${THE_UNIT}&knownAt=position:${String(now.parameters['position'])}`);
    const byEvent = await get<Figures>(`/figures?${THE_UNIT}&knownAt=event:${String(now.parameters['lastEventId'])}`);
    expect([byPosition.cells, byPosition.parts]).toEqual([now.cells, now.parts]);
    expect([byEvent.cells, byEvent.parts]).toEqual([now.cells, now.parts]);
  });

  it('tells the story of a task in sentences', async () => {
    const [extended] = await allOf(`/figures/list?${THE_UNIT}&part=D1b`);
    const story = await get<{ items: { type: string; sentence: string }[] }>(`/tasks/${extended!.id}/events`);
    expect(story.items.map((e) => e.type).filter((type) => type !== 'TaskBecameOverdue')).toEqual(['TaskAssigned', 'ExtensionGranted', 'CompletionSubmitted', 'TaskCompleted']);
    expect(story.items.find((e) => e.type === 'ExtensionGranted')!.sentence).toMatch(/^Cho gia hạn, hạn hết ngày \d\d\/\d\d\/2020; căn cứ: Công văn/);
  });

  it('finds a task without tone marks and by its document number typed any way', async () => {
    expect((await get<Page>('/tasks?q=khoang san lam vat lieu')).total).toBeGreaterThan(0);
    expect((await get<Page>('/tasks?documentNumber=Số 3994 / qđ-ubnd')).total).toBeGreaterThan(1);
  });

  it('serves a description of all of it', async () => {
    const { paths } = await get<{ paths: Record<string, unknown> }>('/openapi.json');
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/v1/figures', '/api/v1/figures/list', '/api/v1/tasks', '/api/v1/tasks/{id}/completion-confirmations', '/api/v1/units', '/api/v1/deadlines/read']));
  });
});

describe('the same data later and after losses', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nhacviec-later-'));
    cpSync(demo.folder, folder, { recursive: true });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes out byte for byte the same when the read models are deleted', async () => {
    const clock = clockFrom(parseInstant(DEMO_NOW)!);
    const before = await openRuntime({ dataDir: folder, clock });
    const dump = await readModelRows(before);
    await before.close();
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, READ_MODEL_FILE + end), { force: true });
    const after = await openRuntime({ dataDir: folder, clock });
    expect((await readModelRows(after)) === dump).toBe(true);
    await after.projector.rebuild(undefined);
    expect((await readModelRows(after)) === dump).toBe(true);
    await after.close();
    expect(dump.length).toBeGreaterThan(100_000);
  });

  it('has rows 14, 256, 265 and 270 overdue on 16/12/2020, each recorded once, also after ten restarts', async () => {
    const clock = new ManualClock(startOfDay('2020-12-16') + 9 * 3_600_000);
    for (let restart = 0; restart < 11; restart++) {
      const runtime = await openRuntime({ dataDir: folder, clock });
      await runtime.start();
      const overdue = await runtime.board.byIds(runtime.columns.page({ at: clock.now(), known: null }, (cell) => cell === 'O2').items.map((task) => task.taskId));
      expect(overdue.map((task) => task.documentNumber).sort()).toEqual(rowsOf(['14', '256', '265', '270']).map((row) => row.split(',')[1]!).sort());
      for (const task of overdue) {
        const events = await runtime.log.readStream(`task-${task.id}`);
        const passed = events.filter((event) => event.type === 'TaskBecameOverdue');
        expect([task.code, passed.length]).toEqual([task.code, 1]);
      }
      await runtime.close();
    }
  });
});

function rowsOf(numbers: readonly string[]): string[] {
  return readFileSync(demoList(), 'utf8').split('\n').filter((line) => numbers.includes(line.split(',')[0]!));
}

describe('the command line', () => {
  it('answers figures as JSON equal to HTTP', async () => {
    const http = await get<Figures>(`/figures?${THE_UNIT}`);
    const run = execFileSync(process.execPath, ['apps/cli/launch.mjs', 'figures', '--data', demo.folder, '--unit', 'thanh-tra-tinh', '--as-of', '2020-11-28', '--json'], { encoding: 'utf8', env: { ...process.env, NHACVIEC_NOW: DEMO_NOW, NODE_OPTIONS: '' } });
    const { cells, parts } = JSON.parse(run) as Figures;
    expect([cells, parts]).toEqual([http.cells, http.parts]);
  });
});
