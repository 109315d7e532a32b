import type { Instant } from './day.ts';

/** The only door to the time of day. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that starts at `from` and runs on with real time; for NHACVIEC_NOW and the demo. */
export function clockFrom(from: Instant, real: Clock = systemClock): Clock {
  const shift = from - real.now();
  return { now: () => real.now() + shift };
}

/** A clock set by hand, for tests and for playing a list in the order of its dates. */
export class ManualClock implements Clock {
  private at: Instant;
  constructor(at: Instant) {
    this.at = at;
  }
  now(): Instant {
    return this.at;
  }
  set(at: Instant): void {
    this.at = at;
  }
}
