import { lastInstantInTime, type Deadline } from '#deadlines';
import { dayNumberOf, type Instant } from '#kernel';
import { REPAIRS, UPDATES, repair, type TaskEventType, type TaskFact } from '#tasks';

/*
 * What the cells do not say of a task: who told what about it when, what was asked and not decided, how often its deadline was moved. Every
 * fact leaves a mark with both its times, four numbers side by side in the order of the log; a repair closes marks and adds others. A question
 * at any (A, K) is one walk over them, as `foldAt` is one over the facts.
 */

/** Facts that leave a mark; the place in this list is stored, so new ones go to the end (32 at most). */
export const MARKS = [
  'TaskAssigned', 'TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ExtensionRefused', 'ExtensionGranted', 'DeadlineSet', 'DeadlineRecomputed', 'ReturnProposed', 'ReturnRefused', 'ReturnAccepted',
  'TaskTransferred', 'TaskSuspended', 'TaskResumed', 'CompletionSubmitted', 'TaskCompleted', 'CompletionRefused', 'TaskReopened', 'TaskWithdrawn', 'TaskCancelled', 'DuplicateLinked', 'TaskUrged',
  'ExplanationRequested', 'ExplanationGiven', 'RaisedForBriefing',
] as const satisfies readonly TaskEventType[];

const KINDS: ReadonlyMap<string, number> = new Map(MARKS.map((type, kind) => [type, kind]));
const kindOf = (type: (typeof MARKS)[number]): number => KINDS.get(type)!;
const [ASSIGNED, RECEIVED, PROGRESS, REQUESTED, REFUSED, GRANTED] = [kindOf('TaskAssigned'), kindOf('TaskReceived'), kindOf('ProgressReported'), kindOf('ExtensionRequested'), kindOf('ExtensionRefused'), kindOf('ExtensionGranted')];
const [SET, RECOMPUTED, PROPOSED, NOT_RETURNED, RETURNED] = [kindOf('DeadlineSet'), kindOf('DeadlineRecomputed'), kindOf('ReturnProposed'), kindOf('ReturnRefused'), kindOf('ReturnAccepted')];
const [TRANSFERRED, RESUMED, SUBMITTED, SENT_BACK, REOPENED] = [kindOf('TaskTransferred'), kindOf('TaskResumed'), kindOf('CompletionSubmitted'), kindOf('CompletionRefused'), kindOf('TaskReopened')];
const URGED = kindOf('TaskUrged');
const RAISED = kindOf('RaisedForBriefing');
const NEVER: readonly Instant[] = [];
const [ASKED, EXPLAINED] = [kindOf('ExplanationRequested'), kindOf('ExplanationGiven')];
const bitsOf = (types: Iterable<string>): number => [...types].reduce((bits, type) => bits | (KINDS.has(type) ? 1 << KINDS.get(type)! : 0), 0);
const BY_THOSE_IN_CHARGE = bitsOf(UPDATES);
/** Facts of the lead after which an answer to a request of his is read. */
const LEADS_OWN = bitsOf(['TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ReturnProposed', 'CompletionSubmitted', 'ExplanationGiven', 'TaskTransferred', 'TaskReopened']);
/** By which whoever decides shows to have read an explanation. A recomputation is of many tasks at once and shows nothing. */
const ANSWERS_EXPLANATION = bitsOf([
  'ExtensionGranted', 'ExtensionRefused', 'DeadlineSet', 'ReturnRefused', 'ReturnAccepted', 'TaskTransferred', 'TaskSuspended', 'TaskResumed', 'TaskCompleted', 'CompletionRefused', 'TaskReopened', 'TaskWithdrawn',
  'TaskCancelled', 'DuplicateLinked', 'TaskUrged', 'ExplanationRequested',
]);

