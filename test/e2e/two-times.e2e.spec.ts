import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIXED_DATE_POLICIES } from '#deadlines';
import { CELLS, FLOWS, OUT_REASONS, PARTS, RATES, sumCounts, type Counts, type FiguresQuery, type GroupBy } from '#figures';
import { groupOf, inN, naiveCounts, naiveMembers, type Member } from '#figures/naive.features';
import { addDays, atTime, endOfDay, isoInstant, startOfDay, type Day, type Instant } from '#kernel';
import { LIVES_DAYS, LIVES_FROM, logArb } from '#tasks/lives.features';
import { naiveScope, naiveSuccessor, readLog, writeTold, type ReadLog, type ToldUnitFact } from '../support/told-log.ts';
import { TestServer } from '../support/server.ts';

/*
 * Figures over HTTP at random pairs of times, against a reference that folds the log anew for each question (libs/figures/src/naive.features.ts)
 * and knows units by going through their facts (test/support/told-log.ts). Lives are random and legal; they lie in a real log on disk.
 */

const FULL = process.env['NHACVIEC_FULL'] !== undefined;
const QUESTIONS = FULL ? 2_400 : 200;
const SEED = 20_201_128;
const MIDDLE = addDays(LIVES_FROM, 9);
const recorded = (day: Day, time: string): Instant => atTime(day, time);

const established = (id: string, parentId?: string): ToldUnitFact => ({ recordedAt: recorded(LIVES_FROM, '08:00'), event: { type: 'UnitEstablished', data: { id, name: `Đơn vị ${id.toUpperCase()}`, shortName: id.toUpperCase(), kind: 'so', establishedOn: '2019-01-01', ...(parentId === undefined ? {} : { parentId }) } } });
/** Two trees of two; then c goes under the other root, b into c, and — known last — d away from its root. */
const UNIT_FACTS: readonly ToldUnitFact[] = [
  established('p'), established('q'), established('a', 'p'), established('b', 'p'), established('c', 'q'), established('d', 'q'),
  { recordedAt: recorded(MIDDLE, '08:00'), event: { type: 'UnitMoved', data: { id: 'c', on: addDays(LIVES_FROM, 6), parentId: 'p' } } },
  { recordedAt: recorded(addDays(MIDDLE, 2), '08:00'), event: { type: 'UnitMerged', data: { id: 'b', on: MIDDLE, intoUnitId: 'c' } } },
  { recordedAt: recorded(addDays(MIDDLE, 5), '08:00'), event: { type: 'UnitMoved', data: { id: 'd', on: addDays(LIVES_FROM, 3), parentId: null } } },
];

/** Periods by name, written out by hand from domain.md §5. */
const PERIODS: Readonly<Record<string, readonly [Day, Day]>> = {
  '2020': ['2019-12-15', '2020-12-14'], '2020-H1': ['2019-12-15', '2020-06-14'], '2020-9M': ['2019-12-15', '2020-09-14'], '2020-Q1': ['2019-12-15', '2020-03-14'], '2020-Q2': ['2020-03-15', '2020-06-14'],
  '2020-03': ['2020-02-15', '2020-03-14'], '2020-04': ['2020-03-15', '2020-04-14'], '2020-cal': ['2020-01-01', '2020-12-31'], '2020-03-cal': ['2020-03-01', '2020-03-31'], '2020-Q1-cal': ['2020-01-01', '2020-03-31'],
};

type Known = { readonly by: 'day' | 'instant' | 'position' | 'event'; readonly n: number };
interface Asked {
  readonly days: readonly [Day, Day, Day];
  /** `range`, `default`, or one of PERIODS. */
  readonly period: string;
  readonly moment: 'day' | '00:00' | '10:00' | '16:00' | '10:00:00.001' | '15:59:59.999';
  readonly known: Known | undefined;
  readonly cohort: 'C1' | 'C2' | 'C3' | undefined;
  readonly basis: 'current' | 'original' | undefined;
  readonly policy: (typeof FIXED_DATE_POLICIES)[number] | undefined;
  readonly groupBy: GroupBy | undefined;
  readonly unit: { readonly id: string; readonly scope: 'self' | 'tree' | undefined } | undefined;
  readonly organisedAs: 'was' | 'is' | undefined;
  readonly authority: string | undefined;
  readonly field: string | undefined;
  readonly pick: number;
}

