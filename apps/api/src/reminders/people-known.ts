import type { PeopleStore, Person } from '#people';

export interface KnownPeople {
  readonly version: number;
  readonly all: readonly Person[];
  readonly byId: ReadonlyMap<string, Person>;
  readonly erased: ReadonlySet<string>;
}

const NOBODY: KnownPeople = { version: 0, all: [], byId: new Map(), erased: new Set() };

/** The directory read as a whole, and again when it has changed: it is small, and asked about everywhere. */
export class PeopleDirectory {
  private kept: Promise<KnownPeople> | undefined;
  private version = -1;
  private readonly open: () => Promise<PeopleStore>;

  private readonly exists: () => boolean;

  constructor(open: () => Promise<PeopleStore>, exists: () => boolean = () => true) {
    this.open = open;
    this.exists = exists;
  }

  async known(): Promise<KnownPeople> {
    // Once there, it stays: only its rows go.
    if (!this.kept && !this.exists()) return NOBODY;
    const store = await this.open();
    const version = await store.version();
    if (!this.kept || version !== this.version) {
      this.version = version;
      this.kept = Promise.all([store.all(), store.erased()]).then(([all, erased]) => ({ version, all, byId: new Map(all.map((person) => [person.id, person])), erased }));
      // What could not be read is read again by the next question.
      this.kept.catch(() => { this.kept = undefined; });
    }
    return this.kept;
  }
}

/** The name of somebody, or what is left of them. */
export function nameOf(id: string, { byId, erased }: Pick<KnownPeople, 'byId' | 'erased'>): string {
  return byId.get(id)?.name ?? (erased.has(id) ? 'đã xóa theo yêu cầu' : 'không còn trong danh bạ');
}
