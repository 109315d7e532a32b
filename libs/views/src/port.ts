import type { SavedView } from './view.ts';

/** `taken`: the owner has a view of this name; `full`: as many as one may keep. */
export type Kept = { readonly ok: true; readonly view: SavedView } | { readonly ok: false; readonly why: 'taken' | 'full' | 'unknown' };

/**
 * Saved views of the page, each owner's own. They are conveniences and no facts: kept outside the log, changed in place, gone when removed.
 * Every store of this port passes `view-store.features.ts`.
 */
export interface ViewStore {
  /** In the order of names as they were kept; the owner's alone. */
  list(owner: string): Promise<readonly SavedView[]>;
  /** Two at once of one name: one is kept and the other is `taken`. */
  add(owner: string, view: SavedView): Promise<Kept>;
  rename(owner: string, id: string, name: string): Promise<Kept>;
  /** False where the owner has none of this id. */
  remove(owner: string, id: string): Promise<boolean>;
  close(): Promise<void>;
}

export const MOST_VIEWS = 100;
