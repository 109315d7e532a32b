import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { startStandIn } from './server.ts';

/** A MongoDB server to test against, with how far it can be trusted. */
export interface TestServer {
  readonly kind: 'mongodb' | 'ferretdb' | 'stand-in';
  readonly name: string;
  readonly url: string;
  stop(): Promise<void>;
}

export interface TestServers {
  readonly servers: readonly TestServer[];
  /** Those that were not there, each with why. */
  readonly absent: readonly string[];
  stop(): Promise<void>;
}

const FERRETDB = 'github.com/FerretDB/FerretDB/cmd/ferretdb@v1.24.0';
/** A build from nothing downloads and compiles some hundred packages. */
const BUILD_MS = 8 * 60_000;

/**
 * The servers of this machine, the most trusted first: a real one at `MONGODB_URL`; FerretDB 1.24 on SQLite where `go` is found and its
 * module proxy answers; the stand-in of test/stand-ins/mongodb. Prints what it uses. @throws Error when there is none.
 */
export async function startServers(): Promise<TestServers> {
  const servers: TestServer[] = [];
  const absent: string[] = [];
  const url = process.env['MONGODB_URL'];
  if (url) servers.push({ kind: 'mongodb', name: 'MongoDB at MONGODB_URL', url, stop: async () => undefined });
  else absent.push('MongoDB: MONGODB_URL is not set');
  try {
    const ferret = await startFerret();
    if (typeof ferret === 'string') absent.push(`FerretDB 1.24: ${ferret}`);
    else servers.push(ferret);
  } catch (error) {
    absent.push(`FerretDB 1.24: ${error instanceof Error ? error.message : String(error)}`);
  }
  const standIn = await startStandIn();
  servers.push({ kind: 'stand-in', name: 'MongoDB (wire stand-in)', url: standIn.url, stop: () => standIn.close() });
  process.stderr.write(`MongoDB servers used: ${servers.map(({ name }) => name).join(', ')}. Not used: ${absent.join('; ') || 'none'}.\n`);
  return {
    servers,
    absent,
    stop: async () => {
      for (const server of servers) await server.stop();
    },
  };
}

/** Built once into the cache of node_modules; answers why not, where it cannot be. */
async function startFerret(): Promise<TestServer | string> {
  if (spawnSync('go', ['version'], { timeout: 10_000 }).status !== 0) return 'no `go` was found';
  const cache = resolve('node_modules/.cache/ferretdb');
  const program = join(cache, 'ferretdb');
  if (!existsSync(program)) {
    const proxy = spawnSync('go', ['list', '-m', 'github.com/FerretDB/FerretDB@v1.24.0'], { timeout: 20_000, encoding: 'utf8' });
    if (proxy.status !== 0) return `its module was not found (${lastLine(proxy.stderr)})`;
    mkdirSync(cache, { recursive: true });
    const built = spawnSync('go', ['install', FERRETDB], { env: { ...process.env, GOBIN: cache }, timeout: BUILD_MS, encoding: 'utf8' });
    if (built.status !== 0) return `it was not built (${lastLine(built.stderr)})`;
  }
  const folder = mkdtempSync(join(cache, 'data-'));
  const port = await freePort();
  const child = spawn(program, [`--listen-addr=127.0.0.1:${port}`, '--handler=sqlite', `--sqlite-url=file:${folder}/`, `--state-dir=${folder}`, '--telemetry=disable', '--debug-addr=-', '--log-level=error'], { stdio: 'ignore' });
  let failed = false;
  child.once('error', () => (failed = true));
  const ended = (): boolean => failed || child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (!ended()) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let n = 0; n < 100 && !ended(); n++) {
    if (await listens(port)) return { kind: 'ferretdb', name: 'FerretDB 1.24 on SQLite', url: `mongodb://127.0.0.1:${port}/`, stop };
    await after(100);
  }
  const gone = ended();
  await stop();
  return gone ? 'it ended by itself' : 'it did not begin to listen within 10 s';
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => { socket.destroy(); done(true); });
    socket.once('error', () => done(false));
  });
