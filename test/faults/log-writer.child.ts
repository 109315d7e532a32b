/**
 * A process of its own that appends to a log and says on stdout, one JSON line each, what was acknowledged.
 * Arguments: file, stream prefix, how many appends, how many under way at once, how it behaves. Appends to the stream `task-shared` when the
 * prefix is `shared`. Behaviours: `reopen` (after a stop opens the log again and appends what has no answer once more), `killed` (ends by
 * SIGKILL instead of closing), `normal` (a planted defect: synchronous=NORMAL behind the program's back).
 */
import Sqlite from 'better-sqlite3';
import { systemClock, systemIds } from '#kernel';
import { LogDamagedError, LogStoppedError } from '#event-log';
import { openSqliteEventLog, type SqliteEventLog } from '#event-log/sqlite/sqlite-event-log';

const [file = '', prefix = '', count = '0', width = '1', ...behaviours] = process.argv.slice(2);
const reopens = behaviours.includes('reopen');
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

if (behaviours.includes('normal')) {
  const pragma = Sqlite.prototype.pragma;
  Sqlite.prototype.pragma = function (this: Sqlite.Database, source: string, options?: Sqlite.PragmaOptions) {
    if (source === 'synchronous') return 2;
    return pragma.call(this, source === 'synchronous = FULL' ? 'synchronous = NORMAL' : source, options);
  };
}

/** A fault may hit the opening, too: it has to be told clearly, and the next one to work. */
async function open(): Promise<SqliteEventLog> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openSqliteEventLog({ file, clock: systemClock });
    } catch (error) {
      say({ notOpened: error instanceof LogDamagedError, message: String(error) });
      if (attempt === 5 || !reopens) throw error;
    }
  }
}

let log = await open();
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
  for (let waiting = batch; waiting.length > 0;) {
    const answers = await Promise.allSettled(
      waiting.map(({ stream, events }) => log.append(stream, events, { expectedRevision: prefix === 'shared' ? revision : -1 })),
    );
    const again: typeof batch = [];
    answers.forEach((answer, i) => {
      const id = waiting[i]!.events[0]!.id;
      if (answer.status === 'rejected') {
        say({ stopped: answer.reason instanceof LogStoppedError, message: String(answer.reason), id });
        if (reopens) again.push(waiting[i]!);
        else done += 1;
      } else if (answer.value.ok) {
        say({ id, position: String(answer.value.position), repeated: answer.value.repeated });
        revision = answer.value.revision;
        done += 1;
        // A conflict on the shared stream is tried again with the next turn of the loop.
      } else revision = answer.value.actualRevision;
    });
    waiting = again;
    if (waiting.length > 0) {
      await log.close();
      log = await open();
    }
  }
}

if (behaviours.includes('killed')) process.kill(process.pid, 'SIGKILL');
await log.close();
say({ closed: true });
