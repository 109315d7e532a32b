import { Binary, BSONRegExp, Decimal128, Double, EJSON, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, type Document } from 'bson';
import { Context } from 'mingo/core';
import * as expression from 'mingo/operators/expression';
import * as query from 'mingo/operators/query';
import { Query } from 'mingo/query';
import { resolve } from 'mingo/util';

/** An answer of the server with `ok: 0`. */
export class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly more: Document;
  constructor(code: number, codeName: string, message: string, more: Document = {}) {
    super(message);
    this.code = code;
    this.codeName = codeName;
    this.more = more;
  }
}

export const isDocument = (value: unknown): value is Document => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A number of a command, whatever BSON type it came as. */
export const numberOf = (value: unknown, otherwise = 0): number => (value === undefined || value === null ? otherwise : Number(plain(value)));

/** A whole number that a JavaScript number cannot hold exactly; mingo has no bigint, but leaves objects of a class alone. */
class Large {
  private readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
  valueOf(): bigint {
    return this.value;
  }
  toString(): string {
    return String(this.value);
  }
  toJSON(): string {
    return String(this.value);
  }
  toBSON(): Long {
    return Long.fromBigInt(this.value);
  }
}

/** For mingo, which knows JavaScript's types only: a number, or a `Large` where a number would not be exact. */
export function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return Number.isInteger(value.value) && !Number.isSafeInteger(value.value) ? new Large(BigInt(value.value)) : value.value;
  if (value instanceof Timestamp) return value;
  if (value instanceof Long) {
    const whole = value.toBigInt();
    return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : new Large(whole);
  }
  if (value instanceof Binary) return new Uint8Array(value.buffer.subarray(0, value.position));
  if (isDocument(value)) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
  return value;
}

