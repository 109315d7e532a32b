import type { Deadline } from '#deadlines';
import type { Day, Instant } from '#kernel';

/** What lists, search and detail pages show of a task whatever the instant: what does not change with A and K. */
export interface BoardTask {
  readonly id: string;
  /** `NV-<year of assignedOn>-<number in log order within that year, at least four digits>` */
  readonly code: string;
  readonly content: string;
  readonly product: string | null;
  readonly documentNumber: string;
  readonly documentDate: Day;
  readonly leadUnitId: string;
  readonly authority: string;
  readonly assignedOn: Day;
  readonly deadline: Deadline;
  readonly revision: number;
  readonly lastFactAt: Instant;
}

export interface TaskBoard {
  /** In the order of `ids`; unknown ids are left out. */
  byIds(ids: readonly string[]): readonly BoardTask[];
  byId(id: string): BoardTask | undefined;
  /** Ids whose code, document number, content or product match, tone marks and case ignored, in log order. */
  search(text: string): ReadonlySet<string>;
  count(): number;
}

export const codeOf = (year: number, number: number): string => `NV-${String(year)}-${String(number).padStart(4, '0')}`;
