import { lastInstantInTime, type Deadline } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { REPAIRS, repair, toFact, type TaskEventType, type TaskFact } from '#tasks';
import { CLOSE_MS, type AuditRow, type Mark } from './audit-row.ts';

/** Who leads and what deadline is in force; `due` is null without one. */
interface Standing {
  readonly unitId: string;
  readonly due: Instant | null;
}

const NOWHERE: Standing = { unitId: '', due: null };

/** Facts that change who leads or the deadline in force, or that a confirmation is judged by; the rest leaves nothing behind. */
const KEPT: ReadonlySet<string> = new Set([
  'TaskAssigned',
  'ExtensionGranted',
  'DeadlineSet',
  'DeadlineRecomputed',
  'TaskTransferred',
  'TaskResumed',
  'TaskReopened',
  'CompletionSubmitted',
  'TaskCorrected',
  'FactAnnulled',
]);
/** A deadline moved by these after it had passed is moved late; a resumption and a reopening begin to count anew. */
const MOVES_LATE: ReadonlySet<string> = new Set([
  'ExtensionGranted',
  'DeadlineRecomputed',
  'TaskTransferred',
  'TaskCorrected',
  'FactAnnulled',
]);

type Kept = Pick<TaskFact, 'type' | 'eventId' | 'occurredAt'> & { readonly data: Readonly<Record<string, unknown>> };

/** What a store keeps of a task, so that its next event can be judged. */
export interface StoredTrail {
  readonly unitId: string;
  readonly due: Instant | null;
  /** Facts of `KEPT`, as one text: parsed where a repair makes the standing anew. */
  readonly facts: string;
  /** Position of the last event taken. */
  readonly taken: number;
}

/** A task as the trail follows it: as known when each event was recorded. */
export class TrailTask {
  private standing: Standing;
  /** `Kept` as texts of arrays, to be joined. */
  private kept: string[];
  private changed: number;
  /** The last submission taken, which the next confirmation usually is of: it need not be looked for in the texts. */
  private submission: Kept | undefined;

  /** @throws SyntaxError for a text that makes no sense: it would be noticed by a repair only, and blamed on that. */
  constructor(from?: StoredTrail) {
    if (from !== undefined) JSON.parse(from.facts);
    this.standing = from === undefined ? NOWHERE : { unitId: from.unitId, due: from.due };
    this.kept = from === undefined || from.facts === '[]' ? [] : [from.facts.slice(1, -1)];
    this.changed = from?.taken ?? 0;
  }

  toStored(): StoredTrail {
    const facts = this.kept.join();
    if (this.kept.length > 1) this.kept = [facts];
    return { ...this.standing, facts: `[${facts}]`, taken: this.changed };
  }

  /** The row of an event; undefined for one that has been taken: a store without transactions is given some again. */
  take(event: RecordedEvent, taskId: string): AuditRow | undefined {
    const position = Number(event.position);
    if (!Number.isSafeInteger(position))
      throw new RangeError(
        `event ${event.id} (${event.stream}) stands at position ${String(event.position)}; the trail reckons with positions up to ${String(Number.MAX_SAFE_INTEGER)}`,
      );
    if (position <= this.changed) return undefined;
    const { type } = event;
    const before = this.standing;
    this.changed = position;
    let mark: Mark | null = null;
    let other: string | undefined;
    // Nothing else moves a task or a deadline, or is judged; most events are of those others.
    if (KEPT.has(type) || type === 'TaskCompleted' || type === 'CoordinationAnswered') {
      const fact = toFact(event);
      if (KEPT.has(type)) this.keep(fact);
      mark = fact.type === 'TaskCompleted' ? this.proofOf(fact.data.submissionEventId) : markOf(fact, before, this.standing);
      if (fact.type === 'CoordinationAnswered') other = fact.data.unitId;
    }
    const after = this.standing;
    const unitId = type === 'TaskAssigned' ? after.unitId : before.unitId;
    other ??= after.unitId;
    const ofDeadline = mark !== null && mark !== 'unproved' && mark !== 'fileless';
    const { actor } = event.metadata;
    return {
      position,
      recordedAt: event.recordedAt,
      occurredAt: event.occurredAt,
      taskId,
      type: type as TaskEventType,
      role: actor.role,
      actorId: actor.id,
      unitId,
      otherUnitId: other === unitId ? null : other,
      mark,
      dueBefore: ofDeadline ? before.due : null,
      dueAfter: ofDeadline ? after.due : null,
    };
  }

