import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CELLS } from '#figures';
import { inN, naiveMembers } from '#figures/naive.features';
import { addDays, dayOf, daysBetween, endOfDay, isoInstant, startOfDay, type Day } from '#kernel';
import { foldAt, repair, type Task, type TaskFact } from '#tasks';
import { LIVES_DAYS, LIVES_FROM, logArb } from '#tasks/lives.features';
import { DEMO_NOW, playDemo } from '../../apps/cli/src/demo.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { FULL } from '../support/rounds.ts';
import { instant, TestServer } from '../support/server.ts';
import { readLog, writeTold, type ReadLog, type ToldUnitFact } from '../support/told-log.ts';

/* The dashboard over HTTP: every number is the length of its list, says what the figures say, and what folding the log anew says. */

interface Item { readonly id: string; readonly leadUnitId: string; readonly cell: string; readonly daysLate: number | null; readonly dueOn: string | null }
type Row = Readonly<Record<string, any>>;

const SETS: Readonly<Record<string, { readonly start: () => Promise<TestServer>; readonly points: readonly string[] }>> = {
  'the demo of 2020': {
    start: () => TestServer.start(instant(DEMO_NOW), async (dataDir) => { await playDemo(dataDir); }),
    points: ['', 'asOf=2020-09-30', 'asOf=2020-11-28&knownAt=2020-11-28'],
  },
  // Asked a month after it ends, so that much of it is overdue.
  'a generated history': {
    start: () => TestServer.start(instant('2026-12-10T08:00:00+07:00'), async (dataDir) => { await writeHistory({ folder: dataDir, units: 65, tasks: FULL ? 5_000 : 1_000, seed: 1, now: '2026-11-22T08:00:00+07:00' }); }),
    points: ['', 'asOf=2026-08-15', 'asOf=2026-10-31&knownAt=2026-10-30'],
  },
};

/** Numbers and the lists behind them, of one answer. */
function numbersOf({ tiles, ageing, weeks, all, exceptions }: Row): [path: string, count: number][] {
  const { overdue, dueSoon, onTime90, extended, waiting } = tiles;
  const some: [string, number][] = [
    ['overdue', overdue.count], ['overdue-over-30', overdue.over30], ['due-3', dueSoon.in3], ['due-7', dueSoon.in7], ['due-7-no-update', dueSoon.in7NoUpdate], ['on-time-90', onTime90.numerator], ['matured-90', onTime90.denominator],
    ['extended', extended.tasks], ['waiting-extension', waiting.extensions], ['waiting-completion', waiting.completions], ['waiting-explanation', waiting.explanations], ['waiting-return', waiting.returns], ['waiting', waiting.total],
    ['load-later', all.later], ['all', all.total], ['open', ['O1', 'O2', 'O3'].reduce((sum, cell) => sum + Number(all.cells[cell]), 0)],
  ];
  for (const { key, count } of ageing) some.push([`age-${String(key)}`, count]);
  for (const { from, due } of all.load) some.push([`load&week=${String(from)}`, due]);
  for (const { code, count } of exceptions.rules) some.push([code, count]);
  // Every fifth week and the last; all of them in the long run.
  for (const { from, assigned, completed, overdueStock } of (weeks as Row[]).filter((_, n) => FULL || n % 5 === 0) as any[]) some.push([`assigned-week&week=${String(from)}`, assigned], [`completed-week&week=${String(from)}`, completed], [`overdue-at&week=${String(from)}`, overdueStock]);
  return some;
}

