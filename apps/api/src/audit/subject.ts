import { lateDaysOf, type AuditFilter, type AuditRow } from '#audit-trail';
import { reportingYearContaining } from '#figures';
import { dayOf, endOfDay, isDay, startOfDay, type Instant } from '#kernel';
import { taskStream } from '#tasks';
import { unitScope } from '../figures/figures-service.ts';
import { badParameter, oneOf, readMoment, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { eventItems, type EventItem } from '../tasks/task-events.ts';
import { Turns } from '../turns.ts';
import type { AuditDto } from './audit-dto.ts';

/** Streams read between two turns of the event loop. */
/** People, as against the program itself. */
export const PEOPLE: ReadonlySet<string> = new Set(['office', 'leader', 'unit', 'auditor', 'admin']);

/** Whose events, and recorded when: from inclusive, to exclusive. */
export interface Subject {
  readonly unitId: string | null;
  readonly unitName: string | null;
  readonly scope: 'self' | 'tree';
  readonly unitIds: ReadonlySet<string> | undefined;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

export function readSubject(dto: AuditDto, point: Point, runtime: Runtime): Subject {
  const scope = oneOf('scope', dto.scope, ['self', 'tree'], 'tree');
  const organisedAs = oneOf('organisedAs', dto.organisedAs, ['was', 'is'], 'was');
  const unitIds = dto.unitId === undefined ? undefined : unitScope(dto.unitId, scope, organisedAs, point, runtime);
  const from = dto.from === undefined ? undefined : isDay(dto.from) ? startOfDay(dto.from) : readMoment('from', dto.from).at;
  const to = dto.to === undefined ? undefined : readMoment('to', dto.to).at + 1;
  if (from !== undefined && to !== undefined && from >= to) throw badParameter('to', dto.to, `một lúc sau from=${dto.from ?? ''}`, 422);
  return { unitId: dto.unitId ?? null, unitName: dto.unitId === undefined ? null : runtime.reference.unitName(dto.unitId, point.day, point.known), scope, unitIds, from, to };
}

/** Where no period is asked for: the reporting year that contains A. */
export function withPeriod(subject: Subject, { day }: Point): Subject & { readonly from: Instant; readonly to: Instant } {
  const year = reportingYearContaining(day);
  const from = subject.from ?? Math.min(startOfDay(year.from), subject.to === undefined ? Infinity : subject.to - 1);
  return { ...subject, from, to: subject.to ?? Math.max(endOfDay(year.to), from + 1) };
}

/** What was recorded about the subject in its time, known at K and happened by A. */
export const filterOf = ({ unitIds, from, to }: Subject, { at, known }: Point): AuditFilter => ({
  upTo: Number(known), at, ...(unitIds === undefined ? {} : { unitIds }), ...(from === undefined ? {} : { recordedFrom: from }), ...(to === undefined ? {} : { recordedTo: to }),
});

export const aboutOf = (subject: Subject, point: Point): object => ({
  unitId: subject.unitId, unitName: subject.unitName, scope: subject.scope, from: subject.from === undefined ? null : dayOf(subject.from), to: subject.to === undefined ? null : dayOf(subject.to - 1),
  asOf: point.asOf, knownAt: point.knownAt, position: String(point.position), lastEventId: point.lastEventId,
});

/** `after`: the position of the last event of the page before. */
export function readAfter(given: string | undefined): number | undefined {
  if (given !== undefined && !/^\d{1,16}$/.test(given)) throw badParameter('after', given, 'giá trị nextCursor của trang trước');
  return given === undefined ? undefined : Number(given);
}

/** An event in the list of a subject. */
export interface AuditItem extends Omit<EventItem, 'data'> {
  readonly taskId: string;
  readonly code: string | null;
  readonly content: string | null;
  readonly unitId: string;
  readonly unitName: string;
  readonly otherUnitName: string | null;
  readonly lateDays: number;
}

/** Rows with their sentences: each task's stream is read once, whatever of it is shown. */
export async function auditItems(rows: readonly AuditRow[], point: Point, runtime: Runtime): Promise<AuditItem[]> {
  const told = new Map<string, ReadonlyMap<string, EventItem>>();
  const ids = [...new Set(rows.map(({ taskId }) => taskId))];
  const turns = new Turns();
  for (const taskId of ids) {
    if (turns.over) await turns.next();
    const events = (await runtime.log.readStream(taskStream(taskId))).filter(({ position }) => position <= point.known);
    told.set(taskId, new Map((await eventItems(events, runtime, point.day, point.known)).map((item) => [item.position, item])));
  }
  const tasks = new Map((await runtime.board.byIds(ids, point.known)).map((task) => [task.id, task]));
  const name = (id: string): string => runtime.reference.unitName(id, point.day, point.known);
  return rows.flatMap((row) => {
    const item = told.get(row.taskId)?.get(String(row.position));
    if (!item) return [];
    const { data: _, ...event } = item;
    const task = tasks.get(row.taskId);
    return [{
      ...event, taskId: row.taskId, code: task?.code ?? null, content: task?.content ?? null, unitId: row.unitId, unitName: name(row.unitId),
      otherUnitName: row.otherUnitId === null ? null : name(row.otherUnitId), lateDays: lateDaysOf(row),
    }];
  });
}
