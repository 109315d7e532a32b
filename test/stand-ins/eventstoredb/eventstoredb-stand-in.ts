import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, Server, ServerCredentials, status, type sendUnaryData, type ServerDuplexStream, type ServerReadableStream, type ServerWritableStream } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import { MAX_APPEND_BYTES, RecordStore, type Expected, type Outcome, type ProposedEvent, type StoredRecord } from './record-store.ts';

type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;
type Failure = Error & { code: status; details: string; metadata: Metadata };

/** What goes wrong, until it is set back. */
export interface Faults {
  /** Refuses what asks for the leader, and says who that is. */
  leader?: { readonly host: string; readonly port: number } | undefined;
  /** Refuses every call. */
  unavailable?: boolean;
  /** This many appends are written and then answered with a timeout. */
  timeoutsAfterWriting?: number;
  /** This many appends are written, and the connection is cut instead of an answer. */
  cutsAfterWriting?: number;
  /** The connection is cut when a read has given this many events: once for each number in the list. */
  cutReads?: number[];
  /** Waits this long before every answer. */
  slowMs?: number;
  /** Gives every event twice. */
  duplicates?: boolean;
  /** Answers every append twice. */
  answersTwice?: boolean;
  /** Every second event of a subscription comes before the one that stands before it in the log. */
  disorder?: boolean;
  /** The same in reads of $all. */
  disorderlyReads?: boolean;
  /** A subscription gets a checkpoint at the place of every event, just before the event. */
  earlyCheckpoints?: boolean;
  /** Ends a subscription as too slow after this many events. */
  dropAfter?: number | undefined;
}

/**
 * A server that speaks the gRPC protocol of EventStoreDB, from the definitions the client ships, over memory: appends (batch and unary),
 * reads of streams and of $all, filtered subscriptions, server features, gossip. What it does was seen on servers 23.10 and 24.2; it counts type and metadata
 * towards the largest append, as is documented, where 23.10.6 counts the data only.
 */
export class EventStoreDbStandIn {
  readonly faults: Faults = {};
  /** How often each method was called, and how many records reads gave. */
  readonly calls = { read: 0, subscribe: 0, append: 0, recordsRead: 0 };
  /** How often an event was given before the one that stands before it. */
  overtaken = 0;
  private store = new RecordStore();
  private readonly sockets = new Set<Socket>();
  private readonly subscriptions = new Set<{ silent: boolean; wake: () => void }>();
  private readonly grpc = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  private tcp: TcpServer | undefined;
  port = 0;

  static async start(): Promise<EventStoreDbStandIn> {
    const standIn = new EventStoreDbStandIn();
    standIn.addServices();
    await standIn.listen();
    return standIn;
  }

  get url(): string {
    return `esdb://127.0.0.1:${String(this.port)}?tls=false`;
  }

