import type { Collection } from 'mongodb';
import { mongoFailure } from '#event-log/mongo/connect';

/**
 * One document for the projections that one projector follows: who may project, and the builds with how far they have come. They stand
 * together so that one write can check the one and change the other.
 */
export interface ProjectionDocument {
  readonly _id: string;
  /** Null when the last holder gave it back. */
  readonly holder: string | null;
  /** Raised by one with every new holder, never lowered. */
  readonly fence: bigint;
  /** Raised by one with every renewal. */
  readonly beat: bigint;
  /** For people to read; by the clock of the holder's machine, and compared with nothing. */
  readonly expiresAt: Date;
  /** By id of the build. */
  readonly builds?: Readonly<Record<string, BuildDocument>>;
}

export interface BuildDocument {
  readonly name: string;
  readonly version: number;
  readonly state: 'building' | 'active' | 'retired';
  readonly position: bigint;
  /** Event at that position: a checkpoint of another log has another one there. */
  readonly eventId: string;
  readonly repairs: number;
}

export interface LeaseOptions {
  readonly name: string;
  /** Different for every process and every start. */
  readonly holder: string;
  /** The holder stops this long after it sent its last renewal that was answered, in milliseconds. */
  readonly ttlMs?: number;
  /** Between two renewals of the holder, and between two looks of those who wait, in milliseconds. */
  readonly renewMs?: number;
  /** Milliseconds of a clock that is never set; `performance.now` when left out. */
  readonly now?: () => number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

export interface Lease {
  readonly fence: bigint;
  /** Aborted when it is lost: by silence of the server, or because another has it. */
  readonly lost: AbortSignal;
  /** False from `ttlMs` after the last renewal on, also when no timer could run meanwhile. */
  held(): boolean;
  /** Gives it back, so that the next one need not wait. */
  release(): Promise<void>;
}

const TTL_MS = 5_000;
const RENEW_MS = 1_000;
/** Whoever waits gives the holder a fifth more time: clocks of two machines run at slightly different speeds. */
const PATIENCE = 1.2;

/**
 * Waits for the right to project, and renews it until it is released or lost. No clocks of two machines are compared, and none of the
 * server's: one who waits takes over after having seen the same `fence` and `beat` for 1.2 × `ttlMs` by its own clock, by a write on the
 * condition that they are still the same. With the defaults that is at most 6 s, a look of 1 s before and one after: 8 s after the last
 * renewal. A holder that was paused longer finds `held()` false, and its checkpoints refused by their fence whether it asks or not.
 * Answers undefined when `signal` ended the waiting. @throws what the driver throws, other than for a server that is away for a while.
 */
export async function acquireLease(projections: Collection<ProjectionDocument>, { name, holder, ttlMs = TTL_MS, renewMs = RENEW_MS, now = () => performance.now(), signal }: LeaseOptions): Promise<Lease | undefined> {
  let seen: { readonly fence: bigint; readonly beat: bigint; readonly since: number } | undefined;
  while (!signal?.aborted) {
    try {
      const sentAt = now();
      const current = (await projections.findOne({ _id: name })) ?? (await begun(projections, name));
      if (current) {
        // The write of an earlier try may have happened although its answer was lost: others have seen it since, so it is renewed first.
        if (current.holder === holder) {
          const { matchedCount } = await projections.updateOne({ _id: name, holder, fence: current.fence, beat: current.beat }, { $inc: { beat: 1n } });
          if (matchedCount === 1) return follow(projections, { name, holder, ttlMs, renewMs, now }, current.fence, sentAt);
        }
        if (seen?.fence !== current.fence || seen.beat !== current.beat) seen = { fence: current.fence, beat: current.beat, since: now() };
        if (current.holder === null || now() - seen.since >= ttlMs * PATIENCE) {
          const takenAt = now();
          const taken = await projections.findOneAndUpdate(
            { _id: name, holder: current.holder, fence: current.fence, beat: current.beat },
            { $set: { holder, fence: current.fence + 1n, beat: current.beat + 1n, expiresAt: new Date(Date.now() + ttlMs) } },
            { returnDocument: 'after' },
          );
          if (taken) return follow(projections, { name, holder, ttlMs, renewMs, now }, taken.fence, takenAt);
        }
      }
    } catch (error) {
      if (!passing(error)) throw error;
    }
    await pause(renewMs, signal);
  }
  return undefined;
}

/** The first document of a projection, by whoever is first. */
async function begun(projections: Collection<ProjectionDocument>, name: string): Promise<ProjectionDocument | null> {
  try {
    await projections.insertOne({ _id: name, holder: null, fence: 0n, beat: 0n, expiresAt: new Date(0) });
  } catch (error) {
    if (mongoFailure(error) !== 'duplicate') throw error;
  }
  return projections.findOne({ _id: name });
}

const passing = (error: unknown): boolean => ['unreachable', 'no-primary', 'not-acknowledged'].includes(mongoFailure(error));

function follow(projections: Collection<ProjectionDocument>, { name, holder, ttlMs, renewMs, now }: Required<Omit<LeaseOptions, 'signal'>>, fence: bigint, from: number): Lease {
  const lost = new AbortController();
  const released = new AbortController();
  let renewedAt = from;
  const held = (): boolean => !lost.signal.aborted && now() - renewedAt < ttlMs;

  const renewing = (async () => {
    for (;;) {
      await pause(renewMs, released.signal);
      if (released.signal.aborted) return;
      // A holder that comes back from a pause does not renew: it was told that it has ended.
      if (!held()) break;
      const sentAt = now();
      try {
        const { matchedCount } = await within(ttlMs - (sentAt - renewedAt), projections.updateOne({ _id: name, holder, fence }, { $inc: { beat: 1n }, $set: { expiresAt: new Date(Date.now() + ttlMs) } }));
        if (matchedCount === 0) break;
        renewedAt = sentAt;
      } catch {
        // Tried again until its time is over.
      }
    }
    lost.abort();
  })();

  return {
    fence,
    lost: lost.signal,
    held,
    release: async () => {
      released.abort();
      await renewing;
      const giving = !lost.signal.aborted;
      lost.abort();
      if (giving) await projections.updateOne({ _id: name, holder, fence }, { $set: { holder: null } });
    },
  };
}

/** Does not wait longer for an answer than the lease lasts. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Resolves after `ms`, or when `signal` is aborted. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
