import type { Day } from '#kernel';
import { dayOfUnitEvent, unitFactOf, unitsNeededBy, referenceTo, type UnitEvent, type UnitFact, type UnitFactReference } from './events.ts';
import { lineageOf, type LineageEntry } from './lineage.ts';
import { cached, Snapshot, type UnitAt } from './snapshot.ts';
import { foldUnit, type UnitState } from './state.ts';

export type OrganisedAs = 'was' | 'is';

/** A question names the last log position it may use; absent or null: all that is known. */
export interface Known {
  readonly known?: bigint | null;
}

/** On a day (facts of that day included); absent: by all that is known. */
export interface OnDay extends Known {
  readonly on?: Day;
}

const SNAPSHOTS_KEPT = 16;

/**
 * The history of all units, from their facts in log order. Answers are computed once per state of knowledge and kept: asking again costs a look-up.
 * The sets it answers with are shared and must not be changed.
 */
export class Organisation {
  private readonly facts: UnitFact[] = [];
  /** By the number of facts known, so every position between two facts of units shares one; later facts leave them valid. */
  private readonly snapshots = new Map<number, Snapshot>();

  /** Events of other kinds are passed over. */
  static of(events: Iterable<{ readonly type: string; readonly data: unknown; readonly position: bigint }>): Organisation {
    const organisation = new Organisation();
    for (const event of events) organisation.apply(event);
    return organisation;
  }

  /** Takes in one event of the log. A position that stands here already is a repeat and changes nothing. */
  apply(event: { readonly type: string; readonly data: unknown; readonly position: bigint }): void {
    const fact = unitFactOf(event);
    if (!fact) return;
    const at = this.countUpTo(fact.position);
    if (at > 0 && this.facts[at - 1]!.position === fact.position) return;
    if (at < this.facts.length) this.snapshots.clear();
    this.facts.splice(at, 0, fact);
  }

  /** The unit as it was named and placed on the day; undefined when it was not known, or not established yet. */
  unit(id: string, { on, known }: OnDay = {}): UnitAt | undefined {
    return this.snapshot(known).unit(id, on);
  }

  /** All units established by the day, ended ones too (see `status`), in Vietnamese alphabetical order of their names then. */
  all({ on, known }: OnDay = {}): readonly UnitAt[] {
    return this.snapshot(known).all(on);
  }

  /** The unit that stands for it now: merge → into, split → heir, as far as it goes. A unit that is active, dissolved or unknown stands for itself. */
  successorOf(id: string, known?: bigint | null): string {
    return this.snapshot(known).successorOf(id);
  }

  /**
   * The units whose results count for `id` with its descendants.
   * `was`: by the parents in force on the day; ended units stay where they stood. `is`: every unit whose successor is now `id` or under it.
   */
  tree(id: string, { on, known, organisedAs }: OnDay & { readonly organisedAs: OrganisedAs }): ReadonlySet<string> {
    return organisedAs === 'was' ? this.snapshot(known).treeThen(id, on) : this.snapshot(known).treeNow(id);
  }

  /** The units whose results count for `id` alone: itself, or (`is`) every unit whose successor it is. */
  self(id: string, { known, organisedAs }: Known & { readonly organisedAs: OrganisedAs }): ReadonlySet<string> {
    return organisedAs === 'was' ? new Set([id]) : this.snapshot(known).groupOf(id);
  }

  /**
   * The units of some kinds (a block: departments, communes), whose results count for it. Each unit is of one kind, so the kinds add up to the whole.
   * `is`: by the kind of the unit that stands for it now.
   */
  ofKinds(kinds: ReadonlySet<string>, { known, organisedAs }: Known & { readonly organisedAs: OrganisedAs }): ReadonlySet<string> {
    return this.snapshot(known).ofKinds(kinds, organisedAs);
  }

  /** The top-level units; their trees hold every unit once, so their figures add up to the whole. */
  roots({ on, known, organisedAs }: OnDay & { readonly organisedAs: OrganisedAs }): readonly string[] {
    return organisedAs === 'was' ? this.snapshot(known).rootsThen(on) : this.snapshot(known).rootsNow();
  }

  /** The story of a unit for people, oldest first. */
  lineage(id: string, known?: bigint | null): readonly LineageEntry[] {
    return lineageOf(id, this.facts.slice(0, this.count(known)), this.snapshot(known));
  }

  /** The state that the decider takes, by all that is known. */
  state(id: string): UnitState {
    return foldUnit(this.facts.filter((fact) => fact.data.id === id));
  }

  /** The active units directly under `id`, by all that is known. */
  activeChildren(id: string): readonly UnitAt[] {
    const now = this.snapshot();
    return now.childrenOf(id).flatMap((child) => now.unit(child) ?? []).filter((unit) => unit.status === 'active');
  }

  /** The ids of the active units that bear the name, by all that is known. */
  activeNamed(name: string): readonly string[] {
    return this.snapshot().activeNamed(name);
  }

  /** The first fact after the day that needs `id`: as a parent, or as a unit that takes over. */
  neededAfter(id: string, on: Day): UnitFactReference | undefined {
    const later = this.facts.filter((fact) => dayOfUnitEvent(fact) > on && unitsNeededBy(fact).includes(id));
    const first = later.reduce<UnitFact | undefined>((low, fact) => (low && dayOfUnitEvent(low) <= dayOfUnitEvent(fact) ? low : fact), undefined);
    return first && referenceTo(first);
  }

  /** If `event` would place a unit above itself on any day from its own on: a fact that stands in its way. */
  circleWith(event: UnitEvent): UnitFactReference | undefined {
    const fact: UnitFact = { ...event, position: (this.facts.at(-1)?.position ?? 0n) + 1n };
    return new Snapshot([...this.facts, fact]).circleBy(fact);
  }

  private snapshot(known?: bigint | null): Snapshot {
    const count = this.count(known);
    return cached(this.snapshots, count, () => new Snapshot(this.facts.slice(0, count)), SNAPSHOTS_KEPT);
  }

  private count(known?: bigint | null): number {
    return known === undefined || known === null ? this.facts.length : this.countUpTo(known);
  }

  /** How many facts have that position or an earlier one. */
  private countUpTo(position: bigint): number {
    let low = 0;
    for (let high = this.facts.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (this.facts[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
