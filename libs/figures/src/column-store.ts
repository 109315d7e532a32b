import { dayFromNumber, dayNumberOf, type Instant } from '#kernel';
import { STATES, type BelievedRow, type Dues } from './rows.ts';

/* Flags of a row beyond those of `rows.ts`. */
export const CLOSED = 32;
export const REOPENED = 64;
/* Bits of an assignment. */
export const COUNTED = 1;
export const TRANSFERRED_IN = 2;

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
  find(name: string): number {
    return this.numbers.get(name) ?? -1;
  }
}

/**
 * Everything that was ever believed, as columns. Three tables of typed arrays: rows (a stretch of an assignment, as believed between two
 * positions), assignments as believed, deadlines; what repeats is stored once. The rows of an assignment are chained from the newest to the
 * oldest, so a later fact needs no moving about. Positions are float64, exact below 2^53.
 */
export class ColumnStore {
  protected rows = 0;
  protected from = new Float64Array(1024);
  protected knownFrom = new Float64Array(1024);
  protected submitted = new Float64Array(1024);
  protected info = new Int32Array(1024);
  protected due = new Int32Array(1024);
  protected next = new Int32Array(1024);
  protected state = new Uint8Array(1024);
  protected flags = new Uint8Array(1024);
  /** Few rows are ever closed (only by repairs and by facts of one instant) or reopened: kept beside the columns. */
  protected knownTo = new Map<number, number>();
  protected reopened = new Map<number, number>();

  protected infos = 0;
  protected begun = new Float64Array(1024);
  protected unit = new Int32Array(1024);
  protected authority = new Int32Array(1024);
  protected field = new Int32Array(1024);
  /** Month of the beginning, as a name: reading it from the instant in the pass would cost more than all the rest. */
  protected month = new Int32Array(1024);
  protected original = new Int32Array(1024);
  protected bits = new Uint8Array(1024);

  /** Four instants each: the three policies, then as recorded. */
  protected dues = new Float64Array(4096);
  protected readonly dueNumbers = new Map<number | string, number>();

  protected heads = 0;
  protected head = new Int32Array(1024);
  protected taskOf = new Int32Array(1024);
  protected numberOf = new Uint16Array(1024);
  /** 1 where rows of the chain are not in the order of their beginnings, or not all believed: then the first that fits is not the last that began. */
  protected mixed = new Uint8Array(1024);

  protected taskIds: string[] = [];
  /** What orders tasks as their codes do: the year of the first beginning ever told, then the place in the log. */
  protected codeKey = new Float64Array(1024);
  protected firstHead = new Map<string, number>();
  protected laterHeads = new Map<string, number[]>();
  protected readonly units = new Names();
  protected readonly authorities = new Names();
  protected readonly fields = new Names();
  protected readonly months = new Names();
  protected readonly monthByDay = new Map<number, number>();

  /** With room for what so many events may say: a place is taken up in memory only once something stands in it, but growing takes time. */
  constructor(events = 0) {
    this.growRows(events / 3);
    this.growInfos(events / 10);
    this.growHeads(events / 10);
    this.codeKey = grown(this.codeKey, Float64Array, events / 10);
  }

  /** Rows ever believed. */
  get size(): number {
    return this.rows;
  }

  clear(): void {
    this.rows = this.infos = this.heads = 0;
    this.dueNumbers.clear();
    this.taskIds = [];
    this.firstHead = new Map();
    this.laterHeads = new Map();
    this.knownTo = new Map();
    this.reopened = new Map();
  }

  /** Everything believed of one task so far, in the order in which it came to be: takes what is new, closes what is not believed any more. */
  merge(taskId: string, rows: readonly BelievedRow[]): void {
    const taken = this.rowsOf(taskId);
    rows.forEach((row, n) => {
      const r = taken[n];
      if (r === undefined) this.add(taskId, row);
      else if (row.knownTo !== Infinity && (this.flags[r]! & CLOSED) === 0) this.close(this.headOf(taskId, row.number), r, row.knownTo);
    });
  }

  /** The rows of a task in the order in which they were added: numbers of rows only grow. */
  private rowsOf(taskId: string): readonly number[] {
    const first = this.firstHead.get(taskId);
    if (first === undefined) return [];
    const found: number[] = [];
    // Numbers of assignments may come with gaps, so the list may have holes.
    for (const head of [first, ...(this.laterHeads.get(taskId) ?? []).filter((one) => one >= 0)]) {
      for (let r = this.head[head]!; r >= 0; r = this.next[r]!) found.push(r);
    }
    return found.sort((a, b) => a - b);
  }

  /** The number that a task has here; undefined where nothing is believed of it. */
  numberOfTask(taskId: string): number | undefined {
    const first = this.firstHead.get(taskId);
    return first === undefined ? undefined : this.taskOf[first]!;
  }

  /** The task that has the number. */
  taskNumbered(task: number): string {
    return this.taskIds[task]!;
  }

  protected headOf(taskId: string, number: number): number {
    return (number === 0 ? this.firstHead.get(taskId) : this.laterHeads.get(taskId)?.[number - 1]) ?? -1;
  }

