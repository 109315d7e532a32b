import { createHash } from 'node:crypto';
import type { Actor, AppendResult, EventLog, NewEvent } from '#event-log';
import { addDays, derivedId, Problem, type Clock, type Ids, type Instant } from '#kernel';
import type { WorkingCalendar } from '#deadlines';
import { decide, fold, taskStream, toFact, type DecidedEvent, type TaskCommand } from '#tasks';
import { dayOf } from '#kernel';

export interface Warning {
  readonly code: string;
  readonly detail: string;
}

export interface CommandAnswer {
  readonly id: string;
  readonly revision: number;
  readonly position: string;
  readonly events: readonly string[];
  readonly warnings: readonly Warning[];
}

export interface CommandRequest {
  readonly taskId: string;
  readonly command: TaskCommand;
  readonly actor: Actor;
  /** The client's `Idempotency-Key`. */
  readonly key?: string;
  /** The client's `If-Match`. */
  readonly ifMatch?: number;
  readonly warnings?: readonly Warning[];
}

/** Racing writers make one of them lose its append; it loads again and decides anew, a few times. */
const TRIES = 4;

/** Load, decide, append: the one way a fact enters a task's stream. */
export class TaskService {
  private readonly log: EventLog;
  private readonly clock: Clock;
  private readonly ids: Ids;
  private readonly calendar: WorkingCalendar;

  constructor(log: EventLog, clock: Clock, ids: Ids, calendar: WorkingCalendar) {
    this.log = log;
    this.clock = clock;
    this.ids = ids;
    this.calendar = calendar;
  }

  /** The later of the clock and the log's last recordedAt. */
  async now(): Promise<Instant> {
    return Math.max(this.clock.now(), (await this.log.head()).recordedAt);
  }

  /** @throws Problem 404, 409, 412, 422 as docs/api says; nothing is written then. */
  async execute(request: CommandRequest): Promise<CommandAnswer> {
    const stream = taskStream(request.taskId);
    const hash = request.key === undefined ? undefined : createHash('sha256').update(JSON.stringify([request.taskId, request.command, request.actor])).digest('hex').slice(0, 32);
    for (let attempt = 1; ; attempt++) {
      const recorded = await this.log.readStream(stream);
      if (recorded.length === 0 && request.command.type !== 'AssignTask') throw taskNotFound(request.taskId);

      if (request.key !== undefined) {
        const first = recorded.filter((event) => event.metadata.commandId === request.key);
        const last = first[first.length - 1];
        if (last) {
          if (last.metadata.commandHash !== hash) {
            throw new Problem(422, 'idempotency-key-reused', 'Mã yêu cầu đã dùng', 'Idempotency-Key này đã được dùng cho một yêu cầu có nội dung khác.', { extra: { key: request.key } });
          }
          return answer(request.taskId, last.revision, String(last.position), first.map((e) => e.type), (last.metadata['warnings'] as Warning[] | undefined) ?? []);
        }
      }
      const revision = recorded.length - 1;
      if (request.ifMatch !== undefined && request.ifMatch !== revision) {
        throw new Problem(412, 'revision-mismatch', 'Việc đã thay đổi', `If-Match yêu cầu phiên bản ${String(request.ifMatch)}, hiện là ${String(revision)}.`, { extra: { expected: request.ifMatch, actual: revision } });
      }
      const now = await this.now();
      const decision = decide(request.command, fold(recorded.map(toFact)), { now, assignWithoutReasonFrom: this.workingDaysBefore(dayOf(now), 2) });
      if (!decision.ok) {
        const { status, code, detail, fact, pointer, given } = decision.rejection;
        throw new Problem(status, code, status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ', detail, {
          errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }],
          extra: fact === undefined ? {} : { fact: { ...fact, occurredAt: new Date(fact.occurredAt).toISOString() } },
        });
      }
      const last = recorded[revision];
      if (decision.events.length === 0) return answer(request.taskId, revision, last === undefined ? '0' : String(last.position), [], []);
      const events = decision.events.map((event, n) => this.toNewEvent(event, n, request, hash));
      const result: AppendResult = await this.log.append(stream, events, { expectedRevision: revision });
      if (result.ok) return answer(request.taskId, result.revision, String(result.position), events.map((e) => e.type), request.warnings ?? []);
      if (attempt === TRIES) {
        throw new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', `Việc vừa được người khác ghi thêm (chờ phiên bản ${String(result.expectedRevision)}, hiện là ${String(result.actualRevision)}); tải lại rồi thử lại.`, {
          extra: { stream: result.stream, expected: result.expectedRevision, actual: result.actualRevision },
        });
      }
    }
  }

  private toNewEvent(event: DecidedEvent, n: number, request: CommandRequest, hash: string | undefined): NewEvent {
    // The passing of a deadline is one fact whoever records it and however often: its id comes from what passed.
    const id =
      event.type === 'TaskBecameOverdue'
        ? overdueId(request.taskId, event)
        : request.key === undefined
          ? this.ids.next()
          : derivedId('event', request.taskId, request.key, String(n));
    return {
      id,
      type: event.type,
      schema: 1,
      data: event.data as unknown as NewEvent['data'],
      occurredAt: event.occurredAt,
      metadata: {
        actor: request.actor,
        $correlationId: request.key ?? id,
        ...(request.key === undefined || hash === undefined ? {} : { commandId: request.key, commandHash: hash }),
        ...((request.warnings ?? []).length === 0 ? {} : { warnings: request.warnings }),
      },
    };
  }

  private workingDaysBefore(day: string, count: number): string {
    let at = day;
    for (let left = count; left > 0; ) {
      at = addDays(at, -1);
      if (this.calendar.isWorkingDay(at)) left--;
    }
    return at;
  }
}

function overdueId(taskId: string, event: Extract<DecidedEvent, { type: 'TaskBecameOverdue' }>): string {
  return derivedId('TaskBecameOverdue', taskId, event.data.decidingEventId, String(event.occurredAt));
}

const answer = (id: string, revision: number, position: string, events: readonly string[], warnings: readonly Warning[]): CommandAnswer => ({ id, revision, position, events, warnings });

export function taskNotFound(id: string): Problem {
  return new Problem(404, 'task-not-found', 'Không tìm thấy việc', `Không có việc mang mã định danh “${id}”.`, { extra: { id } });
}
