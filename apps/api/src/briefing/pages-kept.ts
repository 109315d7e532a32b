import type { Columns } from '#figures';

const KEPT = 64;

/**
 * Pages that are the same for all who ask: fifty screens ask for one. The last used stay. A rebuild brings other columns, and what
 * was answered from the former ones goes with them.
 */
export class PagesKept {
  private readonly byColumns = new WeakMap<Columns, Map<string, Promise<object>>>();

  of(key: string, columns: Columns, make: () => Promise<object>): Promise<object> {
    const kept = this.byColumns.get(columns) ?? new Map<string, Promise<object>>();
    this.byColumns.set(columns, kept);
    const found = kept.get(key);
    if (found) kept.delete(key);
    const answer = found ?? make();
    kept.set(key, answer);
    if (!found) answer.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return answer;
  }
}
