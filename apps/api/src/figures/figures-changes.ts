import { COHORT_DEFINITIONS, CELL_DEFINITIONS, CELLS, FLOW_DEFINITIONS, FLOWS, OUT_DEFINITIONS, OUT_REASONS, PART_DEFINITIONS, PARTS, RATES, isOut, rateOf, sumCounts, type Balance, type ChangedTask, type CountedTask, type Counts } from '#figures';
import { AUTHORITIES, DECIDING, REPAIRS, taskStream } from '#tasks';
import { officialRateOf } from '#settings';
import type { FiguresChangesDto, FiguresExplainDto } from '../http/dto.ts';
import { parametersOf, readQuestion, readRate, readSelector, releasedCounts, type Question } from './figures-service.ts';
import { readPage, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { eventItems } from '../tasks/task-events.ts';
import { toItems } from '../tasks/task-items.ts';

/** `GET /figures/changes`: which tasks make the difference between two points of one figure, and the events that did it. */
export async function answerChanges(dto: FiguresChangesDto, runtime: Runtime): Promise<object> {
  const now = await readPoint(dto, runtime);
  const question = readQuestion(dto, now, runtime);
  // What is not said of the point before is as at the point now, so that only what is named differs.
  const sinceKnownAt = dto.sinceKnownAt ?? dto.knownAt;
  const since = await readPoint({ asOf: dto.sinceAsOf ?? now.asOf, ...(sinceKnownAt === undefined ? {} : { knownAt: sinceKnownAt }) }, runtime, 'since');
  const before = readQuestion(dto, since, runtime, question.period);
  const { limit } = readPage({ limit: dto.limit ?? '50' });
  const changes = runtime.columns.changes(before.query, question.query);
  const [old, current] = [before, question].map((one) => sumCounts(releasedCounts({ ...one, groupBy: 'unit' }, runtime).groups.values())) as [Counts, Counts];
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
  const [item] = after === null ? toItems([before!], since, runtime) : toItems([after], now, runtime);
  return { ...item, before: before?.cell ?? null, after: after?.cell ?? null, beforeUnitId: before?.unitId ?? null, events: eventItems(recorded, runtime, now.day, high).filter(({ id }) => between.some((event) => event.id === id)) };
}

/** `GET /figures/explain`: what a number means, what it is made of, and where its tasks are. */
export async function answerExplanation(dto: FiguresExplainDto, search: URLSearchParams, runtime: Runtime): Promise<object> {
  const point = await readPoint(dto, runtime);
  const question = readQuestion(dto, point, runtime);
  const { counts, balances } = releasedCounts(question, runtime);
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

function explain(dto: FiguresExplainDto, question: Question, point: Point, counts: Counts, balances: readonly Balance[], list: Link, runtime: Runtime): object {
  const identities = (part: RegExp): readonly Balance[] => balances.filter(({ identity }) => part.test(identity));
  const cellTerm = (cell: (typeof CELLS)[number]): object => ({ code: cell, name: CELL_DEFINITIONS[cell].name, count: counts.cells[cell], sign: 1, list: list({ cell }) });
  const { selector } = readSelector(dto.rate === undefined && dto.cell === undefined && dto.part === undefined && dto.flow === undefined && dto.out === undefined ? { rate: 'R2' } : dto);
  if (dto.cell !== undefined && selector.by === 'cell') {
    const only = selector.cells.length === 1 ? CELL_DEFINITIONS[selector.cells[0]!] : { name: selector.cells.map((cell) => CELL_DEFINITIONS[cell].name).join('; '), words: selector.cells.map((cell) => CELL_DEFINITIONS[cell].words).join(' ') };
    return { of: { cell: dto.cell }, name: only.name, definition: only.words, formula: null, value: { count: selector.cells.reduce((n, cell) => n + counts.cells[cell], 0) }, terms: selector.cells.map(cellTerm), identities: identities(/^N = D1\+|^D1 = /), officialFor: [], links: { list: list({ cell: dto.cell }) } };
  }
  if (selector.by === 'part') {
    const { name, words } = PART_DEFINITIONS[selector.part];
    return { of: { part: selector.part }, name, definition: words, formula: null, value: { count: counts.parts[selector.part] }, terms: PARTS.filter((part) => sameKind(part, selector.part)).map((part) => ({ code: part, name: PART_DEFINITIONS[part].name, count: counts.parts[part], sign: 1, list: list({ part }) })), identities: identities(selector.part.startsWith('D1') ? /^D1 = / : /^N = chuyển/), officialFor: [], links: { list: list({ part: selector.part }) } };
  }
  if (selector.by === 'flow') {
    const { name, words } = FLOW_DEFINITIONS[selector.flow];
    return { of: { flow: selector.flow }, name, definition: `${words} Luồng vào ra luôn tính trên tập việc C2.`, formula: null, value: { count: counts.flow[selector.flow] }, terms: FLOWS.map((flow) => ({ code: flow, name: FLOW_DEFINITIONS[flow].name, count: counts.flow[flow], sign: flow === 'closed' || flow === 'out' || flow === 'closing' ? -1 : 1, list: list({ flow }) })), identities: identities(/^đầu kỳ/), officialFor: [], links: { list: list({ flow: selector.flow }) } };
  }
  if (selector.by === 'out') {
    const { name, words } = OUT_DEFINITIONS[selector.reason];
    return { of: { out: selector.reason }, name, definition: words, formula: null, value: { count: counts.out[selector.reason] }, terms: OUT_REASONS.map((out) => ({ code: out, name: OUT_DEFINITIONS[out].name, count: counts.out[out], sign: 1, list: list({ out }) })), identities: identities(/^đầu kỳ/), officialFor: [], links: { list: list({ out: selector.reason }) } };
  }
  const definition = readRate(dto.rate ?? 'R2');
  const rate = rateOf(definition, counts, question.rounding);
  const settings = runtime.reference.settings(point.known);
  const sides = { numerator: list({ rate: definition.code, side: 'numerator' }), denominator: list({ rate: definition.code, side: 'denominator' }) };
  // What the denominator leaves out of its cells, so that the terms add up to the number shown.
  const left = definition.denominator.reduce((n, cell) => n + counts.cells[cell], 0) - rate.denominator;
  return {
    of: { rate: definition.code }, name: definition.name, formula: definition.formula,
    definition: `Tử số: ${definition.numerator.map((cell) => CELL_DEFINITIONS[cell].name.toLowerCase()).join(', ')}. Mẫu số: ${definition.denominator.map((cell) => CELL_DEFINITIONS[cell].name.toLowerCase()).join(', ')}${definition.withoutAssignedOverdue ? '; không tính việc đã quá hạn ngay khi giao' : ''}${definition.withoutSuspendedWithoutDeadline ? '; không tính việc tạm dừng không có thời hạn' : ''}.`,
    value: { numerator: rate.numerator, denominator: rate.denominator, text: rate.text },
    terms: [...definition.denominator.map(cellTerm), ...(left === 0 ? [] : [{ code: 'excluded', name: definition.withoutAssignedOverdue ? 'Giao khi đã quá hạn' : 'Tạm dừng, không có thời hạn', count: left, sign: -1, list: definition.withoutAssignedOverdue ? list({ part: 'assignedOverdue' }) : list({ cell: 'X' }) }])],
    identities: identities(/^N = D1\+/),
    officialFor: [...new Set(['all', ...Object.keys(AUTHORITIES)])].filter((authority) => officialRateOf(settings, authority) === definition.code).map((authority) => ({ authority, name: AUTHORITIES[authority] ?? 'mọi cơ quan giao' })),
    links: sides,
  };
}

const KINDS = [['D1a', 'D1b'], ['carriedOver', 'begunInPeriod', 'reopenedInPeriod'], ['backdated'], ['priorPeriodAdjustment'], ['extendedAfterDeadline'], ['assignedOverdue']] as const;
const sameKind = (a: string, b: string): boolean => KINDS.some((kind) => (kind as readonly string[]).includes(a) && (kind as readonly string[]).includes(b));

/** `GET /rates`: the definitions as data, each with the authorities that use it as official. */
export function answerRates(runtime: Runtime): object {
  const settings = runtime.reference.settings();
  return {
    items: RATES.map((rate) => ({
      ...rate, officialFor: [...new Set(['all', ...Object.keys(AUTHORITIES), ...Object.keys(settings.officialRates)])].filter((authority) => officialRateOf(settings, authority) === rate.code),
      words: `Tử số: ${rate.numerator.map((cell) => CELL_DEFINITIONS[cell].name).join(', ')}. Mẫu số: ${rate.denominator.map((cell) => CELL_DEFINITIONS[cell].name).join(', ')}.`,
    })),
    total: RATES.length,
  };
}

