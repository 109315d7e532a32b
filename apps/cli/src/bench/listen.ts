/**
 * Listeners of the event stream, all in a process of their own, which also gives the commands they hear of. Arguments: url, unit id, number of
 * clients, events a second, events to measure. A latency counts from when the command was due to when a client had the event whole. Prints one
 * JSON line (ListenResult) once every client has heard everything, in order and once, and stays connected until it is killed.
 */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, dayOf } from '#kernel';

export interface ListenResult {
  readonly delivered: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const WARM_UP = 20;
const AT_ONCE = 100;

const [url = '', unitId = '', ...numbers] = process.argv.slice(2);
const [clients = 0, perSecond = 0, measured = 0] = numbers.map(Number);
const { hostname, port } = new URL(url);
const day = dayOf(Date.now());
const total = WARM_UP + measured;
/** When which event came to a client: position of the event, and the time. */
const heard: Float64Array[] = [];
let first = 0;

function fail(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

function listen(): Promise<void> {
  return new Promise((resolve, reject) => {
    const times = new Float64Array(total);
    heard.push(times);
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\n\r\n`);
    });
    let rest = '';
    let next = 0;
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('close', () => fail(`a connection was closed after ${String(next)} events`));
    socket.on('data', (chunk: string) => {
      const now = performance.now();
      rest += chunk;
      if (first === 0) {
        if (!rest.includes('\n\n')) return;
        if (!rest.startsWith('HTTP/1.1 200 ')) fail(`not 200: ${rest.slice(0, 500)}`);
        rest = '';
        resolve();
        return;
      }
      const end = rest.lastIndexOf('\n\n');
      if (end < 0) return;
      for (const match of rest.slice(0, end).matchAll(/id: (\d+)\nevent: task/g)) {
        if (Number(match[1]) !== first + next) fail(`event ${String(match[1])}, expected ${String(first + next)}`);
        times[next++] = now;
      }
      rest = rest.slice(end);
    });
  });
}

async function assign(n: number): Promise<number> {
  const response = await fetch(`${url}/api/v1/tasks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      document: { number: `${String(n)}/UBND-${String(process.pid)}`, date: day, issuer: 'UBND tỉnh', title: 'Về việc đo luồng sự kiện' },
      content: `Việc số ${String(n)}`,
      authority: 'ubnd-tinh',
      leadUnitId: unitId,
      assignedOn: day,
      deadline: { date: addDays(day, 30) },
    }),
  });
  if (response.status !== 201) fail(`not 201: ${await response.text()}`);
  return Number(((await response.json()) as { position: string }).position);
}

for (let done = 0; done < clients; done += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, clients - done) }, listen));
const { position } = (await (await fetch(`${url}/api/v1/system`)).json()) as { position: string };
first = Number(position) + 1;
const due = new Float64Array(total);
const given: Promise<unknown>[] = [];
const startedAt = performance.now();
for (let n = 0; n < total; n++) {
  const at = startedAt + (n * 1000) / perSecond;
  await sleep(at - performance.now());
  // By its position, for two commands under way may be written in either order.
  given.push(
    assign(n).then((position) => {
      due[position - first] = at;
    }),
  );
}
await Promise.all(given);
const patience = performance.now() + 20_000;
while (heard.some((times) => times[total - 1] === 0)) {
  if (performance.now() > patience)
    fail(`${String(heard.filter((times) => times[total - 1] === 0).length)} of ${String(clients)} clients did not hear everything`);
  await sleep(20);
}
const latencies = Float64Array.from(
  heard.flatMap((times) => [...times.subarray(WARM_UP)].map((time, n) => time - due[WARM_UP + n]!)),
).sort();
const at = (p: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * p))] ?? NaN;
process.stdout.write(
  `${JSON.stringify({ delivered: latencies.length, p50: at(0.5), p99: at(0.99), max: at(1) } satisfies ListenResult)}\n`,
);
