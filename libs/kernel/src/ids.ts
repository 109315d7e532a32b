import { v5, v7, validate } from 'uuid';

/** Where new identifiers come from: a port, so that tests and replays choose their own. */
export interface Ids {
  /** A UUID v7 (RFC 9562): ordered by time, ours to choose. */
  next(): string;
}

export const systemIds: Ids = { next: () => v7() };

const NAMESPACE = '6f0c1f64-6f5c-4c55-9a1e-2f5d2d1a7b10';

/** A UUID v5 (RFC 9562): the same parts give the same id, for ever. */
export function derivedId(...parts: readonly string[]): string {
  return v5(parts.join('\u001f'), NAMESPACE);
}

export function isUuid(text: string): boolean {
  return validate(text);
}
