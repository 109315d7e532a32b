import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, RecordedEvent } from './port.ts';

/** Wakes those who wait for new events; closed once and for all with the log. */
export class Bell {
  private readonly waiting = new Map<() => void, readonly string[] | undefined>();
  closed = false;

  /** Wakes those who wait for one of the categories, or, without, everybody. */
  ring(categories?: ReadonlySet<string>): void {
    for (const [wake, wanted] of this.waiting) if (categories === undefined || wanted === undefined || wanted.some((one) => categories.has(one))) wake();
  }

  close(): void {
    this.closed = true;
    this.ring();
  }

  /** Resolves at the next ring (for these categories, when given), at abort, or after `pollMs` when given. */
  wait(signal: AbortSignal, pollMs?: number, categories?: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        clearTimeout(timer);
        resolve();
      };
      const timer = pollMs === undefined ? undefined : setTimeout(wake, pollMs);
      this.waiting.set(wake, categories);
      signal.addEventListener('abort', wake);
    });
  }
}

/** Pulls batch after batch and waits for the bell when there is none. `read` is synchronous, so no ring is lost between it and the wait. */
export async function* follow(options: {
  after: Position;
  read: (after: Position) => readonly RecordedEvent[];
  bell: Bell;
  signal: AbortSignal;
  /** Of what `read` answers; absent: all. */
  categories?: readonly string[] | undefined;
  /** Asks again this often without a ring: another process may have written. */
  pollMs?: number;
}): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { read, bell, signal, categories, pollMs } = options;
  let after = options.after;
  while (!signal.aborted && !bell.closed) {
    const batch = read(after);
    const last = batch.at(-1);
    if (last) {
      after = last.position;
      yield batch;
      // A long catch-up must not keep appends and requests of this process waiting.
      await nextTurn();
    } else {
      await bell.wait(signal, pollMs, categories);
    }
  }
}
