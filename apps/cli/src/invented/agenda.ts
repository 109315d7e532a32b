import type { Instant } from '#kernel';

interface Entry<T> {
  readonly at: Instant;
  readonly order: number;
  readonly item: T;
}

/** What comes next by time; what was added first comes first at equal times. A binary heap. */
export class Agenda<T> {
  private readonly heap: Entry<T>[] = [];
  private added = 0;

  first(): Instant | undefined {
    return this.heap[0]?.at;
  }

  add(at: Instant, item: T): void {
    const { heap } = this;
    let n = heap.push({ at, order: this.added++, item }) - 1;
    for (let above = (n - 1) >> 1; n > 0 && this.before(n, above); above = (n - 1) >> 1) {
      this.swap(n, above);
      n = above;
    }
  }

  take(): { readonly at: Instant; readonly item: T } | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let n = 0; ; ) {
      const [left, right] = [2 * n + 1, 2 * n + 2];
      let least = n;
      if (left < heap.length && this.before(left, least)) least = left;
      if (right < heap.length && this.before(right, least)) least = right;
      if (least === n) return first;
      this.swap(n, least);
      n = least;
    }
  }

  private before(a: number, b: number): boolean {
    const [one, other] = [this.heap[a]!, this.heap[b]!];
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }
}
