import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { Problem } from '#kernel';
import type { Build, ParkedStream, ProjectionStatus } from '../projection.ts';
import type { MongoConnection } from '#event-log/mongo/connect';

/* What an operator asks of a projector that runs in another process: a document a call, taken by whoever holds the lease, and answered in it. */

export type ProjectorCall =
  | { readonly what: 'rebuild' }
  | { readonly what: 'drop' }
  | { readonly what: 'retry'; readonly stream: string };

/** What the holder of a projection's lease can be asked. */
export interface CalledProjector {
  rebuild(): Promise<void>;
  drop(): Promise<readonly Build[]>;
  retry(stream: string): Promise<ParkedStream | undefined>;
  status(): Promise<readonly ProjectionStatus[]>;
}

interface CallDocument {
  readonly _id: string;
  readonly projection: string;
  readonly call: ProjectorCall;
  readonly askedAt: Date;
  /** `asked` until somebody has done it: one whose doer was killed is done again by the next. */
  readonly state: 'asked' | 'done' | 'failed';
  readonly answer?: unknown;
  readonly problem?: Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'errors' | 'extra'>;
}

interface StatusDocument {
  readonly _id: string;
  readonly holder: string;
  readonly statuses: readonly ProjectionStatus[];
}

const POLL_MS = 250;
/** An answer that nobody came for. */
const KEPT_MS = 24 * 3_600_000;
const STATUS_MS = 1_000;

const calls = ({ db }: MongoConnection): Collection<CallDocument> => db.collection<CallDocument>('projector_calls');
const statuses = ({ db }: MongoConnection): Collection<StatusDocument> => db.collection<StatusDocument>('projector_status');

/** Asks the worker that holds the lease of the projection and waits for its answer. @throws the worker's Problem; `no-worker` after `waitMs` without one. */
export async function callProjector(connection: MongoConnection, projection: string, call: ProjectorCall, waitMs = Infinity): Promise<unknown> {
  const _id = randomUUID();
  await calls(connection).insertOne({ _id, projection, call, askedAt: new Date(), state: 'asked' });
  for (const until = performance.now() + waitMs; ; ) {
    const found = await calls(connection).findOne({ _id });
    if (found && found.state !== 'asked') {
      await calls(connection).deleteOne({ _id });
      if (found.state === 'done') return found.answer;
      const { status, code, title, detail, errors, extra } = found.problem!;
      throw new Problem(status, code, title, detail, { errors, extra });
    }
    if (performance.now() > until) {
      await calls(connection).deleteOne({ _id });
      throw new Problem(503, 'no-worker', 'Chưa có tiến trình dựng bảng', `Không có tiến trình “worker” nào trả lời cho bảng “${projection}” trong ${String(Math.round(waitMs / 1000))} giây: hãy kiểm tra các worker có đang chạy.`);
    }
    await sleep(POLL_MS);
  }
}

/** Answers what is asked of a projection while its lease is held here; the others do not wait for a rebuild, or for a drop. */
export async function answerCalls(connection: MongoConnection, projection: string, projector: CalledProjector, ending: AbortSignal): Promise<void> {
  const collection = calls(connection);
  const underWay = new Map<string, Promise<void>>();
  await collection.deleteMany({ projection, askedAt: { $lt: new Date(Date.now() - KEPT_MS) } });
  while (!ending.aborted) {
    for (const { _id, call } of await collection.find({ projection, state: 'asked' }, { sort: { askedAt: 1 } }).toArray()) {
      if (underWay.has(_id)) continue;
      const answering = answer(projector, call).then(
        async (set) => { if (!ending.aborted) await collection.updateOne({ _id, state: 'asked' }, { $set: set }); },
      ).catch(() => undefined).finally(() => { underWay.delete(_id); });
      underWay.set(_id, answering);
      if (call.what === 'retry') await answering;
    }
    await sleep(POLL_MS, undefined, { signal: ending }).catch(() => undefined);
  }
}

async function answer(projector: CalledProjector, call: ProjectorCall): Promise<Pick<CallDocument, 'state' | 'answer' | 'problem'>> {
  try {
    switch (call.what) {
      case 'rebuild':
        await projector.rebuild();
        return { state: 'done', answer: null };
      case 'drop':
        return { state: 'done', answer: await projector.drop() };
      case 'retry':
        return { state: 'done', answer: (await projector.retry(call.stream)) ?? null };
    }
  } catch (error) {
    const { status, code, title, detail, errors, extra } = error instanceof Problem ? error : new Problem(500, 'projector-failed', 'Bảng dựng gặp lỗi', error instanceof Error ? error.message : String(error));
    return { state: 'failed', problem: { status, code, title, detail, errors, extra } };
  }
}

/** Leaves word of how far the builds are and what is in the way, for those who only read. */
export async function tellStatus(connection: MongoConnection, projection: string, holder: string, projector: CalledProjector, ending: AbortSignal): Promise<void> {
  for (let told = ''; !ending.aborted; ) {
    const now = await projector.status();
    const text = JSON.stringify(now);
    if (text !== told) await statuses(connection).replaceOne({ _id: projection }, { holder, statuses: now }, { upsert: true });
    told = text;
    await sleep(STATUS_MS, undefined, { signal: ending }).catch(() => undefined);
  }
}

/** What the workers last told of their builds. */
export async function readStatuses(connection: MongoConnection): Promise<readonly ProjectionStatus[]> {
  return (await statuses(connection).find().toArray()).flatMap((document) => document.statuses);
}