const dayArb = fc.noBias(fc.nat({ max: LIVES_DAYS + 8 })).map((n) => addDays(LIVES_FROM, n));
const seldom = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb });
const number = fc.noBias(fc.nat({ max: 0xffffff }));
const askedArb: fc.Arbitrary<Asked> = fc.record({
  days: fc.tuple(dayArb, dayArb, dayArb).map((days) => [...days].sort() as [Day, Day, Day]),
  period: fc.oneof({ weight: 3, arbitrary: fc.constant('range') }, { weight: 1, arbitrary: fc.constant('default') }, { weight: 3, arbitrary: fc.constantFrom(...Object.keys(PERIODS)) }),
  moment: fc.constantFrom('day', 'day', 'day', '00:00', '10:00', '16:00', '10:00:00.001', '15:59:59.999'),
  known: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: fc.record({ by: fc.constantFrom('day' as const, 'instant' as const, 'position' as const, 'event' as const), n: number }) }),
  cohort: fc.constantFrom(undefined, 'C1' as const, 'C2' as const, 'C3' as const),
  basis: fc.constantFrom(undefined, 'current' as const, 'original' as const),
  policy: fc.option(fc.constantFrom(...FIXED_DATE_POLICIES), { nil: undefined }),
  groupBy: fc.constantFrom<GroupBy | undefined>(undefined, 'unit', 'authority', 'field', 'month'),
  unit: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.record({ id: fc.constantFrom('p', 'q', 'a', 'b', 'c', 'd'), scope: fc.constantFrom(undefined, 'self' as const, 'tree' as const, 'tree' as const) }) }),
  organisedAs: fc.constantFrom(undefined, 'was' as const, 'is' as const),
  authority: seldom(fc.constantFrom('chu-tich', 'ubnd-tinh', 'thu-tuong', 'all')),
  field: seldom(fc.constantFrom('x', 'y')),
  pick: number,
});

/** What is asked over HTTP, and the same for the reference. */
interface Question {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: FiguresQuery;
}

function question(asked: Asked, log: ReadLog): Question {
  const named = PERIODS[asked.period];
  const [from, on, to] = asked.days;
  const [p0, p1] = asked.period === 'range' ? [from, to] : asked.period === 'default' ? PERIODS['2020']! : named!;
  const day = on < p0 ? p0 : on > p1 ? p1 : on;
  const at = asked.moment === 'day' ? endOfDay(day) - 1 : Date.parse(`${day}T${asked.moment.length === 5 ? `${asked.moment}:00.000` : asked.moment}+07:00`);
  const parameters: Record<string, string> = { asOf: asked.moment === 'day' ? day : isoInstant(at) };
  if (asked.period === 'range') Object.assign(parameters, { from, to });
  else if (named) parameters['period'] = asked.period;
  let known: bigint | null = null;
  if (asked.known) {
    const { by, n } = asked.known;
    const last = (until: (recordedAt: Instant) => boolean): bigint => log.recorded.filter(({ recordedAt }) => until(recordedAt)).at(-1)?.position ?? 0n;
    const event = log.recorded[n % log.recorded.length]!;
    const dayThen = addDays(LIVES_FROM, n % (LIVES_DAYS + 12));
    known = by === 'day' ? last((recordedAt) => recordedAt < startOfDay(dayThen) + 86_400_000) : by === 'instant' ? last((recordedAt) => recordedAt <= event.recordedAt) : event.position;
    parameters['knownAt'] = by === 'day' ? dayThen : by === 'instant' ? isoInstant(event.recordedAt) : by === 'position' ? `position:${String(event.position)}` : `event:${event.id}`;
  }
  const optional = { cohort: asked.cohort, deadlineBasis: asked.basis, fixedDatePolicy: asked.policy, groupBy: asked.groupBy, unitId: asked.unit?.id, scope: asked.unit?.scope, organisedAs: asked.organisedAs, authority: asked.authority, field: asked.field };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) parameters[name] = value;
  const organisedAs = asked.organisedAs ?? 'was';
  return {
    parameters,
    query: {
      at, known, p0: startOfDay(p0), p1: endOfDay(p1), cohort: asked.cohort ?? 'C2', basis: asked.basis ?? 'current', groupBy: asked.groupBy ?? 'unit',
      ...(asked.policy === undefined ? {} : { policy: asked.policy }),
      ...(organisedAs === 'is' ? { standsUnder: (id: string): string => naiveSuccessor(log.units, id, known) } : {}),
      ...(asked.unit === undefined ? {} : { unitIds: naiveScope(log.units, asked.unit.id, { scope: asked.unit.scope ?? 'self', organisedAs, known, on: day }) }),
      ...(asked.authority === undefined || asked.authority === 'all' ? {} : { authority: asked.authority }), ...(asked.field === undefined ? {} : { field: asked.field }),
    },
  };
}

