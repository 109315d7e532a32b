import { FIXED_DATE_POLICIES, endOfDeadline, type FixedDatePolicy } from '#deadlines';
import { dayOf, type Instant } from '#kernel';
import { CELLS, FLOWS, OUT_REASONS, PARTS, emptyCounts, type Cell, type Counts, type Flow, type OutReason, type Part, type Selector } from './counts.ts';
import { STATES, type BelievedRow } from './rows.ts';

export type Cohort = 'C1' | 'C2' | 'C3';
export type GroupBy = 'unit' | 'authority' | 'field' | 'month';

/** One question. Instants in ms; `at` is the last millisecond included, `known` null for everything known. */
export interface FiguresQuery {
  readonly at: Instant;
  readonly known: bigint | null;
  /** First instant of the period, and its end (exclusive). */
  readonly p0: Instant;
  readonly p1: Instant;
  readonly cohort: Cohort;
  readonly unitIds?: ReadonlySet<string>;
  readonly authority?: string;
  readonly basis: 'current' | 'original';
  /** A what-if; without it deadlines count as recorded. */
  readonly policy?: FixedDatePolicy;
  readonly groupBy?: GroupBy;
}

/** A task as a list shows it at (A, K). */
export interface CountedTask {
  readonly taskId: string;
  readonly unitId: string;
  readonly cell: Cell | OutReason;
  /** Last millisecond in time of the deadline that judges it; Infinity without one. */
  readonly due: Instant;
  readonly submittedAt: Instant;
  readonly begunAt: Instant;
}

const OPEN = STATES.indexOf('open');
const SUBMITTED = STATES.indexOf('submitted');
const DONE = STATES.indexOf('done');
const SUSPENDED = STATES.indexOf('suspended');
const VOIDED = STATES.indexOf('voided');

const COUNTED = 1;
const BACKDATED = 2;
const EXTENDED_LATE = 4;
const BY_TRANSFER = 8;

/** Strings as small numbers. */
class Names {
  private readonly numbers = new Map<string, number>();
  readonly names: string[] = [];
  of(name: string): number {
    let n = this.numbers.get(name);
    if (n === undefined) {
      n = this.names.push(name) - 1;
      this.numbers.set(name, n);
    }
    return n;
  }
}

const DUES = 8;

/**
 * Everything that was ever believed, as columns: any A, any K, any cohort, any grouping is one pass. Rows of one assignment are chained, so a
 * fact that comes later needs no moving about. Positions are float64, exact below 2^53, which a log writing 100,000 events a second reaches
 * after 2,800 years.
 */
export class Columns {
  private size_ = 0;
  private from = new Float64Array(1024);
  private to = new Float64Array(1024);
  private knownFrom = new Float64Array(1024);
  private knownTo = new Float64Array(1024);
  private begun = new Float64Array(1024);
  private reopened = new Float64Array(1024);
  private submitted = new Float64Array(1024);
  /** due ×3 policies, due in force, original ×3, original in force. */
  private dues = new Float64Array(1024 * DUES);
  private state = new Uint8Array(1024);
  private flags = new Uint8Array(1024);
  private unit = new Int32Array(1024);
  private authority = new Int32Array(1024);
  private field = new Int32Array(1024);
  /** Month of the beginning, as a name: reading it from the instant in the pass would cost more than all the rest. */
  private month = new Int32Array(1024);
  /** Next row of the same assignment, −1 at the end. */
  private next = new Int32Array(1024);
  /** Number of each assignment, and the row its chain begins with. */
  private headOf = new Map<string, number>();
  private heads = new Int32Array(1024);
  private headTasks: string[] = [];
  private readonly units = new Names();
  private readonly authorities = new Names();
  private readonly fields = new Names();
  private readonly months = new Names();

  get size(): number {
    return this.size_;
  }

  clear(): void {
    this.size_ = 0;
    this.headOf = new Map();
    this.headTasks = [];
  }

  load(rows: Iterable<BelievedRow>): void {
    for (const row of rows) this.add(row);
  }

