import type { Instant } from '#kernel';
import type { Position } from './port.ts';

/** Where an event stands, for logs that cannot be asked for an id, a time or a number of events. */
export interface IndexedEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Instant;
}

/**
 * What a log without such questions (EventStoreDB) is answered from. It holds nothing that is not in the log and can be dropped at any time.
 * The log's adapter fills it by reading the log in order; several processes may fill the same one.
 */
export interface EventIndex {
  /** Everything at or before this position is in the index; 0n when nothing is. */
  upTo(): Promise<Position>;
  /** In the order of the log, without gaps after `upTo`; what stands at or before `upTo` is passed over. */
  add(events: readonly IndexedEvent[]): Promise<void>;
  /** Those of these ids that stand in the log, in any order. */
  find(ids: readonly string[]): Promise<readonly IndexedEvent[]>;
  last(): Promise<IndexedEvent | undefined>;
  /** How many events stand at or before the position. */
  count(upTo: Position): Promise<number>;
  /** Position of the first event after the position. */
  firstAfter(position: Position): Promise<Position | undefined>;
  /** Position of the last event before which, and at which, nothing was recorded after the instant; 0n when there is none. */
  positionAt(instant: Instant): Promise<Position>;
}
