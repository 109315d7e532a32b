import { createHash } from 'node:crypto';
import { BRIEFING_EVENT_SCHEMAS, briefingStream, decideBriefing, foldBriefing, type Briefing, type BriefingCommand, type BriefingContext, type BriefingRejection, type BriefingState, type KnownPoint } from '#briefing';
import { schemaOf, type Actor, type EventLog, type JsonObject, type NewEvent, type RecordedEvent, type StreamAppend } from '#event-log';
import { derivedId, Problem, type Ids, type Instant } from '#kernel';
import { taskStream } from '#tasks';
import { revisionMismatch, type CommandAnswer, type CommandRequest, type TaskService, type Warning } from '../tasks/task-service.ts';
import { correlationId } from '../watching/correlation.ts';
import { toBriefingFact, type Briefings } from './briefings.ts';

/** Where the log stands with facts of tasks that belong to a conclusion: what is needed to record the conclusion, should the recording have been broken off. */
export interface ConclusionTag {
  readonly briefingId: string;
  readonly conclusionId: string;
  readonly conclusion: { readonly kind: string; readonly text: string; readonly short?: string; readonly reason?: string; readonly unitId?: string };
  readonly key?: string;
  readonly hash?: string;
}
export const TAG = 'briefing';

export interface BriefingRequest {
  readonly briefingId: string;
  readonly actor: Actor;
  readonly key?: string;
  /** What the key came with: the same key with another content is refused. */
  readonly content: unknown;
  readonly ifMatch?: number;
}

/** What a conclusion does to a task: the request, and what it is about as far as the body says. */
export interface TaskPart {
  readonly request: CommandRequest;
  /** The unit that has to act, as read off the task when it is decided. */
  readonly unitOf: (events: readonly { readonly type: string; readonly data: JsonObject }[], taskId: string) => Promise<string | undefined>;
}

export interface ConclusionWords {
  readonly kind: string;
  readonly text: string;
  readonly short?: string;
  readonly reason?: string;
  readonly taskId?: string;
  readonly unitId?: string;
}

export interface BriefingAnswer extends CommandAnswer {
  readonly conclusionId?: string;
  readonly number?: number;
  readonly taskId?: string;
  readonly taskRevision?: number;
}

interface Decided {
  readonly command: BriefingCommand;
  readonly with?: StreamAppend;
  readonly warnings?: readonly Warning[];
}

const TRIES = 4;

/** The one way facts of meetings enter the log. Decisions on tasks go through the task service, and into the log in one transaction with the conclusion where it has one. */
export class BriefingService {
  private turn: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;
  private readonly ids: Ids;
  private readonly tasks: TaskService;
  private readonly briefings: Briefings;

  constructor(log: EventLog, ids: Ids, tasks: TaskService, briefings: Briefings) {
    this.log = log;
    this.ids = ids;
    this.tasks = tasks;
    this.briefings = briefings;
  }

  /**
   * Opens a meeting. Its id comes from the scope and from how many that scope has had: of two processes that open at once, one loses the
   * stream to the other, and then finds it open. @throws Problem 409 `briefing-open`
   */
  open(request: Omit<BriefingRequest, 'briefingId'>, command: Omit<Extract<BriefingCommand, { type: 'OpenBriefing' }>, 'known'>): Promise<BriefingAnswer> {
    return this.inTurn(async () => {
      const hash = hashOf(request);
      for (let attempt = 1; ; attempt++) {
        await this.briefings.catchUp();
        const before = request.key === undefined ? undefined : this.briefings.all().find(({ facts }) => facts[0]?.metadata.commandId === request.key);
        if (before) return this.repeated(before.id, [before.facts[0]!], request.key!, hash);
        const known = await this.known();
        const now = await this.tasks.now();
        const ofScope = this.briefings.ofScope(command.unitId ?? null);
        const open = ofScope.find(({ state }) => state.closed === null);
        const previous = ofScope.findLast(({ state }) => state.closed !== null);
        const context: BriefingContext = {
          now, ...(open ? { open: { id: open.id, name: open.state.name } } : {}), ...(previous ? { previous: { id: previous.id, name: previous.state.name, cutOff: previous.state.cutOff } } : {}),
        };
        const decision = decideBriefing({ ...command, known }, { kind: 'none' }, context);
        if (!decision.ok) throw refused(decision.rejection);
        const id = derivedId('briefing', command.unitId ?? '', String(ofScope.length + 1));
        const answer = await this.write({ ...request, briefingId: id }, [], -1, { events: decision.events, occurredAt: now, warnings: [] }, hash);
        if (answer) return answer;
        if (attempt === TRIES) throw lost(briefingStream(id));
      }
    });
  }