/** Every number of an answer, and which members of the reference stand behind it. */
const SELECTORS: readonly (readonly [parameters: string, has: (m: Member) => boolean])[] = [
  ['', inN],
  ...CELLS.map((cell) => [`cell=${cell}`, (m: Member) => inN(m) && m.cell === cell] as const),
  ...PARTS.map((part) => [`part=${part}`, (m: Member) => m.parts.includes(part)] as const),
  ...FLOWS.map((flow) => [`flow=${flow}`, (m: Member) => m.flows.includes(flow)] as const),
  ...OUT_REASONS.map((reason) => [`out=${reason}`, (m: Member) => m.cell === reason && (m.inCohort || reason === 'voided')] as const),
  ...RATES.flatMap((rate) => (['numerator', 'denominator'] as const).map((side) => [`rate=${rate.code}&side=${side}`, (m: Member) => rateHas(rate.code, side, m)] as const)),
];

/** The rates of domain.md §4.3, said of one member. */
function rateHas(code: string, side: 'numerator' | 'denominator', m: Member): boolean {
  if (!inN(m)) return false;
  const among = (...cells: string[]): boolean => cells.includes(m.cell);
  const matured = among('D1', 'D2', 'O2', 'V2');
  const [above, below] = {
    R1: [among('D1'), among('D1', 'D2')], R2: [among('D1'), matured], R2x: [among('D1') && !m.assignedOverdue, matured && !m.assignedOverdue], R3: [among('D1', 'D2', 'D3'), true],
    R4: [among('D1'), !among('D3', 'V3', 'O3') && !m.suspendedWithoutDeadline], R5: [among('O2'), true], R5m: [among('O2'), matured], R6: [among('D1', 'D2'), matured],
  }[code]!;
  return side === 'numerator' ? above! : below!;
}

const search = (parameters: Readonly<Record<string, string>>): string => new URLSearchParams(parameters).toString();
const plain = ({ cells, parts, total, out, flow }: Pick<Counts, 'cells' | 'parts' | 'total' | 'out' | 'flow'>): object => ({ cells, parts, total, out, flow });

let server: TestServer;
let log: ReadLog;
const asked = fc.sample(askedArb, { seed: SEED, numRuns: QUESTIONS });
/** Bodies of everything asked at a knowledge, by path. */
const bodies = new Map<string, string>();

