import { schemaOf, type Actor, type EventLog, type JsonObject, type NewEvent } from '#event-log';
import { derivedId, Problem, type Day, type Ids, type Instant } from '#kernel';
import type { OutsideChannel, Person } from '#people';
import { itemsOf, messageIdOf, REMINDER_EVENT_SCHEMAS, reminderStream, snoozeIdOf, type MessageFact, type MessageHead, type MessageKind, type ReminderEvent } from '#reminders';
import type { TaskService } from '../tasks/task-service.ts';
import { correlationId } from '../watching/correlation.ts';
import { headOf, toFact } from './records.ts';

export interface ReminderCommand {
  readonly actor: Actor;
  /** The client's `Idempotency-Key`. */
  readonly key?: string;
}

export interface ReminderAnswer {
  readonly id: string;
  readonly revision: number;
  readonly position: string;
  readonly events: readonly string[];
  readonly warnings: readonly never[];
}

const TRIES = 4;

/** What people do with reminders: see, answer, put off, ask for again. The one way these facts enter the log. */
export class ReminderService {
  private readonly log: EventLog;
  private readonly ids: Ids;
  private readonly tasks: TaskService;

  constructor(log: EventLog, ids: Ids, tasks: TaskService) {
    this.log = log;
    this.ids = ids;
    this.tasks = tasks;
  }

  /** Marks a message as seen; seen again it stays seen since the first time. */
  see(id: string, recipientMay: (recipientId: string) => void, command: ReminderCommand): Promise<ReminderAnswer> {
    return this.onMessage(id, command, (head) => {
      recipientMay(head.recipientId);
      return head.seenAt === null ? { type: 'ReminderSeen', data: {} } : undefined;
    });
  }

  /** Answers for a task of a message that asks for it. */
  answer(id: string, given: { readonly taskId: string; readonly answer: 'done' | 'not-done'; readonly reason?: string; readonly proposedOn?: Day }, recipientMay: (recipientId: string) => void, command: ReminderCommand): Promise<ReminderAnswer> {
    return this.onMessage(id, command, (head, facts) => {
      recipientMay(head.recipientId);
      const { items, merged } = itemsOf(facts);
      const asked = [...items.filter(({ suppressed }) => suppressed === undefined), ...merged].find(({ taskId, answer }) => taskId === given.taskId && answer === true);
      if (!asked) throw new Problem(409, 'answer-not-asked', 'Không hỏi việc này', 'Lời nhắc này không yêu cầu trả lời về việc ấy.', { extra: { id, taskId: given.taskId } });
      return { type: 'ReminderAnswered', data: given };
    });
  }

  /** Asks for a message again that was given up or suppressed. */
  resend(id: string, channel: OutsideChannel, command: ReminderCommand): Promise<ReminderAnswer> {
    return this.onMessage(id, command, (head) => {
      const delivery = head.deliveries.find((one) => one.channel === channel);
      if (!delivery) throw new Problem(409, 'channel-not-used', 'Không gửi qua kênh này', `Lời nhắc này không gửi qua kênh “${channel}”.`, { extra: { id, channel } });
      if (delivery.state !== 'dead' && delivery.state !== 'failed' && delivery.state !== 'suppressed') throw new Problem(409, 'not-resendable', 'Không cần gửi lại', `Lần gửi qua “${channel}” đang ở trạng thái “${delivery.state}”; chỉ gửi lại lần đã hỏng hoặc đã bỏ qua.`, { extra: { id, channel, state: delivery.state } });
      return { type: 'ReminderResendAsked', data: { channel } };
    });
  }

