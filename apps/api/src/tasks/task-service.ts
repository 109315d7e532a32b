import { createHash } from 'node:crypto';
import { schemaOf, type Actor, type EventLog, type JsonObject, type NewEvent, type StreamAppend } from '#event-log';
import type { WorkingCalendar } from '#deadlines';
import { addDays, dayOf, derivedId, isoInstant, Problem, type Clock, type Day, type Ids, type Instant } from '#kernel';
import { decide, fold, TASK_EVENT_SCHEMAS, taskStream, toFact, type DecidedEvent, type Rejection, type TaskCommand, type TaskState } from '#tasks';
import { correlationId } from '../watching/correlation.ts';

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

/** What is asked of a task. `prepare` reads the request against the task as it is now, so it may be called again when a race was lost. */
export interface CommandRequest {
  readonly taskId: string;
  readonly actor: Actor;
  readonly prepare: (state: TaskState, now: Instant) => Prepared | Promise<Prepared>;
  /** True where the command begins the task. */
  readonly begins?: boolean;
  /** The client's `Idempotency-Key`, and what it came with: the same key with another content is refused. */
  readonly key?: string;
  readonly content?: unknown;
  /** The client's `If-Match`. */
  readonly ifMatch?: number;
  /** Where the command is one of many made by one decision: what the ids of its events are derived from. */
  readonly causedBy?: string;
  /** Stands in the metadata of the events beside the rest: what the command belongs to. */
  readonly tags?: Readonly<Record<string, JsonObject>>;
}

export interface Prepared {
  readonly command: TaskCommand;
  readonly warnings?: readonly Warning[];
}

/** A decided append that is not written yet, or the answer that was given before. */
export type Planned = { readonly append: StreamAppend; readonly warnings: readonly Warning[] } | { readonly answer: CommandAnswer };

/** Racing writers make one of them lose its append; it loads again and decides anew, a few times. */
const TRIES = 4;

/** Load, decide, append: the one way a fact enters a task's stream. */
export class TaskService {
  private readonly log: EventLog;
  private readonly clock: Clock;
  private readonly ids: Ids;
  private readonly calendar: () => WorkingCalendar;

  constructor(log: EventLog, clock: Clock, ids: Ids, calendar: () => WorkingCalendar) {
    this.log = log;
    this.clock = clock;
    this.ids = ids;
    this.calendar = calendar;
  }

  /** The later of the clock and the log's last recordedAt. */
  async now(): Promise<Instant> {
    return Math.max(this.clock.now(), (await this.log.head()).recordedAt);
  }

  async load(taskId: string): Promise<TaskState> {
    return fold((await this.log.readStream(taskStream(taskId))).map(toFact));
  }