  /** Follows one fact: closes the rows it changed, adds the new ones. */
  apply(taskId: string, closed: readonly BelievedRow[], added: readonly BelievedRow[]): void {
    for (const row of closed) {
      const head = this.headOf.get(key(taskId, row.assignment));
      for (let r = head === undefined ? -1 : this.heads[head]!; r >= 0; r = this.next[r]!) {
        if (this.knownTo[r] === Infinity && this.from[r] === row.from && this.state[r] === STATES.indexOf(row.state)) this.knownTo[r] = Number(row.knownTo);
      }
    }
    for (const row of added) this.add(row);
  }

  /** Counts per group; without `groupBy` one group under the key ''. */
  evaluate(query: FiguresQuery): Map<string, Counts> {
    const by = this.grouping(query.groupBy);
    const tallies: (Int32Array | undefined)[] = [];
    this.each(query, (row, member) => {
      const number = by === undefined ? 0 : by.column[row]!;
      tally((tallies[number] ??= new Int32Array(TALLIED)), member);
    });
    const groups = new Map<string, Counts>();
    tallies.forEach((numbers, number) => {
      if (numbers !== undefined) groups.set(by === undefined ? '' : by.names[number]!, countsOf(numbers));
    });
    return groups;
  }

  private grouping(groupBy: GroupBy | undefined): { readonly column: Int32Array; readonly names: readonly string[] } | undefined {
    switch (groupBy) {
      case 'unit':
        return { column: this.unit, names: this.units.names };
      case 'authority':
        return { column: this.authority, names: this.authorities.names };
      case 'field':
        return { column: this.field, names: this.fields.names };
      case 'month':
        return { column: this.month, names: this.months.names };
      case undefined:
        return undefined;
    }
  }

  /**
   * Exactly the tasks that the selected number counts, by beginning and id: the same before and after the columns are loaded anew.
   * `onlyTask` looks at one task alone.
   */
  list(query: FiguresQuery, selects: (member: Member) => boolean, onlyTask?: string): CountedTask[] {
    return this.collect(query, selects, onlyTask).sort((a, b) => a.begunAt - b.begunAt || (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0));
  }

  private collect(query: FiguresQuery, selects: (member: Member) => boolean, onlyTask?: string): CountedTask[] {
    const found: CountedTask[] = [];
    const only = onlyTask === undefined ? undefined : (this.headOf.get(onlyTask) ?? -1);
    this.each(query, (row, member, task) => {
      if (selects(member)) found.push(this.task(task, row, member));
    }, only);
    return found;
  }

