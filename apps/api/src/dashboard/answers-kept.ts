import type { Columns } from '#figures';
import type { DashboardDto, DashboardQuestion } from './dashboard-question.ts';

const KEPT = 32;
const MINUTE = 60_000;

/**
 * Answers that are asked again by many screens at once. One is the same as long as nothing was recorded, and for a question about now as
 * long as its minute lasts: no limit ends within one. It says the instant it was computed for.
 */
export class AnswersKept {
  /** A rebuild brings other columns; what was answered from the former ones goes with them. */
  private byColumns = new WeakMap<Columns, Map<string, Promise<object>>>();

  of({ atLeast: _, ...asked }: DashboardDto, { point, since, sinceBy }: DashboardQuestion, columns: Columns, answer: () => Promise<object>): Promise<object> {
    const kept = this.byColumns.get(columns) ?? new Map<string, Promise<object>>();
    this.byColumns.set(columns, kept);
    const key = JSON.stringify([Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)), String(point.known), String(since.point.known), asked.asOf === undefined ? Math.ceil(point.at / MINUTE) : null, sinceBy === 'meeting' ? since.point.at : null]);
    const found = kept.get(key);
    // Last used stands last, so the one dropped first is the one least recently used.
    if (found) kept.delete(key);
    const promise = found ?? answer();
    kept.set(key, promise);
    if (!found) promise.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return promise;
  }
}
