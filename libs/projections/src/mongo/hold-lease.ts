import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { acquireLease, type Lease, type LeaseOptions, type ProjectionDocument } from './lease.ts';

const AFTER_FAILURE_MS = 1_000;

export interface HoldOptions extends LeaseOptions {
  readonly signal: AbortSignal;
  /** Hears why the work or the waiting broke off; it is begun anew. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Does `work` whenever this process holds the lease, until `signal` aborts: waits for the lease, works until the signal given to it aborts
 * (the lease was lost, or all is to end), gives the lease back, and waits anew.
 */
export async function whileLeaseHeld(projections: Collection<ProjectionDocument>, options: HoldOptions, work: (lease: Lease, ending: AbortSignal) => Promise<void>): Promise<void> {
  const { signal, onFailure } = options;
  while (!signal.aborted) {
    let lease: Lease | undefined;
    try {
      lease = await acquireLease(projections, options);
      if (lease) await work(lease, AbortSignal.any([signal, lease.lost]));
    } catch (error) {
      onFailure(error);
    }
    await lease?.release().catch(onFailure);
    await sleep(AFTER_FAILURE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => { resolve(); }, { once: true });
  });
}