  private keep(fact: TaskFact): void {
    const kept = keptOf(fact);
    this.kept.push(JSON.stringify([kept.type, kept.eventId, kept.occurredAt, kept.data]));
    if (kept.type === 'CompletionSubmitted') this.submission = kept;
    this.standing = REPAIRS.has(fact.type) ? this.all().reduce(step, NOWHERE) : step(this.standing, kept);
  }

  /** The kept facts that hold, in log order. */
  private all(): readonly Kept[] {
    return repair(this.facts() as readonly unknown[] as readonly TaskFact[]).effective as readonly unknown[] as readonly Kept[];
  }

  private facts(): readonly Kept[] {
    const stored = JSON.parse(`[${this.kept.join()}]`) as readonly (readonly [Kept['type'], string, Instant, Kept['data']])[];
    return stored.map(([type, eventId, occurredAt, data]) => ({ type, eventId, occurredAt, data }));
  }

  private proofOf(submissionEventId: string): Mark | null {
    const submission =
      this.submission?.eventId === submissionEventId
        ? this.submission
        : this.facts().find((fact) => fact.eventId === submissionEventId);
    if (submission === undefined) return null;
    return submission.data['files'] === true ? null : submission.data['document'] === true ? 'fileless' : 'unproved';
  }
}

function markOf(fact: TaskFact, before: Standing, after: Standing): Mark | null {
  if (fact.type === 'CompletionSubmitted')
    return before.due !== null && fact.occurredAt <= before.due && before.due - fact.occurredAt < CLOSE_MS ? 'close' : null;
  if (fact.type === 'TaskAssigned' || before.due === after.due) return null;
  return MOVES_LATE.has(fact.type) && before.due !== null && fact.occurredAt > before.due ? 'moved-late' : 'moved';
}

/** What is kept of a fact: little, for it is read back and written with every later one. */
function keptOf(fact: TaskFact): Kept {
  const { type, eventId, occurredAt } = fact;
  return { type, eventId, occurredAt, data: dataOf(fact) };
}

function dataOf(fact: TaskFact): Kept['data'] {
  switch (fact.type) {
    case 'TaskAssigned':
      return { leadUnitId: fact.data.leadUnitId, assignedOn: fact.data.assignedOn, deadline: shorten(fact.data.deadline) };
    case 'TaskTransferred':
      return { toUnitId: fact.data.toUnitId, ...(fact.data.deadline === undefined ? {} : { deadline: shorten(fact.data.deadline) }) };
    case 'CompletionSubmitted':
      return { files: (fact.data.evidence ?? []).length > 0, document: fact.data.resultDocument !== undefined };
    case 'FactAnnulled':
      return { annulledEventId: fact.data.annulledEventId };
    case 'TaskCorrected': {
      const { leadUnitId, deadline, assignedOn } = fact.data.changes;
      return {
        changes: {
          ...(leadUnitId ? { leadUnitId: { new: leadUnitId.new } } : {}),
          ...(deadline?.new ? { deadline: { new: shorten(deadline.new) } } : {}),
          ...(assignedOn ? { assignedOn: { new: assignedOn.new } } : {}),
        },
      };
    }
    case 'ExtensionGranted':
    case 'DeadlineSet':
    case 'DeadlineRecomputed':
    case 'TaskResumed':
      return { deadline: shorten(fact.data.deadline) };
    case 'TaskReopened':
      return fact.data.deadline === undefined ? {} : { deadline: shorten(fact.data.deadline) };
    default:
      return {};
  }
}

/** As much of a deadline as says when it ends. */
function shorten(deadline: Deadline): object {
  if (deadline.kind === 'none') return { kind: 'none' };
  return { kind: 'due', dueOn: deadline.dueOn, ...(deadline.dueTime === undefined ? {} : { dueTime: deadline.dueTime }) };
}

/** ★ facts keep the order in which they happened, so the last that set something in the log has set it. */
function step(before: Standing, { type, data }: Kept): Standing {
  const deadline = data['deadline'] as Deadline | undefined;
  const last = deadline === undefined ? before.due : lastInstantInTime(deadline);
  return {
    unitId:
      type === 'TaskAssigned' ? (data['leadUnitId'] as string) : type === 'TaskTransferred' ? (data['toUnitId'] as string) : before.unitId,
    due: last === Infinity ? null : last,
  };
}
