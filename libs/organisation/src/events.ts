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

/** What every later fact of a unit says besides its own content. It acts from 00:00 of `on`. */
interface UnitChange {
  readonly id: string;
  readonly on: Day;
  readonly legalBasis?: string;
}

export interface UnitEventData {
  readonly UnitEstablished: UnitEstablished;
  /** Without a short name the old one is kept. */
  readonly UnitRenamed: UnitChange & { readonly name: string; readonly shortName?: string };
  /** `null`: from then on the unit stands under no other. */
  readonly UnitMoved: UnitChange & { readonly parentId: string | null };
  readonly UnitMerged: UnitChange & { readonly intoUnitId: string };
  /** The heir is one of `into`; as-is figures of the unit go to it whole. */
  readonly UnitSplit: UnitChange & { readonly into: readonly string[]; readonly heirUnitId: string };
  readonly UnitDissolved: UnitChange;
}

export type UnitEventType = keyof UnitEventData;

/** Everything that can happen to a unit; one stream per unit, `unit-<id>`. The data names the unit, so a fact can be read without its stream. */
export type UnitEvent = { readonly [T in UnitEventType]: { readonly type: T; readonly data: UnitEventData[T] } }[UnitEventType];

/** An event with its place in the log. */
export type UnitFact = UnitEvent & { readonly position: bigint };

/** A fact named in an answer. */
export interface UnitFactReference {
  readonly unitId: string;
  readonly type: UnitEventType;
  readonly on: Day;
  readonly position: bigint;
}

export type UnitStatus = 'active' | 'merged' | 'split' | 'dissolved';

/** The stream of a unit. */
export const unitStream = (id: string): string => `unit-${id}`;

const TYPES: Readonly<Record<UnitEventType, true>> = { UnitEstablished: true, UnitRenamed: true, UnitMoved: true, UnitMerged: true, UnitSplit: true, UnitDissolved: true };
export const UNIT_EVENT_TYPES = Object.keys(TYPES) as readonly UnitEventType[];

/** An event of the log as a fact of a unit; undefined when it is none. */
export function unitFactOf(event: { readonly type: string; readonly data: unknown; readonly position: bigint }): UnitFact | undefined {
  return Object.hasOwn(TYPES, event.type) ? ({ type: event.type, data: event.data, position: event.position } as UnitFact) : undefined;
}

/** The day from which the event acts. */
export const dayOfUnitEvent = (event: UnitEvent): Day => (event.type === 'UnitEstablished' ? event.data.establishedOn : event.data.on);

/** The other units that the event needs: a parent, or those that take over. */
export function unitsNeededBy(event: UnitEvent): readonly string[] {
  switch (event.type) {
    case 'UnitEstablished':
      return event.data.parentId === undefined ? [] : [event.data.parentId];
    case 'UnitMoved':
      return event.data.parentId === null ? [] : [event.data.parentId];
    case 'UnitMerged':
      return [event.data.intoUnitId];
    case 'UnitSplit':
      return event.data.into;
    case 'UnitRenamed':
    case 'UnitDissolved':
      return [];
  }
}

export const referenceTo = (fact: UnitFact): UnitFactReference => ({ unitId: fact.data.id, type: fact.type, on: dayOfUnitEvent(fact), position: fact.position });
