import { crc32 } from 'node:zlib';
import type { Database, Statement } from 'better-sqlite3';
import type { Clock, Instant } from '#kernel';
import { Bell, follow } from '../follow.ts';
import {
  LogStoppedError,
  type Appended,
  type AppendConflict,
  type AppendResult,
  type EventLog,
  type EventMetadata,
  type ExpectedRevision,
  type JsonObject,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
  type StreamAppend,
} from '../port.ts';
import { prepareAppend, type PreparedAppend, type PreparedEvent } from '../prepare-append.ts';
import { lazyEvents, packRows, type PackedRows, type StoredRow } from './lazy-events.ts';
import { ReadAhead } from './read-ahead.ts';
import { codeOf, damaged, damageOf, isBusy, openFile } from './open-file.ts';

/** Keeps a burst from holding the event loop, and the write lock, for longer than some tens of milliseconds. */
const APPENDS_PER_COMMIT = 1_000;
const POLL_MS = 200;
/** Fewer events are read before a thread that would read them has started. */
const WORTH_A_THREAD = 50_000;

type ManyResult = { ok: true; results: readonly Appended[] } | AppendConflict;

export interface SqliteEventLog extends EventLog {
  readonly file: string;
  /** What the connection really runs with: 'wal' and 2 (FULL). */
  durability(): { journalMode: string; synchronous: number };
  /** Reads every event and every index entry. Throws LogDamagedError at the first that is wrong. */
  verify(): Promise<{ events: number; position: Position }>;
  /** Another connection has appended: those who follow need not wait for the next look. */
  wake(): void;
  /**
   * Appends wait, without holding up the event loop, while `work` lets another connection of this program write much in one transaction: the
   * file's own lock would make this thread sleep until that is done. What waited is written afterwards.
   */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Those of the streams that have an event: one question for many, where most have none. */
  existing(streams: readonly string[]): Promise<ReadonlySet<string>>;
  /** As `readAll`, forwards: the rows themselves, with right checksums. For a thread that reads for another. */
  rows(options: ReadAllOptions): readonly StoredRow[];
  /** Writes a consistent copy while appends go on. */
  backupTo(file: string): Promise<void>;
}

export async function openSqliteEventLog({
  file,
  clock,
  readOnly = false,
  onAppended,
  ahead = { from: WORTH_A_THREAD },
}: {
  file: string;
  clock: Clock;
  readOnly?: boolean;
  /** Called after every commit of this connection that added events. */
  onAppended?: () => void;
  /** From how many events on a thread reads ahead, and its program where it does not stand beside this one. */
  ahead?: AheadOptions;
}): Promise<SqliteEventLog> {
  const db = await openFile(file, readOnly);
  try {
    const log = new SqliteLog(db, file, clock, readOnly, onAppended, ahead);
    await log.head();
    return log;
  } catch (error) {
    db.close();
    // "no such column": the table is not as we made it.
    throw damageOf(error, file) ?? (codeOf(error) === 'SQLITE_ERROR' ? damaged(file, (error as Error).message, error) : error);
  }
}

/** Appends that are written together or not at all, and who waits for the answer. */
interface Waiting {
  readonly appends: readonly PreparedAppend[];
  readonly resolve: (result: ManyResult) => void;
  readonly reject: (error: Error) => void;
}

interface AheadOptions {
  readonly from: number;
  readonly program?: URL;
}

type Head = Awaited<ReturnType<EventLog['head']>>;

interface Tail {
  position: number;
  recordedAt: Instant;
}

const COLUMNS = 'position, id, stream, revision, type, schema, data, metadata, occurred_at, recorded_at, checksum';

const headOf = (position: number, id: string, stream: string, revision: number, type: string, schema: number, occurredAt: Instant, recordedAt: Instant, metadata: string): string =>
  `${String(position)}\n${id}\n${stream}\n${String(revision)}\n${type}\n${String(schema)}\n${String(occurredAt)}\n${String(recordedAt)}\n${metadata}\n`;

