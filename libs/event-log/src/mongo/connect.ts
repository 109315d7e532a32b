import type { Db, MongoClient } from 'mongodb';
import { Problem } from '#kernel';

/** An open connection to the database of read models and index. */
export interface MongoConnection {
  readonly db: Db;
  /** The hosts, for people to read; never user or password. */
  readonly server: string;
  close(): Promise<void>;
}

export interface MongoConnectionOptions {
  /** Where the connection string names no database. */
  readonly database?: string;
  /** How long to look for a primary before a call fails, in milliseconds. */
  readonly serverSelectionMs?: number;
  /** How long to wait for one answer, in milliseconds. */
  readonly answerMs?: number;
}

const DATABASE = 'nhacviec';
const SERVER_SELECTION_MS = 5_000;
/** Longer than any batch takes; a socket that is silent for so long is dead. */
const ANSWER_MS = 15_000;

/**
 * Opens the database of read models and index. Writes are acknowledged by the majority and reads see only what the majority has: what was read as
 * a checkpoint cannot be rolled back. 64-bit integers are `bigint` in both directions, so that no position loses its last digits.
 * @throws Problem `mongo-url-invalid`, or what `mongoProblem` makes of a server that does not answer.
 */
export async function connectMongo(url: string, { database, serverSelectionMs = SERVER_SELECTION_MS, answerMs = ANSWER_MS }: MongoConnectionOptions = {}): Promise<MongoConnection> {
  const driver = await import('mongodb');
  let client: MongoClient;
  try {
    client = new driver.MongoClient(url, {
      appName: 'nhacviec',
      serverSelectionTimeoutMS: serverSelectionMs,
      connectTimeoutMS: serverSelectionMs,
      socketTimeoutMS: answerMs,
      retryWrites: true,
      retryReads: true,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      useBigInt64: true,
    });
  } catch {
    // No cause: what the driver says about a connection string may quote it.
    throw new Problem(500, 'mongo-url-invalid', 'Chuỗi kết nối MongoDB không hợp lệ', 'Không đọc được chuỗi kết nối MongoDB; cần dạng mongodb://máy:cổng/cơ-sở-dữ-liệu?replicaSet=tên hoặc mongodb+srv://…; ký tự đặc biệt trong tên và mật khẩu phải viết dạng %XX.');
  }
  const server = client.options.srvHost ?? client.options.hosts.map(String).join(',');
  try {
    await client.connect();
    const db = answered(client.db(database ?? nameIn(url) ?? DATABASE), answerMs + serverSelectionMs);
    await db.command({ ping: 1 });
    return { db, server, close: () => client.close() };
  } catch (error) {
    await client.close();
    throw mongoProblem(error, server);
  }
}

/** The database that a connection string names. */
function nameIn(url: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

/**
 * The same, with a limit to how long an answer is waited for. Driver 7.9 waits for ever for that to a call which it writes to a socket in the
 * very moment in which that closes, whatever its own limits are (test/faults/mongo-unreachable met it), and it has no other limit.
 */
function answered<T extends object>(target: T, ms: number): T {
  const limited: T = new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const given: unknown = Reflect.apply(value, target, args);
        if (given === target) return limited;
        if (typeof given !== 'object' || given === null) return given;
        // What is no promise is on the way to one: a collection, a cursor, its iterator.
        return 'then' in given ? within(ms, given as Promise<unknown>) : answered(given, ms);
      };
    },
  });
  return limited;
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new NoAnswerError(ms)); }, ms);
  });
  return Promise.race([answer, late]).finally(() => { clearTimeout(timer); });
}

class NoAnswerError extends Error {
  constructor(ms: number) {
    super(`no answer within ${String(ms)} ms`);
    this.name = 'MongoNoAnswer';
  }
}

/** What a failed call means to whoever runs the program. */
export type MongoFailure = 'unreachable' | 'no-primary' | 'not-acknowledged' | 'credentials' | 'duplicate' | 'other';

const NO_PRIMARY = new Set([10107, 13435, 13436, 11600, 11602, 189, 91]);
const NOT_ACKNOWLEDGED = new Set([64, 79, 100]);
const CREDENTIALS = new Set([13, 18, 8000]);

/** Tells failures apart by name, code and shape: the driver is loaded lazily, and its classes with it. */
export function mongoFailure(error: unknown): MongoFailure {
  if (!(error instanceof Error)) return 'other';
  const code = codeOf(error);
  if (code === 11000) return 'duplicate';
  if (code !== undefined && CREDENTIALS.has(code)) return 'credentials';
  if (code !== undefined && NO_PRIMARY.has(code)) return 'no-primary';
  if (error.name === 'MongoWriteConcernError' || (code !== undefined && NOT_ACKNOWLEDGED.has(code))) return 'not-acknowledged';
  if (/^Mongo(NoAnswer|ServerSelection|Network|NetworkTimeout|PoolCleared|WaitQueueTimeout|TopologyClosed|NotConnected|OperationTimeout)/.test(error.name)) return 'unreachable';
  return 'other';
}

function codeOf(error: object): number | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** The same, as a problem to show; a `Problem` stays as it is. */
export function mongoProblem(error: unknown, server: string): Problem {
  if (error instanceof Problem) return error;
  const say = (status: number, code: string, title: string, detail: string): Problem => new Problem(status, code, title, `${detail} (${server}).`, { cause: error });
  switch (mongoFailure(error)) {
    case 'unreachable':
      return say(503, 'mongo-unreachable', 'Không kết nối được MongoDB', 'Máy chủ MongoDB không trả lời: hãy kiểm tra máy chủ có đang chạy, địa chỉ và tường lửa');
    case 'no-primary':
      return say(503, 'mongo-no-primary', 'MongoDB chưa có nút chính', 'Cụm MongoDB đang chuyển nút chính; chương trình sẽ tự thử lại');
    case 'not-acknowledged':
      return say(503, 'mongo-not-acknowledged', 'MongoDB chưa xác nhận việc ghi', 'Đa số nút của cụm MongoDB chưa xác nhận việc ghi: hãy kiểm tra các nút phụ; chương trình sẽ tự thử lại');
    case 'credentials':
      return say(500, 'mongo-credentials', 'MongoDB từ chối đăng nhập', 'MongoDB không nhận tên, mật khẩu hoặc quyền trong chuỗi kết nối: tài khoản cần quyền readWrite trên cơ sở dữ liệu');
    case 'duplicate':
    case 'other':
      return say(500, 'mongo-failed', 'MongoDB báo lỗi', `MongoDB báo lỗi ${error instanceof Error ? error.message : String(error)}`);
  }
}