interface Mark {
  /** Place of the fact among the facts of its task: the order of the log. */
  readonly fact: number;
  readonly kind: number;
  /** Of what sets a deadline: 0 when it says none of it, 1 without one, else its last minute. Of progress: per cent plus one, plus 128 with an obstacle. */
  readonly value: number;
  readonly at: Instant;
  readonly knownFrom: number;
  /** 0 while believed. */
  readonly knownTo: number;
}

const NO_DEADLINE = 1;
const OBSTACLE = 128;
const MINUTE = 60_000;

function deadlineValue(deadline: Deadline | undefined): number {
  if (deadline === undefined) return 0;
  return deadline.kind === 'none' ? NO_DEADLINE : Math.ceil(lastInstantInTime(deadline) / MINUTE);
}

function valueOf(fact: TaskFact): number {
  if (fact.type === 'ProgressReported') {
    const { percent, blockedBy } = fact.data;
    return (percent === undefined ? 0 : Math.floor(percent) + 1) + (blockedBy === undefined ? 0 : OBSTACLE);
  }
  return fact.type !== 'ExtensionRequested' && 'deadline' in fact.data ? deadlineValue(fact.data.deadline) : 0;
}

/* Place, value and kind share one number: 2^32 is beyond what value and kind take together, and a log has no 2^21 facts of one task. */
const PLACE = 2 ** 32;
const WIDTH = 4;

/** The marks of a task as any store keeps them: four numbers each, every one as eight bytes (float64, little-endian), one after the other. */
export type MarksBytes = Uint8Array;

/**
 * Takes one more fact, told at the position, which stands at `place` among those of its task, into the numbers of its marks. `facts` are all
 * of them with this one the last, asked for where a repair makes the marks anew.
 */
export function mark(marks: number[], fact: TaskFact, place: number, position: number, facts: () => readonly TaskFact[]): void {
  if (REPAIRS.has(fact.type)) {
    marks.splice(0, marks.length, ...markedAnew(marks, facts(), position));
    return;
  }
  const kind = KINDS.get(fact.type);
  if (kind !== undefined) marks.push(place * PLACE + valueOf(fact) * 32 + kind, fact.occurredAt, position, 0);
}

/** A repair takes facts away, brings them back, or changes the assignment; what any other fact says stays what its mark tells. */
function markedAnew(numbers: readonly number[], facts: readonly TaskFact[], position: number): number[] {
  const marks = readMarks(numbers);
  const places = new Map(facts.map(({ eventId }, n) => [eventId, n]));
  const next = repair(facts).effective.flatMap((one) => {
    const fact = places.get(one.eventId)!;
    if (one.type === 'TaskAssigned') return [{ fact, kind: ASSIGNED, value: valueOf(one), at: one.occurredAt }];
    return marks.find((before) => before.fact === fact) ?? [];
  });
  const same = (a: Omit<Mark, 'knownFrom' | 'knownTo'>, b: Omit<Mark, 'knownFrom' | 'knownTo'>): boolean => a.fact === b.fact && a.value === b.value && a.at === b.at;
  const believed = marks.filter(({ knownTo }) => knownTo === 0);
  const now = [
    ...marks.map((one) => (one.knownTo === 0 && !next.some((other) => same(one, other)) ? { ...one, knownTo: position } : one)),
    ...next.filter((one) => !believed.some((other) => same(one, other))).map((one) => ({ ...one, knownFrom: position, knownTo: 0 })),
  ];
  now.sort((a, b) => a.fact - b.fact || a.knownFrom - b.knownFrom);
  return now.flatMap(({ fact, kind, value, at, knownFrom, knownTo }) => [fact * PLACE + value * 32 + kind, at, knownFrom, knownTo]);
}

/** The numbers of marks as a store keeps them. */
export function writeMarks(numbers: readonly number[]): MarksBytes {
  return Buffer.from(Float64Array.from(numbers).buffer);
}

/** The numbers that `writeMarks` wrote. @throws RangeError for bytes that are not marks. */
export function readBytes(bytes: MarksBytes): number[] {
  check(bytes);
  // A copy, for numbers have to begin at a multiple of eight.
  return [...new Float64Array(Uint8Array.from(bytes).buffer)];
}

