/**
 * A process of its own that appends to a log and says on stdout, one JSON line each, what was acknowledged.
 * Arguments: file, stream prefix, how many appends, how many under way at once. Appends to the stream `task-shared` when the prefix is `shared`.
 */
import { systemClock, systemIds } from '#kernel';
import { LogStoppedError } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';

const [file = '', prefix = '', count = '0', width = '1'] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const log = await openSqliteEventLog({ file, clock: systemClock });
say({ ready: process.pid });

let revision = -1;
for (let done = 0; done < +count;) {
  const batch = Array.from({ length: Math.min(+width, +count - done) }, (_, i) => ({
    stream: prefix === 'shared' ? 'task-shared' : `task-${prefix}-${String(done + i)}`,
    events: [
      {
        id: systemIds.next(),
        type: 'TaskAssigned',
        schema: 1,
        data: { text: 'x'.repeat(300) },
        metadata: { actor: { id: prefix, role: 'system' as const } },
        occurredAt: Date.now(),
      },
    ],
  }));
  const answers = await Promise.allSettled(
    batch.map(({ stream, events }) => log.append(stream, events, { expectedRevision: prefix === 'shared' ? revision : -1 })),
  );
  answers.forEach((answer, i) => {
    const id = batch[i]!.events[0]!.id;
    if (answer.status === 'rejected') say({ stopped: answer.reason instanceof LogStoppedError, message: String(answer.reason), id });
    else if (answer.value.ok) {
      say({ id, position: String(answer.value.position) });
      revision = answer.value.revision;
    } else revision = answer.value.actualRevision;
    // A conflict on the shared stream is tried again with the next turn of the loop.
    if (answer.status === 'rejected' || answer.value.ok) done += 1;
  });
}
await log.close();
say({ closed: true });