function checksumOf(event: PreparedEvent, stream: string, revision: number, position: number, recordedAt: Instant): number {
  // No field can hold a line break, so the parts cannot run into one another. In two steps: one text of everything would be garbage as large as the log, at every catch-up.
  const { id, type, schema, occurredAt, metadata, data } = event;
  return crc32(data, crc32(headOf(position, id, stream, revision, type, schema, occurredAt, recordedAt, metadata)));
}

function checksumOfRow([position, id, stream, revision, type, schema, data, metadata, occurredAt, recordedAt]: StoredRow): number {
  // A damaged page may give anything in place of the text.
  const given: unknown = data;
  return crc32(String(given), crc32(headOf(position, id, stream, revision, type, schema, occurredAt, recordedAt, metadata)));
}

function eventOf(row: StoredRow): RecordedEvent {
  const [position, id, stream, revision, type, schema, data, metadata, occurredAt, recordedAt] = row;
  return {
    id,
    type,
    schema,
    data: JSON.parse(data) as JsonObject,
    metadata: JSON.parse(metadata) as EventMetadata,
    occurredAt,
    stream,
    revision,
    position: BigInt(position),
    recordedAt,
  };
}

function prepareStatements(db: Database) {
  const read = <P extends unknown[]>(sql: string): Statement<P, StoredRow> => db.prepare<P, StoredRow>(sql).raw();
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    savepoint: db.prepare('SAVEPOINT one'),
    release: db.prepare('RELEASE one'),
    undo: db.prepare('ROLLBACK TO one'),
    // The sequence too: a place once given is not given again, even if someone cut the end of the table off.
    tail: db.prepare<[], Tail>(
      `SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0), coalesce(max(position), 0)) AS position,
              coalesce((SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1), 0) AS recordedAt FROM events`,
    ),
    revision: db.prepare<[string], number | null>('SELECT max(revision) FROM events WHERE stream = ?').pluck(),
    existing: db.prepare<[string], string>('SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM events WHERE stream = value)').pluck(),
    insert: db.prepare<[number, string, string, number, string, string, number, string, string, number, number, number]>(
      'INSERT INTO events (position, id, stream, revision, category, type, schema, data, metadata, occurred_at, recorded_at, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    stream: read<[string, number, number]>(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`),
    streamBack: read<[string, number, number]>(
      `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`,
    ),
    all: read<[number, number]>(`SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`),
    allBack: read<[number, number]>(`SELECT ${COLUMNS} FROM events WHERE position < ? ORDER BY position DESC LIMIT ?`),
    at: read<[number]>(`SELECT ${COLUMNS} FROM events WHERE position = ?`),
    byId: read<[string]>(`SELECT ${COLUMNS} FROM events WHERE id = ?`),
    last: read<[]>(`SELECT ${COLUMNS} FROM events ORDER BY position DESC LIMIT 1`),
    // Changes when another connection commits, and only then.
    dataVersion: db.prepare<[], number>('PRAGMA data_version').pluck(),
    upTo: read<[number]>(`SELECT ${COLUMNS} FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1`),
    between: db.prepare<[number, number], number>('SELECT count(*) FROM events WHERE position > ? AND position <= ?').pluck(),
  };
}

class SqliteLog implements SqliteEventLog {
  readonly file: string;
  private readonly db: Database;
  private readonly clock: Clock;
  private readonly readOnly: boolean;
  private readonly sql: ReturnType<typeof prepareStatements>;
  private readonly byCategories = new Map<string, Statement<unknown[], StoredRow>>();
  private askedThisTurn = false;
  private readonly passingOver = new Map<number, Statement<unknown[], StoredRow>>();
  private readonly seenTypes = new Set<string>();
  private readonly bell = new Bell();
  private queue: Waiting[] = [];
  private scheduled = false;
  private held = 0;
  stopped: LogStoppedError | undefined;
  private closing: Promise<void> | undefined;
  /** The last event as this connection wrote or saw it; not believed once another connection has committed. */
  private known: { readonly dataVersion: number; readonly head: Head } | undefined;