function check(bytes: MarksBytes): void {
  if (bytes.length % (WIDTH * Float64Array.BYTES_PER_ELEMENT) !== 0) throw new RangeError(`marks are ${String(WIDTH)} numbers each, not ${String(bytes.length)} bytes`);
}

function readMarks(numbers: readonly number[]): Mark[] {
  const marks: Mark[] = [];
  for (let n = 0; n < numbers.length; n += WIDTH) {
    const code = numbers[n]!;
    const fact = Math.floor(code / PLACE);
    const low = code - fact * PLACE;
    marks.push({ fact, kind: low & 31, value: low >>> 5, at: numbers[n + 1]!, knownFrom: numbers[n + 2]!, knownTo: numbers[n + 3]! });
  }
  return marks;
}

/** What is said to be in the way of a task: which fact says it, and its words. */
export type Obstacle = readonly [fact: number, words: string];

/** What was told of a task by (A, K); instants are NaN where there is none. One object is read into again and again. */
export class Told {
  /** The last fact by which those in charge tell about it, or by which it is given to them. */
  updatedAt: Instant = NaN;
  assignedAt: Instant = NaN;
  /** Of the present lead. */
  begunAt: Instant = NaN;
  receivedAt: Instant = NaN;
  progressAt: Instant = NaN;
  /** -1 where none is told. */
  percent = -1;
  /** Which fact names an obstacle, where the last report does; else -1. */
  obstacle = -1;
  /** Asked and not decided. */
  extensionAt: Instant = NaN;
  returnAt: Instant = NaN;
  /** A decision on an extension that the lead had asked for, until he does something again. */
  answeredAt: Instant = NaN;
  granted = false;
  submittedAt: Instant = NaN;
  /** Sent back, and neither transferred nor reopened since. */
  sentBackAt: Instant = NaN;
  askedAt: Instant = NaN;
  explainedAt: Instant = NaN;
  /** An explanation that nobody has answered by a decision, an urging or another question. */
  unreadAt: Instant = NaN;
  /** Grants that moved the deadline, and by how many days together. */
  extensions = 0;
  daysAdded = 0;

