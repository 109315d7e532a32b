import { setTimeout as sleep } from 'node:timers/promises';
import { LogDamagedError, LogUnavailableError, OutcomeUnknownError } from '../port.ts';
import { classify, type Failure } from './client.ts';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** Grows with the number of failures in a row; half of it is chance, so that many processes do not come back at once. */
export function backOff(failures: number): number {
  const whole = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
  return whole / 2 + (Math.random() * whole) / 2;
}

/** Waits, or returns early when the signal aborts. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

export class AttemptTooLong extends Error {}

export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AttemptTooLong(`no answer within ${String(ms)} ms`));
    }, ms);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets so many do their work at once, first come, first served. */
export class Slots {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else
      await new Promise<void>((resolve) => {
        this.queue.push(resolve);
      });
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

export interface Limits {
  /** One attempt, or the time without a new event while reading. */
  readonly attemptMs: number;
  /** All attempts together. */
  readonly totalMs: number;
}

/**
 * Tries until it is done, the failure is one that another attempt does not mend (given to `settle`), or the time is over.
 * `writes`: an attempt that failed may have been written.
 */
export async function retrying<T>(options: {
  readonly what: string;
  readonly limits: Limits;
  readonly writes: boolean;
  readonly attempt: () => Promise<T>;
  readonly settle: (failure: Failure, error: unknown) => T;
  readonly findLeader: () => Promise<void>;
}): Promise<T> {
  const { what, limits, writes, attempt, settle, findLeader } = options;
  const end = Date.now() + limits.totalMs;
  let perhapsWritten = false;
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const failure = classify(error);
      const { kind } = failure;
      const again = kind === 'unavailable' || kind === 'not-leader' || kind === 'unknown' || kind === 'too-slow' || (writes && kind === 'rejected');
      if (!again) return settle(failure, error);
      if (kind === 'unknown' || kind === 'rejected') perhapsWritten = true;
      if (Date.now() >= end) {
        const why = error instanceof Error ? error.message : String(error);
        if (writes && perhapsWritten)
          throw new OutcomeUnknownError(`${what}: máy chủ EventStoreDB/KurrentDB không trả lời kịp (${why}); chưa rõ đã ghi hay chưa. Gửi lại đúng yêu cầu này sẽ không ghi hai lần.`, error);
        throw new LogUnavailableError(`${what}: không liên lạc được máy chủ EventStoreDB/KurrentDB (${why})${writes ? '; chưa ghi gì' : ''}. Hãy thử lại sau.`, error);
      }
      await sleep(backOff(failures));
      if (kind === 'not-leader') await within(limits.attemptMs, findLeader()).catch(() => undefined);
    }
  }
}

/** For failures of reading that nothing mends. */
export function cannotRead(what: string, { kind }: Failure, error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  if (kind === 'deleted') throw new LogDamagedError(`${what}: luồng đã bị xóa trên máy chủ EventStoreDB/KurrentDB; chương trình không bao giờ xóa luồng.`, error);
  if (kind === 'denied') throw new LogUnavailableError(`${what}: máy chủ EventStoreDB/KurrentDB từ chối quyền truy cập; hãy xem tên và mật khẩu trong chuỗi kết nối (cần quyền đọc $all).`, error);
  if (error instanceof Error) throw error;
  throw new Error(`${what}: ${why}`);
}
