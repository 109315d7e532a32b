import { FIXED_DATE_POLICIES, endOfDeadline, type FixedDatePolicy } from '#deadlines';
import type { Instant } from '#kernel';
import { CLOSED, COUNTED, ColumnStore, REOPENED, TRANSFERRED_IN } from './column-store.ts';
import { ASSIGNED_OVERDUE, BY_TRANSFER, CODES, D1, EXTENDED_AFTER, IN_C2, IN_COHORT, MOVED_LATE, NO_DEADLINE, O1, OUT, PART_BEGUN, PART_CARRIED, PART_REOPENED, PRIOR_PERIOD, UNCOUNTED, V1, VOIDED_CODE, WAS_BACKDATED, X, countsOf, isOut, newTally, tally } from './members.ts';
import type { Cell, Counts, OutReason } from './counts.ts';
import { BACKDATED, EXTENDED_LATE, STATES, WORKING_DAYS } from './rows.ts';

export type Cohort = 'C1' | 'C2' | 'C3';
export type GroupBy = 'unit' | 'authority' | 'field' | 'month';

/** One question. Instants in ms; `at` is the last millisecond included, `known` a log position, null for everything known. */
export interface FiguresQuery {
  readonly at: Instant;
  readonly known: bigint | null;
  /** First instant of the period, and its end (exclusive). */
  readonly p0: Instant;
  readonly p1: Instant;
  readonly cohort: Cohort;
  /** Leads whose assignments count, as they were. */
  readonly unitIds?: ReadonlySet<string>;
  /** Under which unit an assignment stands in groups and lists; by default its lead. */
  readonly standsUnder?: (unitId: string) => string;
  readonly authority?: string;
  readonly field?: string;
  readonly basis: 'current' | 'original';
  /** A what-if; without it deadlines count as recorded. */
  readonly policy?: FixedDatePolicy;
  readonly groupBy?: GroupBy;
  /** Only tasks that pass. */
  readonly among?: (taskId: string) => boolean;
}

/** An assignment as a pass meets it: one object, written over for the next. */
export interface Visit {
  /** The task's number, as in `Marks`. */
  task: number;
  taskId: string;
  /** Lead, or the unit that it stands under. */
  unitId: string;
  /** Place of the cell or way out in `CODES`, and what else counts, for `selecting`. */
  code: number;
  bits: number;
  due: Instant;
  /** What a list shows of it. */
  readonly shown: () => CountedTask;
}

/** Open work as `visitOpen` meets it: one object, written over for the next. */
export interface OpenAssignment {
  /** The task's number, as in `Marks`. */
  task: number;
  taskId: string;
  unitId: string;
  /** Last millisecond in time; Infinity without a deadline. */
  due: Instant;
  begunAt: Instant;
  authority: string;
  field: string | null;
  /** False for routine work and subtasks. */
  counted: boolean;
}

/** What happened in one week after the other, and how much was overdue at the end of each. */
export interface WeekCounts {
  /** Begun in the week, not by transfer: the flow `new` of a period that is the week. */
  readonly assigned: Int32Array;
  /** Done at the week's end and not before it: the flow `closed`. */
  readonly completed: Int32Array;
  /** O2 at the week's end. */
  readonly overdue: Int32Array;
}

/** In which order a page of assignments comes, and which part of it. */
export interface PageOrder {
  readonly by?: 'code' | 'due' | 'assigned' | 'unit';
  readonly descending?: boolean;
  readonly offset?: number;
  readonly limit?: number;
  readonly rankOfUnit?: (unitIds: readonly string[]) => readonly number[];
}

export type WeeksQuery = Pick<FiguresQuery, 'known' | 'unitIds' | 'standsUnder' | 'authority' | 'field' | 'among'>;

/** An assignment as a list shows it at (A, K). */
export interface CountedTask {
  readonly taskId: string;
  /** 0 for the first lead; each transfer begins the next. */
  readonly assignment: number;
  readonly unitId: string;
  readonly cell: Cell | OutReason;
  /** Last millisecond in time of the deadline that judges it; Infinity without one. */
  readonly due: Instant;
  readonly submittedAt: Instant;
  readonly begunAt: Instant;
  /** Days left to this deadline are told in working days. */
  readonly countsWorkingDays: boolean;
}