async function expectAnswers(all: readonly Asked[], keep: boolean): Promise<Counts[]> {
  const sums: Counts[] = [];
  for (const one of all) {
    const { parameters, query } = question(one, log);
    const members = naiveMembers(log.tasks, query);
    const groups = naiveCounts(members, query);
    const path = `/figures?${search(parameters)}`;
    const { status, text, body } = await server.get(path);
    const expected = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, counts]) => ({ key, ...plain(counts) }));
    expect([path, status, status === 200 ? body.groups.map((group: { key: string } & Counts) => ({ key: group.key, ...plain(group) })) : text]).toEqual([path, 200, expected]);
    const sum = sumCounts(groups.values());
    expect([path, plain(body)]).toEqual([path, plain(sum)]);
    expect([path, body.rates.map((rate: { code: string; numerator: number; denominator: number }) => [rate.code, rate.numerator, rate.denominator])]).toEqual([
      path, RATES.map(({ code }) => [code, ...(['numerator', 'denominator'] as const).map((side) => members.filter((m) => rateHas(code, side, m)).length)]),
    ]);
    sums.push(sum);

    const [selector, has] = SELECTORS[one.pick % SELECTORS.length]!;
    const listPath = `/figures/list?${search(parameters)}${selector === '' ? '' : `&${selector}`}`;
    const items = await server.all<{ id: string; leadUnitId: string; cell: string }>(listPath, 7);
    const told = items.map(({ id, leadUnitId, cell }) => `${id} ${leadUnitId} ${cell}`).sort();
    expect([listPath, told]).toEqual([listPath, members.filter(has).map((m) => `${m.taskId} ${groupOf(m, { ...query, groupBy: 'unit' })} ${m.cell}`).sort()]);

    if (!keep || parameters['knownAt'] === undefined) continue;
    bodies.set(path, text);
    if (one.pick % 3 !== 0) continue;
    const point = search({ asOf: parameters['asOf']!, knownAt: parameters['knownAt'] });
    const doors = [`${listPath}&limit=200`, `/figures/explain?${search(parameters)}`, `/figures/coordination?${search(parameters)}`, ...[`/tasks?`, '/tasks?q=viec&', '/tasks?staleDays=3&role=coordinating&sort=-due&', '/units?', '/units/a?', '/units/d?', '/calendar/2020?', '/settings?', '/secret-counts?'].map((door) => door + point)];
    for (const id of [...new Set(items.map((item) => item.id))].slice(0, 2)) doors.push(`/tasks/${id}?${point}`, `/tasks/${id}/events?${point}`);
    for (const more of doors) {
      const answer = await server.get(more);
      // A task is not there before it begins, nor a unit before it is known; that stays so, too.
      if (answer.status !== 404) expect([more, answer.status, answer.text]).toEqual([more, 200, answer.text]);
      bodies.set(more, answer.text);
    }
  }
  return sums;
}

async function expectSameBytes(): Promise<void> {
  for (const [path, text] of bodies) {
    const now = (await server.get(path)).text;
    if (now === text) continue;
    // The first place where they part says more than both at length.
    const at = Math.max(0, Array.from(text).findIndex((character, n) => now[n] !== character) - 60);
    expect([path, now.slice(at, at + 160)]).toEqual([path, text.slice(at, at + 160)]);
  }
}

beforeAll(async () => {
  // A seed whose lives meet every cell in few questions.
  const told = fc.sample(logArb(4, 60), { seed: SEED + 3, numRuns: FULL ? 60 : 30 });
  const last = Math.max(...told.flatMap(({ log: entries }) => entries.map(({ fact }) => fact.recordedAt)));
  // Every day that is asked about as a knowledge is over.
  const now = Math.max(last, startOfDay(addDays(LIVES_FROM, LIVES_DAYS + 12))) + 86_400_000;
  server = await TestServer.start(now, (dataDir, clock) => writeTold(dataDir, clock, told, UNIT_FACTS));
  await server.caughtUp();
  log = await readLog(server.runtime.log);
});
afterAll(async () => {
  await server.stop();
});

/** Each task once: the assignment that counts, or else the last that went out. */
function byTask(query: FiguresQuery): Map<string, Member> {
  const found = new Map<string, Member>();
  for (const m of naiveMembers(log.tasks, query)) {
    if (!m.inCohort && m.cell !== 'voided') continue;
    const other = found.get(m.taskId);
    if (!other || inN(m) || (!inN(other) && m.assignment > other.assignment)) found.set(m.taskId, m);
  }
  return found;
}

