import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work goes on so long before others have their turn: with the step that it is in, well below 50 ms. */
const LONGEST_MS = 15;

/** For long work among requests. It gives way by time, for what a step takes is not known before: `if (turns.over) await turns.next();` after each. */
export class Turns {
  private since = performance.now();

  get over(): boolean {
    return performance.now() - this.since > LONGEST_MS;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
