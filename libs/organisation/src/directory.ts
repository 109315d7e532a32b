import { cleanText, foldText } from '#kernel';
import type { Unit } from './events.ts';

export type UnitMatch =
  | { readonly kind: 'exact'; readonly unit: Unit }
  /** Exactly one unit fits when tone marks and case are ignored. */
  | { readonly kind: 'folded'; readonly unit: Unit }
  | { readonly kind: 'ambiguous'; readonly units: readonly Unit[] }
  | { readonly kind: 'none' };

/** The units by id and by name. Names differing in tone marks only are different units, so a name without marks may fit two. */
export class UnitDirectory {
  private readonly byId = new Map<string, Unit>();
  private readonly byName = new Map<string, Unit[]>();
  private readonly byFolded = new Map<string, Unit[]>();

  static of(units: Iterable<Unit>): UnitDirectory {
    const directory = new UnitDirectory();
    for (const unit of units) directory.add(unit);
    return directory;
  }

  get(id: string): Unit | undefined {
    return this.byId.get(id);
  }

  /** In Vietnamese alphabetical order of the names. */
  all(): readonly Unit[] {
    return [...this.byId.values()].sort((a, b) => a.name.localeCompare(b.name, 'vi') || (a.id < b.id ? -1 : 1));
  }

  /** Adds the unit; one with the same id takes its place. */
  add(unit: Unit): void {
    const before = this.byId.get(unit.id);
    if (before) {
      drop(this.byName, cleanText(before.name), before);
      drop(this.byFolded, foldText(before.name), before);
    }
    this.byId.set(unit.id, unit);
    put(this.byName, cleanText(unit.name), unit);
    put(this.byFolded, foldText(unit.name), unit);
  }

  match(name: string): UnitMatch {
    const exact = this.byName.get(cleanText(name)) ?? [];
    if (exact.length === 1) return { kind: 'exact', unit: exact[0]! };
    if (exact.length > 1) return { kind: 'ambiguous', units: exact };
    const folded = this.byFolded.get(foldText(name)) ?? [];
    if (folded.length === 1) return { kind: 'folded', unit: folded[0]! };
    return folded.length > 1 ? { kind: 'ambiguous', units: folded } : { kind: 'none' };
  }
}

function put(map: Map<string, Unit[]>, key: string, unit: Unit): void {
  const list = map.get(key);
  if (list) list.push(unit);
  else map.set(key, [unit]);
}

function drop(map: Map<string, Unit[]>, key: string, unit: Unit): void {
  map.set(key, (map.get(key) ?? []).filter((u) => u !== unit));
}
