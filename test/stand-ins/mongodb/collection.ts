import { EJSON, ObjectId, serialize, type Document } from 'bson';
import { seedOf, updated } from './updates.ts';
import { CommandError, isDocument, keyOf, matcher, numberOf, sorter, valuesAt } from './values.ts';

interface Index {
  readonly name: string;
  readonly key: Document;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Document | undefined;
  readonly spec: Document;
  /** Are a document's values in the index? */
  readonly holds: (document: Document) => boolean;
  readonly byKey: Map<string, Set<Document>>;
  /** For equality on the first field alone, where the index has more. */
  readonly byFirst: Map<string, Set<Document>>;
}

export interface UpdateOutcome {
  readonly matched: number;
  readonly modified: number;
  readonly upsertedId?: unknown;
}

const SEPARATOR = '\u0000';

/** Documents in the order of their insertion, and indexes that are looked up by equality; a document is never changed in place. */
export class Collection {
  readonly ns: string;
  readonly indexes: Index[] = [];
  private readonly documents = new Set<Document>();

  constructor(ns: string) {
    this.ns = ns;
    this.createIndex({ key: { _id: 1 }, name: '_id_', unique: true });
  }

  get size(): number {
    return this.documents.size;
  }

  /** Answers false for an index that is there. @throws CommandError 85/86 for another under its name, 11000 for documents that break it. */
  createIndex(spec: Document): boolean {
    const key = spec['key'] as Document;
    const known = this.indexes.find((index) => index.name === spec['name']);
    const wanted = { key, name: String(spec['name']), ...(spec['unique'] === true ? { unique: true } : {}), ...(spec['sparse'] === true ? { sparse: true } : {}), ...(spec['partialFilterExpression'] ? { partialFilterExpression: spec['partialFilterExpression'] as Document } : {}) };
    if (known) {
      if (keyOf(known.spec) === keyOf(wanted)) return false;
      throw new CommandError(86, 'IndexKeySpecsConflict', `An existing index has the same name as the requested index: ${known.name}`);
    }
    if (Object.values(key).some((direction) => typeof direction === 'string')) throw new CommandError(67, 'CannotCreateIndex', `the stand-in has no ${EJSON.stringify(key)} index`);
    const fields = Object.keys(key).map((path) => path.split('.'));
    const fits = wanted.partialFilterExpression && matcher(wanted.partialFilterExpression);
    const holds = (document: Document): boolean => (fits?.(document) ?? true) && (!wanted.sparse || fields.some((path) => valuesAt(document, path).some((value) => value !== undefined)));
    const index: Index = { name: wanted.name, key, unique: wanted.unique === true, sparse: wanted.sparse === true, partial: wanted.partialFilterExpression, spec: wanted, holds, byKey: new Map(), byFirst: new Map() };
    for (const document of this.documents) this.enter(index, document);
    this.indexes.push(index);
    return true;
  }

  /** @throws CommandError 11000 */
  insert(document: Document): void {
    const withId: Document = '_id' in document ? document : { _id: new ObjectId(), ...document };
    const entered: Index[] = [];
    try {
      for (const index of this.indexes) {
        this.enter(index, withId);
        entered.push(index);
      }
    } catch (error) {
      for (const index of entered) this.leave(index, withId);
      throw error;
    }
    this.documents.add(withId);
  }

  delete(filter: Document, limit: number): number {
    const found = this.find(filter, undefined, limit);
    for (const document of found) this.removeOne(document);
    return found.length;
  }

  removeOne(document: Document): void {
    for (const index of this.indexes) this.leave(index, document);
    this.documents.delete(document);
  }

  /** @throws CommandError */
  update({ q, u, multi = false, upsert = false, sort }: { readonly q: Document; readonly u: unknown; readonly multi?: boolean; readonly upsert?: boolean; readonly sort?: Document }): UpdateOutcome {
    const found = this.find(q, sort, multi ? 0 : 1);
    if (found.length === 0) {
      if (!upsert) return { matched: 0, modified: 0 };
      const document = updated(seedOf(q), u, true);
      const withId: Document = '_id' in document ? document : { _id: new ObjectId(), ...document };
      this.insert(withId);
      return { matched: 0, modified: 0, upsertedId: withId['_id'] as unknown };
    }
    let modified = 0;
    for (const before of found) {
      const after = updated(before, u, false);
      if (this.replace(before, after)) modified++;
    }
    return { matched: found.length, modified };
  }