  /** Every counted assignment begun by (A, K), in or out, with its cell; in no particular order. */
  alive(at: Instant, known: bigint | null): CountedTask[] {
    return this.collect({ at, known, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' }, (member) => member.cell !== 'voided');
  }

  private task(taskId: string, row: number, member: Member): CountedTask {
    return { taskId, unitId: this.units.names[this.unit[row]!]!, cell: member.cell, due: member.due, submittedAt: this.submitted[row]!, begunAt: this.begun[row]! };
  }

  private each(query: FiguresQuery, visit: (row: number, member: Member, taskId: string) => void, only?: number): void {
    const { at, p0, p1, cohort } = query;
    // Believed rows have knownTo = Infinity, so "everything known" has to stand below it.
    const known = query.known === null ? Number.MAX_SAFE_INTEGER : Number(query.known);
    const inForce = query.basis === 'original' ? 7 : 3;
    const dueAt = query.policy === undefined ? inForce : (query.basis === 'original' ? 4 : 0) + FIXED_DATE_POLICIES.indexOf(query.policy);
    const originalAt = query.policy === undefined ? 7 : 4 + FIXED_DATE_POLICIES.indexOf(query.policy);
    // C3 goes by the deadline in effect at A, whichever deadline judges (domain.md §4.1 "under either basis").
    const effectiveAt = query.policy === undefined ? 3 : FIXED_DATE_POLICIES.indexOf(query.policy);
    const units = query.unitIds === undefined ? undefined : this.units.names.map((name) => query.unitIds!.has(name));
    const authority = query.authority === undefined ? -1 : this.authorities.names.indexOf(query.authority);
    if (query.authority !== undefined && authority < 0) return;
    const before = p0 - 1;
    const member = newMember();
    const last = only === undefined ? this.headTasks.length - 1 : only;
    for (let h = only === undefined ? 0 : Math.max(only, 0); h <= last; h++) {
      let now = -1;
      let openBefore = false;
      for (let r = this.heads[h]!; r >= 0; r = this.next[r]!) {
        if (this.knownFrom[r]! > known || this.knownTo[r]! <= known) continue;
        const from = this.from[r]!;
        const to = this.to[r]!;
        if (from <= at && at < to) now = r;
        if (from <= before && before < to) openBefore = this.state[r] === OPEN || this.state[r] === SUBMITTED || this.state[r] === SUSPENDED;
      }
      if (now < 0) continue;
      const flags = this.flags[now]!;
      if ((flags & COUNTED) === 0) continue;
      if (units !== undefined && !units[this.unit[now]!]) continue;
      if (authority >= 0 && this.authority[now] !== authority) continue;

      const state = this.state[now]!;
      const begun = this.begun[now]!;
      const begunInPeriod = begun >= p0;
      if (state === VOIDED) {
        if (!begunInPeriod) continue;
        member.cell = 'voided';
        member.code = VOIDED_CODE;
        member.inCohort = false;
        member.inC2 = false;
        member.due = this.dues[now * DUES + dueAt]!;
        member.part = 'begunInPeriod';
        visit(now, member, this.headTasks[h]!);
        continue;
      }
      const reopened = this.reopened[now]! >= p0;
      const due = this.dues[now * DUES + dueAt]!;
      const original = this.dues[now * DUES + originalAt]!;
      const submitted = this.submitted[now]!;
      member.part = openBefore ? 'carriedOver' : begunInPeriod ? 'begunInPeriod' : reopened ? 'reopenedInPeriod' : 'none';
      member.inC2 = member.part !== 'none';
      const effective = this.dues[now * DUES + effectiveAt]!;
      member.inCohort = cohort === 'C2' ? member.inC2 : cohort === 'C1' ? begunInPeriod : effective >= p0 && effective < p1;
      if (!member.inC2 && !member.inCohort) continue;
      const judged = due === Infinity ? 2 : submitted <= due ? 0 : 1;
      const code =
        state === DONE ? D1 + judged
        : state === SUBMITTED ? V1 + judged
        : state === SUSPENDED ? X
        : state === OPEN ? (due === Infinity ? O1 + 2 : at > endOfDeadline(due) ? O1 + 1 : O1)
        : OUT_OF_STATE[state]!;
      member.code = code;
      member.cell = CODES[code]!;
      member.due = due;
      member.noDeadline = due === Infinity;
      member.byTransfer = (flags & BY_TRANSFER) !== 0;
      member.movedLate = code === D1 && original !== Infinity && submitted > original;
      member.backdated = (flags & BACKDATED) !== 0;
      member.extendedAfterDeadline = (flags & EXTENDED_LATE) !== 0;
      member.priorPeriod = state === DONE && submitted < p0;
      member.assignedOverdue = begun > original;
      visit(now, member, this.headTasks[h]!);
    }
  }

  private add(row: BelievedRow): void {
    const r = this.size_++;
    if (r === this.from.length) this.grow();
    this.from[r] = row.from;
    this.to[r] = row.to;
    this.knownFrom[r] = Number(row.knownFrom);
    this.knownTo[r] = row.knownTo === null ? Infinity : Number(row.knownTo);
    this.begun[r] = row.begunAt;
    this.reopened[r] = row.reopenedAt;
    this.submitted[r] = row.submittedAt;
    this.dues.set([...row.due, row.dueInForce, ...row.originalDue, row.originalDueInForce], r * DUES);
    this.state[r] = STATES.indexOf(row.state);
    this.flags[r] = (row.counted ? COUNTED : 0) | (row.backdated ? BACKDATED : 0) | (row.extendedAfterDeadline ? EXTENDED_LATE : 0) | (row.begunByTransfer ? BY_TRANSFER : 0);
    this.unit[r] = this.units.of(row.unitId);
    this.authority[r] = this.authorities.of(row.authority);
    this.field[r] = this.fields.of(row.field);
    this.month[r] = this.months.of(dayOf(row.begunAt).slice(0, 7));
    const name = key(row.taskId, row.assignment);
    let head = this.headOf.get(name);
    if (head === undefined) {
      head = this.headTasks.push(row.taskId) - 1;
      this.headOf.set(name, head);
      if (head === this.heads.length) this.heads = grown(this.heads, Int32Array);
      this.next[r] = -1;
    } else {
      this.next[r] = this.heads[head]!;
    }
    this.heads[head] = r;
  }

  private grow(): void {
    this.from = grown(this.from, Float64Array);
    this.to = grown(this.to, Float64Array);
    this.knownFrom = grown(this.knownFrom, Float64Array);
    this.knownTo = grown(this.knownTo, Float64Array);
    this.begun = grown(this.begun, Float64Array);
    this.reopened = grown(this.reopened, Float64Array);
    this.submitted = grown(this.submitted, Float64Array);
    this.dues = grown(this.dues, Float64Array);
    this.state = grown(this.state, Uint8Array);
    this.flags = grown(this.flags, Uint8Array);
    this.unit = grown(this.unit, Int32Array);
    this.authority = grown(this.authority, Int32Array);
    this.field = grown(this.field, Int32Array);
    this.month = grown(this.month, Int32Array);
    this.next = grown(this.next, Int32Array);
  }
}

/** Cells and ways out as numbers, in the order of `CELLS` and then `OUT_REASONS`; all cells stand before `OUT`. */
const CODES: readonly (Cell | OutReason)[] = [...CELLS, ...OUT_REASONS];
const D1 = CELLS.indexOf('D1');
const V1 = CELLS.indexOf('V1');
const O1 = CELLS.indexOf('O1');
const X = CELLS.indexOf('X');
const OUT = CELLS.length;
const VOIDED_CODE = CODES.indexOf('voided');
const OUT_OF_STATE = STATES.map((state) => (CODES as readonly string[]).indexOf(state));

/** One assignment seen by a question; the same object is filled again for each, to keep the pass free of garbage. */
export interface Member {
  cell: Cell | OutReason;
  /** `cell` as a number, for the pass. */
  code: number;
  /** In the cohort asked; `inC2` for the flow, which is always of C2. */
  inCohort: boolean;
  inC2: boolean;
  part: 'carriedOver' | 'begunInPeriod' | 'reopenedInPeriod' | 'none';
  due: Instant;
  noDeadline: boolean;
  byTransfer: boolean;
  movedLate: boolean;
  backdated: boolean;
  extendedAfterDeadline: boolean;
  priorPeriod: boolean;
  assignedOverdue: boolean;
}

function newMember(): Member {
  return { cell: 'O1', code: O1, inCohort: false, inC2: false, part: 'none', due: Infinity, noDeadline: true, byTransfer: false, movedLate: false, backdated: false, extendedAfterDeadline: false, priorPeriod: false, assignedOverdue: false };
}

const isOut = (cell: Cell | OutReason): cell is OutReason => cell.length > 2;
const isDone = (cell: string): boolean => cell.startsWith('D');

/* A group while it is counted: numbers side by side, for 50,000 keyed increments would cost more than the pass itself. */
const PART_AT = CODES.length;
const FLOW_AT = PART_AT + PARTS.length;
const TOTAL = FLOW_AT + FLOWS.length;
const OVERDUE_D1 = TOTAL + 1;
const OVERDUE_MATURED = TOTAL + 2;
const SUSPENDED_FREE = TOTAL + 3;
const TALLIED = TOTAL + 4;
const partAt = (name: Part): number => PART_AT + PARTS.indexOf(name);
const flowAt = (name: Flow): number => FLOW_AT + FLOWS.indexOf(name);
const [CARRIED, BEGUN, REOPENED, D1A, D1B] = [partAt('carriedOver'), partAt('begunInPeriod'), partAt('reopenedInPeriod'), partAt('D1a'), partAt('D1b')];
const [BACKDATED_PART, PRIOR, EXTENDED, OVERDUE] = [partAt('backdated'), partAt('priorPeriodAdjustment'), partAt('extendedAfterDeadline'), partAt('assignedOverdue')];
const [OPENING, NEW, IN, AGAIN, CLOSED, GONE, CLOSING] = [flowAt('opening'), flowAt('new'), flowAt('transferredIn'), flowAt('reopened'), flowAt('closed'), flowAt('out'), flowAt('closing')];
const MATURED = CODES.map((cell) => cell === 'D1' || cell === 'D2' || cell === 'O2' || cell === 'V2');

function tally(t: Int32Array, m: Member): void {
  const { code, part } = m;
  if (code === VOIDED_CODE) {
    t[code]!++;
    return;
  }
  if (m.inC2) {
    t[part === 'carriedOver' ? OPENING : part === 'reopenedInPeriod' ? AGAIN : m.byTransfer ? IN : NEW]!++;
    t[code >= OUT ? GONE : code < V1 ? CLOSED : CLOSING]!++;
  }
  if (!m.inCohort) return;
  t[code]!++;
  if (code >= OUT) return;
  t[TOTAL]!++;
  if (part !== 'none') t[part === 'carriedOver' ? CARRIED : part === 'begunInPeriod' ? BEGUN : REOPENED]!++;
  if (code === D1) t[m.movedLate ? D1B : D1A]!++;
  if (m.backdated) t[BACKDATED_PART]!++;
  if (m.priorPeriod) t[PRIOR]!++;
  if (m.extendedAfterDeadline) t[EXTENDED]!++;
  if (m.assignedOverdue) {
    t[OVERDUE]!++;
    if (code === D1) t[OVERDUE_D1]!++;
    if (MATURED[code]) t[OVERDUE_MATURED]!++;
  }
  if (code === X && m.noDeadline) t[SUSPENDED_FREE]!++;
}

function countsOf(t: Int32Array): Counts {
  const counts = emptyCounts();
  CELLS.forEach((name, n) => { counts.cells[name] = t[n]!; });
  OUT_REASONS.forEach((name, n) => { counts.out[name] = t[OUT + n]!; });
  PARTS.forEach((name, n) => { counts.parts[name] = t[PART_AT + n]!; });
  FLOWS.forEach((name, n) => { counts.flow[name] = t[FLOW_AT + n]!; });
  return Object.assign(counts, { total: t[TOTAL]!, assignedOverdueD1: t[OVERDUE_D1]!, assignedOverdueMatured: t[OVERDUE_MATURED]!, suspendedWithoutDeadline: t[SUSPENDED_FREE]! });
}

/** The test that collects exactly what `count` counts under a name. */
export function selecting(selector: Selector): (m: Member) => boolean {
  const counted = (m: Member): boolean => m.cell !== 'voided' && m.inCohort && !isOut(m.cell);
  switch (selector.by) {
    case 'all':
      return counted;
    case 'cell':
      return (m) => counted(m) && selector.cells.includes(m.cell as Cell);
    case 'out':
      return (m) => (selector.reason === 'voided' ? m.cell === 'voided' : m.cell === selector.reason && m.inCohort);
    case 'part':
      switch (selector.part) {
        case 'D1a':
          return (m) => counted(m) && m.cell === 'D1' && !m.movedLate;
        case 'D1b':
          return (m) => counted(m) && m.cell === 'D1' && m.movedLate;
        case 'backdated':
          return (m) => counted(m) && m.backdated;
        case 'priorPeriodAdjustment':
          return (m) => counted(m) && m.priorPeriod;
        case 'extendedAfterDeadline':
          return (m) => counted(m) && m.extendedAfterDeadline;
        case 'assignedOverdue':
          return (m) => counted(m) && m.assignedOverdue;
        default:
          return (m) => counted(m) && m.part === selector.part;
      }
    case 'flow': {
      const flowing = (m: Member): boolean => m.cell !== 'voided' && m.inC2;
      switch (selector.flow) {
        case 'opening':
          return (m) => flowing(m) && m.part === 'carriedOver';
        case 'reopened':
          return (m) => flowing(m) && m.part === 'reopenedInPeriod';
        case 'transferredIn':
          return (m) => flowing(m) && m.part === 'begunInPeriod' && m.byTransfer;
        case 'new':
          return (m) => flowing(m) && m.part === 'begunInPeriod' && !m.byTransfer;
        case 'out':
          return (m) => flowing(m) && isOut(m.cell);
        case 'closed':
          return (m) => flowing(m) && !isOut(m.cell) && isDone(m.cell);
        case 'closing':
          return (m) => flowing(m) && !isOut(m.cell) && !isDone(m.cell);
      }
    }
  }
}

const key = (taskId: string, assignment: number): string => (assignment === 0 ? taskId : `${taskId}#${String(assignment)}`);

function grown<T extends { readonly length: number; set(from: T): void }>(from: T, Kind: new (length: number) => T): T {
  const to = new Kind(from.length * 2);
  to.set(from);
  return to;
}