/** A task of which two points say different things; null where it is not seen at all. */
export interface ChangedTask {
  readonly taskId: string;
  readonly before: CountedTask | null;
  readonly after: CountedTask | null;
}

export interface Changes {
  /** Counted after and not before. */
  readonly entered: readonly ChangedTask[];
  readonly left: readonly ChangedTask[];
  /** Counted at both points, in another cell or under another unit. */
  readonly changed: readonly ChangedTask[];
}

/** Assignments that `visitOpen` looks at between two pauses: some milliseconds. */
const OPEN_AT_ONCE = 4_000;

const OPEN = STATES.indexOf('open');
const SUBMITTED = STATES.indexOf('submitted');
const DONE = STATES.indexOf('done');
const SUSPENDED = STATES.indexOf('suspended');
const VOIDED = STATES.indexOf('voided');
const OUT_OF_STATE = STATES.map((state) => (CODES as readonly string[]).indexOf(state));

/** The questions: any A, any K, any cohort, any grouping is one pass over the store. */
export class Columns extends ColumnStore {
  /* What the last pass saw, side by side; grown once and used again. */
  /** What a page is ordered with; grown with `seen*`. */
  private pageFound = new Int32Array(0);
  private pageKeys = new Float64Array(0);
  private seenHead = new Int32Array(1024);
  private seenRow = new Int32Array(1024);
  private seenCode = new Uint8Array(1024);
  private seenBits = new Int32Array(1024);

  /* The stretches of one assignment as believed at a K, newest first. */
  private readonly stretches: number[] = [];

  /** Counts per group; without `groupBy` one group under the key ''. */
  evaluate(query: FiguresQuery): Map<string, Counts> {
    const by = this.grouping(query);
    const seen = this.scan(query);
    const groups: (Int32Array | undefined)[] = [];
    for (let n = 0; n < seen; n++) {
      const group = by === undefined ? 0 : by.column[this.info[this.seenRow[n]!]!]!;
      tally((groups[group] ??= newTally()), this.seenCode[n]!, this.seenBits[n]!);
    }
    const counts = new Map<string, Counts>();
    groups.forEach((numbers, group) => {
      if (numbers === undefined) return;
      const name = by === undefined ? '' : by.names[group]!;
      counts.set(name, countsOf(numbers, counts.get(name)));
    });
    return counts;
  }

