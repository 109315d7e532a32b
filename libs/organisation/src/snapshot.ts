import type { Day } from '#kernel';
import { dayOfUnitEvent, referenceTo, type Unit, type UnitEventData, type UnitFact, type UnitFactReference, type UnitStatus } from './events.ts';

/** A unit as it was named and placed on a day. One that has ended keeps its last name and its last place. */
export interface UnitAt extends Unit {
  readonly status: UnitStatus;
  readonly endedOn?: Day;
  /** The unit that inherits directly: the one it merged into, or the heir of a split. `successorOf` follows further. */
  readonly successorId?: string;
  /** All units that a split made of it. */
  readonly into?: readonly string[];
}

interface Since {
  readonly on: Day;
  readonly fact: UnitFact;
}

interface History {
  readonly established: UnitEventData['UnitEstablished'];
  /** Place of its establishment among the facts of all units, in log order. */
  readonly rank: number;
  readonly names: (Since & { readonly name: string; readonly shortName: string })[];
  readonly places: (Since & { readonly parentId: string | null })[];
  end?: Since & { readonly rank: number; readonly status: Exclude<UnitStatus, 'active'>; readonly successorId?: string; readonly into?: readonly string[] };
}

const COLLATOR = new Intl.Collator('vi');
const LAYOUTS_KEPT = 64;

/** The organisation between two days on which something changed. */
interface Layout {
  readonly day: Day;
  readonly parents: ReadonlyMap<string, string>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly trees: Map<string, ReadonlySet<string>>;
  sorted?: readonly UnitAt[];
}

/** The organisation of now: every unit through the one that stands for it. */
interface Present {
  readonly parents: ReadonlyMap<string, string>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** By successor: the units whose results it counts. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly trees: Map<string, ReadonlySet<string>>;
}

/**
 * All units by the facts known at one place in the log; never changes, and computes each answer once.
 *
 * Of decided histories a unit's place and its lineage lead to an end. A log written by other hands may go in circles: then one arrow of each
 * circle is left out, the same one every time, so that every question ends and every unit is still counted once.
 */
export class Snapshot {
  private readonly units: ReadonlyMap<string, History>;
  /** The days on which something changed, ascending, each once. */
  private readonly days: readonly Day[];
  private readonly layouts = new Map<number, Layout>();
  private successors?: ReadonlyMap<string, string>;
  private now?: Present;

  /** `facts` in log order. */
  constructor(facts: readonly UnitFact[]) {
    this.units = historiesOf(facts);
    this.days = [...new Set(facts.map(dayOfUnitEvent))].sort();
  }

  /** Without a day: by all that is known. Undefined when the unit is not known or not established by then. */
  unit(id: string, on?: Day): UnitAt | undefined {
    const history = this.units.get(id);
    if (!history || (on !== undefined && on < history.established.establishedOn)) return undefined;
    return describe(history, on ?? this.lastDay());
  }