  /** Any command on a meeting but a conclusion. */
  execute(request: BriefingRequest, make: (state: Briefing) => Promise<BriefingCommand> | BriefingCommand, warn: (state: Briefing) => Promise<readonly Warning[]> | readonly Warning[] = () => []): Promise<BriefingAnswer> {
    return this.run(request, async (state) => ({ command: await make(state), warnings: await warn(state) }));
  }

  /** Records a conclusion, with what it does to a task. A refusal by the task's decider is passed on as it is, and nothing is recorded. */
  conclude(request: BriefingRequest, words: ConclusionWords, part?: (conclusionId: string, briefing: Briefing) => TaskPart): Promise<BriefingAnswer> {
    const conclusionId = request.key === undefined ? this.ids.next() : derivedId('conclusion', request.briefingId, request.key);
    return this.run(request, (state, now) => this.decideConclusion(request, conclusionId, words, part, state, now), conclusionId);
  }

  /** What a conclusion would record; nothing is written. */
  async plan(request: BriefingRequest, words: ConclusionWords, part?: (conclusionId: string, briefing: Briefing) => TaskPart): Promise<{ readonly state: Briefing; readonly append: StreamAppend | undefined; readonly command: Extract<BriefingCommand, { type: 'RecordConclusion' }>; readonly warnings: readonly Warning[] }> {
    const state = await this.load(request.briefingId);
    const now = await this.tasks.now();
    const { command, with: append, warnings = [] } = await this.decideConclusion({ briefingId: request.briefingId, actor: request.actor, content: request.content }, this.ids.next(), words, part, state, now);
    return { state, append, command: command as Extract<BriefingCommand, { type: 'RecordConclusion' }>, warnings };
  }

  /** The last event known now, as references name it. */
  async known(): Promise<KnownPoint> {
    const { position, lastEventId } = await this.log.head();
    return { position: String(position), eventId: lastEventId };
  }

  /**
   * Records a conclusion whose fact stands in a task, but whose own recording was broken off: a log over a network has no transaction over two
   * streams. Its id and its words stand in the fact's metadata.
   */
  async settle(facts: readonly RecordedEvent[]): Promise<void> {
    const groups = new Map<string, RecordedEvent[]>();
    for (const fact of facts) {
      const tag = tagOf(fact);
      if (tag) groups.set(tag.conclusionId, [...(groups.get(tag.conclusionId) ?? []), fact]);
    }
    for (const [conclusionId, made] of groups) {
      const tag = tagOf(made[0]!)!;
      const { briefingId, conclusion, key, hash } = tag;
      const { actor } = made[0]!.metadata;
      const taskId = made[0]!.stream.slice(taskStream('').length);
      await this.run(
        { briefingId, actor, content: null, ...(key === undefined ? {} : { key }) },
        () => ({ command: { type: 'RecordConclusion', conclusionId, ...conclusion, taskId, ...deadlineOf(made), made: made.map(({ id, type }) => ({ id, type })), begun: true } }),
        conclusionId,
        hash,
      );
    }
  }