  private readonly onAppended: (() => void) | undefined;
  private readonly aheadOptions: AheadOptions;
  private readAhead: ReadAhead | undefined;
  private noThread = false;

  constructor(db: Database, file: string, clock: Clock, readOnly: boolean, onAppended: (() => void) | undefined, ahead: AheadOptions) {
    this.onAppended = onAppended;
    this.aheadOptions = ahead;
    this.db = db;
    this.file = file;
    this.clock = clock;
    this.readOnly = readOnly;
    this.sql = prepareStatements(db);
  }

  async append(stream: string, events: readonly NewEvent[], options: { expectedRevision: ExpectedRevision }): Promise<AppendResult> {
    const many = await this.enqueue([prepareAppend({ stream, events, expectedRevision: options.expectedRevision })]);
    return many.ok ? many.results[0]! : many;
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<ManyResult> {
    return this.enqueue(appends.map(prepareAppend));
  }

  async readStream(
    stream: string,
    options: { from?: number; limit?: number; direction?: 'forwards' | 'backwards' } = {},
  ): Promise<readonly RecordedEvent[]> {
    const { from, limit, direction = 'forwards' } = options;
    const forwards = direction === 'forwards';
    const rows = this.reading(() =>
      forwards
        ? this.sql.stream.all(stream, Math.max(from ?? 0, 0), sqlLimit(limit))
        : this.sql.streamBack.all(stream, from ?? Number.MAX_SAFE_INTEGER, sqlLimit(limit)),
    );
    const first = forwards ? Math.max(from ?? 0, 0) : rows[0]?.[3];
    return rows.map((row, i) => {
      const expected = first! + (forwards ? i : -i);
      // A damaged index would otherwise drop an event of a stream in silence.
      if (row[3] !== expected) throw damaged(this.file, `luồng ${stream} thiếu sự kiện số ${String(expected)}`);
      return this.checked(row);
    });
  }

  async readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]> {
    const packed = options.ahead === true ? await this.nextAhead(options) : undefined;
    return packed ? lazyEvents(packed) : this.read(options);
  }

  rows(options: ReadAllOptions): readonly StoredRow[] {
    const rows = this.rowsOf(options);
    // Those that are looked through are looked at there.
    if (!options.types) for (const row of rows) this.check(row);
    return rows;
  }

  /** What a thread has read for who goes on as before; undefined where nothing is to be had. */
  private async nextAhead(options: ReadAllOptions): Promise<PackedRows | undefined> {
    if (this.readAhead?.follows(options) !== true) {
      void this.readAhead?.close();
      const { from, program } = this.aheadOptions;
      const far = !this.noThread && Number((await this.head()).position - options.after) >= from;
      this.readAhead = far ? new ReadAhead(this.file, options, program) : undefined;
    }
    const packed = await this.readAhead?.next();
    if (!packed) {
      // One that has given nothing at all would give nothing the next time.
      this.noThread ||= this.readAhead?.given === 0;
      this.readAhead = undefined;
    }
    return packed;
  }

  async readAt(position: Position): Promise<RecordedEvent | undefined> {
    const row = this.reading(() => this.sql.at.get(Number(position)));
    return row && this.checked(row);
  }

  async readEvent(id: string): Promise<RecordedEvent | undefined> {
    const row = this.reading(() => this.sql.byId.get(id));
    return row && this.checked(row);
  }

  async firstOther(known: readonly { readonly type: string; readonly schema: number }[], { after, upTo }: { readonly after: Position; readonly upTo: Position }): Promise<RecordedEvent | undefined> {
    // Type and schema stand before the data in a row, so a scan does not read the data.
    const row = this.reading(() =>
      this.db
        .prepare<unknown[], StoredRow>(
          `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? AND (type, schema) NOT IN (VALUES ${known.map(() => '(?, ?)').join(', ')}) ORDER BY position LIMIT 1`,
        )
        .raw()
        .get(Number(after), Number(upTo), ...known.flatMap(({ type, schema }) => [type, schema])),
    );
    return row && this.checked(row);
  }

