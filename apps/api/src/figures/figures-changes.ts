import { COHORT_DEFINITIONS, CELL_DEFINITIONS, CELLS, FLOW_DEFINITIONS, FLOWS, OUT_DEFINITIONS, OUT_REASONS, PART_DEFINITIONS, PARTS, RATES, isOut, rateOf, sumCounts, type Balance, type Cell, type ChangedTask, type CountedTask, type Counts, type Definition, type LeavesOut, type RateDefinition } from '#figures';
import { DECIDING, REPAIRS, taskStream, type AuthorityNames } from '#tasks';
import { officialRateOf, type ProvinceSettings } from '#settings';
import type { FiguresChangesDto, FiguresExplainDto } from '../http/dto.ts';
import { parametersOf, askQuestion, readRate, readSelector, releasedCounts, type Question } from './figures-service.ts';
import { readPage, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { eventItems } from '../tasks/task-events.ts';
import { toItems } from '../tasks/task-items.ts';

/** `GET /figures/changes`: which tasks make the difference between two points of one figure, and the events that did it. */
export async function answerChanges(dto: FiguresChangesDto, runtime: Runtime): Promise<object> {
  const now = await readPoint(dto, runtime);
  const question = await askQuestion(dto, now, runtime);
  // What is not said of the point before is as at the point now, so that only what is named differs.
  const sinceKnownAt = dto.sinceKnownAt ?? dto.knownAt;
  const since = await readPoint({ asOf: dto.sinceAsOf ?? now.asOf, ...(sinceKnownAt === undefined ? {} : { knownAt: sinceKnownAt }) }, runtime, 'since');
  const before = await askQuestion(dto, since, runtime, question.period);
  const { limit } = readPage({ limit: dto.limit ?? '50' });
  const changes = runtime.columns.changes(before.query, question.query);
  const totalOf = async (one: Question): Promise<Counts> => sumCounts((await releasedCounts({ ...one, groupBy: 'unit' }, runtime)).groups.values());
  const [old, current] = [await totalOf(before), await totalOf(question)];
  const group = async (list: readonly ChangedTask[]): Promise<object> => ({ total: list.length, items: await Promise.all(list.slice(0, limit).map((change) => changeItem(change, since, now, runtime))) });
  const moved = [...changes.entered, ...changes.left, ...changes.changed];
  const cellOf = (task: CountedTask | null): string | null => (task === null || isOut(task.cell) ? null : task.cell);
  return {
    parameters: parametersOf(question, now),
    since: pointOf(since, old),
    now: pointOf(now, current),
    cells: Object.fromEntries(CELLS.map((cell) => {
      const differs = moved.filter((change) => cellOf(change.before) !== cellOf(change.after));
      return [cell, { before: old.cells[cell], after: current.cells[cell], entered: differs.filter((c) => cellOf(c.after) === cell).length, left: differs.filter((c) => cellOf(c.before) === cell).length }];
    })),
    entered: await group(changes.entered), left: await group(changes.left), changed: await group(changes.changed),
  };
}

const pointOf = (point: Point, counts: Counts): object => ({ asOf: point.asOf, knownAt: point.knownAt, position: String(point.position), lastEventId: point.lastEventId, total: counts.total });

/** The events between the two points: recorded between the knowledges, or happened between the instants. No event: only time has passed. */
async function changeItem({ taskId, before, after }: ChangedTask, since: Point, now: Point, runtime: Runtime): Promise<object> {
  const [low, high] = since.position <= now.position ? [since.position, now.position] : [now.position, since.position];
  // What is recorded after both knowledges belongs to neither, also where it annuls.
  const recorded = (await runtime.log.readStream(taskStream(taskId))).filter(({ position }) => position <= high);
  const [early, late] = since.at <= now.at ? [since.at, now.at] : [now.at, since.at];
  const between = recorded.filter(({ type, position, occurredAt }) =>
    (DECIDING.has(type) || REPAIRS.has(type) || type === 'TaskBecameOverdue') && (position > low || (occurredAt > early && occurredAt <= late)));
  // What is counted no more is shown as it was: at the other point it may not even be known.
  const [item] = await (after === null ? toItems([before!], since, runtime) : toItems([after], now, runtime));
  return { ...item, before: before?.cell ?? null, after: after?.cell ?? null, beforeUnitId: before?.unitId ?? null, events: (await eventItems(recorded, runtime, now.day, high)).filter(({ id }) => between.some((event) => event.id === id)) };
}

/** `GET /figures/explain`: what a number means, what it is made of, and where its tasks are. */
export async function answerExplanation(dto: FiguresExplainDto, search: URLSearchParams, runtime: Runtime): Promise<object> {
  const point = await readPoint(dto, runtime);
  const question = await askQuestion(dto, point, runtime);
  const { counts, balances } = await releasedCounts(question, runtime);
  const explained = explain(dto, question, point, counts, balances, link(search), runtime);
  return {
    parameters: parametersOf(question, point), ...explained,
    cohort: { code: question.query.cohort, ...COHORT_DEFINITIONS[question.query.cohort] },
    replay: { position: String(point.position), lastEventId: point.lastEventId },
  };
}

type Link = (pick: Readonly<Record<string, string>>) => string;
const PICKS = ['cell', 'part', 'flow', 'out', 'rate', 'side', 'limit', 'cursor'];

/** The list behind a number: the parameters asked, and what is picked. */
function link(search: URLSearchParams): Link {
  return (pick) => {
    const query = new URLSearchParams([...search].filter(([name]) => !PICKS.includes(name)));
    for (const [name, value] of Object.entries(pick)) query.set(name, value);
    return `/api/v1/figures/list?${query.toString()}`;
  };
}

interface Term {
  readonly code: string;
  readonly name: string;
  readonly count: number;
  readonly sign: 1 | -1;
  readonly list: string;
}

/** What each kind of number is called, which numbers stand beside it, and which identities it takes part in. */
function explain(dto: FiguresExplainDto, question: Question, point: Point, counts: Counts, balances: readonly Balance[], list: Link, runtime: Runtime): object {
  const identities = (part: RegExp): readonly Balance[] => balances.filter(({ identity }) => part.test(identity));
  const cellTerm = (cell: Cell): Term => ({ code: cell, name: CELL_DEFINITIONS[cell].name, count: counts.cells[cell], sign: 1, list: list({ cell }) });
  const named = (pick: Readonly<Record<string, string>>, { name, words }: Definition, count: number, terms: readonly Term[], identity: RegExp): object =>
    ({ of: pick, name, definition: words, formula: null, value: { count }, terms, identities: identities(identity), officialFor: [], links: { list: list(pick) } });
  const selector = readSelector(dto);
  if (dto.cell !== undefined && selector.by === 'cell') {
    const { cells } = selector;
    const [names, words] = [cells.map((cell) => CELL_DEFINITIONS[cell].name).join('; '), cells.map((cell) => CELL_DEFINITIONS[cell].words).join(' ')];
    return named({ cell: dto.cell }, { name: names, words }, cells.reduce((n, cell) => n + counts.cells[cell], 0), cells.map(cellTerm), /^N = D1\+|^D1 = /);
  }
  switch (selector.by) {
    case 'part': {
      const { part } = selector;
      const terms = PARTS.filter((one) => sameKind(one, part)).map((one): Term => ({ code: one, name: PART_DEFINITIONS[one].name, count: counts.parts[one], sign: 1, list: list({ part: one }) }));
      return named({ part }, PART_DEFINITIONS[part], counts.parts[part], terms, part.startsWith('D1') ? /^D1 = / : /^N = chuyển/);
    }
    case 'flow': {
      const { flow } = selector;
      const { name, words } = FLOW_DEFINITIONS[flow];
      const terms = FLOWS.map((one): Term => ({ code: one, name: FLOW_DEFINITIONS[one].name, count: counts.flow[one], sign: one === 'closed' || one === 'out' || one === 'closing' ? -1 : 1, list: list({ flow: one }) }));
      return named({ flow }, { name, words: `${words} Luồng vào ra luôn tính trên tập việc C2.` }, counts.flow[flow], terms, /^đầu kỳ/);
    }
    case 'out': {
      const { reason } = selector;
      const terms = OUT_REASONS.map((out): Term => ({ code: out, name: OUT_DEFINITIONS[out].name, count: counts.out[out], sign: 1, list: list({ out }) }));
      return named({ out: reason }, OUT_DEFINITIONS[reason], counts.out[reason], terms, /^đầu kỳ/);
    }
    default: {
      const definition = readRate(dto.rate ?? 'R2');
      const { code, name, formula, leavesOut } = definition;
      const { numerator, denominator, text } = rateOf(definition, counts, question.rounding);
      // What the denominator leaves out of its cells, so that the terms add up to the number shown.
      const left = definition.denominator.reduce((n, cell) => n + counts.cells[cell], 0) - denominator;
      const excluded: Term[] = leavesOut === undefined || left === 0 ? [] : [{ code: 'excluded', name: LEFT_OUT[leavesOut].name, count: left, sign: -1, list: list({ rate: code, side: 'excluded' }) }];
      return {
        of: { rate: code }, name, formula, definition: rateWords(definition), value: { numerator, denominator, text }, terms: [...definition.denominator.map(cellTerm), ...excluded], identities: identities(/^N = D1\+/),
        officialFor: officialFor(runtime.reference.settings(point.known), runtime.reference.authorities, code).map((authority) => ({ authority, name: authority === 'all' ? 'mọi cơ quan giao' : runtime.reference.authorityName(authority) })),
        links: { numerator: list({ rate: code, side: 'numerator' }), denominator: list({ rate: code, side: 'denominator' }) },
      };
    }
  }
}

const KINDS = [['D1a', 'D1b'], ['carriedOver', 'begunInPeriod', 'reopenedInPeriod'], ['backdated'], ['priorPeriodAdjustment'], ['extendedAfterDeadline'], ['assignedOverdue']] as const;
const sameKind = (a: string, b: string): boolean => KINDS.some((kind) => (kind as readonly string[]).includes(a) && (kind as readonly string[]).includes(b));

const LEFT_OUT: Readonly<Record<LeavesOut, Definition>> = {
  assignedOverdue: { name: 'Giao khi đã quá hạn', words: 'không tính việc đã quá hạn ngay khi giao' },
  suspendedWithoutDeadline: { name: 'Tạm dừng, không có thời hạn', words: 'không tính việc tạm dừng không có thời hạn' },
};

/** A rate in words. */
function rateWords({ numerator, denominator, leavesOut }: RateDefinition): string {
  const names = (cells: readonly Cell[]): string => cells.map((cell) => CELL_DEFINITIONS[cell].name.toLowerCase()).join(', ');
  return `Tử số: ${names(numerator)}. Mẫu số: ${names(denominator)}${leavesOut === undefined ? '' : `; ${LEFT_OUT[leavesOut].words}`}.`;
}

/** The authorities that publish a rate as theirs; `all` stands for those that name none. */
function officialFor(settings: ProvinceSettings, authorities: AuthorityNames, rate: string): readonly string[] {
  return [...new Set(['all', ...Object.keys(authorities), ...Object.keys(settings.officialRates)])].filter((authority) => officialRateOf(settings, authority) === rate);
}

/** `GET /rates`: the definitions as data, each with the authorities that use it as official. */
export function answerRates(runtime: Runtime): object {
  const settings = runtime.reference.settings();
  return { items: RATES.map((rate) => ({ ...rate, officialFor: officialFor(settings, runtime.reference.authorities, rate.code), words: rateWords(rate) })), total: RATES.length };
}
