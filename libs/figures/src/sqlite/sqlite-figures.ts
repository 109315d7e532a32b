import type { Database } from 'better-sqlite3';
import { endOfDeadline } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import type { Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { DECIDING, REPAIRS, deadlineKey, taskIdOf, toFact } from '#tasks';
import { learn, newTask, type Change, type KnownTask } from '../believe.ts';
import type { Columns } from '../columns.ts';
import { coordinatorsOf, rejudgesAnswers, touchesCoordination, type Coordination, type CoordinatorsKnown } from '../coordination.ts';
import { readFacts, writeFact } from '../stored-facts.ts';
import { readRows, writeRows } from '../stored-rows.ts';
import { WeekLoads, type FigureTasks } from '../figure-tasks.ts';
import { lifeOf } from '../timeline.ts';

/** Tasks kept at hand between batches; the rest is read back from the file. */
const CACHED_TASKS = 2_000;

interface Followed extends KnownTask {
  /** The facts as they are stored, a text each. */
  readonly stored: string[];
  coordination: CoordinatorsKnown[];
  /** `deadlineKey` of every deadline whose passing is recorded. */
  readonly passed: string[];
  /** Where it stands in `weekLoads`. */
  load: string | undefined;
}

interface StoredTask {
  readonly facts: string;
  readonly rows: string;
  readonly coordination: string;
  readonly passed: string;
}

/**
 * The two-time figures read model: what was believed of every task, with the log positions between which it was believed, one row of the
 * table a task. In memory it stands as `columns` and `coordination`, which follow every commit.
 */
export class FiguresProjection implements Projection<Database> {
  readonly name = 'figures';
  readonly version = 2;
  readonly categories = ['task'];
  readonly types = [...DECIDING, ...REPAIRS, 'CoordinationAnswered', 'TaskBecameOverdue'];
  readonly tables = [{ name: 'figure_tasks', orderBy: 'task_id' }];
  private readonly cache = new Map<string, Followed>();
  private readonly changed = new Map<string, Change[]>();
  private moves: (readonly [from: string | undefined, to: string | undefined])[] = [];
  readonly weekLoads = new WeekLoads();
  private readonly columns: Columns;
  private readonly coordination: Coordination;

  constructor(columns: Columns, coordination: Coordination) {
    this.columns = columns;
    this.coordination = coordination;
  }

  init(db: Database): void {
    db.exec(`
      CREATE TABLE figure_tasks (
        task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER, end_at INTEGER,
        facts TEXT NOT NULL, rows TEXT NOT NULL, coordination TEXT NOT NULL, passed TEXT NOT NULL
      ) STRICT;
      CREATE INDEX figure_tasks_lead ON figure_tasks (unit_id, state);
      CREATE INDEX figure_tasks_end ON figure_tasks (end_at) WHERE end_at IS NOT NULL;
    `);
    this.weekLoads.clear();
    this.columns.clear();
    this.coordination.clear();
  }

  drop(db: Database): void {
    db.exec('DROP TABLE IF EXISTS figure_tasks');
  }

  /** Loads the columns from the file; once, after the projector opened it. */
  load(db: Database): void {
    this.weekLoads.clear();
    this.columns.clear();
    this.coordination.clear();
    for (const { task_id, unit_id, state, due_at, rows, coordination } of db.prepare<[], { task_id: string; unit_id: string; state: string; due_at: number | null; rows: string; coordination: string }>('SELECT task_id, unit_id, state, due_at, rows, coordination FROM figure_tasks ORDER BY rowid').iterate()) {
      this.columns.load(task_id, readRows(rows));
      if (state === 'open' && due_at !== null) this.weekLoads.move(undefined, WeekLoads.key(unit_id, due_at));
      if (coordination !== '[]') this.coordination.set(task_id, readCoordination(coordination));
    }
  }

  apply(events: readonly RecordedEvent[], db: Database): void {
    for (const event of events) {
      const { type } = event;
      const taskId = taskIdOf(event.stream);
      const task = this.followed(taskId, event.revision, db);
      let changes = this.changed.get(taskId);
      if (!changes) this.changed.set(taskId, (changes = []));
      const fact = toFact(event);
      if (fact.type === 'TaskBecameOverdue') {
        task.passed.push(deadlineKey(fact.data.decidingEventId, fact.data.deadline));
        continue;
      }
      task.stored.push(writeFact(fact));
      const change = learn(task, fact);
      if (change.closed.length + change.added.length > 0) changes.push(change);
      if ((touchesCoordination(type) && (fact.type !== 'TaskAssigned' || fact.data.coordinatingUnitIds.length > 0)) || rejudgesAnswers(task.coordination.at(-1)?.coordinators ?? [], fact)) {
        const coordinators = coordinatorsOf(task.facts);
        if (task.coordination.length > 0 || coordinators.length > 0) task.coordination = [...task.coordination, { knownFrom: change.position, coordinators }];
      }
    }
  }

  /** One write a task and commit, however many facts it brought. */
  flush(db: Database): void {
    const write = prepared(db, 'INSERT INTO figure_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET unit_id = excluded.unit_id, state = excluded.state, due_at = excluded.due_at, end_at = excluded.end_at, facts = excluded.facts, rows = excluded.rows, coordination = excluded.coordination, passed = excluded.passed');
    for (const taskId of this.changed.keys()) {
      const task = this.cache.get(taskId)!;
      task.life ??= lifeOf(task.facts);
      const life = task.life;
      if (!life) continue;
      const due = life.due[3];
      const load = life.state === 'open' ? WeekLoads.key(life.assignment.unitId, due) : undefined;
      this.moves.push([task.load, load]);
      task.load = load;
      const waits = life.state === 'open' && due !== Infinity && !task.passed.includes(`${life.dueBy}|${String(due)}`);
      write.run(
        taskId, life.assignment.unitId, life.state, due === Infinity ? null : due, waits ? endOfDeadline(due) : null,
        `[${task.stored.join(',')}]`, writeRows(task.rows), JSON.stringify(task.coordination.map(writeCoordinators)), JSON.stringify(task.passed),
      );
    }
  }

  committed(): void {
    for (const [taskId, changes] of this.changed) {
      for (const change of changes) this.columns.apply(taskId, change);
      const task = this.cache.get(taskId);
      if (task && task.coordination.length > 0) this.coordination.set(taskId, task.coordination);
    }
    for (const [from, to] of this.moves) this.weekLoads.move(from, to);
    this.moves = [];
    this.changed.clear();
    for (const taskId of this.cache.keys()) {
      if (this.cache.size <= CACHED_TASKS) break;
      this.cache.delete(taskId);
    }
  }

  rolledBack(): void {
    this.moves = [];
    this.changed.clear();
    this.cache.clear();
  }

  private followed(taskId: string, revision: number, db: Database): Followed {
    const cached = this.cache.get(taskId);
    if (cached) {
      // Last used stands last, so the ones dropped first are those least recently used.
      this.cache.delete(taskId);
      this.cache.set(taskId, cached);
      return cached;
    }
    // The first event of a stream has nothing before it to read back.
    const stored = revision === 0 ? undefined : prepared<[string], StoredTask>(db, 'SELECT facts, rows, coordination, passed FROM figure_tasks WHERE task_id = ?').get(taskId);
    const task: Followed = stored === undefined
      ? { ...newTask(), stored: [], coordination: [], passed: [], load: undefined }
      : {
          facts: readFacts(stored.facts), stored: (JSON.parse(stored.facts) as unknown[]).map((fact) => JSON.stringify(fact)), rows: readRows(stored.rows), life: undefined, coordination: readCoordination(stored.coordination), passed: JSON.parse(stored.passed) as string[], load: undefined,
        };
    task.life = lifeOf(task.facts);
    if (task.life?.state === 'open') task.load = WeekLoads.key(task.life.assignment.unitId, task.life.due[3]);
    this.cache.set(taskId, task);
    return task;
  }
}

/** Reads what `FiguresProjection` wrote. */
export class SqliteFigureTasks implements FigureTasks {
  private readonly db: Database;
  private readonly weekLoads: WeekLoads;
  constructor(db: Database, weekLoads: WeekLoads) {
    this.db = db;
    this.weekLoads = weekLoads;
  }
  openOf(unitId: string): readonly string[] {
    return prepared<[string], { task_id: string }>(this.db, "SELECT task_id FROM figure_tasks WHERE unit_id = ? AND state = 'open' ORDER BY rowid").all(unitId).map((row) => row.task_id);
  }
  openDueInWeekOf(unitId: string, at: Instant): number {
    return this.weekLoads.of(WeekLoads.key(unitId, at));
  }
  openDueFrom(from: Instant): readonly string[] {
    return prepared<[number], { task_id: string }>(this.db, "SELECT task_id FROM figure_tasks WHERE state = 'open' AND due_at >= ? ORDER BY rowid").all(from).map((row) => row.task_id);
  }
  heldBy(unitId: string): { readonly open: number; readonly submitted: number; readonly suspended: number } {
    const held = { open: 0, submitted: 0, suspended: 0 };
    for (const { state, n } of prepared<[string], { state: 'open' | 'submitted' | 'suspended'; n: number }>(this.db, "SELECT state, count(*) AS n FROM figure_tasks WHERE unit_id = ? AND state IN ('open', 'submitted', 'suspended') GROUP BY state").all(unitId)) held[state] = n;
    return held;
  }
  openDeadlines(): Iterable<{ readonly taskId: string; readonly end: Instant }> {
    return this.db.prepare<[], { taskId: string; end: number }>('SELECT task_id AS taskId, end_at AS end FROM figure_tasks WHERE end_at IS NOT NULL ORDER BY end_at').all();
  }
}

/* NaN and Infinity have no JSON: null, told apart by the place. */
const writeCoordinators = ({ knownFrom, coordinators }: CoordinatorsKnown): unknown => [knownFrom, coordinators.map((c) => [c.unitId, Number.isNaN(c.answeredAt) ? null : c.answeredAt, c.due.map((n) => (n === Infinity ? null : n))])];

function readCoordination(text: string): CoordinatorsKnown[] {
  return (JSON.parse(text) as readonly (readonly [number, readonly (readonly [string, number | null, readonly (number | null)[]])[]])[]).map(([knownFrom, coordinators]) => ({
    knownFrom,
    coordinators: coordinators.map(([unitId, answeredAt, due]) => ({ unitId, answeredAt: answeredAt ?? NaN, due: due.map((n) => n ?? Infinity) as unknown as [number, number, number, number] })),
  }));
}