  private async decideConclusion(request: BriefingRequest, conclusionId: string, words: ConclusionWords, part: ((conclusionId: string, briefing: Briefing) => TaskPart) | undefined, state: Briefing, now: Instant): Promise<Decided> {
    const bare: BriefingCommand = { type: 'RecordConclusion', conclusionId, made: [], ...words };
    // The meeting is asked before the task: a closed one, or words too long, decide nothing.
    const { request: task, unitOf } = part?.(conclusionId, state) ?? {};
    const begun = task === undefined || state.closed === null ? [] : await this.madeBy(conclusionId, task.taskId);
    const first = decideBriefing(begun.length === 0 ? bare : { ...bare, begun: true }, state, { now });
    if (!first.ok) throw refused(first.rejection);
    if (!task) return { command: bare };
    const { kind, text, short, reason } = words;
    const tag: ConclusionTag = {
      briefingId: request.briefingId, conclusionId,
      conclusion: { kind, text, ...(short === undefined ? {} : { short }), ...(reason === undefined ? {} : { reason }), ...(words.unitId === undefined ? {} : { unitId: words.unitId }) },
      ...(request.key === undefined ? {} : { key: request.key, hash: hashOf(request) }),
    };
    // The conclusion's id is the key of the command on the task: what a broken-off recording left in the task is found there and not decided again.
    const planned = await this.tasks.plan({ ...task, key: conclusionId, content: [request.briefingId, request.content], tags: { [TAG]: tag as unknown as JsonObject } });
    const events = 'append' in planned ? planned.append.events : await this.madeBy(conclusionId, task.taskId);
    const unitId = words.unitId ?? (await unitOf!(events, task.taskId));
    return {
      command: { ...bare, taskId: task.taskId, ...(unitId === undefined ? {} : { unitId }), ...deadlineOf(events), made: events.map(({ id, type }) => ({ id, type })), ...('append' in planned ? {} : { begun: true }) },
      ...('append' in planned ? { with: planned.append, warnings: planned.warnings } : { warnings: planned.answer.warnings }),
    };
  }

  private async madeBy(conclusionId: string, taskId: string): Promise<readonly RecordedEvent[]> {
    return (await this.log.readStream(taskStream(taskId))).filter((event) => event.metadata.commandId === conclusionId);
  }

  private run(request: BriefingRequest, decide: (state: Briefing, now: Instant) => Promise<Decided> | Decided, conclusionId?: string, givenHash?: string): Promise<BriefingAnswer> {
    return this.inTurn(async () => {
      const { briefingId, key, ifMatch } = request;
      const hash = givenHash ?? hashOf(request);
      for (let attempt = 1; ; attempt++) {
        const recorded = await this.read(briefingId);
        const first = recorded.filter(({ metadata, type, data }) => (key !== undefined && metadata.commandId === key) || (conclusionId !== undefined && type === 'ConclusionRecorded' && data['conclusionId'] === conclusionId));
        if (first.length > 0) return this.repeated(briefingId, first, key, hash);
        const revision = recorded.length - 1;
        if (ifMatch !== undefined && ifMatch !== revision) throw revisionMismatch(ifMatch, revision);
        const state = stateOf(recorded, briefingId);
        const now = await this.tasks.now();
        const { command, with: append, warnings = [] } = await decide(state, now);
        const decision = decideBriefing(command, state, { now });
        if (!decision.ok) throw refused(decision.rejection);
        const answer = await this.write(request, append === undefined ? [] : [append], revision, { events: decision.events, occurredAt: now, warnings }, hash);
        if (answer) return answer;
        if (attempt === TRIES) throw lost(briefingStream(briefingId));
      }
    });
  }

  /** Undefined where a race was lost. */
  private async write({ briefingId, actor, key }: BriefingRequest, before: readonly StreamAppend[], expectedRevision: number, made: { readonly events: readonly { readonly type: string; readonly data: object }[]; readonly occurredAt: Instant; readonly warnings: readonly Warning[] }, hash: string): Promise<BriefingAnswer | undefined> {
    const stream = briefingStream(briefingId);
    const events = made.events.map((event): NewEvent => {
      const { conclusionId } = event.data as { readonly conclusionId?: string };
      const id = event.type === 'ConclusionRecorded' ? derivedId('conclusion-recorded', briefingId, conclusionId!) : key === undefined ? this.ids.next() : derivedId('briefing-event', briefingId, key);
      return {
        id, type: event.type, schema: schemaOf(BRIEFING_EVENT_SCHEMAS, event.type as keyof typeof BRIEFING_EVENT_SCHEMAS), data: event.data as JsonObject, occurredAt: made.occurredAt,
        metadata: { actor, $correlationId: correlationId() ?? key ?? id, ...(key === undefined ? {} : { commandId: key, commandHash: hash }), ...(made.warnings.length === 0 ? {} : { warnings: made.warnings }) },
      };
    });
    // The conclusion stands last: where the log has no transaction over streams, a recording that was broken off is taken up again from what stands in the task.
    const result = await this.log.appendMany([...before, { stream, expectedRevision, events }]);
    if (!result.ok) return undefined;
    await this.briefings.catchUp();
    const own = result.results.at(-1)!;
    return this.answer(briefingId, own.revision, own.position, events, made.warnings);
  }