  /** Reads the marks that stand from `start` up to `end`. */
  read(marks: ArrayLike<number>, start: number, end: number, at: Instant, known: number): this {
    this.updatedAt = this.assignedAt = this.begunAt = this.receivedAt = this.progressAt = this.extensionAt = this.returnAt = this.answeredAt = this.submittedAt = this.sentBackAt = this.askedAt = this.explainedAt = this.unreadAt = NaN;
    this.percent = this.obstacle = -1;
    this.extensions = this.daysAdded = 0;
    this.granted = false;
    let deadline = NO_DEADLINE;
    let asked = false;
    for (let n = start; n < end; n += WIDTH) {
      const when = marks[n + 1]!;
      const knownTo = marks[n + 3]!;
      if (when > at || marks[n + 2]! > known || (knownTo !== 0 && knownTo <= known)) continue;
      const code = marks[n]!;
      const place = Math.floor(code / PLACE);
      const low = code - place * PLACE;
      const kind = low & 31;
      const value = low >>> 5;
      const bit = 1 << kind;
      if ((BY_THOSE_IN_CHARGE & bit) !== 0 && !(this.updatedAt >= when)) this.updatedAt = when;
      if ((ANSWERS_EXPLANATION & bit) !== 0) this.unreadAt = NaN;
      if (kind === GRANTED || kind === REFUSED) {
        if (asked) {
          this.answeredAt = when;
          this.granted = kind === GRANTED;
        }
        asked = false;
      } else if ((LEADS_OWN & bit) !== 0) this.answeredAt = NaN;
      switch (kind) {
        case ASSIGNED:
          this.assignedAt = this.begunAt = when;
          deadline = value;
          break;
        // Recorded late about the time of a former lead, it says nothing of the present one.
        case RECEIVED:
          if (when >= this.begunAt) this.receivedAt = when;
          break;
        case PROGRESS:
          if (when < this.begunAt) break;
          this.progressAt = when;
          if ((value & 127) !== 0) this.percent = (value & 127) - 1;
          this.obstacle = value >= OBSTACLE ? place : -1;
          break;
        case REQUESTED:
          this.extensionAt = when;
          asked = true;
          break;
        case REFUSED:
          this.extensionAt = NaN;
          break;
        case GRANTED:
          this.extensionAt = NaN;
          if (value !== deadline) {
            this.extensions += 1;
            if (value > NO_DEADLINE && deadline > NO_DEADLINE) this.daysAdded += dayOfMinute(value) - dayOfMinute(deadline);
          }
          deadline = value;
          break;
        case SET:
        case RECOMPUTED:
          deadline = value;
          break;
        case PROPOSED:
          this.returnAt = when;
          break;
        case NOT_RETURNED:
        case RETURNED:
          this.returnAt = NaN;
          break;
        case TRANSFERRED:
          if (value !== 0) deadline = value;
          this.begunAt = when;
          this.receivedAt = this.progressAt = this.extensionAt = this.returnAt = this.sentBackAt = NaN;
          this.percent = this.obstacle = -1;
          break;
        case RESUMED:
          this.extensionAt = NaN;
          if (value !== 0) deadline = value;
          break;
        case SUBMITTED:
          this.submittedAt = when;
          break;
        case SENT_BACK:
          this.submittedAt = NaN;
          this.sentBackAt = when;
          break;
        case REOPENED:
          this.submittedAt = this.extensionAt = this.returnAt = this.sentBackAt = NaN;
          if (value !== 0) deadline = value;
          break;
        case ASKED:
          this.askedAt = when;
          this.explainedAt = NaN;
          break;
        case EXPLAINED:
          if (Number.isNaN(this.askedAt)) break;
          this.explainedAt = this.unreadAt = when;
          break;
      }
    }
    return this;
  }
}

/** A task put on the agenda of a briefing: by the fact at this position, which happened then. */
export interface Raised {
  readonly task: number;
  readonly position: bigint;
  readonly at: Instant;
}

const kindAt = (code: number): number => (code - Math.floor(code / PLACE) * PLACE) & 31;

/** A day's deadline ends in its last minute, whose end is the next day's first. */
const dayOfMinute = (minute: number): number => dayNumberOf(minute * MINUTE - 1);

/** The marks of every task, by the number that the columns give it, one after the other in one column. */
export class Marks {
  private numbers: Float64Array;
  /** The same, to be written as they are kept. */
  private bytes: Uint8Array;
  private used = 0;
  /** Of `used`, what was left behind. */
  private left = 0;
  private starts = new Uint32Array(1_024);
  private ends = new Uint32Array(1_024);
  private tasks = 0;
  private readonly obstacles = new Map<number, readonly Obstacle[]>();
  /** Tasks that were ever raised for a briefing: few, so that a meeting does not go through all marks. */
  private readonly raised = new Set<number>();

  /** With room for the marks of so many events: pages never touched cost nothing, and growing means copying. */
  constructor(events = 1_024) {
    this.numbers = new Float64Array(events * WIDTH);
    this.bytes = new Uint8Array(this.numbers.buffer);
  }