/** Equal keys mean equal values, as the server compares them: 1, 1.0 and Long 1 are one, and so are `null` and what is missing. */
export function keyOf(value: unknown): string {
  if (value === undefined || value === null) return 'z';
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'boolean') return `b${String(value)}`;
  if (value instanceof ObjectId) return `o${value.toHexString()}`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Binary) return `x${value.sub_type}:${value.toString('base64')}`;
  if (value instanceof Timestamp) return `t${value.toBigInt()}`;
  if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(keyOf(item))).join()}]`;
  if (isDocument(value)) return `{${Object.entries(value).map(([name, field]) => JSON.stringify([name, keyOf(field)])).join()}}`;
  const number = plain(value);
  return typeof number === 'number' || number instanceof Large ? `n${String(number === 0 ? 0 : number)}` : `e${EJSON.stringify(value)}`;
}

/** The order of types when values are sorted (manual, "Comparison/Sort Order"). */
function rank(value: unknown): number {
  if (value instanceof MinKey) return 0;
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number' || value instanceof Large || value instanceof Int32 || value instanceof Double || (value instanceof Long && !(value instanceof Timestamp)) || value instanceof Decimal128) return 2;
  if (typeof value === 'string') return 3;
  if (isDocument(value)) return 4;
  if (Array.isArray(value)) return 5;
  if (value instanceof Binary || value instanceof Uint8Array) return 6;
  if (value instanceof ObjectId) return 7;
  if (typeof value === 'boolean') return 8;
  if (value instanceof Date) return 9;
  if (value instanceof Timestamp) return 10;
  if (value instanceof RegExp || value instanceof BSONRegExp) return 11;
  if (value instanceof MaxKey) return 13;
  return 12;
}

/** Strings are compared by bytes of UTF-8, which is the order of code points. */
const compareText = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

export function compareValues(a: unknown, b: unknown): number {
  const order = rank(a) - rank(b);
  if (order !== 0) return Math.sign(order);
  if (typeof a === 'string') return compareText(a, b as string);
  if (a instanceof ObjectId) return compareText(a.toHexString(), (b as ObjectId).toHexString());
  if (Array.isArray(a)) {
    const other = b as unknown[];
    for (let n = 0; n < Math.min(a.length, other.length); n++) {
      const by = compareValues(a[n], other[n]);
      if (by !== 0) return by;
    }
    return Math.sign(a.length - other.length);
  }
  if (isDocument(a)) return compareValues(Object.entries(a).flat(), Object.entries(b as Document).flat());
  if (a instanceof Binary || a instanceof Uint8Array) return Buffer.compare(plain(a) as Uint8Array, plain(b) as Uint8Array);
  // Dates, booleans, numbers and `Large`: all of them have an order of their own.
  const x = plain(a) as number;
  const y = plain(b) as number;
  return x < y ? -1 : x > y ? 1 : 0;
}

/** mingo compares values of one JavaScript type only, and would tell nothing of a Long that is no exact number. */
const ranged = (fits: (order: number) => boolean) => (selector: string, operand: unknown) => (document: object): boolean => {
  const found: unknown = resolve(document as Record<string, unknown>, selector, { unwrapArray: true });
  const values: unknown[] = Array.isArray(found) && !Array.isArray(operand) ? found : [found];
  return values.some((value) => value !== undefined && rank(value) === rank(operand) && fits(compareValues(value, operand)));
};

const context = Context.init({
  expression,
  query: { ...query, $gt: ranged((by) => by > 0), $gte: ranged((by) => by >= 0), $lt: ranged((by) => by < 0), $lte: ranged((by) => by <= 0) },
} as unknown as Parameters<typeof Context.init>[0]);

/** The top fields that a filter looks at; undefined where that cannot be told. */
function fieldsOf(filter: Document): Set<string> | undefined {
  const fields = new Set<string>();
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' || key === '$or' || key === '$nor') {
      for (const part of value as Document[]) {
        const inner = fieldsOf(part);
        if (!inner) return undefined;
        for (const field of inner) fields.add(field);
      }
    } else if (key.startsWith('$')) return undefined;
    else fields.add(key.split('.')[0]!);
  }
  return fields;
}

/** Does a document match? @throws CommandError 2 for a filter that the server would not understand. */
export function matcher(filter: Document): (document: Document) => boolean {
  if (Object.keys(filter).length === 0) return () => true;
  const fields = fieldsOf(filter);
  let compiled: Query;
  try {
    compiled = new Query(plain(filter) as Document, { context });
  } catch (error) {
    throw new CommandError(2, 'BadValue', error instanceof Error ? error.message : String(error));
  }
  return (document) => {
    if (!fields) return compiled.test(plain(document) as Document);
    const seen: Document = {};
    for (const field of fields) if (field in document) seen[field] = plain(document[field]);
    return compiled.test(seen);
  };
}

/** The values a path leads to, through arrays; an array at its end is one value. */
export function valuesAt(document: unknown, path: readonly string[]): unknown[] {
  const [head, ...rest] = path;
  if (head === undefined) return [document];
  if (Array.isArray(document)) {
    const at = /^\d+$/.test(head) ? valuesAt(document[Number(head)], rest) : [];
    return [...at, ...document.filter(isDocument).flatMap((item) => valuesAt(item, path))];
  }
  return isDocument(document) ? valuesAt(document[head], rest) : [undefined];
}

/** The order of a `sort`: of an array, its least value counts upwards and its greatest downwards. */
export function sorter(sort: Document): (a: Document, b: Document) => number {
  const keys = Object.entries(sort).map(([path, direction]) => ({ path: path.split('.'), direction: Math.sign(numberOf(direction)) }));
  const pick = (document: Document, path: readonly string[], direction: number): unknown => {
    const values = valuesAt(document, path).flatMap((value: unknown) => (Array.isArray(value) && value.length > 0 ? (value as unknown[]) : [value]));
    return values.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best));
  };
  return (a, b) => {
    for (const { path, direction } of keys) {
      const by = compareValues(pick(a, path, direction), pick(b, path, direction)) * direction;
      if (by !== 0) return by;
    }
    return 0;
  };
}

/** Fields taken or left out, by paths. @throws CommandError for what a projection can do beyond that. */
export function projector(projection: Document): (document: Document) => Document {
  const entries = Object.entries(projection).map(([path, wanted]) => {
    const flag: unknown = plain(wanted);
    if (typeof flag !== 'number' && typeof flag !== 'boolean') throw new CommandError(238, 'NotImplemented', `the stand-in only takes or leaves fields; ${path} is projected by an expression`);
    return [path, Boolean(flag)] as const;
  });
  if (entries.length === 0) return (document) => document;
  const others = entries.filter(([path]) => path !== '_id');
  const taking = others[0]?.[1] ?? entries[0]![1];
  if (others.some(([, wanted]) => wanted !== taking)) throw new CommandError(31254, 'Location31254', 'Cannot do exclusion on a field in inclusion projection');
  const withId = entries.find(([path]) => path === '_id')?.[1] ?? true;
  const paths = [...others.map(([path]) => path.split('.')), ...(withId === taking ? [['_id']] : [])];
  return (document) => cut(document, paths, taking) as Document;
}

function cut(value: unknown, paths: readonly (readonly string[])[], taking: boolean): unknown {
  if (Array.isArray(value)) return value.filter((item) => !taking || isDocument(item) || Array.isArray(item)).map((item) => cut(item, paths, taking));
  if (!isDocument(value)) return value;
  const result: Document = {};
  for (const [key, field] of Object.entries(value)) {
    const here = paths.filter(([head]) => head === key).map(([, ...rest]) => rest);
    if (here.length === 0) {
      if (!taking) result[key] = field;
    } else if (here.some((rest) => rest.length === 0)) {
      if (taking) result[key] = field;
    } else if (!taking || isDocument(field) || Array.isArray(field)) result[key] = cut(field, here, taking);
  }
  return result;
}
