import type { Day } from '#kernel';
import type { Unit } from './events.ts';

interface Change {
  readonly unitId: string;
  readonly on: Day;
  /** At most 500 characters. */
  readonly legalBasis?: string;
}

/** What people order for a unit. `unitId` is the unit it happens to. */
export type UnitCommand =
  | ({ readonly type: 'EstablishUnit'; readonly unitId: string } & Omit<Unit, 'id'>)
  | (Change & { readonly type: 'RenameUnit'; readonly name: string; readonly shortName?: string })
  | (Change & { readonly type: 'MoveUnit'; readonly parentId: string | null })
  | (Change & { readonly type: 'MergeUnit'; readonly intoUnitId: string })
  | (Change & { readonly type: 'SplitUnit'; readonly into: readonly string[]; readonly heirUnitId: string })
  | (Change & { readonly type: 'DissolveUnit' });