  private grouping({ groupBy, standsUnder }: FiguresQuery): { readonly column: Int32Array; readonly names: readonly string[] } | undefined {
    switch (groupBy) {
      case 'unit':
        return { column: this.unit, names: standsUnder === undefined ? this.units.names : this.units.names.map(standsUnder) };
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

  /** Exactly the assignments that a number counts, by beginning, task and number: the same before and after the columns are loaded anew. */
  list(query: FiguresQuery, selects: (code: number, bits: number) => boolean): CountedTask[] {
    const seen = this.scan(query);
    const found: CountedTask[] = [];
    for (let n = 0; n < seen; n++) if (selects(this.seenCode[n]!, this.seenBits[n]!)) found.push(this.task(n, query));
    return found.sort((a, b) => a.begunAt - b.begunAt || (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : a.assignment - b.assignment));
  }

  /** Shows every assignment that the question sees, in the order of the log; answers nothing itself. */
  visit(query: FiguresQuery, meet: (visit: Visit) => void): void {
    const seen = this.scan(query);
    const { standsUnder } = query;
    const units = standsUnder === undefined ? this.units.names : this.units.names.map(standsUnder);
    const column = dueColumn(query.policy);
    let n = 0;
    const visit: Visit = { task: 0, taskId: '', unitId: '', code: 0, bits: 0, due: 0, shown: () => this.task(n, query) };
    for (; n < seen; n++) {
      const row = this.seenRow[n]!;
      const info = this.info[row]!;
      visit.task = this.taskOf[this.seenHead[n]!]!;
      visit.taskId = this.taskIds[visit.task]!;
      visit.unitId = units[this.unit[info]!]!;
      visit.code = this.seenCode[n]!;
      visit.bits = this.seenBits[n]!;
      visit.due = this.dues[(query.basis === 'original' ? this.original[info]! : this.due[row]!) * 4 + column]!;
      meet(visit);
    }
  }

  /**
   * Meets every assignment that is open at (A, K), routine work and subtasks too, in the order of the log. A may lie ahead. It pauses after every few
   * thousand, so that others have their turn: what is recorded meanwhile lies beyond K.
   */
  *visitOpen(at: Instant, known: bigint, meet: (open: OpenAssignment) => void): Generator<undefined> {
    const open: OpenAssignment = { task: 0, taskId: '', unitId: '', due: 0, begunAt: 0, authority: '', field: null, counted: true };
    for (let first = 0; first < this.heads; first += OPEN_AT_ONCE) {
      const seen = this.scan({ at, known, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' }, true, first, Math.min(this.heads, first + OPEN_AT_ONCE));
      for (let n = 0; n < seen; n++) {
        const code = this.seenCode[n]!;
        if (code < O1 || code >= X) continue;
        const row = this.seenRow[n]!;
        const info = this.info[row]!;
        open.task = this.taskOf[this.seenHead[n]!]!;
        open.taskId = this.taskIds[open.task]!;
        open.unitId = this.units.names[this.unit[info]!]!;
        open.due = this.dues[this.due[row]! * 4 + 3]!;
        open.begunAt = this.begun[info]!;
        open.authority = this.authorities.names[this.authority[info]!]!;
        const field = this.fields.names[this.field[info]!];
        open.field = field === undefined || field === '' ? null : field;
        open.counted = (this.seenBits[n]! & UNCOUNTED) === 0;
        meet(open);
      }
      yield;
    }
  }

  /** What orders tasks as their codes do. */
  codeOrderOf(task: number): number {
    return this.codeKey[task]!;
  }

  /** Week by week, per unit: what `evaluate` counts for each of them as a period, in one pass. Weeks begin at the bounds but the last, which ends the last of them. */
  weeks(query: WeeksQuery, bounds: readonly Instant[]): Map<string, WeekCounts> {
    const count = bounds.length - 1;
    const groups: (WeekCounts | undefined)[] = [];
    const { state, from, due, dues, flags, info, begun, bits } = this;
    this.eachLife(query, bounds[count]! - 1, (rows) => {
      const newest = rows[0]!;
      const working = state[newest]!;
      if (working === VOIDED || (from[newest]! < bounds[0]! && working !== OPEN && working !== SUBMITTED && working !== SUSPENDED)) return;
      const i = info[newest]!;
      const unit = this.unit[i]!;
      const counts = (groups[unit] ??= { assigned: new Int32Array(count), completed: new Int32Array(count), overdue: new Int32Array(count) });
      const begins = begun[i]!;
      let place = 0;
      for (let week = count - 1; week >= 0; week--) {
        const start = bounds[week]!;
        const end = bounds[week + 1]! - 1;
        while (place < rows.length && from[rows[place]!]! > end) place++;
        if (place === rows.length) return;
        const now = rows[place]!;
        if (begins >= start && begins <= end && (bits[i]! & TRANSFERRED_IN) === 0) counts.assigned[week]!++;
        if (state[now] === OPEN) {
          if (end > endOfDeadline(dues[due[now]! * 4 + 3]!)) counts.overdue[week]!++;
        } else if (state[now] === DONE) {
          let before = place;
          while (before < rows.length && from[rows[before]!]! >= start) before++;
          const prior = before === rows.length ? -1 : state[rows[before]!]!;
          if (prior === OPEN || prior === SUBMITTED || prior === SUSPENDED || begins >= start || ((flags[now]! & REOPENED) !== 0 && this.reopened.get(now)! >= start)) counts.completed[week]!++;
        }
      }
    });
    const named = new Map<string, WeekCounts>();
    groups.forEach((counts, unit) => {
      if (counts === undefined) return;
      const name = query.standsUnder === undefined ? this.units.names[unit]! : query.standsUnder(this.units.names[unit]!);
      const other = named.get(name);
      if (other === undefined) named.set(name, counts);
      else for (const kind of ['assigned', 'completed', 'overdue'] as const) counts[kind].forEach((n, week) => { other[kind][week]! += n; });
    });
    return named;
  }

  /** The last instant up to `at` at which anything was overdue; undefined when nothing ever was. */
  lastOverdue(query: WeeksQuery, at: Instant): Instant | undefined {
    let last: Instant | undefined;
    this.eachLife(query, at, (rows) => {
      if (this.state[rows[0]!] === VOIDED) return;
      let until = at;
      for (const row of rows) {
        if (this.state[row] === OPEN && until > endOfDeadline(this.dues[this.due[row]! * 4 + 3]!)) {
          if (last === undefined || until > last) last = until;
          return;
        }
        until = this.from[row]! - 1;
      }
    });
    return last;
  }

  /** Every assignment that figures count and the question is about, as its stretches believed at K and begun by an instant, newest first. */
  private eachLife(query: WeeksQuery, at: Instant, meet: (rows: readonly number[]) => void): void {
    const known = query.known === null ? Infinity : Number(query.known);
    const units = query.unitIds === undefined ? undefined : Uint8Array.from(this.units.names, (name) => Number(query.unitIds!.has(name)));
    const authority = query.authority === undefined ? -1 : this.authorities.find(query.authority);
    const field = query.field === undefined ? -1 : this.fields.find(query.field);
    if ((query.authority !== undefined && authority < 0) || (query.field !== undefined && field < 0)) return;
    const { stretches, from, knownFrom, flags } = this;
    for (let h = 0; h < this.heads; h++) {
      stretches.length = 0;
      for (let r = this.head[h]!; r >= 0; r = this.next[r]!) {
        if (from[r]! <= at && knownFrom[r]! <= known && ((flags[r]! & CLOSED) === 0 || this.knownTo.get(r)! > known)) stretches.push(r);
      }
      if (stretches.length === 0) continue;
      if (this.mixed[h] !== 0) stretches.sort((a, b) => from[b]! - from[a]!);
      const i = this.info[stretches[0]!]!;
      if ((this.bits[i]! & COUNTED) === 0 || (units !== undefined && units[this.unit[i]!] === 0)) continue;
      if ((authority >= 0 && this.authority[i] !== authority) || (field >= 0 && this.field[i] !== field)) continue;
      if (query.among !== undefined && !query.among(this.taskIds[this.taskOf[h]!]!)) continue;
      meet(stretches);
    }
  }

  /**
   * A page of all assignments begun by (A, K), counted in figures or not, in or out, that stand in one of the cells and pass; by code (year, then
   * order in the log), deadline, beginning or lead (in the order that `rankOfUnit` gives the units). Only what stands on the page is made into objects.
   */
  page(
    query: Pick<FiguresQuery, 'at' | 'known' | 'unitIds' | 'standsUnder' | 'authority' | 'field'>,
    inCell: (cell: Cell | OutReason) => boolean,
    { passes, by = 'code', descending = false, offset = 0, limit = Infinity, rankOfUnit }: PageOrder & { readonly passes?: ((taskId: string, due: Instant, cell: Cell | OutReason) => boolean) | undefined } = {},
  ): { readonly total: number; readonly items: readonly CountedTask[] } {
    const all: FiguresQuery = { ...query, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' };
    const seen = this.scan(all, true);
    if (this.pageKeys.length < seen) [this.pageFound, this.pageKeys] = [new Int32Array(this.seenHead.length), new Float64Array(this.seenHead.length)];
    const { seenHead, seenRow, seenCode, taskOf, codeKey, dues, due, info, begun, unit, pageFound, pageKeys: keys } = this;
    const wanted = Uint8Array.from(CODES, (cell) => Number(inCell(cell)));
    const ranks = by === 'unit' ? (rankOfUnit?.(this.units.names) ?? this.units.names.map((_, n) => n)) : [];
    let total = 0;
    for (let n = 0; n < seen; n++) {
      if (wanted[seenCode[n]!] === 0) continue;
      const task = taskOf[seenHead[n]!]!;
      const row = seenRow[n]!;
      if (passes !== undefined && !passes(this.taskIds[task]!, dues[due[row]! * 4 + 3]!, CODES[seenCode[n]!]!)) continue;
      pageFound[total++] = n;
      if (by === 'code') keys[n] = codeKey[task]!;
      else if (by === 'due') keys[n] = dues[due[row]! * 4 + 3]!;
      else keys[n] = by === 'assigned' ? begun[info[row]!]! : ranks[unit[info[row]!]!]!;
    }
    const found = pageFound.subarray(0, total);
    const code = (n: number): number => this.codeKey[this.taskOf[this.seenHead[n]!]!]!;
    const first = offset + limit < total / 4 ? within(found, keys, offset + limit, descending) : found;
    // Infinity minus Infinity is no number: tasks without a deadline stand behind the others, by code.
    first.sort((a, b) => (keys[a]! === keys[b]! ? 0 : keys[a]! < keys[b]! ? -1 : 1) || code(a) - code(b) || this.numberOf[this.seenHead[a]!]! - this.numberOf[this.seenHead[b]!]!);
    if (descending) first.reverse();
    return { total, items: Array.from(first.subarray(offset, offset + limit), (n) => this.task(n, all)) };
  }

  /** The assignments of one task at (A, K), the last one last. */
  ofTask(taskId: string, at: Instant, known: bigint | null): CountedTask[] {
    const all: FiguresQuery = { at, known, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' };
    const found: CountedTask[] = [];
    for (const head of [this.firstHead.get(taskId), ...(this.laterHeads.get(taskId) ?? [])]) {
      if (head === undefined) continue;
      if (this.scan(all, true, head, head + 1) > 0) found.push(this.task(0, all));
    }
    return found;
  }

  /** What differs between two points, task by task. Both queries are about the same figure: they differ in `at`, `known` and what follows from them. */
  changes(before: FiguresQuery, after: FiguresQuery): Changes {
    const first = this.byTask(before);
    const second = this.byTask(after);
    const entered: ChangedTask[] = [];
    const left: ChangedTask[] = [];
    const changed: ChangedTask[] = [];
    const counts = (task: CountedTask | undefined): task is CountedTask => task !== undefined && !isOut(task.cell);
    for (const taskId of new Set([...first.keys(), ...second.keys()])) {
      const [a, b] = [first.get(taskId), second.get(taskId)];
      const change: ChangedTask = { taskId, before: a ?? null, after: b ?? null };
      if (counts(b) && !counts(a)) entered.push(change);
      else if (counts(a) && !counts(b)) left.push(change);
      else if (counts(a) && counts(b) && (a.cell !== b.cell || a.unitId !== b.unitId)) changed.push(change);
    }
    const order = (list: ChangedTask[]): ChangedTask[] =>
      list.sort((x, y) => (x.after ?? x.before)!.begunAt - (y.after ?? y.before)!.begunAt || (x.taskId < y.taskId ? -1 : 1));
    return { entered: order(entered), left: order(left), changed: order(changed) };
  }

  /** Each task once: its counted assignment, or else the last one that went out. */
  private byTask(query: FiguresQuery): Map<string, CountedTask> {
    const seen = this.scan(query);
    const tasks = new Map<string, CountedTask>();
    for (let n = 0; n < seen; n++) {
      if ((this.seenBits[n]! & IN_COHORT) === 0 && this.seenCode[n] !== VOIDED_CODE) continue;
      const task = this.task(n, query);
      const other = tasks.get(task.taskId);
      if (!other || this.seenCode[n]! < OUT || (isOut(other.cell) && other.assignment < task.assignment)) tasks.set(task.taskId, task);
    }
    return tasks;
  }

  private task(n: number, { basis, policy, standsUnder }: FiguresQuery): CountedTask {
    const row = this.seenRow[n]!;
    const head = this.seenHead[n]!;
    const info = this.info[row]!;
    const unitId = this.units.names[this.unit[info]!]!;
    return {
      taskId: this.taskIds[this.taskOf[head]!]!,
      assignment: this.numberOf[head]!,
      unitId: standsUnder === undefined ? unitId : standsUnder(unitId),
      cell: CODES[this.seenCode[n]!]!,
      due: this.dues[(basis === 'original' ? this.original[info]! : this.due[row]!) * 4 + dueColumn(policy)]!,
      submittedAt: this.submitted[row]!,
      begunAt: this.begun[info]!,
      countsWorkingDays: (this.flags[row]! & WORKING_DAYS) !== 0,
    };
  }

  /**
   * The pass: every assignment that the question sees at (A, K), with its cell and what else counts, into `seen*`. Answers how many there are.
   * `uncounted` also sees routine work and subtasks, which no figure counts.
   */
  private scan(query: FiguresQuery, uncounted = false, first = 0, end = this.heads): number {
    const { at, p0, p1, cohort, basis } = query;
    const known = query.known === null ? Infinity : Number(query.known);
    const column = dueColumn(query.policy);
    const original = basis === 'original';
    const units = query.unitIds === undefined ? undefined : Uint8Array.from(this.units.names, (name) => Number(query.unitIds!.has(name)));
    const authority = query.authority === undefined ? -1 : this.authorities.find(query.authority);
    const field = query.field === undefined ? -1 : this.fields.find(query.field);
    if ((query.authority !== undefined && authority < 0) || (query.field !== undefined && field < 0)) return 0;
    const byC1 = cohort === 'C1';
    const byC3 = cohort === 'C3';
    const before = p0 - 1;
    const { from, knownFrom, next, flags, state, info, due, dues, mixed, head, bits: infoBits, unit, begun } = this;
    if (this.seenHead.length < end - first) this.growSeen(end - first);
    const { seenHead, seenRow, seenCode, seenBits } = this;
    let seen = 0;
    for (let h = first; h < end; h++) {
      // The row in force at A, and the one in force before the period, of those believed at K.
      let now = -1;
      let prior = -1;
      if (mixed[h] === 0) {
        let r = head[h]!;
        while (r >= 0 && (knownFrom[r]! > known || from[r]! > at)) r = next[r]!;
        now = r;
        while (r >= 0 && from[r]! > before) r = next[r]!;
        prior = r;
      } else {
        for (let r = head[h]!; r >= 0; r = next[r]!) {
          const since = from[r]!;
          if (since > at || knownFrom[r]! > known || ((flags[r]! & CLOSED) !== 0 && this.knownTo.get(r)! <= known)) continue;
          if (now < 0 || since > from[now]!) now = r;
          if (since <= before && (prior < 0 || since > from[prior]!)) prior = r;
        }
      }
      if (now < 0) continue;
      const i = info[now]!;
      const counted = (infoBits[i]! & COUNTED) !== 0;
      if (!counted && !uncounted) continue;
      if (units !== undefined && units[unit[i]!] === 0) continue;
      if (authority >= 0 && this.authority[i] !== authority) continue;
      if (field >= 0 && this.field[i] !== field) continue;
      if (query.among !== undefined && !query.among(this.taskIds[this.taskOf[h]!]!)) continue;

      const begunInPeriod = begun[i]! >= p0;
      const working = state[now]!;
      if (working === VOIDED) {
        if (!begunInPeriod) continue;
        seenHead[seen] = h;
        seenRow[seen] = now;
        seenCode[seen] = VOIDED_CODE;
        seenBits[seen++] = PART_BEGUN;
        continue;
      }
      const rowFlags = flags[now]!;
      let bits = counted ? 0 : UNCOUNTED;
      const carried = prior >= 0 && (state[prior] === OPEN || state[prior] === SUBMITTED || state[prior] === SUSPENDED);
      if (carried) bits |= PART_CARRIED | IN_C2;
      else if (begunInPeriod) bits |= PART_BEGUN | IN_C2;
      else if ((rowFlags & REOPENED) !== 0 && this.reopened.get(now)! >= p0) bits |= PART_REOPENED | IN_C2;
      const current = due[now]! * 4 + column;
      if (byC1) {
        if (begunInPeriod) bits |= IN_COHORT;
      } else if (byC3) {
        // C3 goes by the deadline in effect at A, whichever deadline judges (domain.md §4.1 "under either basis").
        const effective = dues[current]!;
        if (effective >= p0 && effective < p1) bits |= IN_COHORT;
      } else if ((bits & IN_C2) !== 0) bits |= IN_COHORT;
      if ((bits & (IN_C2 | IN_COHORT)) === 0) continue;

      const begins = dues[this.original[i]! * 4 + column]!;
      const judge = original ? begins : dues[current]!;
      const submittedAt = this.submitted[now]!;
      let code: number;
      if (working === OPEN) code = judge === Infinity ? O1 + 2 : at > endOfDeadline(judge) ? O1 + 1 : O1;
      else if (working === DONE || working === SUBMITTED) {
        code = (working === DONE ? D1 : V1) + (judge === Infinity ? 2 : submittedAt <= judge ? 0 : 1);
        if (code === D1 && begins !== Infinity && submittedAt > begins) bits |= MOVED_LATE;
        if (working === DONE && submittedAt < p0) bits |= PRIOR_PERIOD;
      } else code = working === SUSPENDED ? X : OUT_OF_STATE[working]!;
      if (judge === Infinity) bits |= NO_DEADLINE;
      if ((infoBits[i]! & TRANSFERRED_IN) !== 0) bits |= BY_TRANSFER;
      if ((rowFlags & BACKDATED) !== 0) bits |= WAS_BACKDATED;
      if ((rowFlags & EXTENDED_LATE) !== 0) bits |= EXTENDED_AFTER;
      if (begun[i]! > begins) bits |= ASSIGNED_OVERDUE;
      seenHead[seen] = h;
      seenRow[seen] = now;
      seenCode[seen] = code;
      seenBits[seen++] = bits;
    }
    return seen;
  }

  private growSeen(to: number): void {
    const size = Math.ceil(to * 1.1);
    this.seenHead = new Int32Array(size);
    this.seenRow = new Int32Array(size);
    this.seenCode = new Uint8Array(size);
    this.seenBits = new Int32Array(size);
  }
}

/** Slices that the span of the keys of a page is cut into. */
const SLICES = 2_048;

/** Those of `found` with the `most` smallest keys (or greatest), and some beside them: to order a few is much less than to order all. */
function within(found: Int32Array, keys: Float64Array, most: number, descending: boolean): Int32Array {
  let least = Infinity;
  let greatest = -Infinity;
  for (const n of found) {
    const key = keys[n]!;
    if (key < least) least = key;
    if (key > greatest && key !== Infinity) greatest = key;
  }
  const width = (greatest - least) / SLICES || 1;
  // Tasks without a deadline are in a slice of their own, behind all others.
  const sliceOf = (n: number): number => (keys[n] === Infinity ? SLICES : Math.min(Math.floor((keys[n]! - least) / width), SLICES - 1));
  const counts = new Uint32Array(SLICES + 1);
  for (const n of found) counts[sliceOf(n)]! += 1;
  const [step, end] = descending ? [-1, 0] : [1, SLICES];
  let last = descending ? SLICES : 0;
  for (let held = counts[last]!; held < most && last !== end; held += counts[last]!) last += step;
  return found.filter((n) => (descending ? sliceOf(n) >= last : sliceOf(n) <= last));
}

const dueColumn = (policy: FixedDatePolicy | undefined): number => (policy === undefined ? 3 : FIXED_DATE_POLICIES.indexOf(policy));