  /** Established by that day, ended ones included, in Vietnamese alphabetical order. */
  all(on?: Day): readonly UnitAt[] {
    const layout = this.layout(on);
    return (layout.sorted ??= [...this.units.values()]
      .filter((history) => history.established.establishedOn <= layout.day)
      .map((history) => describe(history, layout.day))
      .sort((a, b) => COLLATOR.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)));
  }

  /** The active units that bear the name, by all that is known. */
  activeNamed(name: string): readonly string[] {
    return [...this.units].flatMap(([id, { names, end }]) => (!end && names.at(-1)!.name === name ? [id] : []));
  }

  /** The last unit of the lineage; the unit itself when nothing follows it. */
  successorOf(id: string): string {
    return this.lines().get(id) ?? id;
  }

  /** By the parents in force on the day. A unit that ended stays where it stood, one that is not established yet stands where it begins. */
  treeThen(id: string, on?: Day): ReadonlySet<string> {
    const { trees, children } = this.layout(on);
    return cached(trees, id, () => descend(id, children));
  }

  /** All units that are now `id` or under it, through their successors. */
  treeNow(id: string): ReadonlySet<string> {
    const { trees, children } = this.present();
    return cached(trees, id, () => new Set([...descend(id, children)].flatMap((one) => [...this.groupOf(one)])));
  }

  /** All units whose successor is `id`; none for one that has a successor itself. */
  groupOf(id: string): ReadonlySet<string> {
    return this.units.has(id) ? (this.present().groups.get(id) ?? NOBODY) : new Set([id]);
  }

  /** Whose own results count for the kinds: they are of one, or (`is`) the unit that stands for them now is. A unit keeps the kind it was established as. */
  ofKinds(kinds: ReadonlySet<string>, organisedAs: 'was' | 'is'): ReadonlySet<string> {
    const kindOf = (id: string): string => this.units.get(id)!.established.kind;
    return new Set([...this.units.keys()].filter((id) => kinds.has(kindOf(organisedAs === 'was' ? id : this.successorOf(id)))));
  }

  /** The units that stand under no other, on the day. */
  rootsThen(on?: Day): readonly string[] {
    const { parents } = this.layout(on);
    return [...this.units.keys()].filter((id) => !parents.has(id));
  }

  /** The units that stand under no other now; successors only. */
  rootsNow(): readonly string[] {
    const { parents, groups } = this.present();
    return [...groups.keys()].filter((id) => !parents.has(id));
  }

  /** The units that stand directly under `id`, by all that is known. */
  childrenOf(id: string): readonly string[] {
    return this.layout(undefined).children.get(id) ?? [];
  }

  /**
   * Whether by `fact`, one of the facts here, a unit stands above itself on its day, on a later day, or in the organisation of now. Answers
   * another fact of the circle: the place of a unit in it, or the end of the one that `fact` places a unit under.
   */
  circleBy(fact: UnitFact): UnitFactReference | undefined {
    const { id } = fact.data;
    const on = dayOfUnitEvent(fact);
    const place = (unit: string, day: Day): History['places'][number] | undefined => {
      const history = this.units.get(unit);
      return history && lastBy(history.places, day);
    };
    const walk = (start: string, day: Day, standFor: (unit: string) => string): UnitFactReference | undefined => {
      const seen = new Set<string>();
      for (let at = start; !seen.has(at); ) {
        seen.add(at);
        const here = place(at, day);
        if (!here || here.parentId === null) return undefined;
        const above = standFor(here.parentId);
        if (above === start) return referenceTo(here.fact === fact ? this.units.get(here.parentId)!.end!.fact : here.fact);
        at = above;
      }
      return undefined;
    };
    for (const day of [on, ...this.days.filter((d) => d > on)]) {
      const found = walk(id, day, (unit) => unit);
      if (found) return found;
    }
    return walk(this.successorOf(id), this.lastDay(), (unit) => this.successorOf(unit));
  }

  private lastDay(): Day {
    return this.days.at(-1) ?? '';
  }

  private layout(on: Day | undefined): Layout {
    const index = on === undefined ? this.days.length : countUpTo(this.days, on);
    return cached(this.layouts, index, () => {
      const day = this.days[index - 1] ?? '';
      const parents = new Map<string, string>();
      for (const [id, history] of this.units) {
        const { parentId } = lastBy(history.places, day);
        if (parentId !== null && this.units.has(parentId)) parents.set(id, parentId);
      }
      cutCircles(parents, (id) => this.units.get(id)!.rank);
      return { day, parents, children: inverted(parents), trees: new Map() };
    }, LAYOUTS_KEPT);
  }

  private lines(): ReadonlyMap<string, string> {
    if (this.successors) return this.successors;
    const next = new Map<string, string>();
    for (const [id, { end }] of this.units) if (end?.successorId !== undefined && this.units.has(end.successorId)) next.set(id, end.successorId);
    // Of a circle the ending recorded last is left out.
    cutCircles(next, (id) => -this.units.get(id)!.end!.rank);
    const last = new Map<string, string>();
    for (const id of this.units.keys()) {
      const path: string[] = [];
      let at = id;
      for (; !last.has(at) && next.has(at); at = next.get(at)!) path.push(at);
      const end = last.get(at) ?? at;
      last.set(at, end);
      for (const one of path) last.set(one, end);
    }
    return (this.successors = last);
  }

  private present(): Present {
    if (this.now) return this.now;
    const groups = new Map<string, Set<string>>();
    for (const id of this.units.keys()) put(groups, this.successorOf(id), id);
    const parents = new Map<string, string>();
    const raw = this.layout(undefined).parents;
    for (const id of groups.keys()) {
      const parent = raw.get(id);
      const standsFor = parent === undefined ? undefined : this.successorOf(parent);
      if (standsFor !== undefined && standsFor !== id) parents.set(id, standsFor);
    }
    cutCircles(parents, (id) => this.units.get(id)!.rank);
    return (this.now = { parents, children: inverted(parents), groups, trees: new Map() });
  }
}

