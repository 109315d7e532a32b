import type { AuditRow } from './audit-row.ts';

/** What a store of the trail hands out. */
export interface AuditTrail {
  /** Rows after `after` and up to `upTo`, in log order, by pages that let others have their turn. */
  rows(after: bigint, upTo: bigint): AsyncIterable<readonly AuditRow[]>;
}