describe('figures over HTTP at any two times', () => {
  it(`are what the log folded anew says, in ${String(QUESTIONS)} questions, and so are the lists behind them`, async () => {
    const sums = await expectAnswers(asked, true);
    const { cells, parts, out, flow } = sumCounts(sums);
    expect(Object.entries({ ...cells, ...parts, ...out, ...flow }).filter(([, n]) => n < 3)).toEqual([]);
    expect(bodies.size).toBeGreaterThan(QUESTIONS);
  }, FULL ? 1_800_000 : 120_000);

  it('differ between two points by exactly the tasks that the changes name', async () => {
    const seen = { entered: 0, left: 0, changed: 0 };
    const others = fc.sample(askedArb, { seed: SEED + 2, numRuns: FULL ? 600 : 80 });
    for (const [n, other] of others.entries()) {
      const one = asked[n]!;
      const now = question(one, log);
      const [from, , to] = one.days;
      // The other point lies in the same period.
      const since = question({ ...one, moment: other.moment, known: other.known, days: [from, other.days[1] < from ? from : other.days[1] > to ? to : other.days[1], to] }, log);
      const path = `/figures/changes?${search({ ...now.parameters, sinceAsOf: since.parameters['asOf']!, sinceKnownAt: since.parameters['knownAt'] ?? `position:${String(log.recorded.at(-1)!.position)}`, limit: '200' })}`;
      const reply = await server.get(path);
      expect([path, reply.status, reply.status === 200 ? '' : reply.text]).toEqual([path, 200, '']);
      const [first, second] = [byTask(since.query), byTask(now.query)];
      const unitOf = (m: Member, query: FiguresQuery): string => groupOf(m, { ...query, groupBy: 'unit' });
      const expected: Record<keyof typeof seen, unknown[]> = { entered: [], left: [], changed: [] };
      for (const { taskId } of log.tasks) {
        const [a, b] = [first.get(taskId), second.get(taskId)];
        const [was, is] = [a !== undefined && inN(a), b !== undefined && inN(b)];
        const kind = is && !was ? 'entered' : was && !is ? 'left' : was && is && (a!.cell !== b!.cell || unitOf(a!, since.query) !== unitOf(b!, now.query)) ? 'changed' : undefined;
        if (kind !== undefined) expected[kind].push([taskId, a?.cell ?? null, b?.cell ?? null]);
      }
      for (const kind of ['entered', 'left', 'changed'] as const) {
        const told = reply.body[kind].items.map((item: { id: string; before: string | null; after: string | null }) => [item.id, item.before, item.after]);
        const inOrder = (list: unknown[]): string[] => list.map((item) => JSON.stringify(item)).sort();
        expect([path, kind, reply.body[kind].total, inOrder(told)]).toEqual([path, kind, expected[kind].length, inOrder(expected[kind])]);
        seen[kind] += expected[kind].length;
      }
      for (const cell of CELLS) {
        const { before, after, entered, left } = reply.body.cells[cell];
        expect([path, cell, before, after, after - before]).toEqual([path, cell, [...first.values()].filter((m) => inN(m) && m.cell === cell).length, [...second.values()].filter((m) => inN(m) && m.cell === cell).length, entered - left]);
      }
      if (now.parameters['knownAt'] !== undefined) bodies.set(path, reply.text);
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  }, FULL ? 1_800_000 : 120_000);

  it('have the same bytes at the same knowledge once more is recorded, also what is keyed back before it', async () => {
    server.clock.set(server.clock.now() + 3_600_000);
    const today = isoInstant(server.clock.now()).slice(0, 10);
    const late = { backdateReason: 'nhập bù' };
    const tasks = async (cell: string): Promise<string[]> => [...new Set((await server.all<{ id: string }>(`/tasks?cell=${cell}`)).map(({ id }) => id))];
    const open = await tasks('O1,O2');
    const done = await tasks('D1,D2');
    const submitted = await tasks('V1,V2');
    expect([open.length > 8, done.length > 3, submitted.length > 1]).toEqual([true, true, true]);
    // A correction looks at the whole assignment, and lives are told before their documents too.
    const told = await Promise.all(open.slice(6).map((id) => server.ok<{ id: string; assignedOn: string; document: { date: string } }>(`/tasks/${id}`)));
    const sound = told.find(({ assignedOn, document }) => document.date <= assignedOn)!.id;
    const before = await server.events();
    await server.done(`/tasks/${open[0]!}/void`, { reason: 'nhập sai' });
    await server.done(`/tasks/${open[1]!}/transfer`, { toUnitId: 'q', reason: 'đúng chức năng' });
    await server.done(`/tasks/${open[2]!}/extension-grants`, { deadline: { date: addDays(today, 30) } });
    await server.done(`/tasks/${open[3]!}/completion-submissions`, { resultDocument: { number: '1/BC', date: today }, occurredOn: addDays(today, -1), ...late });
    await server.done(`/tasks/${sound}/correct`, { changes: { content: 'Nội dung đúng', field: 'z', authority: 'thu-tuong' }, reason: 'ghi sai' });
    await server.done(`/tasks/${open[4]!}/withdraw`, { reason: 'không còn cần' });
    await server.done(`/tasks/${open[5]!}/suspend`, { reason: 'chờ' });
    for (const id of submitted.slice(0, 2)) await server.done(`/tasks/${id}/completion-confirmations`);
    const confirmations = await Promise.all(done.slice(0, 3).map(async (id) => [id, (await server.ok<{ items: { id: string; type: string; effective: boolean }[] }>(`/tasks/${id}/events`)).items.findLast((event) => event.type === 'TaskCompleted' && event.effective)!.id] as const));
    for (const [id, eventId] of confirmations) await server.done(`/tasks/${id}/annul`, { eventId, reason: 'ghi nhầm việc' });
    await server.done('/units/a/rename', { on: addDays(LIVES_FROM, 2), name: 'Đơn vị A đổi tên', legalBasis: 'Nghị quyết' }, 'admin');
    await server.done('/units/d/merge-into', { on: addDays(today, -1), intoUnitId: 'a', legalBasis: 'Nghị quyết' }, 'admin');
    await server.done('/settings', { dueSoonWorkingDays: 9, fixedDatePolicy: 'none', officialRates: { all: 'R3' }, reason: 'thử' }, 'admin');
    await server.done('/calendar/2020', { basis: 'Quyết định thử', holidays: [{ date: '2020-03-04', name: 'Ngày thử' }, { date: '2020-03-11', name: 'Ngày thử' }, { date: '2020-03-17', name: 'Ngày thử' }], compensations: [], swaps: [] }, 'admin');
    expect(await server.events()).toBeGreaterThan(before + 15);
    log = await readLog(server.runtime.log);
    await expectSameBytes();
  }, FULL ? 1_800_000 : 120_000);

  it('follow what was recorded since where no knowledge is asked, and at the knowledge of now', async () => {
    const more = fc.sample(askedArb, { seed: SEED + 1, numRuns: FULL ? 400 : 40 });
    await expectAnswers(more, false);
  }, FULL ? 1_800_000 : 120_000);

  it('have the same bytes after a restart', async () => {
    await server.restart();
    await expectSameBytes();
  }, FULL ? 1_800_000 : 120_000);

  it('have the same bytes after all read models are built anew', async () => {
    await server.restart(() => {
      execFileSync(process.execPath, ['apps/cli/launch.mjs', 'projections', 'rebuild', '--data', server.dataDir], { env: { ...process.env, NODE_OPTIONS: '' } });
    });
    await expectSameBytes();
  }, FULL ? 1_800_000 : 120_000);
});
