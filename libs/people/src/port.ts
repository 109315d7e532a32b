import type { Instant } from '#kernel';
import type { Person } from './person.ts';

/** A calendar feed of somebody: whoever holds its token reads it; only the token's hash is kept. */
export interface Feed {
  readonly hash: string;
  readonly personId: string;
  readonly madeAt: Instant;
}

/**
 * The directory of people: kept outside the log and changed in place, so that what is personal can be erased. An id once erased is known to
 * have been somebody's, and is never anybody else's. Every store of this port passes `people-store.features.ts`.
 */
export interface PeopleStore {
  /** By code. */
  all(): Promise<readonly Person[]>;
  get(id: string): Promise<Person | undefined>;
  /** All of them or none; an id that is there is written over. `taken` names a code that two ids would bear. */
  save(people: readonly Person[]): Promise<{ readonly ok: true } | { readonly ok: false; readonly taken: string }>;
  /** Name, contacts, delegations to them and feeds are gone; false where there is nobody of this id. */
  erase(id: string): Promise<boolean>;
  /** Ids of those who were erased. */
  erased(): Promise<ReadonlySet<string>>;
  addFeed(feed: Feed): Promise<void>;
  feed(hash: string): Promise<Feed | undefined>;
  feedsOf(personId: string): Promise<readonly Feed[]>;
  /** How many tokens are no longer taken. */
  revokeFeeds(personId: string): Promise<number>;
  /** Grows with every change of `all`. */
  version(): Promise<number>;
  close(): Promise<void>;
}