for (const [name, { start, points }] of Object.entries(SETS)) {
  describe(`the dashboard of ${name}`, () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await start();
      await server.caughtUp();
    });
    afterAll(() => server.stop());

    it.each(points)('has behind each of its numbers a list just as long, without a task twice (%s)', async (point) => {
      const answer = await server.ok(`/dashboard?${point}`);
      const at = point.includes('asOf') ? point : `asOf=${encodeURIComponent(answer.asOf)}`;
      const numbers = numbersOf(answer);
      const seen = new Map<string, number>();
      for (const [what, count] of numbers) {
        const items = await server.all<Item>(`/dashboard/list?${at}&what=${what}`);
        expect([what, items.length, new Set(items.map(({ id }) => id)).size]).toEqual([what, count, count]);
        seen.set(what, count);
      }
      expect(numbers.length).toBeGreaterThan(45);
      // Each of the first units too.
      for (const row of answer.units.slice(0, 3)) {
        const of = `/dashboard/list?${at}&unitId=${String(row.unitId)}&limit=1&what=`;
        for (const [what, count] of [['overdue', row.overdue], ['due-7', row.dueSoon], ['extended', row.extended], ['load-later', row.later], [`load&week=${String(row.load[1].from)}`, row.load[1].due]]) {
          expect([what, (await server.ok(`${of}${String(what)}`)).total]).toEqual([what, count]);
        }
      }
      const rules = await server.ok(`/dashboard/exceptions?${at}&limit=200`);
      expect([rules.total, new Set(rules.items.map(({ id }: Item) => id)).size]).toEqual([answer.exceptions.total, Math.min(200, rules.total)]);
      for (const { code, count } of answer.exceptions.rules) {
        const { items, total } = await server.ok(`/dashboard/exceptions?${at}&rules=${String(code)}&limit=200`);
        expect([code, total, items.every((item: Row) => item['why'].length === 1 && item['why'][0].rule === code)]).toEqual([code, count, true]);
      }
    });

    it.each(points)('says what the figures say: cells, units, weeks, and its own sums (%s)', async (point) => {
      const answer = await server.ok(`/dashboard?${point}`);
      const at = point.includes('asOf') ? point : `asOf=${encodeURIComponent(answer.asOf)}`;
      const figures = await server.ok(`/figures?${at}&groupBy=unit`);
      const { all, units, tiles, ageing, weeks } = answer;
      expect(all.cells).toEqual(figures.cells);
      expect(Object.fromEntries(units.map((row: Row) => [row['unitId'], row['cells']]))).toEqual(Object.fromEntries(figures.groups.filter((group: Row) => group['total'] > 0).map((group: Row) => [group['key'], group['cells']])));
      const r2 = (rates: readonly Row[]): unknown[] => { const rate = rates.find(({ code }) => code === 'R2')!; return [rate['numerator'], rate['denominator'], rate['text']]; };
      expect([all.onTime.numerator, all.onTime.denominator, all.onTime.text]).toEqual(r2(figures.rates));
      const sum = (of: (row: Row) => number): number => units.reduce((total: number, row: Row) => total + of(row), 0);
      for (const cell of CELLS) expect([cell, sum((row) => row['cells'][cell])]).toEqual([cell, all.cells[cell]]);
      expect([sum((row) => row['overdue']), tiles.overdue.count, sum((row) => row['overdueWeeks'].at(-1)), weeks.at(-1).overdueStock]).toEqual(Array.from({ length: 4 }, () => all.cells.O2));
      expect([sum((row) => row['dueSoon']), sum((row) => row['extended'])]).toEqual([tiles.dueSoon.in7, tiles.extended.tasks]);
      expect(ageing.reduce((total: number, { count }: Row) => total + (count as number), 0)).toBe(all.cells.O2);
      for (const row of [all, ...units]) expect(row.load.reduce((total: number, { due }: Row) => total + Number(due), Number(row.later))).toBe(row.cells.O1);
      expect(all.overdueWeeks).toEqual(weeks.slice(-12).map((week: Row) => week['overdueStock']));
      const before = await server.ok(`/figures?asOf=${encodeURIComponent(answer.since.asOf)}${answer.since.knownAt === null ? '' : `&knownAt=${String(answer.since.knownAt)}`}`);
      expect(tiles.overdue.since).toBe(before.cells.O2);
      const [, known = ''] = /(&knownAt=.*)/.exec(at) ?? [];
      for (const { from, to, assigned, completed, overdueStock } of [weeks[0], weeks[9], weeks[24], weeks[25]]) {
        const end = to > dayOf(instantOf(answer.asOf)) ? answer.asOf : to;
        const week = await server.ok(`/figures?from=${String(from)}&to=${String(to)}&asOf=${encodeURIComponent(end)}${known}`);
        expect([from, assigned, completed, overdueStock]).toEqual([from, week.flow.new, week.flow.closed, week.cells.O2]);
      }
      // Sorted as it says: overdue, then age, then name.
      const keys = units.map((row: Row) => [-row['overdue'], -(row['oldestDays'] ?? -1)]);
      expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
    });

    it('of one unit is its row of the whole, and of starred and other tasks together the whole', async () => {
      const { asOf, units, all } = await server.ok('/dashboard');
      const at = `asOf=${encodeURIComponent(asOf)}`;
      const [row] = units;
      const own = await server.ok(`/dashboard?${at}&unitId=${String(row.unitId)}`);
      expect({ ...own.all, hasSubunits: row.hasSubunits }).toEqual(row);
      const [stars, others] = [await server.ok(`/dashboard?${at}&starred=true`), await server.ok(`/dashboard?${at}&starred=false`)];
      for (const cell of CELLS) expect([cell, Number(stars.all.cells[cell]) + Number(others.all.cells[cell])]).toEqual([cell, all.cells[cell]]);
    });

    it('of a document, a field, and the starred tasks says what the figures of the same tasks say, and its lists hold them', async () => {
      const [point = ''] = points.slice(1);
      const { items } = await server.ok(`/tasks?${point}&limit=200`);
      const { documentNumber, field } = (items as Row[]).find((item) => item['field'] !== null) ?? items[0];
      for (const only of [`documentNumber=${encodeURIComponent(documentNumber)}`, ...(field === undefined || field === null ? [] : [`field=${encodeURIComponent(field)}`]), 'starred=true', `starred=false&documentNumber=${encodeURIComponent(String(documentNumber).toLowerCase())}`]) {
        const answer = await server.ok(`/dashboard?${point}&${only}`);
        const figures = await server.ok(`/figures?${point}&${only}&groupBy=unit`);
        expect([only, answer.all.cells, answer.all.total]).toEqual([only, figures.cells, figures.total]);
        const members = await server.all<Item>(`/dashboard/list?${point}&${only}&what=all`);
        expect([only, members.length]).toEqual([only, answer.all.total]);
        expect((await server.all<Item>(`/figures/list?${point}&${only}`)).map(({ id }) => id).sort()).toEqual(members.map(({ id }) => id).sort());
        for (const [what, count] of numbersOf(answer).filter((_, n) => FULL || n % 4 === 0)) expect([only, what, (await server.ok(`/dashboard/list?${point}&${only}&limit=1&what=${what}`)).total]).toEqual([only, what, count]);
        const explained = await server.ok(`/figures/explain?${point}&${only}&cell=O2`);
        expect([only, explained.value.count, explained.links.list.includes(only.split('&')[0]!)]).toEqual([only, figures.cells.O2, true]);
        const moved = await server.ok(`/figures/changes?${point}&${only}&sinceAsOf=${addDays(figures.parameters.asOf.slice(0, 10), -14)}&limit=1`);
        expect([only, moved.now.total]).toEqual([only, figures.total]);
        // What it says of the document is of its tasks alone.
        if (only.startsWith('documentNumber')) expect(new Set((members as unknown as Row[]).map((item) => item['documentNumber']))).toEqual(new Set(members.length === 0 ? [] : [documentNumber]));
      }
      expect((await server.ok(`/dashboard?${point}&documentNumber=khong-co/VB`)).all.total).toBe(0);
    });

    it('of a block of units is the sum of their rows, and the blocks together the whole; its figures and its lists say the same', async () => {
      const point = points[1]!;
      const { items: directory } = await server.ok('/units');
      const kinds = [...new Set((directory as Row[]).map((unit) => String(unit['kind'])))];
      const kindOf = new Map((directory as Row[]).map((unit) => [unit['id'], unit['kind']]));
      const whole = await server.ok(`/dashboard?${point}`);
      let total = 0;
      for (const kind of kinds) {
        const answer = await server.ok(`/dashboard?${point}&unitKind=${kind}`);
        const rows = (whole.units as Row[]).filter((row) => kindOf.get(row['unitId']) === kind);
        expect([kind, answer.units]).toEqual([kind, rows]);
        expect([kind, answer.all.total]).toEqual([kind, rows.reduce((sum, row) => sum + Number(row['total']), 0)]);
        expect([kind, (await server.ok(`/figures?${point}&unitKind=${kind}`)).cells]).toEqual([kind, answer.all.cells]);
        const listed = await server.all<Item>(`/tasks?${point}&unitKind=${kind}&cell=O1,O2,O3`);
        expect([kind, listed.every(({ leadUnitId }) => kindOf.get(leadUnitId) === kind), listed.length]).toEqual([kind, true, (await server.ok(`/dashboard/list?${point}&unitKind=${kind}&what=open&limit=1`)).total]);
        total += Number(answer.all.total);
      }
      expect([kinds.length > 1, total]).toEqual([true, whole.all.total]);
      expect((await server.ok(`/dashboard?${point}&unitKind=${kinds.join(',')}`)).units).toEqual(whole.units);
      // Of a unit and a block: the unit where it is of that kind, else nothing.
      const [row] = whole.units;
      const others = kinds.filter((kind) => kind !== kindOf.get(row.unitId));
      expect((await server.ok(`/dashboard?${point}&unitId=${String(row.unitId)}&unitKind=${String(kindOf.get(row.unitId))}`)).all.total).toBe(row.total);
      expect((await server.ok(`/dashboard?${point}&unitId=${String(row.unitId)}&unitKind=${others.join(',')}`)).all.total).toBe(0);
    });

    it.each(points.slice(1))('of the tasks that some of its numbers count is about these alone, each number still with its list (%s)', async (point) => {
      const whole = await server.ok(`/dashboard?${point}`);
      const figures = await server.ok(`/figures?${point}`);
      const members = new Map<string, Set<string>>();
      const of = async (what: string): Promise<Set<string>> => {
        const known = members.get(what) ?? new Set((await server.all<Item>(`/dashboard/list?${point}&what=${what.replace(/-(?=\d{4}-\d{2}-\d{2}$)/, '&week=')}`)).map(({ id }) => id));
        members.set(what, known);
        return known;
      };
      const everything = await of('all');
      // Of the weeks the fullest one ahead, and the ones behind in which most was assigned and done.
      const fullest = (weeks: Row[], of: string): string => weeks.reduce((a, b) => (b[of] > a[of] ? b : a))['from'];
      const ahead = fullest(whole.all.load, 'due');
      const weekly = [`load-${ahead}`, `assigned-week-${fullest(whole.weeks, 'assigned')}`, `completed-week-${fullest(whole.weeks, 'completed')}`, `overdue-at-${fullest(whole.weeks, 'overdueStock')}`];
      for (const only of ['overdue', 'in-time', 'done-late', 'waiting-completion', 'no-deadline', 'extended', 'due-7', 'matured-90', 'open,extended', 'extended,matured-90', ...weekly, `${weekly[1]!},in-time`]) {
        const sets = await Promise.all(only.split(',').map(of));
        const wanted = [...everything].filter((id) => sets.every((set) => set.has(id)));
        const answer = await server.ok(`/dashboard?${point}&only=${only}`);
        expect([only, (await server.all<Item>(`/dashboard/list?${point}&only=${only}&what=all`)).map(({ id }) => id).sort()]).toEqual([only, [...wanted].sort()]);
        expect([only, answer.all.total, (answer.units as Row[]).reduce((sum, row) => sum + Number(row['total']), 0)]).toEqual([only, wanted.length, wanted.length]);
        const narrow = await server.ok(`/figures?${point}&only=${only}`);
        expect([only, narrow.cells, narrow.total, narrow.balances.every(({ holds }: Row) => holds)]).toEqual([only, answer.all.cells, wanted.length, true]);
        for (const what of ['overdue', 'due-7', 'extended', 'waiting', 'age-8-30']) {
          const count = wanted.filter((id) => members.get(what)?.has(id) ?? false).length;
          if (members.has(what)) expect([only, what, (await server.ok(`/dashboard/list?${point}&only=${only}&what=${what}&limit=1`)).total]).toEqual([only, what, count]);
        }
        for (const [what, count] of numbersOf(answer).filter((_, n) => FULL || n % 4 === 0)) expect([only, what, (await server.ok(`/dashboard/list?${point}&only=${only}&limit=1&what=${what}`)).total]).toEqual([only, what, count]);
        expect([only, (await server.ok(`/dashboard/exceptions?${point}&only=${only}&limit=1`)).total]).toEqual([only, answer.exceptions.total]);
        // A rate of outcomes says nothing of tasks picked by their outcome, nor do the weeks: these stay those of the scope.
        expect([only, answer.tiles.onTime90, answer.weeks, answer.control]).toEqual([only, whole.tiles.onTime90, whole.weeks, whole.control]);
        const rates = new Map((whole.units as Row[]).map((row) => [row['unitId'], row['onTime']]));
        for (const row of answer.units as Row[]) expect([only, row['unitId'], row['onTime']]).toEqual([only, row['unitId'], rates.get(row['unitId'])]);
      }
      // Narrowed to one number it counts that number as before, at both points.
      for (const [only, tile] of [['overdue', 'overdue'], ['extended', 'extended'], ['waiting', 'waiting']] as const) {
        const { tiles } = await server.ok(`/dashboard?${point}&only=${only}`);
        expect([only, tiles[tile].count ?? tiles[tile].tasks ?? tiles[tile].total, tiles[tile].since]).toEqual([only, whole.tiles[tile].count ?? whole.tiles[tile].tasks ?? whole.tiles[tile].total, whole.tiles[tile].since]);
      }
      // A row and a week of it, or a part of its bar, is that unit narrowed; a week ahead is the same week at the comparison point, which has others ahead.
      const [most] = [...(whole.units as Row[])].sort((a, b) => b['total'] - a['total']);
      const own = `${point}&unitId=${String(most!['unitId'])}`;
      const { due } = (most!['load'] as Row[]).find(({ from }) => from === ahead) as any;
      expect([(await server.ok(`/dashboard?${own}&only=load-${ahead}`)).all.total, (await server.ok(`/dashboard?${own}&only=done-on-time`)).all.total]).toEqual([due, most!['cells'].D1]);
      const earlier = addDays(figures.parameters.asOf.slice(0, 10), -15);
      const then = (await server.all<Item>(`/dashboard/list?asOf=${earlier}&what=in-time`)).filter(({ dueOn }) => dueOn !== null && dueOn >= ahead && dueOn <= addDays(ahead, 6));
      expect((await server.all<Item>(`/dashboard/list?asOf=${earlier}&what=all&only=load-${ahead}`)).map(({ id }) => id).sort()).toEqual(then.map(({ id }) => id).sort());
      expect((await server.ok(`/dashboard?asOf=${earlier}&only=assigned-week-${addDays(ahead, 7)}`)).all.total).toBe(0);
      // Every cell is reached by one of the bar's parts.
      const parts = { 'done-on-time': ['D1'], 'done-late': ['D2'], 'in-time': ['O1'], overdue: ['O2'], 'waiting-completion': ['V1', 'V2', 'V3'], 'no-deadline': ['O3', 'D3'], suspended: ['X'] };
      for (const [only, cells] of Object.entries(parts)) expect([only, (await server.ok(`/figures?${point}&only=${only}`)).total]).toEqual([only, cells.reduce((sum, cell) => sum + Number(figures.cells[cell]), 0)]);
      const moved = await server.ok(`/figures/changes?${point}&only=overdue&sinceAsOf=${addDays(figures.parameters.asOf.slice(0, 10), -30)}&limit=1`);
      expect([moved.now.total, moved.since.total, moved.cells.O2.after]).toEqual([figures.cells.O2, moved.cells.O2.before, figures.cells.O2]);
    });

    it('gives the same bytes for the same point, however often it is asked', async () => {
      const point = points[2]!;
      const texts = new Set([await server.get(`/dashboard?${point}`), await server.get(`/dashboard?${point}`), await server.get(`/dashboard?${point}&organisedAs=was`)].map(({ text }) => text));
      expect(texts.size).toBe(1);
    });
  });
}

