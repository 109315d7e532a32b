import { dayNumberOf, type Instant } from '#kernel';
import { isRepair, MARKS, type AuditRow, type Mark } from './audit-row.ts';

/** What is asked of the trail; everything that is given has to hold. */
export interface AuditFilter {
  /** Positions after this one … */
  readonly after?: number;
  /** … and up to this one: what is known at K. */
  readonly upTo: number;
  /** Happened by then: A. */
  readonly at?: Instant;
  /** Recorded from then (included) … */
  readonly recordedFrom?: Instant;
  /** … to then (not included). */
  readonly recordedTo?: Instant;
  readonly occurredFrom?: Instant;
  readonly occurredTo?: Instant;
  /** Concerns one of these units. */
  readonly unitIds?: ReadonlySet<string>;
  readonly types?: ReadonlySet<string>;
  readonly roles?: ReadonlySet<string>;
  readonly actorIds?: ReadonlySet<string>;
  /** Recorded at an hour or on a day that this picks. */
  readonly recordedWhen?: (at: Instant) => boolean;
  /** Recorded so many calendar days or more after it happened. */
  readonly lateDays?: number;
  readonly repairs?: boolean;
  readonly marks?: ReadonlySet<Mark>;
}

export interface DensityBucket {
  /** Day number, see `dayNumber`. */
  readonly day: number;
  readonly total: number;
  readonly late: number;
  readonly repairs: number;
}

const GROW = 1.5;
const NONE = 0;

/** Texts that repeat, by a small number. */
class Names {
  readonly texts: string[] = [''];
  private readonly numbers = new Map<string, number>([['', 0]]);
  number(text: string): number {
    let n = this.numbers.get(text);
    if (n === undefined) {
      n = this.texts.length;
      this.texts.push(text);
      this.numbers.set(text, n);
    }
    return n;
  }
  /** Which numbers these texts have here. */
  among(texts: ReadonlySet<string>): ReadonlySet<number> {
    return new Set([...texts].flatMap((text) => this.numbers.get(text) ?? []));
  }
}

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/**
 * Every row of the trail in memory, in log order, about forty bytes each: a page is found by bisection and read to where it is full, a count is
 * one pass over the range, whatever is combined.
 */
export class AuditColumns {
  private length = 0;
  private readonly arrays: Record<'position' | 'recordedAt' | 'occurredAt' | 'dueBefore' | 'dueAfter', Float64Array> &
    Record<'task' | 'actor', Uint32Array> &
    Record<'unit' | 'other', Uint16Array> &
    Record<'type' | 'role' | 'mark', Uint8Array>;
  private readonly tasks = new Names();
  private readonly actors = new Names();
  private readonly units = new Names();
  private readonly types = new Names();
  private readonly roles = new Names();
  /** Numbers of the types that repair. */
  private readonly repairing = new Set<number>();

  constructor(capacity = 1_024) {
    const f = (): Float64Array => new Float64Array(capacity);
    this.arrays = {
      position: f(),
      recordedAt: f(),
      occurredAt: f(),
      dueBefore: f(),
      dueAfter: f(),
      task: new Uint32Array(capacity),
      actor: new Uint32Array(capacity),
      unit: new Uint16Array(capacity),
      other: new Uint16Array(capacity),
      type: new Uint8Array(capacity),
      role: new Uint8Array(capacity),
      mark: new Uint8Array(capacity),
    };
  }

  get count(): number {
    return this.length;
  }

  /** Rows that come after all there are. */
  take(rows: readonly AuditRow[]): void {
    if (this.length + rows.length > this.arrays.position.length) this.grow(this.length + rows.length);
    const { position, recordedAt, occurredAt, dueBefore, dueAfter, task, actor, unit, other, type, role, mark } = this.arrays;
    for (const row of rows) {
      const n = this.length++;
      position[n] = row.position;
      recordedAt[n] = row.recordedAt;
      occurredAt[n] = row.occurredAt;
      dueBefore[n] = row.dueBefore ?? NaN;
      dueAfter[n] = row.dueAfter ?? NaN;
      task[n] = this.tasks.number(row.taskId);
      actor[n] = this.actors.number(row.actorId);
      unit[n] = this.units.number(row.unitId);
      other[n] = row.otherUnitId === null ? NONE : this.units.number(row.otherUnitId);
      type[n] = this.types.number(row.type);
      if (isRepair(row.type)) this.repairing.add(type[n]);
      role[n] = this.roles.number(row.role);
      mark[n] = row.mark === null ? NONE : MARKS.indexOf(row.mark) + 1;
    }
  }