  /** Puts a task off for one person only, until a day. */
  async snooze(given: { readonly recipientId: string; readonly taskId: string; readonly until: Day }, { actor, key }: ReminderCommand): Promise<ReminderAnswer> {
    const id = snoozeIdOf(given.recipientId, given.taskId);
    const stream = reminderStream(id);
    for (let attempt = 1; ; attempt++) {
      const before = await this.log.readStream(stream);
      const repeated = before.find(({ metadata }) => key !== undefined && metadata.commandId === key);
      if (repeated) return { id, revision: repeated.revision, position: String(repeated.position), events: [repeated.type], warnings: [] };
      const result = await this.log.append(stream, [this.newEvent(stream, { type: 'ReminderSnoozed', data: given }, actor, key, await this.tasks.now())], { expectedRevision: before.length - 1 });
      if (result.ok) return { id, revision: result.revision, position: String(result.position), events: ['ReminderSnoozed'], warnings: [] };
      if (attempt === TRIES) throw lost(stream);
    }
  }

  /** A message to somebody that says that messages reach them. */
  async test(person: Person, slot: Day, slotAt: string, channel: OutsideChannel, rules: number, calendar: string, { actor, key }: ReminderCommand): Promise<ReminderAnswer> {
    const kind: MessageKind = 'test';
    // Each test is a message of its own.
    const id = messageIdOf(person.id, key ?? this.ids.next(), kind);
    const stream = reminderStream(id);
    const { position, lastEventId } = await this.log.head();
    const event: ReminderEvent = {
      type: 'ReminderDecided',
      data: { kind, slot, slotAt, recipientId: person.id, role: person.role, unitId: person.unitId, rules, calendar, known: { position: String(position), eventId: lastEventId }, deliveries: [{ channel }], items: [] },
    };
    const result = await this.log.append(stream, [this.newEvent(stream, event, actor, key, await this.tasks.now())], { expectedRevision: -1 });
    if (!result.ok) throw lost(stream);
    return { id, revision: result.revision, position: String(result.position), events: [event.type], warnings: [] };
  }

  private async onMessage(id: string, { actor, key }: ReminderCommand, decide: (head: MessageHead, facts: readonly MessageFact[]) => ReminderEvent | undefined): Promise<ReminderAnswer> {
    const stream = reminderStream(id);
    for (let attempt = 1; ; attempt++) {
      const recorded = /^[0-9a-f-]{36}$/.test(id) ? await this.log.readStream(stream) : [];
      const facts = recorded.map(toFact);
      const head = headOf(id, facts);
      if (!head) throw reminderNotFound(id);
      const repeated = recorded.find(({ metadata }) => key !== undefined && metadata.commandId === key);
      const event = repeated ? undefined : decide(head, facts);
      if (!event) {
        const { revision, position, type } = repeated ?? recorded.at(-1)!;
        return { id, revision, position: String(position), events: repeated ? [type] : [], warnings: [] };
      }
      const result = await this.log.append(stream, [this.newEvent(stream, event, actor, key, await this.tasks.now())], { expectedRevision: head.revision });
      if (result.ok) return { id, revision: result.revision, position: String(result.position), events: [event.type], warnings: [] };
      if (attempt === TRIES) throw lost(stream);
    }
  }

  private newEvent(stream: string, event: ReminderEvent, actor: Actor, key: string | undefined, occurredAt: Instant): NewEvent {
    const id = key === undefined ? this.ids.next() : derivedId('reminder-command', stream, key);
    return { id, type: event.type, schema: schemaOf(REMINDER_EVENT_SCHEMAS, event.type), data: event.data as unknown as JsonObject, occurredAt, metadata: { actor, $correlationId: correlationId() ?? key ?? id, ...(key === undefined ? {} : { commandId: key }) } };
  }
}

export const reminderNotFound = (id: string): Problem => new Problem(404, 'reminder-not-found', 'Không tìm thấy lời nhắc', `Không có lời nhắc mang mã “${id.slice(0, 80)}”.`, { extra: { id: id.slice(0, 80) } });
const lost = (stream: string): Problem => new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', 'Dữ liệu vừa được người khác thay đổi; tải lại rồi thử lại.', { extra: { stream } });
