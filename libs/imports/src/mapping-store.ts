import { derivedId, foldText } from '#kernel';
import type { Mapping } from './table.ts';

/** Under this many lists of one unit the oldest is forgotten. */
export const MOST_MAPPINGS = 50;

/**
 * How columns of a unit's lists were named last time, by their headings. A convenience and no fact: kept outside the log, changed in place.
 * Every store of this port passes `mapping-store.features.ts`.
 */
export interface MappingStore {
  recall(owner: string, headings: string): Promise<Mapping | undefined>;
  /** The latest of the same headings stands; of many lists the one not used for longest goes. */
  remember(owner: string, headings: string, mapping: Mapping, at: string): Promise<void>;
  close(): Promise<void>;
}

/** Lists with the same headings in the same order are the same kind of list, whatever their case, marks and spaces. */
export const headingsKey = (headings: readonly string[]): string => derivedId('headings', ...headings.map((heading) => foldText(heading)));
