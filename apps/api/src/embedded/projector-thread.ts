import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { clockFrom } from '#kernel';
import { giveWay } from './give-way.ts';
import { failureOf, type Call, type FromThread, type ThreadData, type ToThread } from './projector-in-thread.ts';
import { LOG_FILE, READ_MODEL_FILE, UNDERSTOOD_FILE } from '../data-files.ts';
import { openSqliteProjector } from './sqlite-read-models.ts';
import { openUnderstood } from '../understood-log.ts';

/* The thread of the embedded profile that keeps the read models up to date, with connections of its own: see projector-in-thread.ts. */

const { dataDir, now } = workerData as ThreadData;
const port = parentPort!;
const send = (message: FromThread): void => { port.postMessage(message); };

giveWay();
try {
  const clock = clockFrom(now);
  const stored = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly: true });
  const log = await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: false });
  const projector = await openSqliteProjector(join(dataDir, READ_MODEL_FILE), log, clock);
  projector.onChange((batch) => { send({ what: 'changed', batch }); });
  const answer = async (id: number, call: Call): Promise<unknown> => {
    const onProgress = (done: bigint, head: bigint): void => { send({ what: 'progress', id, done, head }); };
    switch (call.what) {
      case 'catchUp':
        stored.wake();
        return projector.catchUp(onProgress);
      case 'rebuild':
        return projector.rebuild(call.name, onProgress);
      case 'drop':
        return projector.drop();
      case 'status':
        return projector.status();
      case 'retry':
        return projector.retry(call.projection, call.stream);
      case 'stop':
        await projector.stop();
        await log.close();
    }
  };
  port.on('message', (message: ToThread) => {
    if (message.what === 'appended') stored.wake();
    else if (message.what === 'hurry') projector.hurry();
    else if (message.what === 'start') projector.start();
    else {
      answer(message.id, message.call).then(
        (given) => {
          send({ what: 'answer', id: message.id, answer: given });
          if (message.call.what === 'stop') port.close();
        },
        (error: unknown) => { send({ what: 'failure', id: message.id, failure: failureOf(error) }); },
      );
    }
  });
  send({ what: 'ready' });
} catch (error) {
  send({ what: 'failure', id: null, failure: failureOf(error) });
}