  private newHead(taskId: string, number: number, row: BelievedRow): number {
    const head = this.heads++;
    if (head === this.head.length) this.growHeads();
    this.numberOf[head] = number;
    this.mixed[head] = 0;
    this.head[head] = -1;
    if (number === 0) {
      this.firstHead.set(taskId, head);
      const task = this.taskIds.push(taskId) - 1;
      if (task === this.codeKey.length) this.codeKey = grown(this.codeKey, Float64Array);
      this.codeKey[task] = (Number(this.months.names[this.monthOf(row.from)]!.slice(0, 4)) - 1970) * YEAR_OF_CODES + row.knownFrom;
      this.taskOf[head] = task;
    } else {
      const later = this.laterHeads.get(taskId) ?? [];
      later[number - 1] = head;
      this.laterHeads.set(taskId, later);
      this.taskOf[head] = this.taskOf[this.firstHead.get(taskId)!]!;
    }
    return head;
  }

  private add(taskId: string, row: BelievedRow): void {
    const found = this.headOf(taskId, row.number);
    const head = found < 0 ? this.newHead(taskId, row.number, row) : found;
    const last = this.head[head]!;
    const r = this.rows++;
    if (r === this.from.length) this.growRows();
    this.from[r] = row.from;
    this.knownFrom[r] = row.knownFrom;
    this.submitted[r] = row.submittedAt;
    this.state[r] = STATES.indexOf(row.state);
    this.flags[r] = row.flags;
    this.due[r] = this.dueNumber(row.due);
    this.info[r] = this.infoNumber(row, last < 0 ? -1 : this.info[last]!);
    if (!Number.isNaN(row.reopenedAt)) {
      this.flags[r] |= REOPENED;
      this.reopened.set(r, row.reopenedAt);
    }
    this.next[r] = last;
    this.head[head] = r;
    if (last >= 0 && row.from <= this.from[last]!) this.mixed[head] = 1;
    if (row.knownTo !== Infinity) this.close(head, r, row.knownTo);
  }

  private close(head: number, row: number, position: number): void {
    this.flags[row]! |= CLOSED;
    this.knownTo.set(row, position);
    this.mixed[head] = 1;
  }

  /** The number of a deadline. Thousands of tasks share a few days, so each is kept once: the table stays small enough to be near at hand. */
  private dueNumber(due: Dues): number {
    const [all, none, before, inForce] = due;
    const key = all === inForce && none === inForce && before === inForce ? inForce : due.join();
    let number = this.dueNumbers.get(key);
    if (number === undefined) {
      number = this.dueNumbers.size;
      this.dueNumbers.set(key, number);
      if (number * 4 === this.dues.length) this.dues = grown(this.dues, Float64Array);
      this.dues.set(due, number * 4);
    }
    return number;
  }

  /** The number of an assignment as believed; `near` is the one before it in the chain, mostly the same. */
  private infoNumber({ assignment: a }: BelievedRow, near: number): number {
    const original = this.dueNumber(a.original);
    const unit = this.units.of(a.unitId);
    const authority = this.authorities.of(a.authority);
    const field = this.fields.of(a.field);
    const bits = (a.counted ? COUNTED : 0) | (a.byTransfer ? TRANSFERRED_IN : 0);
    if (
      near >= 0 && this.begun[near] === a.begunAt && this.unit[near] === unit && this.authority[near] === authority && this.field[near] === field && this.bits[near] === bits && this.original[near] === original
    ) return near;
    const number = this.infos++;
    if (number === this.begun.length) this.growInfos();
    this.begun[number] = a.begunAt;
    this.unit[number] = unit;
    this.authority[number] = authority;
    this.field[number] = field;
    this.month[number] = this.monthOf(a.begunAt);
    this.original[number] = original;
    this.bits[number] = bits;
    return number;
  }

  /** Reading the month out of an instant is slow beside all the rest, and days repeat. */
  private monthOf(at: Instant): number {
    const day = dayNumberOf(at);
    let month = this.monthByDay.get(day);
    if (month === undefined) this.monthByDay.set(day, (month = this.months.of(dayFromNumber(day).slice(0, 7))));
    return month;
  }

  private growRows(room?: number): void {
    this.from = grown(this.from, Float64Array, room);
    this.knownFrom = grown(this.knownFrom, Float64Array, room);
    this.submitted = grown(this.submitted, Float64Array, room);
    this.info = grown(this.info, Int32Array, room);
    this.due = grown(this.due, Int32Array, room);
    this.next = grown(this.next, Int32Array, room);
    this.state = grown(this.state, Uint8Array, room);
    this.flags = grown(this.flags, Uint8Array, room);
  }

  private growInfos(room?: number): void {
    this.begun = grown(this.begun, Float64Array, room);
    this.unit = grown(this.unit, Int32Array, room);
    this.authority = grown(this.authority, Int32Array, room);
    this.field = grown(this.field, Int32Array, room);
    this.month = grown(this.month, Int32Array, room);
    this.original = grown(this.original, Int32Array, room);
    this.bits = grown(this.bits, Uint8Array, room);
  }

  private growHeads(room?: number): void {
    this.head = grown(this.head, Int32Array, room);
    this.taskOf = grown(this.taskOf, Int32Array, room);
    this.numberOf = grown(this.numberOf, Uint16Array, room);
    this.mixed = grown(this.mixed, Uint8Array, room);
  }
}

/** More than a log has places, little enough that 200 years of it stay exact. */
const YEAR_OF_CODES = 2 ** 42;

/**
 * With `room` for so many, if that is more; else twice as large while small, then by a quarter: doubling would leave up to half of a large column
 * empty. Kept a multiple of four, for the deadlines stand in fours.
 */
function grown<T extends { readonly length: number; set(from: T): void }>(from: T, Kind: new (length: number) => T, room?: number): T {
  const length = Math.max(from.length, room ?? from.length * (from.length < 262_144 ? 2 : 1.25));
  const to = new Kind(Math.ceil(length / 4) * 4);
  to.set(from);
  return to;
}