  /** Listens again, on the same port, after `refuse`. */
  async listen(): Promise<void> {
    const injector = this.grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.tcp = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      injector.injectConnection(socket);
    });
    this.tcp.listen(this.port, '127.0.0.1');
    await once(this.tcp, 'listening');
    this.port = (this.tcp.address() as AddressInfo).port;
  }

  /** As a server that is down: cuts everybody and takes no connection. What was written stays. */
  async refuse(): Promise<void> {
    const closed = this.tcp && once(this.tcp, 'close');
    this.tcp?.close();
    this.cut();
    await closed;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Subscriptions now open deliver nothing any more and do not end. */
  silence(): void {
    for (const subscription of this.subscriptions) subscription.silent = true;
  }

  /** Forgets all records and faults. */
  reset(): void {
    this.store = new RecordStore();
    for (const fault of Object.keys(this.faults)) Reflect.deleteProperty(this.faults, fault);
    Object.assign(this.calls, { read: 0, subscribe: 0, append: 0, recordsRead: 0 });
  }

  /** All records, in order, system events included. */
  get records(): readonly StoredRecord[] {
    return this.store.records;
  }

  async stop(): Promise<void> {
    await this.refuse();
    this.grpc.forceShutdown();
  }

  private addServices(): void {
    this.grpc.addService(streamsGrpc.StreamsService, {
      read: (call: ReadCall) => void this.read(call),
      append: (call: ServerReadableStream<streams.AppendReq, streams.AppendResp>, answer: sendUnaryData<streams.AppendResp>) => {
        this.append(call, answer);
      },
      batchAppend: (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
        this.batchAppend(call);
      },
    });
    this.grpc.addService(featuresGrpc.ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, answer: sendUnaryData<features.SupportedMethods>) => {
        if (this.faults.unavailable) return answer(failure(status.UNAVAILABLE, 'Server is unavailable'));
        const methods = new features.SupportedMethods().setEventStoreServerVersion('23.10.8');
        for (const [service, name] of [['event_store.client.streams.Streams', 'batchappend'], ['event_store.client.streams.Streams', 'append'], ['event_store.client.streams.Streams', 'read']] as const)
          methods.addMethods(new features.SupportedMethod().setServiceName(service).setMethodName(name));
        answer(null, methods);
      },
    });
    this.grpc.addService(gossipGrpc.GossipService, {
      read: (_call: unknown, answer: sendUnaryData<gossip.ClusterInfo>) => {
        const { host, port } = this.faults.leader ?? { host: '127.0.0.1', port: this.port };
        const member = new gossip.MemberInfo()
          .setInstanceId(new shared.UUID().setString('11111111-1111-4111-8111-111111111111'))
          .setIsAlive(true)
          .setState(gossip.MemberInfo.VNodeState.LEADER)
          .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
        const info = new gossip.ClusterInfo();
        info.addMembers(member);
        answer(null, info);
      },
    });
  }

  private refusal(metadata: Metadata): Failure | undefined {
    if (this.faults.unavailable) return failure(status.UNAVAILABLE, 'Server is unavailable');
    const { leader } = this.faults;
    if (!leader || metadata.get('requires-leader')[0] !== 'true') return undefined;
    return failure(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', 'leader-endpoint-host': leader.host, 'leader-endpoint-port': String(leader.port) });
  }

  private batchAppend(call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void {
    const refusal = this.refusal(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    const open = new Map<string, { options: streams.BatchAppendReq.Options; events: ProposedEvent[] }>();
    call.on('data', (request: streams.BatchAppendReq) => {
      const correlation = request.getCorrelationId()!.getString();
      const options = request.getOptions();
      const pending = open.get(correlation) ?? { options: options!, events: [] };
      open.set(correlation, pending);
      for (const message of request.getProposedMessagesList()) pending.events.push(proposed(message));
      if (!request.getIsFinal()) return;
      open.delete(correlation);
      if (this.faults.unavailable) return void call.emit('error', failure(status.UNAVAILABLE, 'Server is unavailable'));
      const identifier = pending.options.getStreamIdentifier()!;
      const outcome = this.write(nameOf(identifier), expectedOf(pending.options), pending.events);
      if (outcome === 'cut') return;
      const answer = new streams.BatchAppendResp().setCorrelationId(new shared.UUID().setString(correlation)).setStreamIdentifier(identifier);
      if (outcome === 'timeout') answer.setError(errorStatus('Timeout', new shared.Timeout().serializeBinary()));
      else if (outcome.kind === 'too-big') answer.setError(errorStatus('MaximumAppendSizeExceeded', new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES).serializeBinary()));
      else if (outcome.kind === 'wrong-version') answer.setError(errorStatus('WrongExpectedVersion', wrongVersion(outcome.current, pending.options).serializeBinary()));
      else answer.setSuccess(new streams.BatchAppendResp.Success().setCurrentRevision(String(outcome.revision)).setPosition(placeOf(outcome.position)));
      void this.pause().then(() => {
        for (let times = this.faults.answersTwice ? 2 : 1; times > 0; times--) call.write(answer);
      });
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  }

  private append(call: ServerReadableStream<streams.AppendReq, streams.AppendResp>, answer: sendUnaryData<streams.AppendResp>): void {
    const refusal = this.refusal(call.metadata);
    if (refusal) return answer(refusal);
    let options: streams.AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) events.push(proposed(message));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      const given = options!;
      const expected: Expected = given.hasRevision() ? Number(given.getRevision()) : given.hasNoStream() ? 'no-stream' : given.hasStreamExists() ? 'stream-exists' : 'any';
      const outcome = this.write(nameOf(given.getStreamIdentifier()!), expected, events);
      if (outcome === 'cut') return;
      if (outcome === 'timeout') return answer(failure(status.ABORTED, 'Operation timed out'));
      if (outcome.kind === 'too-big') return answer(failure(status.INVALID_ARGUMENT, 'Maximum Append Size Exceeded', { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(MAX_APPEND_BYTES) }));
      const response = new streams.AppendResp();
      if (outcome.kind === 'wrong-version') {
        const wrong = new streams.AppendResp.WrongExpectedVersion();
        if (outcome.current === undefined) wrong.setCurrentNoStream(new shared.Empty());
        else wrong.setCurrentRevision(String(outcome.current));
        if (typeof expected === 'number') wrong.setExpectedRevision(String(expected));
        else wrong.setExpectedNoStream(new shared.Empty());
        response.setWrongExpectedVersion(wrong);
      } else {
        const place = new streams.AppendResp.Position().setCommitPosition(String(outcome.position)).setPreparePosition(String(outcome.position));
        response.setSuccess(new streams.AppendResp.Success().setCurrentRevision(String(outcome.revision)).setPosition(place));
      }
      void this.pause().then(() => {
        answer(null, response);
      });
    });
  }

  private write(stream: string, expected: Expected, events: readonly ProposedEvent[]): Outcome | 'timeout' | 'cut' {
    this.calls.append += 1;
    const outcome = this.store.append(stream, expected, events);
    if (outcome.kind === 'written') for (const { wake } of this.subscriptions) wake();
    if (this.faults.timeoutsAfterWriting) {
      this.faults.timeoutsAfterWriting -= 1;
      return 'timeout';
    }
    if (this.faults.cutsAfterWriting) {
      this.faults.cutsAfterWriting -= 1;
      this.cut();
      return 'cut';
    }
    return outcome;
  }

  private async read(call: ReadCall): Promise<void> {
    call.on('error', () => undefined);
    const refusal = this.refusal(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    const options = call.request.getOptions()!;
    this.calls[options.hasSubscription() ? 'subscribe' : 'read'] += 1;
    await this.pause();
    if (options.hasSubscription()) return this.subscribe(call, options);
    const count = Number(options.getCount());
    if (count < 1) return void call.emit('error', failure(status.INVALID_ARGUMENT, 'count must be positive'));
    const found = options.hasStream() ? this.ofStream(options, count) : this.ofAll(options, count);
    if (found === 'inside-a-record') return void call.emit('error', failure(status.UNKNOWN, 'Unexpected ReadAllResult: Error'));
    if (found === 'no-stream') {
      const missing = new streams.ReadResp.StreamNotFound().setStreamIdentifier(options.getStream()!.getStreamIdentifier());
      call.write(new streams.ReadResp().setStreamNotFound(missing));
    } else {
      this.calls.recordsRead += found.length;
      const cutAfter = this.faults.cutReads?.shift();
      for (const [n, record] of (this.faults.disorderlyReads && options.hasAll() ? inPairsTurned(found) : found).entries()) {
        if (n === cutAfter) { this.cut(); return; }
        if (!(await this.give(call, record))) return;
      }
      if (cutAfter !== undefined) { this.cut(); return; }
    }
    call.end();
  }

  private ofStream(options: streams.ReadReq.Options, count: number): readonly StoredRecord[] | 'no-stream' {
    const given = options.getStream()!;
    const stored = this.store.stream(nameOf(given.getStreamIdentifier()!));
    if (stored.length === 0) return 'no-stream';
    const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;
    const from = given.hasStart() ? 0 : given.hasEnd() ? stored.length - 1 : Number(given.getRevision());
    return (forwards ? stored.slice(from) : stored.slice(0, from + 1).reverse()).slice(0, count);
  }

  /** Forwards the given place is included, backwards it is not; after the last record there is nothing forwards, and backwards an error. */
  private ofAll(options: streams.ReadReq.Options, count: number): readonly StoredRecord[] | 'inside-a-record' {
    const given = options.getAll()!;
    const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;
    const from = this.placeOf(given, this.store.records.length, forwards);
    if (from < 0) return 'inside-a-record';
    return forwards ? this.store.records.slice(from, from + count) : this.store.records.slice(Math.max(from - count, 0), from).reverse();
  }

  private placeOf(given: streams.ReadReq.Options.AllOptions, end: number, forwards: boolean): number {
    if (given.hasStart()) return 0;
    if (given.hasEnd()) return end;
    const position = Number(given.getPosition()!.getCommitPosition());
    const last = this.store.records.at(-1);
    return forwards && last && position > last.position ? end : this.store.indexOf(position);
  }

  private async subscribe(call: ReadCall, options: streams.ReadReq.Options): Promise<void> {
    const { store } = this;
    const filter = options.getFilter();
    const matches = matcher(filter);
    const checkpointEvery = (filter?.getCheckpointintervalmultiplier() ?? 1) * (filter?.hasMax() ? filter.getMax() : 32);
    const given = options.getAll()!;
    let at = this.placeOf(given, store.records.length, true);
    if (at < 0) return void call.emit('error', failure(status.UNKNOWN, 'Exception was thrown by handler.'));
    if (given.hasPosition()) at += 1;
    const subscription = { silent: false, wake: (): void => undefined };
    this.subscriptions.add(subscription);
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
      this.subscriptions.delete(subscription);
      subscription.wake();
    };
    call.on('cancelled', leave);
    call.on('close', leave);
    call.write(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('stand-in')));
    let delivered = 0;
    let scanned = 0;
    const early = new Set<number>();
    let caughtUp = false;
    while (!gone.signal.aborted && !call.cancelled) {
      const record = subscription.silent ? undefined : store.records[at];
      if (!record) {
        if (!caughtUp && !subscription.silent) call.write(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
        caughtUp = true;
        await new Promise<void>((resolve) => {
          subscription.wake = resolve;
        });
        continue;
      }
      at += 1;
      scanned += 1;
      if (matches(record)) {
        if (delivered === this.faults.dropAfter) {
          leave();
          return void call.emit('error', failure(status.ABORTED, 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.'));
        }
        delivered += 1;
        if (filter && this.faults.earlyCheckpoints) call.write(checkpointAt(record.position, true));
        if (this.faults.disorder) await sleep(3);
        const overtakes = this.faults.disorder && !early.has(record.position) ? store.records.slice(at).find(matches) : undefined;
        if (overtakes) {
          early.add(overtakes.position);
          this.overtaken += 1;
          if (!(await this.give(call, overtakes))) { leave(); return; }
        }
        if (!early.has(record.position) && !(await this.give(call, record))) { leave(); return; }
      }
      if (filter && scanned % checkpointEvery === 0) {
        call.write(checkpointAt(record.position, matches(record)));
      }
    }
  }

  /** False when the reader has gone. */
  private async give(call: ReadCall, record: StoredRecord): Promise<boolean> {
    for (let times = this.faults.duplicates ? 2 : 1; times > 0; times--) {
      if (call.cancelled || call.destroyed) return false;
      if (!call.write(responseOf(record))) await roomIn(call);
    }
    return true;
  }

  private async pause(): Promise<void> {
    if (this.faults.slowMs) await sleep(this.faults.slowMs);
  }
}

function inPairsTurned<T>(list: readonly T[]): T[] {
  return list.map((_, n) => list[n % 2 === 0 && n + 1 < list.length ? n + 1 : n % 2 === 1 ? n - 1 : n]!);
}

/** Resolves when the reader has taken what waits, or has gone. */
function roomIn(call: ReadCall): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'cancelled', 'error']) call.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'cancelled', 'error']) call.on(event, done);
  });
}

