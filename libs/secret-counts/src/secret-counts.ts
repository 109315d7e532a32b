import type { Day } from '#kernel';

/**
 * How many secret tasks a unit was given and completed in a period, typed in by the office. The tasks themselves never enter the system
 * (domain.md §1); these counts stand on a line of their own, outside N and every rate.
 */
export interface SecretCount {
  readonly unitId: string;
  readonly from: Day;
  /** Inclusive. */
  readonly to: Day;
  readonly assigned: number;
  readonly completed: number;
}

export interface SecretCountEvent {
  readonly type: 'SecretCountRecorded';
  readonly data: SecretCount;
}

/** A recorded count with its place in the log. */
export interface SecretCountEntry extends SecretCount {
  readonly position: bigint;
}

export interface SecretCountQuery {
  /** All units when left out. */
  readonly unitIds?: ReadonlySet<string>;
  readonly from: Day;
  readonly to: Day;
  readonly asOf: Day;
  /** Position of the last event known; null knows everything. */
  readonly known: bigint | null;
}

export interface SecretCounts {
  readonly assigned: number;
  readonly completed: number;
  /** What was added up: by unit, then by period. */
  readonly entries: readonly SecretCountEntry[];
}

/** The stream of a unit's counts. */
export const secretCountStream = (unitId: string): string => `secretcount-${unitId}`;

/** The counts in force: of the records of a unit and exact period the last one in the log, as known at a position. Any order goes in; by unit, then by period comes out. */
export function secretCountsInForce(entries: Iterable<SecretCountEntry>, known: bigint | null): readonly SecretCountEntry[] {
  const last = new Map<string, SecretCountEntry>();
  for (const entry of entries) {
    if (known !== null && entry.position > known) continue;
    const key = `${entry.unitId} ${entry.from} ${entry.to}`;
    const before = last.get(key);
    if (before === undefined || before.position < entry.position) last.set(key, entry);
  }
  return [...last.values()].sort((a, b) => compare(a.unitId, b.unitId) || compare(a.from, b.from) || compare(a.to, b.to));
}

/** The sum over the counts in force whose period lies wholly within the one asked and had ended by `asOf`. */
export function secretCountsIn(entries: Iterable<SecretCountEntry>, { unitIds, from, to, asOf, known }: SecretCountQuery): SecretCounts {
  const found = secretCountsInForce(entries, known).filter((entry) => (unitIds === undefined || unitIds.has(entry.unitId)) && entry.from >= from && entry.to <= to && entry.to <= asOf);
  return { assigned: sum(found, 'assigned'), completed: sum(found, 'completed'), entries: found };
}

const sum = (entries: readonly SecretCountEntry[], field: 'assigned' | 'completed'): number => entries.reduce((n, entry) => n + entry[field], 0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
