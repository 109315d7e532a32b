import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be lost. */
export interface TcpProxy {
  readonly port: number;
  /** What the server answers does not arrive any more; what is sent to it does. Ends with `cut`. */
  holdAnswers(): void;
  /** Ends every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/** `gatherMs`: answers come in one piece with whatever else the server has sent within this time. */
export async function startTcpProxy(to: { readonly host: string; readonly port: number }, { gatherMs }: { readonly gatherMs?: number } = {}): Promise<TcpProxy> {
  const pairs = new Set<readonly [client: Socket, server: Socket]>();
  const listening = createServer((client) => {
    const server = connect(to.port, to.host);
    const pair = [client, server] as const;
    pairs.add(pair);
    client.pipe(server);
    if (gatherMs === undefined) server.pipe(client);
    else inPieces(server, client, gatherMs);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const one of pair) one.destroy();
      });
    }
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const cut = (): void => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
  };
  return {
    port: (listening.address() as AddressInfo).port,
    cut,
    holdAnswers: () => {
      for (const [client, server] of pairs) {
        server.unpipe(client);
        server.resume();
      }
    },
    close: async () => {
      listening.close();
      cut();
      await once(listening, 'close');
    },
  };
}

function inPieces(from: Socket, to: Socket, ms: number): void {
  let held: Buffer[] = [];
  from.on('data', (chunk: Buffer) => {
    if (held.length === 0)
      setTimeout(() => {
        to.write(Buffer.concat(held));
        held = [];
      }, ms);
    held.push(chunk);
  });
}
