import { endOfDeadline } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { REPAIRS, deadlineKey, toFact } from '#tasks';
import { learn, lifeFromRows, newTask, type KnownTask } from './believe.ts';
import { coordinatorsOf, rejudgesAnswers, touchesCoordination, type CoordinatorsKnown } from './coordination.ts';
import { MARKS, mark, readBytes, writeMarks, type MarksBytes, type Obstacle } from './marks.ts';
import { KeptFacts } from './stored-facts.ts';
import { readRows, writeRows } from './stored-rows.ts';

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
  /** Event that set the deadline in force. */
  readonly dueBy: string;
  readonly facts: string;
  /** How many facts `facts` holds. */
  readonly count: number;
  readonly rows: string;
  readonly coordination: string;
  readonly marks: MarksBytes;
  readonly obstacles: string;
  readonly passed: string;
  /** Position of the last event taken. */
  readonly changedAt: number;
  /** Position of the event that began it: the order in which tasks came. */
  readonly firstAt: number;
}

/** What a projection reads back of it to go on. */
export type StoredLife = Pick<StoredFigures, 'dueBy' | 'facts' | 'count' | 'rows' | 'coordination' | 'marks' | 'obstacles' | 'passed' | 'changedAt'>;

/** A task as a projection follows it: what was ever believed, one event after the other. */
export class FollowedTask {
  private readonly known: KnownTask;
  private coordination: CoordinatorsKnown[];
  private readonly marks: number[];
  private readonly obstacles: Obstacle[];
  /** `deadlineKey` of every deadline whose passing is recorded. */
  private readonly passed: string[];
  private changed: number;

  constructor(from?: StoredLife) {
    const rows = from === undefined ? [] : readRows(from.rows);
    this.known = from === undefined ? newTask() : { facts: new KeptFacts(from), rows, life: lifeFromRows(rows, from.dueBy) };
    this.coordination = from === undefined || from.coordination === '[]' ? [] : readCoordination(from.coordination);
    this.marks = from === undefined ? [] : readBytes(from.marks);
    this.obstacles = from === undefined || from.obstacles === '[]' ? [] : (JSON.parse(from.obstacles) as Obstacle[]);
    this.passed = from === undefined || from.passed === '[]' ? [] : (JSON.parse(from.passed) as string[]);
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
    const { known } = this;
    learn(known, fact);
    const place = known.facts.length - 1;
    mark(this.marks, fact, place, position, () => known.facts.all());
    if (fact.type === 'ProgressReported' && fact.data.blockedBy !== undefined) this.obstacles.push([place, fact.data.blockedBy]);
    const touched = touchesCoordination(fact.type) && (fact.type !== 'TaskAssigned' || fact.data.coordinatingUnitIds.length > 0);
    if (!touched && !rejudgesAnswers(this.coordination.at(-1)?.coordinators ?? [], fact)) return true;
    const coordinators = coordinatorsOf(known.facts.all());
    if (this.coordination.length > 0 || coordinators.length > 0) this.coordination = [...this.coordination, { knownFrom: this.changed, coordinators }];
    return true;
  }

  /** As it is kept now; undefined while the events make no life. */
  toStored(): StoredFigures | undefined {
    const { life, facts } = this.known;
    if (!life) return undefined;
    const due = life.due[3];
    const waits = life.state === 'open' && due !== Infinity && !this.passed.includes(`${life.dueBy}|${String(due)}`);
    return {
      unitId: life.assignment.unitId, state: life.state, dueAt: due === Infinity ? null : due, endAt: waits ? endOfDeadline(due) : null,
      dueBy: life.dueBy, facts: facts.toStored(), count: facts.length, rows: writeRows(this.known.rows), coordination: listText(this.coordination, writeCoordinators),
      marks: writeMarks(this.marks), obstacles: listText(this.obstacles), passed: listText(this.passed), changedAt: this.changed, firstAt: this.known.rows[0]!.knownFrom,
    };
  }
}

/** Most tasks have none. */
const listText = <T>(list: readonly T[], write: (one: T) => unknown = (one) => one): string => (list.length === 0 ? '[]' : JSON.stringify(list.map(write)));

/* NaN and Infinity have no JSON: null, told apart by the place. */
const writeCoordinators = ({ knownFrom, coordinators }: CoordinatorsKnown): unknown => [knownFrom, coordinators.map((c) => [c.unitId, Number.isNaN(c.answeredAt) ? null : c.answeredAt, c.due.map((n) => (n === Infinity ? null : n))])];

export function readCoordination(text: string): CoordinatorsKnown[] {
  return (JSON.parse(text) as readonly (readonly [number, readonly (readonly [string, number | null, readonly (number | null)[]])[]])[]).map(([knownFrom, coordinators]) => ({
    knownFrom,
    coordinators: coordinators.map(([unitId, answeredAt, due]) => ({ unitId, answeredAt: answeredAt ?? NaN, due: due.map((n) => n ?? Infinity) as unknown as [number, number, number, number] })),
  }));
}