const NOBODY: ReadonlySet<string> = new Set();

/** Facts of a unit by day, then in log order; nothing counts after its end, nor a second establishment. */
function historiesOf(facts: readonly UnitFact[]): Map<string, History> {
  const units = new Map<string, History>();
  const ranks = new Map<UnitFact, number>();
  facts.forEach((fact, rank) => {
    ranks.set(fact, rank);
    if (fact.type !== 'UnitEstablished' || units.has(fact.data.id)) return;
    const { id, name, shortName, parentId = null, establishedOn: on } = fact.data;
    units.set(id, { established: fact.data, rank, names: [{ on, name, shortName, fact }], places: [{ on, parentId, fact }] });
  });
  // Sorting is stable, so facts of one day stay in log order.
  for (const fact of [...facts].sort((a, b) => compare(dayOfUnitEvent(a), dayOfUnitEvent(b)))) {
    const history = units.get(fact.data.id);
    if (!history || history.end || fact.type === 'UnitEstablished') continue;
    const { on } = fact.data;
    const rank = ranks.get(fact)!;
    switch (fact.type) {
      case 'UnitRenamed':
        history.names.push({ on, name: fact.data.name, shortName: fact.data.shortName ?? history.names.at(-1)!.shortName, fact });
        break;
      case 'UnitMoved':
        history.places.push({ on, parentId: fact.data.parentId, fact });
        break;
      case 'UnitMerged':
        history.end = { on, rank, status: 'merged', successorId: fact.data.intoUnitId, fact };
        break;
      case 'UnitSplit':
        history.end = { on, rank, status: 'split', successorId: fact.data.heirUnitId, into: fact.data.into, fact };
        break;
      case 'UnitDissolved':
        history.end = { on, rank, status: 'dissolved', fact };
        break;
    }
  }
  return units;
}

function describe({ established, names, places, end }: History, on: Day): UnitAt {
  const { id, kind, establishedOn, legalBasis } = established;
  const { name, shortName } = lastBy(names, on);
  const { parentId } = lastBy(places, on);
  const ended = end !== undefined && end.on <= on ? end : undefined;
  return {
    id, name, shortName, kind,
    ...(parentId !== null && { parentId }),
    ...(legalBasis !== undefined && { legalBasis }),
    establishedOn,
    status: ended?.status ?? 'active',
    ...(ended && { endedOn: ended.on }),
    ...(ended?.successorId !== undefined && { successorId: ended.successorId }),
    ...(ended?.into !== undefined && { into: ended.into }),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The last entry by that day; the first one for an earlier day. */
function lastBy<T extends Since>(entries: readonly T[], day: Day): T {
  for (let n = entries.length - 1; n > 0; n--) if (entries[n]!.on <= day) return entries[n]!;
  return entries[0]!;
}

/** How many of the ascending days are `day` or earlier. */
function countUpTo(days: readonly Day[], day: Day): number {
  let low = 0;
  for (let high = days.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (days[middle]! <= day) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Leaves out one arrow of every circle: that of the member with the lowest rank. */
function cutCircles(next: Map<string, string>, rank: (id: string) => number): void {
  const settled = new Set<string>();
  for (const start of [...next.keys()]) {
    const path = new Set<string>();
    let at: string | undefined = start;
    for (; at !== undefined && !settled.has(at) && !path.has(at); at = next.get(at)) path.add(at);
    if (at !== undefined && path.has(at)) {
      const steps = [...path];
      next.delete(steps.slice(steps.indexOf(at)).reduce((low, id) => (rank(id) < rank(low) ? id : low)));
    }
    for (const id of path) settled.add(id);
  }
}

function inverted(parents: ReadonlyMap<string, string>): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const [id, parent] of parents) {
    const list = children.get(parent);
    if (list) list.push(id);
    else children.set(parent, [id]);
  }
  return children;
}

function descend(id: string, children: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([id]);
  // A set is walked in order of insertion, additions included.
  for (const one of found) for (const child of children.get(one) ?? []) found.add(child);
  return found;
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

/** The kept answer, or a new one; beyond `limit` the oldest is dropped. */
export function cached<K, V>(map: Map<K, V>, key: K, make: () => V, limit = Infinity): V {
  const before = map.get(key);
  if (before !== undefined) return before;
  const value = make();
  if (map.size >= limit) map.delete(map.keys().next().value as K);
  map.set(key, value);
  return value;
}
