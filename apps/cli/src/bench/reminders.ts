import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import type { JsonObject, NewEvent } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { addDays, atTime, ManualClock, startOfDay, systemIds, type Day } from '#kernel';
import type { Person } from '#people';
import { icalFeed } from '#reminders';
import { LOG_FILE } from '../../../api/src/data-files.ts';
import { openRuntime } from '../../../api/src/runtime.ts';
import { CATALOGUE } from '../../../api/src/understood-log.ts';
import { freshDemoFolder } from '../demo-folder.ts';
import { beside, send, startServer, type BenchServer } from './servers.ts';
import { median, ms, perSecond, row, timed, whole } from './table.ts';

const UNITS = 65;
const TODAY = '2026-11-23';
/** A commit of the log. */
const TOGETHER = 1_000;
/** Connections of the second line; a kill may double a mail of each. */
const LANES = 4;
const actor = { id: 'office', role: 'office' } as const;

/** A mail server in a thread of its own, so that only the sending is measured here; asked, it says how many mails came, and over how many milliseconds, and begins anew. */
const SINK = `
  const { parentPort } = require('node:worker_threads');
  let mails = 0, first = 0, last = 0;
  import('smtp-server').then(({ SMTPServer }) => {
    const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, onData(stream, session, callback) { stream.resume(); stream.on('end', () => { last = performance.now(); first = mails++ === 0 ? last : first; callback(); }); } });
    server.listen(0, '127.0.0.1', () => { parentPort.postMessage(server.server.address().port); });
    parentPort.on('message', () => { parentPort.postMessage({ mails, ms: last - first }); mails = 0; });
  });
`;

/** The morning of a province with so much open work: deciding it, and sending its mails to a mail server on this machine. */
export async function benchReminders(dir: string, tasks: number): Promise<void> {
  const folder = join(dir, 'reminders');
  await writeOpenWork(folder, tasks);
  const sink = new Worker(SINK, { eval: true });
  try {
    const port = await new Promise<number>((resolve) => sink.once('message', resolve));
    const smtp = { SMTP_URL: `smtp://127.0.0.1:${String(port)}`, SMTP_FROM: 'nhacviec@tinh.example' };
    await benchDeciding(folder, tasks);
    for (const [n, connections] of [1, LANES].entries()) {
      const server = await morningOf(folder, addDays(TODAY, n + 1), { ...smtp, SMTP_CONNECTIONS: String(connections) });
      await server.over().finally(() => server.stop());
      const { mails, perSec } = await taken(sink);
      row(`  mails of a morning by ${connections === 1 ? 'one connection' : `${whole(connections)} connections`}, each recorded before the next of its connection (${whole(mails)})`, perSecond(perSec), '200/s');
    }
    const events = Array.from({ length: 500 }, (_, n) => ({ taskId: `t${String(n)}`, code: `NV-2026-${String(n).padStart(4, '0')}`, title: 'Báo cáo kết quả thực hiện nhiệm vụ minh họa của đơn vị', unit: 'Đơn vị minh họa', dueOn: TODAY, dueTime: null, url: 'http://127.0.0.1/viec/t', sequence: n, overdue: false }));
    const feeds: number[] = [];
    for (let n = 0; n < 20; n++) feeds.push(await timed(async () => icalFeed('Nhắc Việc', startOfDay(TODAY), events)));
    row('  calendar of 500 tasks written', ms(median(feeds)), '50 ms');
    const server = await morningOf(folder, addDays(TODAY, 3), { ...smtp, SMTP_CONNECTIONS: String(LANES) });
    const { result, p99, grown } = await beside(server, () => server.over()).finally(() => server.stop());
    row(`  GET /tasks while a server decides and sends a morning (${whole(result)} messages), p99`, ms(p99), '100 ms');
    row('  memory it takes besides (MB)', whole(grown), '200');
  } finally {
    await sink.terminate();
  }
}

/** In this process, with nobody to send to: nothing else is at work. */
async function benchDeciding(folder: string, tasks: number): Promise<void> {
  const clock = new ManualClock(atTime(addDays(TODAY, -1), '08:00'));
  // Nobody listens there, and nothing is sent.
  const runtime = await openRuntime({ dataDir: folder, clock, simulated: true, reminders: { smtp: { url: 'smtp://127.0.0.1:9', from: 'nhacviec@tinh.example', connections: 1 } } });
  try {
    await (await runtime.people()).save(people());
    await runtime.reminders.tick();
    clock.set(atTime(TODAY, '07:00'));
    await runtime.projector.catchUp();
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 20);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const deciding = await timed(() => runtime.reminders.decideNow());
    delay.disable();
    // A server has a thread for this.
    const ledger = await timed(() => runtime.projector.catchUp());
    clearInterval(watch);
    const { messages = 0, items = 0 } = (await runtime.reminders.lastRun()) ?? {};
    row(`the morning of ${whole(tasks)} open tasks decided, recorded and in the ledger (${whole(messages)} messages, ${whole(items)} slots)`, `${((deciding + ledger) / 1000).toFixed(1)} s`, '5 s');
    row('  memory it takes besides (MB)', whole((most - before) / 1_048_576), '200');
    row('  longest time that nothing else had its turn', ms(delay.max / 1e6), '50 ms');
  } finally {
    await runtime.close();
  }
}