  /** Answers false when nothing changed. @throws CommandError */
  replace(before: Document, after: Document): boolean {
    if (keyOf(before['_id']) !== keyOf(after['_id'])) throw new CommandError(66, 'ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
    if (Buffer.compare(serialize(before), serialize(after)) === 0) return false;
    for (const index of this.indexes) this.leave(index, before);
    try {
      for (const index of this.indexes) this.check(index, after);
    } catch (error) {
      for (const index of this.indexes) this.enter(index, before);
      throw error;
    }
    for (const index of this.indexes) this.enter(index, after);
    // A set keeps the place of what stays, not of what is exchanged: natural order is no promise of the server's either.
    this.documents.delete(before);
    this.documents.add(after);
    return true;
  }

  find(filter: Document, sort?: Document, limit = 0, skip = 0): Document[] {
    const fits = matcher(filter);
    const sorted = sort && Object.keys(sort).length > 0 ? sorter(sort) : undefined;
    const found: Document[] = [];
    const enough = sorted || limit === 0 ? Infinity : skip + limit;
    for (const document of this.candidates(filter)) {
      if (found.length >= enough) break;
      if (fits(document)) found.push(document);
    }
    if (sorted) found.sort(sorted);
    return skip === 0 && (limit === 0 || found.length <= limit) ? found : found.slice(skip, limit === 0 ? undefined : skip + limit);
  }

  /** A superset of what a filter finds: by the index that leaves the fewest, or all. */
  private candidates(filter: Document): Iterable<Document> {
    let best: readonly ReadonlySet<Document>[] | undefined;
    let fewest = Infinity;
    const consider = (sets: readonly ReadonlySet<Document>[]): void => {
      const size = sets.reduce((sum, set) => sum + set.size, 0);
      if (size < fewest) [best, fewest] = [sets, size];
    };
    const parts = [filter, ...(Array.isArray(filter['$and']) ? (filter['$and'] as Document[]) : [])];
    for (const part of parts) {
      for (const [path, condition] of Object.entries(part)) {
        // A sparse or partial index does not have every document.
        const index = this.indexes.find(({ key, sparse, partial }) => Object.keys(key)[0] === path && !sparse && !partial);
        if (!index) continue;
        const keys = wantedKeys(condition, index.byFirst);
        if (keys) consider([...keys].map((key) => index.byFirst.get(key) ?? new Set<Document>()));
      }
    }
    if (!best) return this.documents;
    return best.length === 1 ? best[0]! : new Set(best.flatMap((set) => [...set]));
  }

  private check(index: Index, document: Document): void {
    if (!index.unique || !index.holds(document)) return;
    for (const key of keysOf(index, document)) {
      if (!index.byKey.has(key)) continue;
      const keyValue = Object.fromEntries(Object.keys(index.key).map((path) => [path, valuesAt(document, path.split('.'))[0] ?? null]));
      throw new CommandError(11000, 'DuplicateKey', `E11000 duplicate key error collection: ${this.ns} index: ${index.name} dup key: ${EJSON.stringify(keyValue)}`, { keyPattern: index.key, keyValue });
    }
  }

  private enter(index: Index, document: Document): void {
    this.check(index, document);
    if (!index.holds(document)) return;
    for (const key of keysOf(index, document)) put(index.byKey, key, document);
    for (const key of firstKeysOf(index, document)) put(index.byFirst, key, document);
  }

  private leave(index: Index, document: Document): void {
    for (const key of keysOf(index, document)) take(index.byKey, key, document);
    for (const key of firstKeysOf(index, document)) take(index.byFirst, key, document);
  }
}

function put(map: Map<string, Set<Document>>, key: string, document: Document): void {
  const set = map.get(key);
  if (set) set.add(document);
  else map.set(key, new Set([document]));
}

function take(map: Map<string, Set<Document>>, key: string, document: Document): void {
  const set = map.get(key);
  if (set?.delete(document) && set.size === 0) map.delete(key);
}

/** An array is found by each of its items, and as a whole. */
const keysAt = (document: Document, path: string): Set<string> =>
  new Set(valuesAt(document, path.split('.')).flatMap((value) => (Array.isArray(value) ? [...value.map(keyOf), keyOf(value)] : [keyOf(value)])));

const firstKeysOf = ({ key }: Index, document: Document): Set<string> => keysAt(document, Object.keys(key)[0]!);

function keysOf({ key }: Index, document: Document): Iterable<string> {
  const paths = Object.keys(key);
  if (paths.length === 1) return keysAt(document, paths[0]!);
  return paths.map((path) => [...keysAt(document, path)]).reduce((made, keys) => made.flatMap((before) => keys.map((next) => before + SEPARATOR + next)), ['']);
}

/** The keys of an index that a condition asks for; undefined where it is no matter of equality or of how a word begins. */
function wantedKeys(condition: unknown, index: ReadonlyMap<string, unknown>): Iterable<string> | undefined {
  if (condition instanceof RegExp) return beginning(condition.source, condition.flags, index);
  if (!isDocument(condition)) return [keyOf(condition)];
  const operators = Object.keys(condition);
  if (!operators.some((key) => key.startsWith('$'))) return [keyOf(condition)];
  if ('$eq' in condition) return [keyOf(condition['$eq'])];
  if ('$in' in condition) {
    const wanted = condition['$in'] as unknown[];
    return wanted.some((value) => value instanceof RegExp) ? undefined : new Set(wanted.map(keyOf));
  }
  const regex: unknown = condition['$regex'];
  if (typeof regex === 'string') return beginning(regex, typeof condition['$options'] === 'string' ? condition['$options'] : '', index);
  return regex instanceof RegExp ? beginning(regex.source, regex.flags, index) : undefined;
}

function beginning(source: string, flags: string, index: ReadonlyMap<string, unknown>): string[] | undefined {
  const literal = /^\^([\p{L}\p{N} ]+)/u.exec(source)?.[1];
  const after = literal === undefined ? '' : source.slice(literal.length + 1);
  if (literal === undefined || flags.includes('i') || flags.includes('m') || source.includes('|') || /^[?*{]/.test(after)) return undefined;
  return [...index.keys()].filter((key) => key.startsWith(`s${literal}`));
}

export const limitOf = (value: unknown): number => Math.abs(numberOf(value));