  /** Takes all marks of a task, as they are kept; what stood there before is left behind until there is no more room. */
  set(task: number, marks: MarksBytes, obstacles: string): void {
    check(marks);
    const count = marks.length / Float64Array.BYTES_PER_ELEMENT;
    if (this.used + count > this.numbers.length) this.makeRoom(count);
    if (task >= this.starts.length) {
      this.starts = longer(this.starts, task);
      this.ends = longer(this.ends, task);
    }
    this.left += (this.ends[task] ?? 0) - (this.starts[task] ?? 0);
    this.bytes.set(marks, this.used * Float64Array.BYTES_PER_ELEMENT);
    this.starts[task] = this.used;
    this.ends[task] = this.used += count;
    this.tasks = Math.max(this.tasks, task + 1);
    for (let n = this.starts[task]; n < this.used; n += WIDTH) if (kindAt(this.numbers[n]!) === RAISED) this.raised.add(task);
    if (obstacles !== '[]') this.obstacles.set(task, JSON.parse(obstacles) as readonly Obstacle[]);
  }

  /** What was told of the task by (A, K). */
  read(task: number, at: Instant, known: bigint | null, into = new Told()): Told {
    return into.read(this.numbers, this.starts[task] ?? 0, this.ends[task] ?? 0, at, known === null ? Infinity : Number(known));
  }

  /** When a task was urged, as known, from an instant on and up to one; oldest first. */
  urgedAt(task: number, from: Instant, at: Instant, known: bigint | null): readonly Instant[] {
    const marks = this.numbers;
    const heard = known === null ? Infinity : Number(known);
    let found: Instant[] | undefined;
    for (let n = this.starts[task] ?? 0; n < (this.ends[task] ?? 0); n += WIDTH) {
      if (kindAt(marks[n]!) !== URGED) continue;
      const when = marks[n + 1]!;
      const knownTo = marks[n + 3]!;
      if (when < from || when > at || marks[n + 2]! > heard || (knownTo !== 0 && knownTo <= heard)) continue;
      (found ??= []).push(when);
    }
    return found?.sort((a, b) => a - b) ?? NEVER;
  }

  /** Tasks raised for a briefing by facts recorded after one position and up to another, each with its last one, as known at the latter; in the order of the log. */
  raisedBetween(after: bigint, upTo: bigint): readonly Raised[] {
    const found: Raised[] = [];
    const marks = this.numbers;
    for (const task of this.raised) {
      let last: Raised | undefined;
      for (let n = this.starts[task]!; n < this.ends[task]!; n += WIDTH) {
        const position = marks[n + 2]!;
        const knownTo = marks[n + 3]!;
        if (kindAt(marks[n]!) === RAISED && position > Number(after) && position <= Number(upTo) && (knownTo === 0 || knownTo > Number(upTo))) last = { task, position: BigInt(position), at: marks[n + 1]! };
      }
      if (last) found.push(last);
    }
    return found.sort((a, b) => (a.position < b.position ? -1 : 1));
  }

  /** How many marks a task has ever left: grows, and never shrinks. */
  countOf(task: number): number {
    return ((this.ends[task] ?? 0) - (this.starts[task] ?? 0)) / WIDTH;
  }

  /** The words of an obstacle, by the fact that names it. */
  obstacle(task: number, fact: number): string | undefined {
    return this.obstacles.get(task)?.find(([place]) => place === fact)?.[1];
  }

  /** Makes room for that many more and as many again as there are: pages never touched cost nothing. Where much was left behind, what is still said is moved together. */
  private makeRoom(count: number): void {
    const moved = this.left * 4 > this.used;
    const numbers = new Float64Array((this.used - (moved ? this.left : 0)) * 2 + count);
    if (moved) this.moveTogether(numbers);
    else numbers.set(this.numbers.subarray(0, this.used));
    this.numbers = numbers;
    this.bytes = new Uint8Array(numbers.buffer);
  }

  private moveTogether(into: Float64Array): void {
    let used = 0;
    for (let task = 0; task < this.tasks; task++) {
      const [start, end] = [this.starts[task]!, this.ends[task]!];
      into.set(this.numbers.subarray(start, end), used);
      this.starts[task] = used;
      this.ends[task] = used += end - start;
    }
    this.used = used;
    this.left = 0;
  }
}

function longer(from: Uint32Array, place: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(Math.max(place + 1, Math.ceil(from.length * 1.5)));
  to.set(from);
  return to;
}