  /** @throws Problem 404, 409, 412, 422; nothing is written then. */
  async execute(request: CommandRequest): Promise<CommandAnswer> {
    const { taskId } = request;
    for (let attempt = 1; ; attempt++) {
      const planned = await this.plan(request);
      if ('answer' in planned) return planned.answer;
      const { append, warnings } = planned;
      const result = await this.log.append(append.stream, append.events, { expectedRevision: append.expectedRevision });
      if (result.ok) return { id: taskId, revision: result.revision, position: String(result.position), events: append.events.map((e) => e.type), warnings };
      if (attempt === TRIES) {
        throw new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', `Việc vừa được người khác ghi thêm (chờ phiên bản ${String(result.expectedRevision)}, hiện là ${String(result.actualRevision)}); tải lại rồi thử lại.`, {
          extra: { stream: result.stream, expected: result.expectedRevision, actual: result.actualRevision },
        });
      }
    }
  }

  /** Decides without writing, for decisions that write several streams at once. @throws Problem as `execute`. */
  async plan(request: CommandRequest): Promise<Planned> {
    const { taskId, key, ifMatch } = request;
    const stream = taskStream(taskId);
    // An id made a moment ago names no stream yet: there is nothing to look up.
    const recorded = request.begins === true && key === undefined ? [] : await this.log.readStream(stream);
    if (recorded.length === 0 && request.begins !== true) throw taskNotFound(taskId);
    const hash = key === undefined ? undefined : createHash('sha256').update(JSON.stringify([request.content, request.actor])).digest('hex').slice(0, 32);
    if (key !== undefined) {
      const first = recorded.filter((event) => event.metadata.commandId === key);
      const last = first.at(-1);
      if (last) {
        if (last.metadata.commandHash !== hash) {
          throw new Problem(422, 'idempotency-key-reused', 'Mã yêu cầu đã dùng', 'Idempotency-Key này đã được dùng cho một yêu cầu có nội dung khác.', { extra: { key } });
        }
        const warnings = (last.metadata['warnings'] as Warning[] | undefined) ?? [];
        return { answer: { id: taskId, revision: last.revision, position: String(last.position), events: first.map((e) => e.type), warnings } };
      }
    }
    const revision = recorded.length - 1;
    if (ifMatch !== undefined && ifMatch !== revision) throw revisionMismatch(ifMatch, revision);
    const now = await this.now();
    const state = fold(recorded.map(toFact));
    const { command, warnings = [] } = await request.prepare(state, now);
    const decision = decide(command, state, { now, assignWithoutReasonFrom: this.workingDaysBefore(dayOf(now), 2) });
    if (!decision.ok) throw rejected(decision.rejection);
    if (decision.events.length === 0) return { answer: { id: taskId, revision, position: String(recorded[revision]?.position ?? 0n), events: [], warnings: [] } };
    return { append: { stream, expectedRevision: revision, events: decision.events.map((event, n) => this.toNewEvent(event, n, request, hash, warnings)) }, warnings };
  }

  private toNewEvent(event: DecidedEvent, n: number, { taskId, key, causedBy, actor, tags }: CommandRequest, hash: string | undefined, warnings: readonly Warning[]): NewEvent {
    const source = key ?? causedBy;
    // The passing of a deadline is one fact whoever records it and however often: its id comes from what passed.
    const id = event.type === 'TaskBecameOverdue' ? overdueId(taskId, event) : source === undefined ? this.ids.next() : derivedId('event', taskId, source, String(n));
    return {
      id,
      type: event.type,
      schema: schemaOf(TASK_EVENT_SCHEMAS, event.type),
      data: event.data as unknown as JsonObject,
      occurredAt: event.occurredAt,
      metadata: {
        actor,
        $correlationId: correlationId() ?? source ?? id,
        ...(causedBy === undefined ? {} : { $causationId: causedBy }),
        ...(key === undefined || hash === undefined ? {} : { commandId: key, commandHash: hash }),
        ...(warnings.length === 0 ? {} : { warnings }),
        ...tags,
      },
    };
  }

  private workingDaysBefore(day: Day, count: number): Day {
    const calendar = this.calendar();
    let at = day;
    for (let left = count; left > 0; ) {
      at = addDays(at, -1);
      if (calendar.isWorkingDay(at)) left--;
    }
    return at;
  }
}

function overdueId(taskId: string, event: Extract<DecidedEvent, { type: 'TaskBecameOverdue' }>): string {
  return derivedId('TaskBecameOverdue', taskId, event.data.decidingEventId, String(event.occurredAt));
}

/** A rejection of the decider as the answer of a door. */
export function rejected({ status, code, detail, fact, pointer, given }: Rejection): Problem {
  return new Problem(status, code, status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ', detail, {
    errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }],
    extra: fact === undefined ? {} : { fact: { eventId: fact.eventId, type: fact.type, occurredAt: isoInstant(fact.occurredAt) } },
  });
}

export function revisionMismatch(expected: number, actual: number): Problem {
  return new Problem(412, 'revision-mismatch', 'Dữ liệu đã thay đổi', `If-Match yêu cầu phiên bản ${String(expected)}, hiện là ${String(actual)}.`, { extra: { expected, actual } });
}

export function taskNotFound(id: string): Problem {
  return new Problem(404, 'task-not-found', 'Không tìm thấy việc', `Không có việc mang mã định danh “${id}”.`, { extra: { id } });
}