  async head(): Promise<Head> {
    // Asked by every command: once a turn of the event loop is enough, for what this process writes is known without asking.
    if (this.askedThisTurn && this.known) return this.known.head;
    this.askedThisTurn = true;
    setImmediate(() => {
      this.askedThisTurn = false;
    });
    return this.reading(() => {
      // Asked before the row: a commit between the two questions makes the answer old, never wrong for its version.
      const dataVersion = this.sql.dataVersion.get()!;
      if (this.known?.dataVersion === dataVersion) return this.known.head;
      const end = this.sql.tail.get()!.position;
      const last = this.sql.last.get();
      if (last) this.check(last);
      const position = last?.[0] ?? 0;
      if (position < end) throw this.missing(position + 1, end);
      // Places are given without gaps from 1 on (`verify` looks), so the last one is the count.
      const head: Head = { position: BigInt(position), recordedAt: last?.[9] ?? 0, lastEventId: last?.[1] ?? null, count: position };
      this.known = { dataVersion, head };
      return head;
    });
  }

  async positionAt(instant: Instant): Promise<Position> {
    return this.reading(() => {
      const upTo = (place: number): StoredRow | undefined => {
        const row = this.sql.upTo.get(place);
        if (row) this.check(row);
        return row;
      };
      let low = 0;
      let high = upTo(Number.MAX_SAFE_INTEGER)?.[0] ?? 0;
      while (low < high) {
        const place = Math.ceil((low + high) / 2);
        const event = upTo(place);
        if (event?.[0] !== place) throw this.missing(place, place);
        if (event[9] <= instant) low = place;
        else high = place - 1;
      }
      return BigInt(low);
    });
  }

  subscribe(options: {
    after: Position;
    categories?: readonly string[];
    batchSize?: number;
    lazily?: boolean;
    signal: AbortSignal;
  }): AsyncIterable<readonly RecordedEvent[]> {
    const { after, categories, batchSize: limit = 500, lazily, signal } = options;
    return follow({
      after,
      signal,
      bell: this.bell,
      categories,
      pollMs: POLL_MS,
      read: (from) => this.read({ after: from, limit, ...(categories && { categories }), ...(lazily && { lazily }) }),
    });
  }

  close(): Promise<void> {
    this.closing ??= new Promise((resolve) => {
      const finish = (): void => {
        if (this.queue.length > 0) return void setImmediate(finish);
        this.bell.close();
        this.db.close();
        resolve(this.readAhead?.close());
      };
      finish();
    });
    return this.closing;
  }

  durability(): { journalMode: string; synchronous: number } {
    return {
      journalMode: this.db.pragma('journal_mode', { simple: true }) as string,
      synchronous: this.db.pragma('synchronous', { simple: true }) as number,
    };
  }

