import { Double, Int32, Long, type Document } from 'bson';
import { CommandError, compareValues, isDocument, keyOf, matcher, numberOf, plain } from './values.ts';

/** A copy that shares no container with its origin. */
export function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  return isDocument(value) ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copy(field)])) : value;
}

/**
 * The document after an update (a replacement, or operators on paths). Types are kept: Int32 + Int32 is Int32 while it fits, Long stays Long.
 * @throws CommandError for an operator that the stand-in does not have, as the server does for one that it does not know.
 */
export function updated(document: Document, update: unknown, inserting: boolean): Document {
  if (!isDocument(update)) throw new CommandError(9, 'FailedToParse', 'the stand-in has no updates by pipeline');
  const operators = Object.keys(update);
  if (!operators[0]?.startsWith('$')) return { ...('_id' in document ? { _id: document['_id'] as unknown } : {}), ...(copy(update) as Document) };
  const result = copy(document) as Document;
  for (const [operator, fields] of Object.entries(update)) {
    const change = OPERATORS[operator];
    if (!change) throw new CommandError(9, 'FailedToParse', `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`);
    if (operator === '$setOnInsert' && !inserting) continue;
    for (const [path, operand] of Object.entries(fields as Document)) {
      if (path.split('.').some((part) => part.startsWith('$'))) throw new CommandError(9, 'FailedToParse', `the stand-in has no positional operators: ${path}`);
      change(result, path, operand);
    }
  }
  return result;
}

type Change = (document: Document, path: string, operand: unknown) => void;

const read = (document: Document, path: string): unknown => {
  let at: unknown = document;
  for (const part of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Document)[part] : undefined;
  return at;
};

function write(document: Document, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  let at: Document = document;
  for (const part of parts) {
    at[part] ??= {};
    const next: unknown = at[part];
    if (!isDocument(next) && !Array.isArray(next)) throw new CommandError(28, 'PathNotViable', `Cannot create field '${last}' in element {${part}: ${keyOf(next)}}`);
    at = next;
  }
  if (Array.isArray(at)) while (at.length < Number(last)) at.push(null);
  (at as Document)[last] = value;
}

function remove(document: Document, path: string): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  const at = parts.length === 0 ? document : read(document, parts.join('.'));
  if (Array.isArray(at)) {
    if (Number(last) < at.length) at[Number(last)] = null;
  } else if (isDocument(at)) Reflect.deleteProperty(at, last);
}

function arithmetic(name: string, whole: (a: bigint, b: bigint) => bigint, broken: (a: number, b: number) => number, missing: (operand: unknown) => unknown): Change {
  return (document, path, operand) => {
    const before = read(document, path);
    if (before === undefined) return write(document, path, missing(operand));
    const isNumber = (value: unknown): boolean => value instanceof Int32 || value instanceof Long || value instanceof Double;
    if (!isNumber(before) || !isNumber(operand)) throw new CommandError(14, 'TypeMismatch', `Cannot apply ${name} to a value of non-numeric type: ${path}`);
    if (before instanceof Double || operand instanceof Double) return write(document, path, new Double(broken(Number(plain(before)), Number(plain(operand)))));
    const result = whole(BigInt(plain(before) as number), BigInt(plain(operand) as number));
    const narrow = before instanceof Int32 && operand instanceof Int32 && result >= -(2n ** 31n) && result < 2n ** 31n;
    write(document, path, narrow ? new Int32(Number(result)) : Long.fromBigInt(result));
  };
}

const bounded = (sign: 1 | -1): Change => (document, path, operand) => {
  const before = read(document, path);
  if (before === undefined || compareValues(operand, before) * sign > 0) write(document, path, operand);
};

function listAt(document: Document, path: string): unknown[] {
  const before = read(document, path);
  if (before === undefined) {
    write(document, path, []);
    return read(document, path) as unknown[];
  }
  if (!Array.isArray(before)) throw new CommandError(2, 'BadValue', `The field '${path}' must be an array`);
  return before;
}

const each = (operand: unknown): readonly unknown[] => (isDocument(operand) && Array.isArray(operand['$each']) ? operand['$each'] : [operand]);

const OPERATORS: Readonly<Record<string, Change>> = {
  $set: (document, path, operand) => write(document, path, copy(operand)),
  $setOnInsert: (document, path, operand) => write(document, path, copy(operand)),
  $unset: (document, path) => remove(document, path),
  $inc: arithmetic('$inc', (a, b) => a + b, (a, b) => a + b, (operand) => operand),
  $mul: arithmetic('$mul', (a, b) => a * b, (a, b) => a * b, () => new Int32(0)),
  $max: bounded(1),
  $min: bounded(-1),
  $rename: (document, path, operand) => {
    const value = read(document, path);
    if (value === undefined) return;
    remove(document, path);
    write(document, String(operand), value);
  },
  $push: (document, path, operand) => {
    const modifiers = isDocument(operand) && '$each' in operand ? Object.keys(operand).filter((key) => key !== '$each') : [];
    if (modifiers.some((key) => key !== '$slice')) throw new CommandError(9, 'FailedToParse', `the stand-in's $push has no ${modifiers.join()}`);
    const list = listAt(document, path);
    list.push(...each(operand).map(copy));
    if (modifiers.length === 0) return;
    const slice = numberOf((operand as Document)['$slice']);
    write(document, path, slice < 0 ? list.slice(slice) : list.slice(0, slice));
  },
  $addToSet: (document, path, operand) => {
    const list = listAt(document, path);
    const keys = new Set(list.map(keyOf));
    for (const item of each(operand)) {
      if (keys.has(keyOf(item))) continue;
      keys.add(keyOf(item));
      list.push(copy(item));
    }
  },
  $pull: (document, path, operand) => {
    const list = read(document, path);
    if (!Array.isArray(list)) return;
    const byOperators = isDocument(operand) && Object.keys(operand).some((key) => key.startsWith('$'));
    const goes = byOperators ? ((fits) => (item: unknown) => fits({ item }))(matcher({ item: operand })) : isDocument(operand) ? ((fits) => (item: unknown) => isDocument(item) && fits(item))(matcher(operand)) : (item: unknown) => keyOf(item) === keyOf(operand);
    write(document, path, list.filter((item) => !goes(item)));
  },
  $pullAll: (document, path, operand) => {
    const list = read(document, path);
    const gone = new Set((operand as unknown[]).map(keyOf));
    if (Array.isArray(list)) write(document, path, list.filter((item) => !gone.has(keyOf(item))));
  },
  $pop: (document, path, operand) => {
    const list = read(document, path);
    if (Array.isArray(list)) write(document, path, numberOf(operand) < 0 ? list.slice(1) : list.slice(0, -1));
  },
};

/** What a filter says a document must be equal to: the beginning of an upserted one. */
export function seedOf(filter: Document): Document {
  const seed: Document = {};
  const take = (part: Document): void => {
    for (const [path, condition] of Object.entries(part)) {
      if (path === '$and') for (const inner of condition as Document[]) take(inner);
      if (path.startsWith('$') || condition instanceof RegExp) continue;
      const operators = isDocument(condition) && Object.keys(condition).some((key) => key.startsWith('$'));
      if (!operators) write(seed, path, copy(condition));
      else if ('$eq' in (condition)) write(seed, path, copy((condition)['$eq']));
    }
  };
  take(filter);
  return seed;
}

