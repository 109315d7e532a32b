import type { UnitCommand } from './commands.ts';
import type { Unit } from './events.ts';

type Omitted<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A reorganisation as data that a clerk can read: `libs/organisation/data/*.json`. */
export interface Reorganisation {
  readonly title: string;
  /** What is real, what is illustrative. */
  readonly note: readonly string[];
  /** The legal bases in full, by the keys that units and facts use. */
  readonly legalBases: Readonly<Record<string, string>>;
  /** The units before it, each after the one it stands under. */
  readonly before: readonly Unit[];
  /** What happens, in the order of recording. */
  readonly facts: readonly (Omitted<UnitCommand, 'type'> & { readonly command: UnitCommand['type'] })[];
}

/** The commands that establish the units before, and those that reorganise them, with the legal bases written out. */
export function commandsOf({ legalBases, before, facts }: Reorganisation): { readonly before: readonly UnitCommand[]; readonly facts: readonly UnitCommand[] } {
  const inFull = <T extends { readonly legalBasis?: string }>(one: T): T => (one.legalBasis === undefined ? one : { ...one, legalBasis: legalBases[one.legalBasis] ?? one.legalBasis });
  return {
    before: before.map(({ id, ...unit }) => ({ type: 'EstablishUnit', unitId: id, ...inFull(unit) })),
    facts: facts.map(({ command, ...data }) => ({ type: command, ...inFull(data) }) as UnitCommand),
  };
}
