import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly messageId: string;
  readonly to: readonly string[];
  readonly raw: string;
}

/** What the sink does to a mail: take it, say so much, be silent, or take it and break off before it says so. */
export type SinkAnswer = 'take' | 'cut-after-data' | 'silent' | number;

/** A real SMTP server on this machine that keeps what it is given. */
export class SmtpSink {
  readonly received: Received[] = [];
  /** Asked at every mail after its data; `nth` counts from 1. */
  answer: (nth: number, to: string) => SinkAnswer = () => 'take';
  /** Asked at every recipient: a code refuses. */
  recipient: (to: string) => number | undefined = () => undefined;
  /** Until a mail is answered, in milliseconds. */
  slowMs = 0;
  private readonly server: SMTPServer;
  private port = 0;
  private readonly sockets = new Set<Socket>();

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 100,
      onRcptTo: ({ address }, _session, callback) => {
        const code = this.recipient(address);
        callback(code === undefined ? undefined : Object.assign(new Error('no such mailbox'), { responseCode: code }));
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          const to = session.envelope.rcptTo.map(({ address }) => address);
          this.seen += 1;
          const say = this.answer(this.seen, to[0] ?? '');
          if (say === 'take' || say === 'cut-after-data') this.received.push({ messageId: /^Message-ID:\s*(\S+)/im.exec(raw)?.[1] ?? '', to, raw });
          if (say === 'cut-after-data') for (const socket of this.sockets) socket.destroy();
          else if (typeof say === 'number') callback(Object.assign(new Error('not now'), { responseCode: say }));
          else if (say === 'take') setTimeout(() => { callback(); }, this.slowMs);
        });
      },
    });
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  private seen = 0;

  static async start(): Promise<SmtpSink> {
    const sink = new SmtpSink();
    await sink.listen();
    return sink;
  }

  private async listen(): Promise<void> {
    await new Promise<void>((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); });
    this.port = (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  /** How often each Message-ID came. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { messageId } of this.received) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
    return counts;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => { this.server.close(resolve); });
  }
}
