/**
 * The load client, a process of its own so that the server has a core to itself: assigns distinct tasks over keep-alive connections, each
 * sending its next request when the answer to the last one is whole. Arguments: url, unit id, connections, requests to warm up, requests
 * to measure, and how many to send a second (0: as many as go). With a pace, a latency counts from when its request was due, so that a slow
 * server is not spared the requests it held up. Prints one JSON line (LoadResult) on stdout; any answer but 201 is an error and ends it.
 */
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { addDays, dayOf } from '#kernel';

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const [url = '', unitId = '', ...numbers] = process.argv.slice(2);
const [connections = 0, warmUp = 0, measured = 0, pace = 0] = numbers.map(Number);
const { hostname, port } = new URL(url);
const day = dayOf(Date.now());
const due = addDays(day, 30);
const latencies = new Float64Array(measured);
let next = -warmUp;
let done = 0;
let startedAt = 0;

function requestOf(n: number): string {
  const body = JSON.stringify({
    // Of no other round: tasks typed a second time are looked at more closely, and that is not what is measured.
    document: { number: `${String(n + warmUp + 1)}/UBND-${String(process.pid)}`, date: day, issuer: 'UBND tỉnh', title: 'Về việc báo cáo kết quả thực hiện nhiệm vụ được giao' },
    content: `Báo cáo kết quả thực hiện nhiệm vụ số ${String(n + warmUp + 1)}`,
    authority: 'ubnd-tinh', leadUnitId: unitId, assignedOn: day, deadline: { date: due },
  });
  return `POST /api/v1/tasks HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
}

function oneConnection(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(+port, hostname);
    socket.setNoDelay(true);
    let received = '';
    let n = 0;
    let sentAt = 0;
    const send = (): void => {
      if (next >= measured) {
        socket.end();
        resolve();
        return;
      }
      n = next++;
      if (n === 0) startedAt = performance.now();
      const dueAt = pace > 0 && n >= 0 ? startedAt + (n * 1000) / pace : 0;
      const wait = dueAt - performance.now();
      if (wait > 0) setTimeout(write, wait, dueAt);
      else write(dueAt > 0 ? dueAt : performance.now());
    };
    const write = (from: number): void => {
      sentAt = from;
      socket.write(requestOf(n));
    };
    socket.once('connect', send);
    socket.once('error', reject);
    socket.once('close', () => { reject(new Error(`the server closed the connection after ${received}`)); });
    // Latin-1 keeps one character a byte, which is all that counting needs.
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      received += chunk;
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head));
      if (length?.[1] === undefined) {
        reject(new Error(`an answer without Content-Length: ${received.slice(0, 300)}`));
        return;
      }
      if (received.length < head + 4 + +length[1]) return;
      if (!received.startsWith('HTTP/1.1 201 ')) {
        reject(new Error(`not 201: ${received.slice(0, 500)}`));
        return;
      }
      received = '';
      if (n >= 0) {
        latencies[n] = performance.now() - sentAt;
        done++;
      }
      send();
    });
  });
}

await Promise.all(Array.from({ length: connections }, oneConnection));
const seconds = (performance.now() - startedAt) / 1000;
const sorted = latencies.subarray(0, done).sort();
const at = (p: number): number => sorted[Math.min(done - 1, Math.floor(done * p))] ?? NaN;
process.stdout.write(`${JSON.stringify({ perSecond: done / seconds, p50: at(0.5), p99: at(0.99), max: at(1) } satisfies LoadResult)}\n`);
process.exit(0);