  /** Rows that pass, in the direction asked, so many at most. `also` judges what no column holds. */
  page(
    filter: AuditFilter,
    {
      limit,
      newestFirst = true,
      also,
    }: { readonly limit: number; readonly newestFirst?: boolean; readonly also?: (row: AuditRow) => boolean },
  ): AuditRow[] {
    const found: AuditRow[] = [];
    const [from, to] = this.range(filter);
    const passes = this.passing(filter);
    for (let step = 0; step < to - from && found.length < limit; step++) {
      const n = newestFirst ? to - 1 - step : from + step;
      if (!passes(n)) continue;
      const row = this.row(n);
      if (!also || also(row)) found.push(row);
    }
    return found;
  }

  total(filter: AuditFilter, also?: (row: AuditRow) => boolean): number {
    let total = 0;
    const [from, to] = this.range(filter);
    const passes = this.passing(filter);
    for (let n = from; n < to; n++) if (passes(n) && (!also || also(this.row(n)))) total++;
    return total;
  }

  /** How many a day, by the day of recording or of happening; days without any are left out. */
  density(filter: AuditFilter, by: 'recorded' | 'occurred'): readonly DensityBucket[] {
    const { recordedAt, occurredAt, type } = this.arrays;
    const at = by === 'recorded' ? recordedAt : occurredAt;
    const days = new Map<number, { day: number; total: number; late: number; repairs: number }>();
    const [from, to] = this.range(filter);
    const passes = this.passing(filter);
    for (let n = from; n < to; n++) {
      if (!passes(n)) continue;
      const day = dayNumberOf(at[n]!);
      let bucket = days.get(day);
      if (!bucket) days.set(day, (bucket = { day, total: 0, late: 0, repairs: 0 }));
      bucket.total++;
      if (dayNumberOf(recordedAt[n]!) > dayNumberOf(occurredAt[n]!)) bucket.late++;
      if (this.repairing.has(type[n]!)) bucket.repairs++;
    }
    return [...days.values()].sort((a, b) => a.day - b.day);
  }

  /** Rows by a key of theirs; a key of null is left out. */
  groups(filter: AuditFilter, key: (row: AuditRow) => string | null): ReadonlyMap<string, AuditRow[]> {
    const groups = new Map<string, AuditRow[]>();
    const [from, to] = this.range(filter);
    const passes = this.passing(filter);
    for (let n = from; n < to; n++) {
      if (!passes(n)) continue;
      const row = this.row(n);
      const of = key(row);
      if (of === null) continue;
      const group = groups.get(of);
      if (group) group.push(row);
      else groups.set(of, [row]);
    }
    return groups;
  }

  /** Events of one actor within one hour by the clock, from `least` on: what a program would not do is told apart by the role. */
  hours(
    filter: AuditFilter,
    least: number,
  ): readonly { readonly hour: number; readonly actorId: string; readonly role: string; readonly total: number }[] {
    const { recordedAt, actor, role } = this.arrays;
    const counts = new Map<number, number>();
    const [from, to] = this.range(filter);
    const passes = this.passing(filter);
    const keys = 1 << 21;
    for (let n = from; n < to; n++) {
      if (!passes(n)) continue;
      // Time zones of whole hours: an hour of the clock is one here too.
      const key = (Math.floor(recordedAt[n]! / 3_600_000) * keys + actor[n]!) * 256 + role[n]!;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts]
      .filter(([, total]) => total >= least)
      .map(([key, total]) => {
        const whole = Math.floor(key / 256);
        return {
          hour: Math.floor(whole / keys) * 3_600_000,
          actorId: this.actors.texts[whole % keys] ?? '',
          role: this.roles.texts[key % 256] ?? '',
          total,
        };
      })
      .sort((a, b) => a.hour - b.hour || (a.actorId < b.actorId ? -1 : 1));
  }