interface MorningServer extends BenchServer {
  /** Resolves with the messages of the morning once it is decided and nothing waits to be sent. */
  over(): Promise<number>;
}

/** A server from some seconds before the hour of a morning on. */
async function morningOf(folder: string, day: Day, env: Readonly<Record<string, string>>): Promise<MorningServer> {
  const server = await startServer(folder, `${day}T06:59:57+07:00`, env);
  const over = async (): Promise<number> => {
    for (;;) {
      const { lastRun, nextDelivery } = (await send(`${server.url}/api/v1/reminders/health`)) as { readonly lastRun: { readonly slot: Day; readonly messages: number }; readonly nextDelivery: string | null };
      if (lastRun.slot === day && nextDelivery === null) return lastRun.messages;
      await sleep(100);
    }
  };
  return { ...server, over };
}

/** What has arrived since it was asked last. */
async function taken(sink: Worker): Promise<{ readonly mails: number; readonly perSec: number }> {
  const answer = new Promise<{ mails: number; ms: number }>((resolve) => sink.once('message', resolve));
  sink.postMessage('');
  const { mails, ms: took } = await answer;
  return { mails, perSec: ((mails - 1) * 1000) / took };
}

/** Everybody has work of their own unit: a head, one who answers, and sixteen others who take turns by nothing but being there. */
function people(): readonly Person[] {
  return Array.from({ length: UNITS }, (_, unit) =>
    Array.from({ length: 18 }, (__, n): Person => {
      const id = systemIds.next();
      return { id, code: `${String(unit)}-${String(n)}`, name: `Người ${String(n)}`, unitId: `don-vi-${String(unit)}`, role: n === 0 ? 'head' : n === 1 ? 'responder' : 'specialist', email: `n${String(n)}@don-vi-${String(unit)}.example`, phone: null, channels: ['email'], quiet: null, dailyLimit: null, delegation: null, leftOn: null };
    }),
  ).flat();
}

/** Tasks that are all open, given over the last three months and due from a month ago to two months from now. */
async function writeOpenWork(folder: string, tasks: number): Promise<void> {
  const dir = await freshDemoFolder(folder);
  const clock = new ManualClock(0);
  const log = await openSqliteEventLog({ file: join(dir, LOG_FILE), clock });
  const calendar = loadDefaultCalendar();
  const deadlines = new Map<Day, JsonObject>();
  const due = (day: Day): JsonObject => {
    const kept = deadlines.get(day);
    if (kept) return kept;
    const reading = readDeadline({ date: day }, { documentDate: TODAY, receivedOn: TODAY, policy: 'none', calendar });
    if (!reading.ok) throw new Error(reading.detail);
    deadlines.set(day, reading.deadline as unknown as JsonObject);
    return reading.deadline as unknown as JsonObject;
  };
  try {
    for (let from = 0; from < tasks; from += TOGETHER) {
      await log.appendMany(
        Array.from({ length: Math.min(TOGETHER, tasks - from) }, (_, k) => {
          const n = from + k;
          const assignedOn = addDays(TODAY, -90 + Math.floor((n / tasks) * 80));
          clock.set(startOfDay(assignedOn) + 8 * 3_600_000);
          const data: JsonObject = { document: { number: `${String(n % 5_000)}/UBND`, date: assignedOn, issuer: 'UBND tỉnh', title: 'Văn bản minh họa' }, content: `Việc minh họa ${String(n)}`, authority: 'ubnd-tinh', leadUnitId: `don-vi-${String(n % UNITS)}`, coordinatingUnitIds: [], assignedOn, deadline: due(addDays(TODAY, -30 + ((n * 7) % 90))) };
          const event: NewEvent = { id: systemIds.next(), type: 'TaskAssigned', schema: CATALOGUE.schemaOf('TaskAssigned'), data, occurredAt: startOfDay(assignedOn), metadata: { actor } };
          return { stream: `task-${systemIds.next()}`, expectedRevision: -1, events: [event] };
        }),
      );
    }
  } finally {
    await log.close();
  }
}
