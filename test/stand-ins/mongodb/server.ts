import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { Binary, type Document } from 'bson';
import { Store, WIRE_VERSION, WRITES } from './commands.ts';
import { CommandError, plain } from './values.ts';
import { answer, Messages, type Request } from './wire.ts';

export type FaultKind =
  /** The socket ends before the command has done anything. */
  | 'cut-before'
  /** The command does its work, then the socket ends without an answer. */
  | 'cut-after'
  /** Refused: another member is the primary now. */
  | 'not-primary'
  /** Done here, but not acknowledged by the majority. */
  | 'write-concern'
  /** Answered after `ms`. */
  | 'slow'
  /** Done twice, as when a message is sent again and the server does not know it; the first answer is given. */
  | 'duplicate'
  /** Never answered; the socket stays open. */
  | 'silent';

export interface Fault {
  readonly kind: FaultKind;
  /** Names of commands; every writing one when left out. */
  readonly commands?: readonly string[];
  /** Only commands on this collection. */
  readonly collection?: string;
  /** How many commands it hits, 1 when left out. A retry by the driver is a command, too. */
  readonly times?: number;
  /** How many fitting commands pass before. */
  readonly after?: number;
  readonly ms?: number;
}

interface Armed {
  readonly fault: Fault;
  passes: number;
  hits: number;
}

/** Codes on which a driver may send a write again, as a server of 4.4 and later labels them. */
const RETRYABLE = new Set([10107, 11600, 91, 189]);

export interface StandIn {
  /** Connection string: a replica set of one. */
  readonly url: string;
  /** What came over the wire, newest last: name of the command and its collection. */
  readonly seen: readonly { readonly command: string; readonly collection: string }[];
  misbehave(fault: Fault): void;
  behave(): void;
  /** Ends all connections and takes no more, until `up`; what is stored stays. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** What a collection holds, as it is stored: for looking past the driver. */
  documents(db: string, collection: string): readonly Document[];
  close(): Promise<void>;
}

/**
 * A MongoDB server to test against where there is none: the wire protocol over a loopback socket, documents in memory. It answers as a
 * replica set of one, so that drivers send sessions and retryable writes; a write sent again with the same session and number is answered
 * as the first time, as servers do. It has no multi-document transactions and no authentication, and refuses what it does not have.
 */
export async function startStandIn(): Promise<StandIn> {
  const store = new Store();
  const sockets = new Set<Socket>();
  const seen: { command: string; collection: string }[] = [];
  let armed: Armed[] = [];
  /** Last numbered write of every session, with its answer. */
  const numbered = new Map<string, { readonly number: unknown; readonly reply: Document }>();
  let server: Server | undefined;
  let port = 0;
  let connections = 0;

  const hello = (): Document => {
    const me = `127.0.0.1:${port}`;
    return {
      helloOk: true, isWritablePrimary: true, ismaster: true, secondary: false, setName: 'standin', setVersion: 1, hosts: [me], primary: me, me,
      maxBsonObjectSize: 16 * 1024 * 1024, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000, localTime: new Date(), logicalSessionTimeoutMinutes: 30,
      connectionId: ++connections, minWireVersion: 0, maxWireVersion: WIRE_VERSION, readOnly: false, ok: 1,
    };
  };

  const execute = (command: Document): Document => {
    try {
      return store.run(command);
    } catch (error) {
      if (!(error instanceof CommandError)) return { ok: 0, errmsg: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 8, codeName: 'UnknownError' };
      return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.more };
    }
  };

  /** Once for every number of a session. */
  const once = (name: string, command: Document): Document => {
    const session = command['lsid'] as { id?: Binary } | undefined;
    const number: unknown = command['txnNumber'] === undefined ? undefined : plain(command['txnNumber']);
    if (!WRITES.has(name) || number === undefined || !(session?.id instanceof Binary)) return execute(command);
    const key = session.id.toString('hex');
    const last = numbered.get(key);
    if (last?.number === number) return last.reply;
    const reply = execute(command);
    if (reply['ok'] === 1) numbered.set(key, { number, reply });
    return reply;
  };

  const faultFor = (name: string, collection: string): Fault | undefined => {
    for (const one of armed) {
      const { commands, collection: only, times = 1, after: passes = 0 } = one.fault;
      if (commands ? !commands.includes(name) : !WRITES.has(name)) continue;
      if (only !== undefined && only !== collection) continue;
      if (one.passes < passes) {
        one.passes++;
        continue;
      }
      if (one.hits >= times) continue;
      one.hits++;
      return one.fault;
    }
    return undefined;
  };

  const labelled = (reply: Document, command: Document): Document => {
    const concern = reply['writeConcernError'] as Document | undefined;
    const retryable = command['txnNumber'] !== undefined && (RETRYABLE.has(reply['code'] as number) || RETRYABLE.has(concern?.['code'] as number));
    return retryable ? { ...reply, errorLabels: ['RetryableWriteError'] } : reply;
  };

  const serve = async (socket: Socket, request: Request): Promise<void> => {
    const { command } = request;
    const name = Object.keys(command)[0]!;
    const send = (reply: Document): void => {
      if (!request.unanswered && !socket.destroyed) socket.write(answer(request, labelled(reply, command)));
    };
    if (name === 'hello' || name.toLowerCase() === 'ismaster') {
      send(hello());
      return;
    }
    const collection = typeof command[name] === 'string' ? command[name] : String(command['collection'] ?? '');
    seen.push({ command: name, collection });
    const fault = faultFor(name, collection);
    switch (fault?.kind) {
      case 'cut-before':
        socket.destroy();
        break;
      case 'cut-after':
        once(name, command);
        socket.destroy();
        break;
      case 'not-primary':
        send({ ok: 0, errmsg: 'not primary', code: 10107, codeName: 'NotWritablePrimary' });
        break;
      case 'write-concern':
        send({ ...once(name, command), writeConcernError: { code: 64, codeName: 'WriteConcernFailed', errmsg: 'waiting for replication timed out', errInfo: { wtimeout: true } } });
        break;
      case 'slow':
        await after(fault.ms ?? 100);
        send(once(name, command));
        break;
      case 'duplicate': {
        const first = execute(command);
        execute(command);
        send(first);
        break;
      }
      case 'silent':
        break;
      case undefined:
        send(once(name, command));
    }
  };

  const connected = (socket: Socket): void => {
    // Accepted by the system before `down`, told of after it: it would hold the closing up.
    if (!server) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.setNoDelay(true);
    const messages = new Messages();
    let turn = Promise.resolve();
    socket.on('data', (chunk) => {
      try {
        for (const request of messages.take(chunk)) turn = turn.then(() => serve(socket, request));
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };

  const up = async (): Promise<void> => {
    if (server) return;
    const opened = createServer(connected);
    server = opened;
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject);
      opened.listen(port, '127.0.0.1', resolve);
    });
    port = (opened.address() as AddressInfo).port;
  };
  const down = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing) await new Promise((resolve) => closing.close(resolve));
  };

  await up();
  return {
    url: `mongodb://127.0.0.1:${port}/?replicaSet=standin`,
    seen,
    misbehave: (fault) => void armed.push({ fault, passes: 0, hits: 0 }),
    behave: () => void (armed = []),
    down,
    up,
    documents: (db, collection) => store.peek(`${db}.${collection}`),
    close: down,
  };
}
