import { Problem, type Clock, type Instant } from '#kernel';

/** So many tries in a stretch of time for each key, and so many keys at most: a short memory of who has tried too often. */
export class Attempts {
  private readonly tried = new Map<string, { count: number; until: Instant }>();
  private readonly most: number;
  private readonly withinMs: number;
  private readonly clock: Clock;

  constructor(clock: Clock, most: number, withinMs: number) {
    this.clock = clock;
    this.most = most;
    this.withinMs = withinMs;
  }

  /** Whether the key may try now. @throws Problem 429 */
  require(key: string): void {
    const now = this.clock.now();
    const found = this.tried.get(key);
    if (found && now < found.until && found.count >= this.most) {
      const seconds = Math.ceil((found.until - now) / 1_000);
      throw new Problem(429, 'too-many-attempts', 'Thử quá nhiều lần', `Đã thử quá nhiều lần; hãy đợi ${String(seconds)} giây.`, { extra: { retryAfter: seconds } });
    }
  }

  count(key: string): void {
    const now = this.clock.now();
    const found = this.tried.get(key);
    if (found && now < found.until) found.count++;
    else {
      for (const [old, { until }] of this.tried) if (now >= until) this.tried.delete(old);
      this.tried.set(key, { count: 1, until: now + this.withinMs });
    }
  }
}