  private async answer(id: string, revision: number, position: bigint, events: readonly { readonly type: string; readonly data: JsonObject }[], warnings: readonly Warning[]): Promise<BriefingAnswer> {
    const recorded = events.find(({ type }) => type === 'ConclusionRecorded')?.data as { conclusionId: string; number: number; taskId?: string; made: readonly { id: string; type: string }[] } | undefined;
    const last = recorded?.made.at(-1);
    const made = last === undefined ? undefined : await this.log.readEvent(last.id);
    return {
      id, revision, position: String(position), events: [...events.map(({ type }) => type), ...(recorded?.made.map(({ type }) => type) ?? [])], warnings,
      ...(recorded === undefined ? {} : { conclusionId: recorded.conclusionId, number: recorded.number }), ...(recorded?.taskId === undefined ? {} : { taskId: recorded.taskId }), ...(made === undefined ? {} : { taskRevision: made.revision }),
    };
  }

  private async repeated(id: string, first: readonly RecordedEvent[], key: string | undefined, hash: string): Promise<BriefingAnswer> {
    const last = first.at(-1)!;
    if (key !== undefined && last.metadata.commandId === key && last.metadata.commandHash !== hash) throw new Problem(422, 'idempotency-key-reused', 'Mã yêu cầu đã dùng', 'Idempotency-Key này đã được dùng cho một yêu cầu có nội dung khác.', { extra: { key } });
    return this.answer(id, last.revision, last.position, first, (last.metadata['warnings'] as Warning[] | undefined) ?? []);
  }

  private async load(briefingId: string): Promise<Briefing> {
    return stateOf(await this.read(briefingId), briefingId);
  }

  private async read(briefingId: string): Promise<readonly RecordedEvent[]> {
    const recorded = /^[0-9a-f-]{36}$/.test(briefingId) ? await this.log.readStream(briefingStream(briefingId)) : [];
    if (recorded.length === 0) throw briefingNotFound(briefingId);
    return recorded;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

export function tagOf({ metadata }: Pick<RecordedEvent, 'metadata'>): ConclusionTag | undefined {
  return metadata[TAG] as ConclusionTag | undefined;
}

export function briefingNotFound(id: string): Problem {
  return new Problem(404, 'briefing-not-found', 'Không tìm thấy phiên giao ban', `Không có phiên giao ban mang mã “${id.slice(0, 80)}”.`, { extra: { id: id.slice(0, 80) } });
}

function stateOf(recorded: readonly RecordedEvent[], id: string): Briefing {
  const state: BriefingState = foldBriefing(recorded.map(toBriefingFact));
  if (state.kind === 'none') throw briefingNotFound(id);
  return state;
}

/** The deadline that the facts set, if one of them does. */
function deadlineOf(events: readonly { readonly data: JsonObject }[]): { readonly deadline?: Extract<BriefingCommand, { type: 'RecordConclusion' }>['deadline'] & object } {
  const deadline = events.findLast(({ data }) => data['deadline'] !== undefined)?.data['deadline'];
  return deadline === undefined ? {} : { deadline: deadline as never };
}

function refused({ status, code, detail, pointer, given, extra = {} }: BriefingRejection): Problem {
  const title = status === 404 ? 'Không tìm thấy' : status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ';
  return new Problem(status, code, title, detail, { errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }], extra });
}

const lost = (stream: string): Problem => new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', 'Dữ liệu vừa được người khác thay đổi; tải lại rồi thử lại.', { extra: { stream } });

const hashOf = ({ content, actor }: Pick<BriefingRequest, 'content' | 'actor'>): string => createHash('sha256').update(JSON.stringify([content, actor])).digest('hex').slice(0, 32);
