import { createHash } from 'node:crypto';
import type { Actor, EventLog, JsonObject, NewEvent, StreamAppend } from '#event-log';
import { derivedId, Problem, type Ids, type Instant } from '#kernel';
import { correlationId } from '../watching/correlation.ts';
import type { ReferenceData } from './reference-data.ts';
import { CATALOGUE } from '../understood-log.ts';
import { revisionMismatch, type CommandAnswer, type TaskService, type Warning } from '../tasks/task-service.ts';

/** What is decided about a unit, a year of the calendar, the settings or a secret count. */
export interface ReferenceRequest {
  /** What the answer calls it. */
  readonly id: string;
  readonly stream: string;
  readonly actor: Actor;
  readonly key?: string;
  /** What the key came with: the same key with another content is refused. */
  readonly content: unknown;
  /** The client's `If-Match`. */
  readonly ifMatch?: number;
  /** Decides by everything recorded so far; `eventId` is the id that the first event will have. @throws Problem */
  readonly decide: (now: Instant, eventId: string) => Promise<ReferenceDecision> | ReferenceDecision;
}

export interface ReferenceDecision {
  readonly events: readonly { readonly type: string; readonly data: unknown; readonly occurredAt: Instant }[];
  /** Streams of tasks that the decision moves, written in the same transaction where the log has one, else before it. */
  readonly with?: readonly StreamAppend[];
  readonly warnings?: readonly Warning[];
}

const TRIES = 4;

/** The one way reference facts enter the log: one after the other, each decided with the one before it taken in. */
export class ReferenceService {
  private turn: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;
  private readonly ids: Ids;
  private readonly tasks: TaskService;
  private readonly reference: ReferenceData;

  constructor(log: EventLog, ids: Ids, tasks: TaskService, reference: ReferenceData) {
    this.log = log;
    this.ids = ids;
    this.tasks = tasks;
    this.reference = reference;
  }

  execute(request: ReferenceRequest): Promise<CommandAnswer> {
    const mine = this.turn.then(() => this.run(request));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async run({ id, stream, actor, key, content, ifMatch, decide }: ReferenceRequest): Promise<CommandAnswer> {
    const hash = createHash('sha256').update(JSON.stringify([content, actor])).digest('hex').slice(0, 32);
    for (let attempt = 1; ; attempt++) {
      await this.reference.catchUp();
      const recorded = await this.log.readStream(stream);
      const first = key === undefined ? [] : recorded.filter((event) => event.metadata.commandId === key);
      const last = first.at(-1);
      if (last) {
        if (last.metadata.commandHash !== hash) throw new Problem(422, 'idempotency-key-reused', 'Mã yêu cầu đã dùng', 'Idempotency-Key này đã được dùng cho một yêu cầu có nội dung khác.', { extra: { key } });
        return { id, revision: last.revision, position: String(last.position), events: first.map((e) => e.type), eventIds: first.map((e) => e.id), warnings: (last.metadata['warnings'] as Warning[] | undefined) ?? [] };
      }
      if (ifMatch !== undefined && ifMatch !== recorded.length - 1) throw revisionMismatch(ifMatch, recorded.length - 1);
      const eventId = key === undefined ? this.ids.next() : derivedId('reference', stream, key, '0');
      const decision = await decide(await this.tasks.now(), eventId);
      const warnings = decision.warnings ?? [];
      const events = decision.events.map((event, n): NewEvent => ({
        id: n === 0 ? eventId : derivedId('reference', stream, eventId, String(n)), type: event.type, schema: CATALOGUE.schemaOf(event.type), data: event.data as JsonObject, occurredAt: event.occurredAt,
        metadata: { actor, $correlationId: correlationId() ?? key ?? eventId, ...(key === undefined ? {} : { commandId: key, commandHash: hash }), ...(warnings.length === 0 ? {} : { warnings }) },
      }));
      // The decision itself stands last: where the log has no transaction over streams, one that was broken off is decided again, and moves what is left.
      const appends = [...(decision.with ?? []), { stream, expectedRevision: recorded.length - 1, events }];
      const result = await this.log.appendMany(appends);
      if (result.ok) {
        await this.reference.catchUp();
        const own = result.results.at(-1)!;
        const all = [...events, ...(decision.with ?? []).flatMap((append) => append.events)];
        return { id, revision: own.revision, position: String(own.position), events: all.map((e) => e.type), eventIds: all.map((e) => e.id), warnings };
      }
      if (attempt === TRIES) throw new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', 'Dữ liệu vừa được người khác thay đổi; tải lại rồi thử lại.', { extra: { stream: result.stream, expected: result.expectedRevision, actual: result.actualRevision } });
    }
  }
}
