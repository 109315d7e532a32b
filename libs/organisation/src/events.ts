import type { Day } from '#kernel';

/** A unit as it stands in the directory: a department, a district, an office, or a collective name that documents use for many of them. */
export interface Unit {
  /** The name folded to a slug, for ever: `thanh-tra-tinh`. Ids are never reused. */
  readonly id: string;
  readonly name: string;
  /** At most 16 characters, for tables and charts. */
  readonly shortName: string;
  readonly kind: string;
  readonly parentId?: string;
  readonly legalBasis?: string;
  readonly establishedOn: Day;
}

export type UnitEstablished = Unit;

export interface UnitEvent {
  readonly type: 'UnitEstablished';
  readonly data: UnitEstablished;
}

/** The stream of a unit. */
export const unitStream = (id: string): string => `unit-${id}`;