const instantOf = (asOf: string): number => (asOf.length === 10 ? endOfDay(asOf) - 1 : instant(asOf));

describe('the dashboard of random lives, against the log folded anew', () => {
  let server: TestServer;
  let log: ReadLog;
  const KIND_OF: Readonly<Record<string, string>> = { a: 'so', b: 'so', c: 'xa', d: 'ban' };
  const UNITS: readonly ToldUnitFact[] = ['a', 'b', 'c', 'd'].map((id): ToldUnitFact => ({ recordedAt: startOfDay(LIVES_FROM) + 1, event: { type: 'UnitEstablished', data: { id, name: `Đơn vị ${id.toUpperCase()}`, shortName: id.toUpperCase(), kind: KIND_OF[id]!, establishedOn: '2019-01-01' } } }));
  beforeAll(async () => {
    const told = fc.sample(logArb(4, 60), { seed: 20_201_128, numRuns: FULL ? 120 : 40 });
    const last = Math.max(...told.flatMap(({ log: entries }) => entries.map(({ fact }) => fact.recordedAt)));
    server = await TestServer.start(Math.max(last, startOfDay(addDays(LIVES_FROM, 90))) + 86_400_000, (dataDir, clock) => writeTold(dataDir, clock, told, UNITS));
    await server.caughtUp();
    log = await readLog(server.runtime.log);
  });
  afterAll(() => server.stop());

  interface Folded { readonly id: string; readonly unitId: string; readonly cell: string; readonly due: Day | null; readonly state: Task; readonly facts: readonly TaskFact[] }

  /** Tasks of N with their state, by folding. */
  function folded(day: Day, known: bigint): Folded[] {
    const at = endOfDay(day) - 1;
    return naiveMembers(log.tasks, { at, known, p0: startOfDay('2019-12-15'), p1: startOfDay('2020-12-15'), cohort: 'C2', basis: 'current' }).filter(inN).map(({ taskId, unitId, cell, deadline }) => {
      const heard = log.tasks.find((task) => task.taskId === taskId)!.facts.filter(({ position }) => position <= known);
      return { id: taskId, unitId, cell, due: deadline.kind === 'none' ? null : deadline.dueOn, state: foldAt(heard, at) as Task, facts: repair(heard).effective.filter((fact) => fact.occurredAt <= at) };
    });
  }

  it('tells at two times the same tasks to be waiting, sent back, extended, without word, and overdue for as long', async () => {
    const seen: Record<string, number> = {};
    for (const back of [0, 3, 8, 14, 30]) {
      for (const knownBack of [0, 6]) {
        const day = addDays(LIVES_FROM, LIVES_DAYS + 20 - back);
        const recordedBy = endOfDay(addDays(day, -knownBack));
        const known = log.recorded.filter(({ recordedAt }) => recordedAt < recordedBy).at(-1)?.position ?? 0n;
        const tasks = folded(day, known);
        const stale = endOfDay(day) - 1 - 14 * 86_400_000;
        const goesOn = ({ state }: Folded): boolean => state.work === 'open' || state.work === 'submitted';
        const tells = /^(Task(Assigned|Received|Transferred|Resumed|Reopened)|ProgressReported|ExtensionRequested|ReturnProposed|Completion(Submitted|Refused)|ExplanationGiven)$/;
        const updated = ({ facts }: Folded): number => Math.max(...facts.filter(({ type }) => tells.test(type)).map(({ occurredAt }) => occurredAt));
        const late = ({ cell, due }: Folded): number => (cell === 'O2' ? daysBetween(due!, day) : -1);
        const expected: Record<string, (task: Folded) => boolean> = {
          'waiting-extension': (task) => goesOn(task) && task.state.pendingExtension !== undefined,
          'waiting-return': (task) => goesOn(task) && task.state.pendingReturn !== undefined,
          'waiting-completion': ({ state }) => state.work === 'submitted',
          returned: ({ state, facts }) => state.work === 'open' && facts.findLast(({ type }) => ['CompletionRefused', 'TaskReopened', 'TaskTransferred'].includes(type))?.type === 'CompletionRefused',
          'no-update-14': (task) => task.state.work === 'open' && updated(task) < stale,
          overdue: ({ cell }) => cell === 'O2',
          'age-1-7': (task) => late(task) >= 0 && late(task) <= 7,
          'age-8-30': (task) => late(task) >= 8 && late(task) <= 30,
        };
        for (const [what, test] of Object.entries(expected)) {
          const items = await server.all<Item>(`/dashboard/list?asOf=${day}&knownAt=position:${String(known)}&what=${what}`);
          const wanted = tasks.filter(test);
          expect([what, day, items.map(({ id }) => id).sort()]).toEqual([what, day, wanted.map(({ id }) => id).sort()]);
          seen[what] = (seen[what] ?? 0) + wanted.length;
        }
        // Of a block, and of the tasks that two numbers count: cells, units and ages are those of the tasks that folding finds.
        for (const [only, test] of [['overdue', expected['overdue']!], ['no-update-14,overdue', (task: Folded) => expected['no-update-14']!(task) && expected['overdue']!(task)], ['waiting-completion', expected['waiting-completion']!]] as const) {
          for (const kinds of ['so', 'ban,xa']) {
            const wanted = tasks.filter((task) => test(task) && kinds.split(',').includes(KIND_OF[task.unitId]!));
            const ask = `asOf=${day}&knownAt=position:${String(known)}&only=${only}&unitKind=${kinds}`;
            const told = await server.ok(`/dashboard?${ask}`);
            for (const cell of CELLS) expect([ask, cell, told.all.cells[cell]]).toEqual([ask, cell, wanted.filter((task) => task.cell === cell).length]);
            const byUnit = new Map<string, number>();
            for (const { unitId } of wanted) byUnit.set(unitId, (byUnit.get(unitId) ?? 0) + 1);
            expect([ask, told.units.map((row: Row) => [row['unitId'], row['total']]).sort()]).toEqual([ask, [...byUnit].sort()]);
            expect([ask, (await server.ok(`/figures?${ask}`)).cells]).toEqual([ask, told.all.cells]);
            seen[`${only} of ${kinds}`] = (seen[`${only} of ${kinds}`] ?? 0) + wanted.length;
          }
        }
        const oldest = new Map<string, number>();
        for (const task of tasks) if (task.cell === 'O2') oldest.set(task.unitId, Math.max(oldest.get(task.unitId) ?? -1, late(task)));
        const { units } = await server.ok(`/dashboard?asOf=${day}&knownAt=position:${String(known)}`);
        expect(units.filter((row: Row) => row['overdue'] > 0).map((row: Row) => [row['unitId'], row['oldestDays']]).sort()).toEqual([...oldest].sort());
      }
    }
    expect(Object.entries(seen).filter(([, n]) => n < 3)).toEqual([]);
  });
});