  async verify(): Promise<{ events: number; position: Position }> {
    const report = this.reading(() => this.db.pragma('integrity_check(3)') as { integrity_check: string }[]);
    if (report[0]?.integrity_check !== 'ok') throw damaged(this.file, report.map((line) => line.integrity_check).join('; '));
    const end = this.reading(() => this.sql.tail.get()!.position);
    let position = 0;
    let recordedAt = -Infinity;
    while (position < end) {
      const batch = this.read({ after: BigInt(position), limit: 1_000 });
      if (batch.length === 0) throw damaged(this.file, `thiếu các sự kiện ở vị trí ${String(position + 1)}–${String(end)}`);
      for (const event of batch) {
        // Places are given without gaps: a transaction that is rolled back gives its places back.
        if (Number(event.position) !== position + 1) throw damaged(this.file, `thiếu sự kiện ở vị trí ${String(position + 1)}`);
        if (event.recordedAt < recordedAt) throw damaged(this.file, `sự kiện ${event.id} ghi trước sự kiện đứng trước nó`);
        position += 1;
        recordedAt = event.recordedAt;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { events: position, position: BigInt(position) };
  }

  wake(): void {
    this.bell.ring();
  }

  async existing(streams: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set(this.reading(() => this.sql.existing.all(JSON.stringify(streams))));
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.held += 1;
    try {
      return await work();
    } finally {
      this.held -= 1;
      this.bell.ring();
      this.onAppended?.();
      if (this.queue.length > 0) this.schedule();
    }
  }

  async backupTo(file: string): Promise<void> {
    await this.db.backup(file);
  }

  private enqueue(appends: readonly PreparedAppend[]): Promise<ManyResult> {
    return new Promise((resolve, reject) => {
      if (this.stopped) throw this.stopped;
      if (this.closing) throw new LogStoppedError(`Nhật ký ${this.file} đã đóng.`);
      if (this.readOnly) throw new LogStoppedError(`Nhật ký ${this.file} đang mở ở chế độ chỉ đọc.`);
      this.queue.push({ appends, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.held > 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      if (this.held > 0) return;
      this.commit(this.takeBatch());
      if (this.queue.length > 0) this.schedule();
    });
  }

  private takeBatch(): Waiting[] {
    let taken = 0;
    let appends = 0;
    while (taken < this.queue.length && (taken === 0 || appends + this.queue[taken]!.appends.length <= APPENDS_PER_COMMIT)) {
      appends += this.queue[taken]!.appends.length;
      taken += 1;
    }
    return this.queue.splice(0, taken);
  }

  /** One transaction, one fsync; nobody is answered before it. */
  private commit(batch: readonly Waiting[]): void {
    try {
      this.sql.begin.run();
    } catch (error) {
      if (!isBusy(error)) return this.stop(batch, error);
      // Nothing was begun, so the outcome is known and the log stays usable.
      const busy = new Error(`Nhật ký ${this.file} đang bị một tiến trình khác giữ; chưa ghi gì. Hãy thử lại.`, { cause: error });
      for (const one of batch) one.reject(busy);
      return;
    }
    const results: ManyResult[] = [];
    try {
      const tail = this.sql.tail.get()!;
      const place = tail.position;
      for (const one of batch) {
        // Read under the write lock, so that the order of times is the order of positions in all processes.
        const { position: before, recordedAt } = tail;
        tail.recordedAt = Math.max(Math.trunc(this.clock.now()), before === 0 ? -Infinity : recordedAt);
        results.push(this.writeTogether(one.appends, tail));
        // The head's time is that of an event, not of an append that wrote none.
        if (tail.position === before) tail.recordedAt = recordedAt;
      }
      const dataVersion = this.sql.dataVersion.get()!;
      const lastEventId = tail.position > place ? this.sql.last.get()![1] : null;
      this.sql.commit.run();
      if (tail.position > place) {
        this.known = {
          dataVersion,
          head: { position: BigInt(tail.position), recordedAt: tail.recordedAt, lastEventId, count: tail.position },
        };
        this.bell.ring(new Set(batch.flatMap(({ appends }) => appends.map(({ category }) => category))));
        this.onAppended?.();
      }
    } catch (error) {
      return this.stop(batch, error);
    }
    batch.forEach((one, i) => {
      one.resolve(results[i]!);
    });
  }

  private writeTogether(appends: readonly PreparedAppend[], tail: Tail): ManyResult {
    const only = appends.length === 1 ? appends[0]! : undefined;
    if (only && only.events.length === 1) {
      // A single statement undoes itself: no savepoint needed.
      const result = this.write(only, tail);
      return result.ok ? { ok: true, results: [result] } : result;
    }
    const place = tail.position;
    const results: Appended[] = [];
    this.sql.savepoint.run();
    for (const append of appends) {
      const result = this.write(append, tail);
      if (!result.ok) {
        this.sql.undo.run();
        this.sql.release.run();
        tail.position = place;
        return result;
      }
      results.push(result);
    }
    this.sql.release.run();
    return { ok: true, results };
  }

  private write(append: PreparedAppend, tail: Tail): AppendResult {
    const { stream, category, expectedRevision, events } = append;
    const actualRevision = this.sql.revision.get(stream) ?? -1;
    if (expectedRevision !== actualRevision) return this.repeatOf(append) ?? { ok: false, stream, expectedRevision, actualRevision };
    let revision = actualRevision;
    try {
      for (const event of events) {
        const position = tail.position + 1;
        const checksum = checksumOf(event, stream, revision + 1, position, tail.recordedAt);
        this.sql.insert.run(
          position,
          event.id,
          stream,
          revision + 1,
          category,
          event.type,
          event.schema,
          event.data,
          event.metadata,
          event.occurredAt,
          tail.recordedAt,
          checksum,
        );
        tail.position = position;
        revision += 1;
      }
    } catch (error) {
      // The id stands elsewhere in the log: the same fact at another expected revision.
      if (codeOf(error) === 'SQLITE_CONSTRAINT_UNIQUE' && (error as Error).message.includes('events.id'))
        return { ok: false, stream, expectedRevision, actualRevision };
      throw error;
    }
    return { ok: true, stream, revision, position: BigInt(tail.position), recordedAt: tail.recordedAt, repeated: false };
  }

  /** The first answer, when all these ids stand at just these revisions. */
  private repeatOf({ stream, expectedRevision, events }: PreparedAppend): Appended | undefined {
    const stored = this.sql.stream.all(stream, expectedRevision + 1, events.length);
    const last = stored.at(-1);
    if (!last || stored.length < events.length) return undefined;
    if (events.some((event, i) => event.id !== stored[i]![1] || stored[i]![3] !== expectedRevision + 1 + i)) return undefined;
    return { ok: true, stream, revision: last[3], position: BigInt(last[0]), recordedAt: last[9], repeated: true };
  }

  private stop(batch: readonly Waiting[], cause: unknown): void {
    try {
      // Or else reads on this connection would show what was never acknowledged.
      if (this.db.inTransaction) this.sql.rollback.run();
    } catch {
      this.bell.close();
      this.db.close();
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    this.stopped = new LogStoppedError(
      `Nhật ký ${this.file} đã dừng ghi vì một lần ghi không thành (${why}); chưa rõ sự kiện đang ghi có được lưu hay không. Hãy kiểm tra ổ đĩa rồi mở lại chương trình.`,
      damageOf(cause, this.file) ?? cause,
    );
    for (const one of [...batch, ...this.queue]) one.reject(this.stopped);
    this.queue = [];
  }

  private read(options: ReadAllOptions): RecordedEvent[] {
    const rows = this.rows(options);
    return options.lazily === true ? lazyEvents(packRows(rows)) : rows.map(eventOf);
  }

  private rowsOf({ after, categories, types, limit, direction = 'forwards' }: ReadAllOptions): readonly StoredRow[] {
    const forwards = direction === 'forwards';
    const from = forwards ? Number(after) : after === 0n ? Number.MAX_SAFE_INTEGER : Number(after);
    const wanted = categories && [...new Set(categories)];
    if (wanted?.length === 0) return [];
    return this.reading(() => {
      if (types) return this.lookThrough(from, limit, types);
      if (!wanted) return forwards ? this.placesAfter(from, limit) : this.placesBefore(from, limit);
      return this.categoriesStatement(wanted.length, forwards).all(...wanted.flatMap((category) => [category, from]), sqlLimit(limit));
    });
  }

  /** Places have no gaps, so an event that a damaged page has lost is noticed by its neighbours. */
  private placesAfter(from: number, limit: number): StoredRow[] {
    const end = this.sql.tail.get()!.position;
    const rows = this.sql.all.all(from, sqlLimit(limit));
    rows.forEach((row, i) => {
      if (row[0] !== from + 1 + i) throw this.missing(from + 1 + i, row[0] - 1);
    });
    if (rows.length < limit && from + rows.length < end) throw this.missing(from + rows.length + 1, end);
    return rows;
  }

  private placesBefore(from: number, limit: number): StoredRow[] {
    const first = Math.min(from - 1, this.sql.tail.get()!.position);
    const rows = this.sql.allBack.all(from, sqlLimit(limit));
    // Another process may have written between the two questions.
    const begin = Math.max(first, rows[0]?.[0] ?? 0);
    rows.forEach((row, i) => {
      if (row[0] !== begin - i) throw this.missing(row[0] + 1, begin - i);
    });
    if (rows.length < Math.min(limit, begin)) throw this.missing(1, begin - rows.length);
    return rows;
  }

  /**
   * The events looked at are a range of places; those of other types are passed over without being read. Only types that an event with a
   * right checksum had are passed over: one whose type was damaged is read, and found.
   */
  private lookThrough(from: number, limit: number, types: readonly string[]): StoredRow[] {
    const others = [...this.seenTypes].filter((type) => !types.includes(type));
    const end = Math.min(from + limit, this.sql.tail.get()!.position);
    const rows = this.othersStatement(others.length).all(from, from + limit, ...others, end);
    const last = rows.at(-1)?.[0] ?? from;
    for (const row of rows) {
      this.check(row);
      this.seenTypes.add(row[4]);
    }
    if (this.sql.between.get(from, last) !== last - from) throw this.missing(from + 1, last);
    if (last < end) throw this.missing(last + 1, end);
    return rows.filter((row) => row[0] === last || types.includes(row[4]));
  }

  private othersStatement(count: number): Statement<unknown[], StoredRow> {
    let statement = this.passingOver.get(count);
    if (!statement) {
      const others = Array.from({ length: count }, () => '?').join(', ');
      statement = this.db
        .prepare<unknown[], StoredRow>(
          `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ? AND ((type IN (${others})) IS NOT TRUE OR position = ?) ORDER BY position`,
        )
        .raw(true);
      this.passingOver.set(count, statement);
    }
    return statement;
  }

  /** Merges the index ranges of the categories place by place; `category IN (…)` would sort all that follows for every batch. */
  private categoriesStatement(count: number, forwards: boolean): Statement<unknown[], StoredRow> {
    const key = `${String(count)} ${forwards ? '>' : '<'}`;
    let statement = this.byCategories.get(key);
    if (!statement) {
      const one = `SELECT position FROM events WHERE category = ? AND position ${forwards ? '>' : '<'} ?`;
      const order = forwards ? 'ORDER BY position' : 'ORDER BY position DESC';
      const places = Array.from({ length: count }, () => one).join(' UNION ALL ');
      statement = this.db
        .prepare<unknown[], StoredRow>(`SELECT ${COLUMNS} FROM events WHERE position IN (${places} ${order} LIMIT ?) ${order}`)
        .raw();
      this.byCategories.set(key, statement);
    }
    return statement;
  }

  private reading<T>(read: () => T): T {
    if (!this.db.open) throw this.stopped ?? new LogStoppedError(`Nhật ký ${this.file} đã đóng.`);
    try {
      return read();
    } catch (error) {
      throw damageOf(error, this.file) ?? error;
    }
  }

  private missing(first: number, last: number): Error {
    return damaged(this.file, `thiếu sự kiện ở vị trí ${first === last ? String(first) : `${String(first)}–${String(last)}`}`);
  }

  private checked(row: StoredRow): RecordedEvent {
    this.check(row);
    return eventOf(row);
  }

  private check(row: StoredRow): void {
    if (checksumOfRow(row) === row[10]) return;
    throw damaged(this.file, `sự kiện ${row[1]} ở vị trí ${String(row[0])} (luồng ${row[2]}) không khớp mã kiểm tra`);
  }
}

/** −1 is "no limit" to SQLite. */
function sqlLimit(limit: number | undefined): number {
  return limit === undefined || limit === Infinity ? -1 : Math.max(limit, 0);
}
