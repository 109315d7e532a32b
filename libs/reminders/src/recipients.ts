import type { Day } from '#kernel';
import { isThere, type Person, type PersonRole } from '#people';
import type { Recipient } from './rules.ts';

export interface Reached {
  readonly person: Person;
  /** Whose reminder it is, where the person stands in for somebody. */
  readonly onBehalfOf: string | null;
  readonly role: PersonRole;
}

/** People by what rules ask for, as of a day. */
export class Addressees {
  private readonly byUnit = new Map<string, Person[]>();
  private readonly byRole = new Map<PersonRole, Person[]>();
  private readonly byId = new Map<string, Person>();
  private readonly kept = new Map<string, readonly Reached[]>();
  private readonly day: Day;

  constructor(people: readonly Person[], day: Day) {
    this.day = day;
    for (const person of people) {
      if (!isThere(person, day)) continue;
      this.byId.set(person.id, person);
      add(this.byRole, person.role, person);
      if (person.role !== 'office' && person.role !== 'leader') add(this.byUnit, person.unitId, person);
    }
  }

  /** Whether there is anybody at all. */
  get any(): boolean {
    return this.byId.size > 0;
  }

  /** Everybody a rule reaches about a task of the unit, each once, in a fixed order. */
  of(to: readonly Recipient[], unitId: string): readonly Reached[] {
    const key = `${to.join(' ')}|${unitId}`;
    let found = this.kept.get(key);
    if (!found) {
      found = this.find(to, unitId);
      this.kept.set(key, found);
    }
    return found;
  }

  private find(to: readonly Recipient[], unitId: string): readonly Reached[] {
    const ofUnit = this.byUnit.get(unitId) ?? [];
    const asked = to.filter((one) => one !== 'office' && one !== 'leader');
    let own = asked.includes('unit') ? ofUnit : ofUnit.filter(({ role }) => (asked as readonly string[]).includes(role));
    // A reminder for roles that nobody has would reach nobody.
    if (asked.length > 0 && own.length === 0) own = ofUnit;
    const all = [...own, ...(['office', 'leader'] as const).filter((one) => to.includes(one)).flatMap((role) => this.byRole.get(role) ?? [])];
    const reached = new Map<string, Reached>();
    for (const person of all) {
      const stand = this.standIn(person);
      // Who is reached for themselves is not told a second time for another.
      if (stand.id === person.id || !reached.has(stand.id)) reached.set(stand.id, { person: stand, onBehalfOf: stand.id === person.id ? null : person.id, role: person.role });
    }
    return [...reached.values()].sort((a, b) => (a.person.id < b.person.id ? -1 : 1));
  }

  /** Who takes somebody's reminders on the day; a chain that leads nowhere, or back, ends with the last who is there. */
  private standIn(person: Person): Person {
    const met = new Set([person.id]);
    let at = person;
    for (;;) {
      const { delegation } = at;
      if (delegation === null || this.day < delegation.from || this.day > delegation.until) return at;
      const next = this.byId.get(delegation.toId);
      if (!next || met.has(next.id)) return at;
      met.add(next.id);
      at = next;
    }
  }
}

function add<K>(map: Map<K, Person[]>, key: K, person: Person): void {
  const list = map.get(key);
  if (list) list.push(person);
  else map.set(key, [person]);
}