describe('what a leader decides', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
    for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', { id, name: id, shortName: id.slice(0, 16), kind: 'so' }, 'admin');
  });
  afterAll(() => server.stop());
  const assign = async (leadUnitId: string, date: Day): Promise<string> =>
    (await server.done<{ id: string }>('/tasks', { document: { number: '10/UBND', date: '2020-11-13', issuer: 'UBND tỉnh', title: 't' }, content: `Báo cáo ${date}`, authority: 'chu-tich', leadUnitId, assignedOn: '2020-11-16', deadline: { date } })).id;
  const rulesOf = async (id: string): Promise<string[]> => (await server.ok('/dashboard/exceptions')).items.find((item: Item) => item.id === id)?.why.map(({ words }: { words: string }) => words) ?? [];

  const deskOf = async (actor: string): Promise<unknown> => (await server.get('/desk', actor)).body.items.map(({ id, waits }: Row) => [id, waits.map(({ kind, text }: Row) => [kind, text])]);

  it('is counted until it is decided, and each reason says why in words', async () => {
    const first = await assign('so-y-te', '2020-11-18');
    const second = await assign('so-noi-vu', '2020-11-25');
    const waiting = async (): Promise<unknown> => (await server.ok('/dashboard')).tiles.waiting;
    expect(await rulesOf(first)).toEqual(['đến hạn 18/11/2020, chưa báo tiến độ']);
    await server.done(`/tasks/${first}/progress`, { note: 'đang làm', percent: 40 });
    expect(await rulesOf(first)).toEqual(['đến hạn 18/11/2020, tiến độ 40 %']);
    await server.done(`/tasks/${first}/progress`, { note: 'gần xong', percent: 80 });
    expect(await rulesOf(first)).toEqual([]);
    for (const date of ['2020-11-20', '2020-11-23']) {
      await server.done(`/tasks/${first}/extension-requests`, { reason: 'chờ số liệu', deadline: { date } });
      expect(await waiting()).toMatchObject({ extensions: 1, total: 1 });
      expect(await deskOf('leader')).toEqual([[first, [['extension', 'chờ số liệu']]]]);
      await server.done(`/tasks/${first}/extension-grants`, { deadline: { date } });
    }
    expect(await waiting()).toMatchObject({ extensions: 0, total: 0 });
    expect(await rulesOf(first)).toEqual(['đã gia hạn 2 lần, thêm 5 ngày']);
    expect((await server.ok('/dashboard')).tiles.extended).toEqual({ tasks: 1, times: 2, daysAdded: 5, since: 0 });

    const { code } = await server.ok(`/tasks/${first}`);
    await server.done(`/tasks/${second}/progress`, { note: 'chờ', percent: 60, blockedBy: `chờ ${String(code)} của Sở Y tế` });
    expect(await rulesOf(second)).toEqual([]);
    await server.advance('2020-11-24T08:00:00+07:00');
    expect(await rulesOf(second)).toEqual([`chờ ${String(code)} đang quá hạn`]);
    expect(await rulesOf(first)).toEqual(['quá hạn lâu nhất của đơn vị: 1 ngày', 'đã gia hạn 2 lần, thêm 5 ngày']);

    await server.done(`/tasks/${first}/explanation-requests`, { question: 'vì sao?' });
    expect(await waiting()).toMatchObject({ explanations: 0 });
    await server.done(`/tasks/${first}/explanations`, { answer: 'vì mưa lũ' });
    expect(await waiting()).toMatchObject({ explanations: 1, total: 1 });
    await server.done(`/tasks/${first}/urge`);
    expect(await waiting()).toMatchObject({ explanations: 0, total: 0 });

    await server.done(`/tasks/${first}/completion-submissions`, { resultDocument: { number: '5/BC', date: '2020-11-24' } });
    expect(await waiting()).toMatchObject({ completions: 1, total: 1 });
    expect(await rulesOf(second)).toEqual([]);
    expect(await deskOf('leader')).toEqual([[first, [['confirm', null]]]]);
    await server.done(`/tasks/${first}/completion-refusals`, { reason: 'chưa đạt' });
    expect(await deskOf('leader')).toEqual([]);
    expect(await deskOf('unit:so-y-te')).toEqual([[first, [['redo', 'chưa đạt'], ['overdue', null]]]]);
    expect(await rulesOf(first)).toEqual(['quá hạn lâu nhất của đơn vị: 1 ngày', 'đã gia hạn 2 lần, thêm 5 ngày', 'bị trả lại ngày 24/11/2020, chưa báo cáo lại']);

    const { sentence, since } = await server.ok('/dashboard?sinceAsOf=2020-11-23');
    expect(sentence.map(({ text }: Row) => text as string).join('')).toBe('Có 1 nhiệm vụ quá hạn (tăng 1 so với ngày 23/11/2020); 1 nhiệm vụ đến hạn trong 7 ngày làm việc tới, đều có cập nhật trong 14 ngày.');
    expect(sentence.filter(({ what }: Row) => what !== undefined)).toEqual([{ text: '1', what: 'overdue' }, { text: '1', what: 'due-7' }]);
    expect(since).toEqual({ asOf: '2020-11-23', knownAt: null, by: 'asked', words: 'so với ngày 23/11/2020' });

    // The past stays: on 18/11 nothing was overdue, and the request was not known on the day before it was made.
    const past = await server.ok('/dashboard?asOf=2020-11-17');
    expect([past.tiles.overdue.count, past.tiles.extended.times]).toEqual([0, 2]);
    expect((await server.ok('/dashboard?asOf=2020-11-16&knownAt=position:3')).tiles.extended.times).toBe(0);
  });

  it('compares with the last meeting where no other point is asked for, as long as it is known to be over and not long ago', async () => {
    const by = async (query = ''): Promise<unknown> => { const { since } = await server.ok(`/dashboard${query}`); return [since.by, since.asOf]; };
    const now = server.clock.now();
    const cutOff = isoInstant(now - 3_600_000);
    expect(await by('?asOf=2020-11-20')).toEqual(['week', '2020-11-13']);
    const { id, position } = await server.done('/briefings', { name: 'Giao ban', cutOff });
    expect((await by() as string[])[0]).toBe('week');
    const closed = await server.done(`/briefings/${id as string}/close`);
    expect(await by()).toEqual(['meeting', cutOff]);
    const { sentence } = await server.ok('/dashboard');
    expect(sentence.map(({ text }: Row) => text as string).join('')).toContain('so với giao ban trước');
    // Neither before it, nor as known before it was closed, nor where a point is asked for, nor more than a month later.
    expect(await by('?asOf=2020-11-20')).toEqual(['week', '2020-11-13']);
    expect((await by(`?knownAt=position:${String(position)}`) as string[])[0]).toBe('week');
    expect((await by(`?knownAt=position:${String(closed.position)}`) as string[])[0]).toBe('meeting');
    expect(await by('?sinceAsOf=2020-11-23')).toEqual(['asked', '2020-11-23']);
    server.clock.set(now + 32 * 86_400_000);
    expect((await by() as string[])[0]).toBe('week');
    server.clock.set(now);
  });

  it('refuses wrong parameters by name', async () => {
    const refused = async (path: string): Promise<unknown> => { const { status, body } = await server.get(path); return [status, body.errors[0].pointer ?? body.code]; };
    expect(await refused('/dashboard?unitId=khong-co')).toEqual([422, '?unitId']);
    expect(await refused('/dashboard?scope=both')).toEqual([400, '?scope']);
    expect(await refused('/dashboard?starred=perhaps')).toEqual([400, '?starred']);
    expect(await refused('/dashboard?unitKind=khong-co')).toEqual([422, '?unitKind']);
    expect(await refused('/tasks?unitKind=khong-co')).toEqual([422, '?unitKind']);
    expect(await refused('/dashboard?only=overdue,everything')).toEqual([400, '?only']);
    expect(await refused('/figures?only=load')).toEqual([400, '?only']);
    expect(await refused('/dashboard?only=overdue,load-2020-11-17')).toEqual([400, '?only']);
    expect(await refused('/dashboard?asOf=2020-02-31')).toEqual([422, '?asOf']);
    expect(await refused('/dashboard?sinceAsOf=hôm-qua')).toEqual([400, '?sinceAsOf']);
    expect(await refused('/dashboard?sinceKnownAt=position:999999')).toEqual([400, '?sinceKnownAt']);
    expect(await refused('/dashboard?cohort=C1')).toEqual([400, '/cohort']);
    expect(await refused('/dashboard/list?what=everything')).toEqual([400, '?what']);
    expect(await refused('/dashboard/list?what=load')).toEqual([422, '?week']);
    expect(await refused('/dashboard/list?what=load&week=2020-11-17')).toEqual([422, '?week']);
    expect(await refused('/dashboard/list?what=overdue&sort=name')).toEqual([400, '?sort']);
    expect(await refused('/dashboard/list?what=overdue&limit=0')).toEqual([400, '?limit']);
    expect(await refused('/dashboard/exceptions?rules=overdue')).toEqual([400, '?rules']);
    expect(await refused('/dashboard/exceptions?rules=')).toEqual([400, '?rules']);
  });

  it('is nothing of a unit without tasks: all zero, and every list there', async () => {
    await server.done('/units', { id: 'so-moi', name: 'Sở mới', shortName: 'Sở mới', kind: 'so' }, 'admin');
    const answer = await server.ok('/dashboard?unitId=so-moi');
    expect(answer.tiles.overdue).toEqual({ count: 0, since: 0, over30: 0, oldestDays: null, medianDays: null, noneSince: null });
    expect([answer.units, answer.all.total, answer.ageing.length, answer.weeks.length, answer.control.mean, answer.tiles.onTime90.text]).toEqual([[], 0, 4, 26, null, 'không phát sinh']);
    expect(answer.sentence.map(({ text }: Row) => text as string).join('')).toBe('Không có nhiệm vụ quá hạn; không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.');
  });
});