function failure(code: status, details: string, trailers: Record<string, string> = {}): Failure {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

function errorStatus(name: string, bytes: Uint8Array): statusPb.Status {
  const details = new anyPb.Any();
  details.pack(bytes, `event_store.client.${name}`);
  return new statusPb.Status().setMessage(name).setDetails(details);
}

function wrongVersion(current: number | undefined, options: streams.BatchAppendReq.Options): shared.WrongExpectedVersion {
  const wrong = new shared.WrongExpectedVersion();
  if (current === undefined) wrong.setCurrentNoStream(new emptyPb.Empty());
  else wrong.setCurrentStreamRevision(String(current));
  if (options.hasStreamPosition()) wrong.setExpectedStreamPosition(options.getStreamPosition());
  else if (options.hasNoStream()) wrong.setExpectedNoStream(new emptyPb.Empty());
  else wrong.setExpectedStreamExists(new emptyPb.Empty());
  return wrong;
}

function expectedOf(options: streams.BatchAppendReq.Options): Expected {
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  return options.hasNoStream() ? 'no-stream' : options.hasStreamExists() ? 'stream-exists' : 'any';
}

function nameOf(identifier: shared.StreamIdentifier): string {
  return Buffer.from(identifier.getStreamName_asU8()).toString('utf8');
}

function proposed(message: streams.BatchAppendReq.ProposedMessage | streams.AppendReq.ProposedMessage): ProposedEvent {
  const about = message.getMetadataMap();
  return {
    id: uuidOf(message.getId()!),
    type: about.get('type') ?? '',
    contentType: about.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

function uuidOf(uuid: shared.UUID): string {
  const parts = uuid.getStructured();
  if (!parts) return uuid.getString().toLowerCase();
  const hex = [parts.getMostSignificantBits(), parts.getLeastSignificantBits()].map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function placeOf(position: number): shared.AllStreamPosition {
  return new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
}

function responseOf(record: StoredRecord): streams.ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(record.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(record.stream)))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(String(record.position))
    .setPreparePosition(String(record.position))
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  event.getMetadataMap().set('type', record.type).set('content-type', record.contentType).set('created', String(BigInt(record.created) * 10_000n));
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(record.position)));
}

function checkpointAt(position: number, ofAnEvent: boolean): streams.ReadResp {
  const checkpoint = new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(ofAnEvent ? String(position) : '0');
  return new streams.ReadResp().setCheckpoint(checkpoint);
}

function matcher(filter: streams.ReadReq.Options.FilterOptions | undefined): (record: StoredRecord) => boolean {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!expression) return () => true;
  const textOf = (record: StoredRecord): string => (filter?.hasStreamIdentifier() ? record.stream : record.type);
  const regex = expression.getRegex();
  if (regex !== '') {
    const pattern = new RegExp(regex, 'u');
    return (record) => pattern.test(textOf(record));
  }
  const prefixes = expression.getPrefixList();
  return (record) => prefixes.some((prefix) => textOf(record).startsWith(prefix));
}
