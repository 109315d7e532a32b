import { endOfDeadline } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { REPAIRS, deadlineKey, toFact } from '#tasks';
import { learn, newTask, type KnownTask } from './believe.ts';
import { coordinatorsOf, rejudgesAnswers, touchesCoordination, type CoordinatorsKnown } from './coordination.ts';
import { MARKS, mark, readMarks, writeMarks, type Mark, type Obstacle } from './marks.ts';
import { readFacts, writeFact } from './stored-facts.ts';
import { readRows, writeRows } from './stored-rows.ts';
import { lifeOf } from './timeline.ts';

/** The event types that the figures and the marks are made of; every ★ fact leaves a mark. */
export const FIGURE_EVENTS: readonly string[] = [...MARKS, ...REPAIRS, 'CoordinationAnswered', 'TaskBecameOverdue'];

/** What is believed of a task, as any store keeps it: texts by stored-facts.ts and stored-rows.ts, and what questions select by. */
export interface StoredFigures {
  readonly unitId: string;
  readonly state: string;
  /** Last instant in time of the deadline in force; null without one. */
  readonly dueAt: Instant | null;
  /** When the passing of that deadline has to be recorded; null when it need not be (any more). */
  readonly endAt: Instant | null;
  readonly facts: string;
  readonly rows: string;
  readonly coordination: string;
  readonly marks: string;
  readonly obstacles: string;
  readonly passed: string;
  /** Position of the last event taken. */
  readonly changedAt: number;
  /** Position of the event that began it: the order in which tasks came. */
  readonly firstAt: number;
}

/** What a projection reads back of it to go on. */
export type StoredLife = Pick<StoredFigures, 'facts' | 'rows' | 'coordination' | 'marks' | 'obstacles' | 'passed' | 'changedAt'>;

/** A task as a projection follows it: what was ever believed, one event after the other. */
export class FollowedTask {
  private readonly known: KnownTask;
  /** The facts as they are stored, a text each. */
  private readonly stored: string[];
  private coordination: CoordinatorsKnown[];
  private readonly marks: Mark[];
  private readonly obstacles: Obstacle[];
  /** `deadlineKey` of every deadline whose passing is recorded. */
  private readonly passed: string[];
  private changed: number;

  constructor(from?: StoredLife) {
    this.known = from === undefined ? newTask() : { facts: readFacts(from.facts), rows: readRows(from.rows), life: undefined };
    this.known.life = lifeOf(this.known.facts);
    this.stored = from === undefined ? [] : (JSON.parse(from.facts) as unknown[]).map((fact) => JSON.stringify(fact));
    this.coordination = from === undefined ? [] : readCoordination(from.coordination);
    this.marks = from === undefined ? [] : readMarks(from.marks);
    this.obstacles = from === undefined ? [] : (JSON.parse(from.obstacles) as Obstacle[]);
    this.passed = from === undefined ? [] : (JSON.parse(from.passed) as string[]);
    this.changed = from?.changedAt ?? 0;
  }

  /** Position of the last event taken: what stands before it has been taken already. */
  get changedAt(): number {
    return this.changed;
  }

  /** Answers false for an event that has been taken: a store without transactions is given some again. @throws RangeError past 2^53, where positions would run together. */
  take(event: RecordedEvent): boolean {
    const position = Number(event.position);
    if (!Number.isSafeInteger(position)) throw new RangeError(`event ${event.id} (${event.stream}) stands at position ${String(event.position)}; figures reckon with positions up to ${String(Number.MAX_SAFE_INTEGER)}`);
    if (position <= this.changed) return false;
    this.changed = position;
    const fact = toFact(event);
    if (fact.type === 'TaskBecameOverdue') {
      this.passed.push(deadlineKey(fact.data.decidingEventId, fact.data.deadline));
      return true;
    }
    this.stored.push(writeFact(fact));
    learn(this.known, fact);
    mark(this.marks, this.known.facts, this.changed);
    if (fact.type === 'ProgressReported' && fact.data.blockedBy !== undefined) this.obstacles.push([this.known.facts.length - 1, fact.data.blockedBy]);
    const touched = touchesCoordination(fact.type) && (fact.type !== 'TaskAssigned' || fact.data.coordinatingUnitIds.length > 0);
    if (!touched && !rejudgesAnswers(this.coordination.at(-1)?.coordinators ?? [], fact)) return true;
    const coordinators = coordinatorsOf(this.known.facts);
    if (this.coordination.length > 0 || coordinators.length > 0) this.coordination = [...this.coordination, { knownFrom: this.changed, coordinators }];
    return true;
  }

  /** As it is kept now; undefined while the events make no life. */
  toStored(): StoredFigures | undefined {
    const life = (this.known.life ??= lifeOf(this.known.facts));
    if (!life) return undefined;
    const due = life.due[3];
    const waits = life.state === 'open' && due !== Infinity && !this.passed.includes(`${life.dueBy}|${String(due)}`);
    return {
      unitId: life.assignment.unitId, state: life.state, dueAt: due === Infinity ? null : due, endAt: waits ? endOfDeadline(due) : null,
      facts: `[${this.stored.join(',')}]`, rows: writeRows(this.known.rows), coordination: JSON.stringify(this.coordination.map(writeCoordinators)),
      marks: writeMarks(this.marks), obstacles: JSON.stringify(this.obstacles), passed: JSON.stringify(this.passed), changedAt: this.changed, firstAt: this.known.rows[0]!.knownFrom,
    };
  }
}

/* NaN and Infinity have no JSON: null, told apart by the place. */
const writeCoordinators = ({ knownFrom, coordinators }: CoordinatorsKnown): unknown => [knownFrom, coordinators.map((c) => [c.unitId, Number.isNaN(c.answeredAt) ? null : c.answeredAt, c.due.map((n) => (n === Infinity ? null : n))])];

export function readCoordination(text: string): CoordinatorsKnown[] {
  return (JSON.parse(text) as readonly (readonly [number, readonly (readonly [string, number | null, readonly (number | null)[]])[]])[]).map(([knownFrom, coordinators]) => ({
    knownFrom,
    coordinators: coordinators.map(([unitId, answeredAt, due]) => ({ unitId, answeredAt: answeredAt ?? NaN, due: due.map((n) => n ?? Infinity) as unknown as [number, number, number, number] })),
  }));
}
