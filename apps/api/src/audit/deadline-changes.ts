import { TrailTask, type AuditColumns, type AuditFilter, type AuditRow } from '#audit-trail';
import { lastInstantInTime } from '#deadlines';
import { csvCell } from '#imports';
import { dayOf, daysBetween, isoInstant, type Instant } from '#kernel';
import { EVENT_NAMES_VI, repair, taskStream, toFact, type TaskFact } from '#tasks';
import type { Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';
import { Turns } from '../turns.ts';

interface Due {
  readonly dueOn: string | null;
  readonly dueTime: string | null;
}

/** One change of a deadline that was in force. */
export interface DeadlineChange {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly name: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly taskId: string;
  readonly code: string | null;
  readonly content: string | null;
  readonly unitId: string;
  readonly unitName: string;
  /** The deadline that the task began with, as known now. */
  readonly original: Due;
  readonly before: Due;
  readonly after: Due;
  /** Which change of this task's deadline it is, from 1. */
  readonly number: number;
  /** Calendar days from the deadline before to the one after; null where one of them is none. */
  readonly daysAdded: number | null;
  readonly decidedBy: { readonly id: string; readonly role: string };
  readonly document: string | null;
  readonly reason: string | null;
  /** The deadline before had passed by then. */
  readonly afterDeadline: boolean;
  readonly annulled: boolean;
}

export const deadlineFilter = (base: AuditFilter, lateOnly: boolean): AuditFilter => ({ ...base, marks: new Set(lateOnly ? ['moved-late'] : ['moved', 'moved-late']) });

const due = (last: Instant | null): Due => dueParts(last ?? Infinity);
const added = ({ dueBefore, dueAfter }: AuditRow): number | null => (dueBefore === null || dueAfter === null ? null : daysBetween(dayOf(dueBefore), dayOf(dueAfter)));

/** Of all changes, whatever the page shows. */
export function summaryOf(columns: AuditColumns, filter: AuditFilter): object {
  let [changes, late, daysAdded] = [0, 0, 0];
  const tasks = columns.groups(filter, (row) => {
    changes++;
    if (row.mark === 'moved-late') late++;
    daysAdded += added(row) ?? 0;
    return row.taskId;
  });
  return { changes, afterDeadline: late, daysAdded, tasks: tasks.size, moreThanOnce: [...tasks.values()].filter(({ length }) => length > 1).length };
}

/** What stands in the log about each of the changes; a task's stream is read once. */
export async function deadlineChanges(rows: readonly AuditRow[], point: Point, runtime: Runtime): Promise<DeadlineChange[]> {
  const ids = [...new Set(rows.map(({ taskId }) => taskId))];
  const tasks = new Map((await runtime.board.byIds(ids, point.known)).map((task) => [task.id, task]));
  interface Told {
    readonly facts: ReadonlyMap<number, TaskFact>;
    readonly numbers: ReadonlyMap<number, number>;
    readonly original: Instant | null;
    readonly annulled: ReadonlyMap<string, TaskFact>;
    readonly actors: ReadonlyMap<number, { readonly id: string; readonly role: string }>;
  }
  const told = new Map<string, Told>();
  const turns = new Turns();
  for (const taskId of ids) {
    if (turns.over) await turns.next();
    const events = (await runtime.log.readStream(taskStream(taskId))).filter(({ position }) => position <= point.known);
    const facts = events.map(toFact);
    const { effective, annulledBy } = repair(facts);
    const assigned = effective.find((fact) => fact.type === 'TaskAssigned');
    const last = assigned?.type === 'TaskAssigned' ? lastInstantInTime(assigned.data.deadline) : Infinity;
    const trail = new TrailTask();
    const moves = events.flatMap((event) => trail.take(event, taskId) ?? []).filter(({ mark }) => mark === 'moved' || mark === 'moved-late');
    told.set(taskId, {
      facts: new Map(facts.map((fact) => [Number(fact.position), fact])), numbers: new Map(moves.map(({ position }, at) => [position, at + 1])), original: last === Infinity ? null : last, annulled: annulledBy,
      actors: new Map(events.map((event) => [Number(event.position), { id: event.metadata.actor.id, role: event.metadata.actor.role }])),
    });
  }
  return rows.flatMap((row) => {
    const one = told.get(row.taskId);
    const fact = one?.facts.get(row.position);
    if (!one || !fact) return [];
    const task = tasks.get(row.taskId);
    const data = fact.data as { readonly document?: string; readonly reason?: string };
    return [{
      id: fact.eventId, position: String(row.position), type: row.type, name: EVENT_NAMES_VI[row.type], occurredAt: isoInstant(row.occurredAt), recordedAt: isoInstant(row.recordedAt),
      taskId: row.taskId, code: task?.code ?? null, content: task?.content ?? null, unitId: row.unitId, unitName: runtime.reference.unitName(row.unitId, point.day, point.known),
      original: due(one.original), before: due(row.dueBefore), after: due(row.dueAfter), number: one.numbers.get(row.position) ?? 1, daysAdded: added(row),
      decidedBy: one.actors.get(row.position) ?? { id: row.actorId, role: row.role }, document: data.document ?? null, reason: data.reason ?? null, afterDeadline: row.mark === 'moved-late', annulled: one.annulled.has(fact.eventId),
    }];
  });
}

const ROLE_WORDS: Readonly<Record<string, string>> = { office: 'Văn phòng UBND', leader: 'Lãnh đạo UBND', unit: 'Đơn vị', auditor: 'Thanh tra, kiểm tra', admin: 'Quản trị hệ thống', system: 'Hệ thống' };
export const roleWords = (role: string): string => ROLE_WORDS[role] ?? role;
export const HEADER = ['Sự kiện', 'Ghi lúc', 'Xảy ra lúc', 'Mã việc', 'Nội dung', 'Cơ quan chủ trì', 'Loại', 'Hạn ban đầu', 'Hạn trước', 'Hạn sau', 'Lần', 'Số ngày thêm', 'Người quyết', 'Vai trò', 'Căn cứ', 'Lý do', 'Sau khi quá hạn', 'Đã hủy ghi nhận'] as const;

const dueText = ({ dueOn, dueTime }: Due): string => (dueOn === null ? 'không thời hạn' : `${dueTime === null ? '' : `${dueTime} `}${dueOn}`);

/** A change in the columns of `HEADER`. */
export const deadlineCells = (change: DeadlineChange): readonly string[] =>
  [
    change.position, change.recordedAt, change.occurredAt, change.code ?? change.taskId, change.content ?? '', change.unitName, change.name, dueText(change.original), dueText(change.before), dueText(change.after),
    String(change.number), change.daysAdded === null ? '' : String(change.daysAdded), change.decidedBy.id, roleWords(change.decidedBy.role), change.document ?? '', change.reason ?? '', change.afterDeadline ? 'có' : 'không', change.annulled ? 'có' : 'không',
  ];

/** RFC 4180; what a spreadsheet would run as a formula is made a text, fewer days than nothing stay a number. */
export function csv(fields: readonly string[]): string {
  return `${fields.map((field) => (/^-\d+$/.test(field) ? field : csvCell(field))).join(',')}\r\n`;
}
