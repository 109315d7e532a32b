import { parse, v5, v7, validate } from 'uuid';

/** Where new identifiers come from: a port, so that tests and replays choose their own. */
export interface Ids {
  /** A UUID v7 (RFC 9562): ordered by time, ours to choose. */
  next(): string;
}

/** Random bytes are drawn from the system many at once: asking it for sixteen costs a hundred times what using them does. */
const POOL = new Uint8Array(4_096);
let drawn = POOL.length;
let lastMs = -Infinity;
let sequence = 0;

export const systemIds: Ids = {
  next() {
    if (drawn === POOL.length) {
      globalThis.crypto.getRandomValues(POOL);
      drawn = 0;
    }
    const random = POOL.subarray(drawn, (drawn += 16));
    const now = Date.now();
    // Ids of one millisecond, or of a clock that stepped back, go on counting, so that they stay in the order in which they were made.
    if (now > lastMs) {
      lastMs = now;
      sequence = ((random[6]! & 0x7f) << 24) | (random[7]! << 16) | (random[8]! << 8) | random[9]!;
    } else sequence = (sequence + 1) | 0;
    return v7({ random, msecs: lastMs, seq: sequence });
  },
};

const NAMESPACE = parse('6f0c1f64-6f5c-4c55-9a1e-2f5d2d1a7b10');

/** A UUID v5 (RFC 9562): the same parts give the same id, for ever. */
export function derivedId(...parts: readonly string[]): string {
  return v5(Buffer.from(parts.join('\u001f')), NAMESPACE);
}

export function isUuid(text: string): boolean {
  return validate(text);
}
