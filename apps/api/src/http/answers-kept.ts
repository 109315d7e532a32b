import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { NextFunction, Request, Response } from 'express';
import type { Columns } from '#figures';
import type { Point } from './points.ts';

const MINUTE_MS = 60_000;
const pack = promisify(gzip);

/** Answers that are kept, with their bytes once somebody was sent them. */
const packed = new WeakMap<object, Promise<Buffer> | undefined>();

/**
 * Answers that are the same for all who ask: fifty screens ask for one. The last used stay, as promises, so that those who come while it is
 * made wait for the same one. A rebuild brings other columns; what was answered from the former ones goes with them.
 */
export class AnswersKept<T extends object = object> {
  private readonly byColumns = new WeakMap<Columns, Map<string, Promise<T>>>();
  private readonly most: number;
  constructor(most = 64) {
    this.most = most;
  }

  of(key: string, columns: Columns, answer: () => Promise<T>): Promise<T> {
    const kept = this.byColumns.get(columns) ?? new Map<string, Promise<T>>();
    this.byColumns.set(columns, kept);
    const found = kept.get(key);
    // Last used stands last, so the one dropped first is the one least recently used.
    if (found) kept.delete(key);
    const promise = found ?? answer();
    kept.set(key, promise);
    if (!found) promise.then((one) => packed.set(one, undefined), () => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= this.most) break;
      kept.delete(oldest);
    }
    return promise;
  }
}

/**
 * The part of a key that says when: an answer about now is the same until something is recorded, and as long as its minute lasts, for no limit
 * ends within one. It says the instant that it was made for.
 */
export const presentKey = ({ known, at }: Pick<Point, 'known' | 'at'>): string => `${String(known)} ${String(Math.ceil(at / MINUTE_MS))}`;

/** The same parameters are one key, in whatever order they were given; `atLeast` is waited for and asks nothing. */
export const parametersKey = ({ atLeast: _, ...asked }: { readonly atLeast?: string }): string => JSON.stringify(Object.entries(asked).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What is kept for all who ask is written out and packed for the first of them only. */
export function sendKeptPacked(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' && request.acceptsEncodings('gzip') !== false) {
    const json = response.json.bind(response);
    response.json = (body: object | undefined) => {
      if (typeof body !== 'object' || !packed.has(body)) return json(body);
      const bytes = packed.get(body) ?? pack(JSON.stringify(body), { level: constants.Z_BEST_SPEED });
      packed.set(body, bytes);
      bytes.then(
        (whole) => { response.set({ 'Content-Type': 'application/json; charset=utf-8', 'Content-Encoding': 'gzip', 'Content-Length': String(whole.length) }).vary('Accept-Encoding').end(whole); },
        () => { json(body); },
      );
      return response;
    };
  }
  next();
}
