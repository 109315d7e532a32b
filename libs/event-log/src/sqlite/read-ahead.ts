import { Worker } from 'node:worker_threads';
import type { Position, ReadAllOptions } from '../port.ts';
import { lastPlace, type PackedRows } from './lazy-events.ts';

/** What the thread is started with; each answer of it is the next of such readings. */
export interface ReadAheadData {
  readonly file: string;
  readonly after: Position;
  readonly limit: number;
  readonly types: readonly string[] | undefined;
  /** One number, for both: how many more readings may be made. The thread sleeps on it. */
  readonly may: Int32Array<SharedArrayBuffer>;
}

/** Readings that may wait to be taken: neither side stops for the other, and little memory is held. */
const MOST = 3;

/**
 * Reads a log file on in a thread of its own for somebody who goes through all of it: reading and comparing checksums would take much of
 * the time of whoever makes something of the events. Only a help: where it has nothing (more), the reader asks the log, which says what is wrong.
 */
export class ReadAhead {
  private readonly worker: Worker;
  private readonly may = new Int32Array(new SharedArrayBuffer(4)).fill(MOST);
  private readonly waiting: PackedRows[] = [];
  private arrived: (() => void) | undefined;
  private ended = false;
  private after: Position;
  /** How many readings were taken. */
  given = 0;
  private readonly limit: number;
  private readonly types: string;

  constructor(file: string, { after, limit, types }: ReadAllOptions, program = new URL('./read-ahead-thread.js', import.meta.url)) {
    this.after = after;
    this.limit = limit;
    this.types = String(types);
    this.worker = new Worker(program, { workerData: { file, after, limit, types, may: this.may } satisfies ReadAheadData, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    const end = (): void => {
      this.ended = true;
      this.arrived?.();
    };
    this.worker.on('message', (packed: PackedRows) => {
      this.waiting.push(packed);
      this.arrived?.();
    });
    this.worker.on('error', end);
    this.worker.on('exit', end);
  }

  /** Whether what is read here is what is asked for. */
  follows({ after, limit, types }: ReadAllOptions): boolean {
    return after === this.after && limit === this.limit && String(types) === this.types;
  }

  /** The rows that come next; undefined where no more come. */
  async next(): Promise<PackedRows | undefined> {
    if (this.waiting.length === 0 && !this.ended) await new Promise<void>((resolve) => { this.arrived = resolve; });
    const packed = this.waiting.shift();
    if (!packed) return undefined;
    this.given += 1;
    Atomics.add(this.may, 0, 1);
    Atomics.notify(this.may, 0);
    this.after = BigInt(lastPlace(packed)!);
    return packed;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