  /** First and last instants of recording in the trail up to a position; undefined when there is none. */
  span(upTo: number): { readonly first: Instant; readonly last: Instant } | undefined {
    const [, to] = this.range({ upTo });
    return to === 0 ? undefined : { first: this.arrays.recordedAt[0]!, last: this.arrays.recordedAt[to - 1]! };
  }

  private row(n: number): AuditRow {
    const { position, recordedAt, occurredAt, dueBefore, dueAfter, task, actor, unit, other, type, role, mark } = this.arrays;
    const due = (value: number): number | null => (Number.isNaN(value) ? null : value);
    return {
      position: position[n]!,
      recordedAt: recordedAt[n]!,
      occurredAt: occurredAt[n]!,
      taskId: this.tasks.texts[task[n]!]!,
      type: this.types.texts[type[n]!]! as AuditRow['type'],
      role: this.roles.texts[role[n]!]!,
      actorId: this.actors.texts[actor[n]!]!,
      unitId: this.units.texts[unit[n]!]!,
      otherUnitId: other[n] === NONE ? null : this.units.texts[other[n]!]!,
      mark: mark[n] === NONE ? null : MARKS[mark[n]! - 1]!,
      dueBefore: due(dueBefore[n]!),
      dueAfter: due(dueAfter[n]!),
    };
  }

  /** Where the rows of the range stand: both positions and times of recording never decrease. */
  private range({ after = 0, upTo, recordedFrom, recordedTo }: AuditFilter): readonly [from: number, to: number] {
    const { position, recordedAt } = this.arrays;
    const from = Math.max(this.firstOver(position, after), recordedFrom === undefined ? 0 : this.firstOver(recordedAt, recordedFrom - 1));
    const to = Math.min(
      this.firstOver(position, upTo),
      recordedTo === undefined ? this.length : this.firstOver(recordedAt, recordedTo - 1),
    );
    return [from, Math.max(from, to)];
  }

  private firstOver(values: Float64Array, limit: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle]! > limit) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private passing(filter: AuditFilter): (n: number) => boolean {
    const { recordedAt, occurredAt, actor, unit, other, type, role, mark } = this.arrays;
    const { at, occurredFrom, occurredTo, lateDays, repairs, recordedWhen } = filter;
    const units = filter.unitIds && this.units.among(filter.unitIds);
    const types = filter.types && this.types.among(filter.types);
    const roles = filter.roles && this.roles.among(filter.roles);
    const actors = filter.actorIds && this.actors.among(filter.actorIds);
    const marks = filter.marks && new Set([...filter.marks].map((one) => MARKS.indexOf(one) + 1));
    const { repairing } = this;
    return (n) =>
      (units === undefined || units.has(unit[n]!) || units.has(other[n]!)) &&
      (types === undefined || types.has(type[n]!)) &&
      (roles === undefined || roles.has(role[n]!)) &&
      (marks === undefined || marks.has(mark[n]!)) &&
      (repairs === undefined || repairing.has(type[n]!) === repairs) &&
      (at === undefined || occurredAt[n]! <= at) &&
      (occurredFrom === undefined || occurredAt[n]! >= occurredFrom) &&
      (occurredTo === undefined || occurredAt[n]! < occurredTo) &&
      (lateDays === undefined || dayNumberOf(recordedAt[n]!) - dayNumberOf(occurredAt[n]!) >= lateDays) &&
      (actors === undefined || actors.has(actor[n]!)) &&
      (recordedWhen === undefined || recordedWhen(recordedAt[n]!));
  }

  private grow(least: number): void {
    const capacity = Math.max(least, Math.ceil(this.arrays.position.length * GROW));
    const arrays = this.arrays as Record<string, Numbers>;
    for (const [name, old] of Object.entries(arrays)) {
      const grown = new (old.constructor as new (length: number) => Numbers)(capacity);
      grown.set(old);
      arrays[name] = grown;
    }
  }
}
