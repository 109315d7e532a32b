/** What is kept of one stream while its projection follows it. */
export interface Held<T> {
  readonly id: string;
  readonly item: T;
  /** Whether the store is known to hold something of it. */
  stored: boolean;
  changed: boolean;
}

/** Streams kept at hand between commits, at the least; twice as many at the most, and those of one commit. */
const KEPT = 4_000;

/**
 * The streams that a projection follows one by one: those that changed since the last commit, and those used lately, so that few have to be
 * read back from the store. By stream name, which is at hand with every event; `id` is what the store knows it by.
 */
export class AtHand<T> {
  private young = new Map<string, Held<T>>();
  private old = new Map<string, Held<T>>();
  private touched: Held<T>[] = [];

  find(stream: string): Held<T> | undefined {
    const held = this.young.get(stream);
    if (held) return held;
    const before = this.old.get(stream);
    if (before) this.young.set(stream, before);
    return before;
  }

  hold(stream: string, id: string, item: T, stored: boolean): Held<T> {
    const held: Held<T> = { id, item, stored, changed: false };
    this.young.set(stream, held);
    return held;
  }

  change(held: Held<T>): void {
    if (held.changed) return;
    held.changed = true;
    this.touched.push(held);
  }

  /** What changed since the last commit, in the order in which it first did. */
  get changed(): readonly Held<T>[] {
    return this.touched;
  }

  committed(): void {
    for (const held of this.touched) held.changed = false;
    this.touched = [];
    if (this.young.size <= KEPT) return;
    this.old = this.young;
    this.young = new Map();
  }

  rolledBack(): void {
    this.touched = [];
    this.young.clear();
    this.old.clear();
  }
}
