import { referenceTo, type UnitFact, type UnitFactReference, type UnitStatus } from './events.ts';

/** What the decider needs to know of the unit itself; folded from its own stream in log order. */
export type UnitState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'unit';
      readonly id: string;
      readonly name: string;
      readonly shortName: string;
      readonly parentId: string | null;
      readonly status: UnitStatus;
      /** The facts that gave it its name and its place, and the last of all. */
      readonly named: UnitFactReference;
      readonly placed: UnitFactReference;
      readonly lastFact: UnitFactReference;
      /** Revision of the stream's last event. */
      readonly revision: number;
    };

export const NO_UNIT: UnitState = { kind: 'none' };

export function evolveUnit(state: UnitState, fact: UnitFact): UnitState {
  const at = referenceTo(fact);
  if (state.kind === 'none') {
    if (fact.type !== 'UnitEstablished') return state;
    const { id, name, shortName, parentId = null } = fact.data;
    return { kind: 'unit', id, name, shortName, parentId, status: 'active', named: at, placed: at, lastFact: at, revision: 0 };
  }
  const next = { ...state, lastFact: at, revision: state.revision + 1 };
  switch (fact.type) {
    case 'UnitEstablished':
      return next;
    case 'UnitRenamed':
      return { ...next, name: fact.data.name, shortName: fact.data.shortName ?? state.shortName, named: at };
    case 'UnitMoved':
      return { ...next, parentId: fact.data.parentId, placed: at };
    case 'UnitMerged':
      return { ...next, status: 'merged' };
    case 'UnitSplit':
      return { ...next, status: 'split' };
    case 'UnitDissolved':
      return { ...next, status: 'dissolved' };
  }
}

export const foldUnit = (facts: Iterable<UnitFact>): UnitState => [...facts].reduce(evolveUnit, NO_UNIT);
