import type { Collection, Db, Document, Filter } from 'mongodb';
import type { RecordedEvent } from '#event-log';
import type { Build, Projection } from '#projections';
import { collectionOf, type MongoTx, type Row } from '#projections/mongo/mongo-read-models';
import { documentNumberKey, taskIdOf, type TaskAssignedData } from '#tasks';
import { codeOf, documentKeyOf, type BoardTask, type TaskBoard } from '../board.ts';
import {
  assignmentOf,
  boardTask,
  boardVersion,
  FOREVER,
  MOST_DUPLICATES,
  MOST_MATCHES,
  numberedIn,
  repairedVersion,
  repairOf,
  sameContent,
  searchableText,
  TASK_BOARD,
  typedWords,
  wordsOf,
  type BoardRepair,
  type BoardVersion,
} from '../board-versions.ts';

const TABLE = 'task_board';
const STILL = BigInt(FOREVER);
/** Ids asked for at once: far from the 16 MiB that a command may have. */
const IDS = 10_000;

/** All that is kept of a task: one document, so that an event counts in all of it or in nothing, and `position` says which events have. */
interface TaskDocument {
  readonly _id: string;
  /** Every event of the task up to here is in it. */
  readonly position: bigint;
  /** `number` counts the assignments of `year` up to `givenAt`, the position of this one. */
  readonly year: number;
  readonly number: number;
  readonly givenAt: bigint;
  readonly code: string;
  /** As JSON, for names of fields may hold what names in a document may not. */
  readonly repairs: string;
  /** Oldest first, the assignment as it was written at the beginning; none while it is set aside. */
  readonly versions: readonly StoredVersion[];
}

interface StoredVersion extends BoardVersion {
  readonly knownFrom: bigint;
  readonly knownTo: bigint;
  readonly words: readonly string[];
}

/**
 * One document a task. An event at or before its `position` is in it already and changes nothing, so that what was written before its
 * checkpoint is applied again without a trace. The number of an assignment is one more than the last one given to an assignment *before it
 * in the log*, whatever stands behind it: a repetition finds documents of events that are still to come.
 */
export class MongoTaskBoardProjection implements Projection<MongoTx> {
  readonly name = TASK_BOARD.name;
  readonly version: number = TASK_BOARD.version;
  readonly categories = TASK_BOARD.categories;
  readonly types = TASK_BOARD.types;
  readonly tables = [{ name: TABLE, orderBy: '_id' }];
  /** What the events since the last commit are about: as it stands in the store, and as it is to be. */
  private readonly tasks = new Map<string, { readonly stored: boolean; readonly task: TaskDocument | undefined }>();
  private readonly changed = new Set<string>();
  /** The last number of each year before the next event, as far as it has been asked for. */
  private readonly numbers = new Map<number, number>();

  async init(tx: MongoTx): Promise<void> {
    await tx
      .collection(TABLE)
      .createIndexes([
        { key: { year: 1, givenAt: 1 } },
        { key: { givenAt: 1 } },
        { key: { code: 1 } },
        { key: { 'versions.words': 1 } },
        { key: { 'versions.documentKey': 1 } },
        { key: { 'versions.starred': 1 } },
        { key: { 'versions.parentTaskId': 1 } },
      ]);
  }

  /** Again, for a build that was begun and cut short before its indexes. */
  caughtUp(tx: MongoTx): Promise<void> {
    return this.init(tx);
  }

  async apply(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    await this.load(events, tx);
    for (const event of events) {
      if (event.type === 'TaskAssigned') await this.assigned(event, tx);
      else this.repaired(event);
    }
  }

  /** Numbers of the tasks after it are given as if it had been applied; its own waits for it. */
  async setAside(event: RecordedEvent, tx: MongoTx): Promise<void> {
    if (event.type !== 'TaskAssigned') return;
    await this.load([event], tx);
    const { year, number } = await this.numberFor(event, tx);
    const _id = taskIdOf(event.stream);
    // Set aside first and skipped then, it keeps the number it got.
    if (this.tasks.get(_id)?.task) return;
    this.put({
      _id,
      position: event.position - 1n,
      year,
      number,
      givenAt: event.position,
      code: codeOf(year, number),
      repairs: '[]',
      versions: [],
    });
    this.flush(tx);
  }

  flush(tx: MongoTx): void {
    for (const id of this.changed) {
      const { stored, task } = this.tasks.get(id)!;
      const { _id, ...rest } = task!;
      // Two steps where none was seen, for an upsert on the condition that it is older would fail at one that is not.
      if (!stored) tx.write(TABLE, { updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true } });
      tx.write(TABLE, { replaceOne: { filter: { _id, position: { $lt: rest.position } }, replacement: rest } });
    }
    this.changed.clear();
  }

  committed(): void {
    this.tasks.clear();
    this.changed.clear();
  }

  rolledBack(): void {
    this.committed();
    this.numbers.clear();
  }

  /** Reads the documents of the tasks that the events are about, at once. */
  private async load(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    const missing = [...new Set(events.map(({ stream }) => taskIdOf(stream)))].filter((id) => !this.tasks.has(id));
    if (missing.length === 0) return;
    const found = await tx
      .collection(TABLE)
      .find({ _id: { $in: missing } })
      .toArray();
    for (const id of missing) this.tasks.set(id, { stored: false, task: undefined });
    for (const row of found) this.tasks.set(row._id, { stored: true, task: row as unknown as TaskDocument });
  }

  private put(task: TaskDocument): void {
    this.tasks.set(task._id, { stored: this.tasks.get(task._id)?.stored ?? false, task });
    this.changed.add(task._id);
  }

  private async assigned(event: RecordedEvent, tx: MongoTx): Promise<void> {
    const _id = taskIdOf(event.stream);
    const { year, number, givenAt } = await this.numberFor(event, tx);
    const before = this.tasks.get(_id)?.task;
    if (before && before.position >= event.position) return;
    if (before && before.versions.length > 0)
      throw new Error(`việc ${_id} đã được giao ở vị trí ${String(before.givenAt)}, không giao lần nữa ở ${String(event.position)}`);
    const task = event.data as unknown as TaskAssignedData;
    const code = codeOf(numberedIn(task), number);
    this.put({
      _id,
      position: event.position,
      year,
      number,
      givenAt,
      code,
      repairs: '[]',
      versions: [storedVersion(code, boardVersion(task), event.position)],
    });
  }

  /** A correction, or an annulment that may take one back: what is believed of the task is made anew from its assignment and its repairs. */
  private repaired(event: RecordedEvent): void {
    const before = this.tasks.get(taskIdOf(event.stream))?.task;
    const current = before?.versions.at(-1);
    if (!before || !current || before.position >= event.position) return;
    const repairs = [...(JSON.parse(before.repairs) as BoardRepair[]), repairOf(event)];
    const version = repairedVersion(assignmentOf(before.versions[0]!), repairs, current);
    const versions =
      version === undefined
        ? before.versions
        : [...before.versions.slice(0, -1), { ...current, knownTo: event.position }, storedVersion(before.code, version, event.position)];
    this.put({ ...before, position: event.position, repairs: JSON.stringify(repairs), versions });
  }

  /** The number an assignment has, or the next of its year. */
  private async numberFor(
    { stream, data, position }: RecordedEvent,
    tx: MongoTx,
  ): Promise<Pick<TaskDocument, 'year' | 'number' | 'givenAt'>> {
    const given = this.tasks.get(taskIdOf(stream))?.task;
    const year = given?.year ?? numberedIn(data);
    let last = this.numbers.get(year);
    if (given) {
      // One that comes back late has an earlier number than the last one.
      if (last !== undefined) this.numbers.set(year, Math.max(last, given.number));
      return given;
    }
    last ??=
      ((
        await tx
          .collection(TABLE)
          .find({ year, givenAt: { $lt: position } }, { sort: { givenAt: -1 }, limit: 1, projection: { number: 1 } })
          .next()
      )?.['number'] as number | undefined) ?? 0;
    this.numbers.set(year, last + 1);
    return { year, number: last + 1, givenAt: position };
  }
}

const TEXTS = ['content', 'documentNumber', 'documentDate', 'issuer', 'title', 'authority', 'assignedOn'] as const;

/** @throws Error for an assignment without what every assignment has: nothing here refuses it later. */
function storedVersion(code: string, version: BoardVersion, knownFrom: bigint): StoredVersion {
  for (const field of TEXTS)
    if (typeof version[field] !== 'string') throw new Error(`${field}: cần chữ, nhận ${JSON.stringify(version[field])}`);
  return { ...version, knownFrom, knownTo: STILL, words: wordsOf(searchableText(code, version)) };
}

/** Reads what `MongoTaskBoardProjection` wrote in one build. */
export class MongoTaskBoard implements TaskBoard {
  private readonly tasks: Collection<Row>;

  constructor(db: Db, build: Pick<Build, 'id'>) {
    this.tasks = db.collection<Row>(collectionOf(build, TABLE));
  }

  async byId(id: string, known: bigint | null = null): Promise<BoardTask | undefined> {
    return (await this.byIds([id], known))[0];
  }

  async byIds(ids: readonly string[], known: bigint | null = null): Promise<readonly BoardTask[]> {
    const found = new Map<string, BoardTask>();
    const wanted = [...new Set(ids)];
    for (let from = 0; from < wanted.length; from += IDS) {
      for (const { _id, code, version } of await this.believed({ _id: { $in: wanted.slice(from, from + IDS) } }, known))
        found.set(_id, boardTask(_id, code, version));
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async codesOf(ids: readonly string[], known: bigint | null = null): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.byIds(ids, known)).map(({ id, code }) => [id, code]));
  }

  async withCodes(codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // One that is set aside has a code and is not there.
    const found = await this.tasks.find({ code: { $in: [...codes] }, 'versions.0': { $exists: true } }, { projection: { code: 1 } }).toArray();
    return new Map(found.map((row) => [row['code'] as string, row._id]));
  }

  async search(text: string, known: bigint | null = null): Promise<ReadonlySet<string>> {
    const words = typedWords(text).map((word) => ({ words: new RegExp(`^${word}`) }));
    if (words.length === 0) return new Set();
    const found = await this.tasks.find(at(words, known), { sort: { givenAt: 1 }, limit: MOST_MATCHES, projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  async ofDocument(documentId: string, known: bigint | null = null): Promise<readonly string[]> {
    const documentKey = documentKeyOf(documentId);
    if (documentKey === undefined) return [];
    const found = await this.believed(at([{ documentKey }], known), known);
    return found.filter(({ _id, code, version }) => boardTask(_id, code, version).documentId === documentId).map(({ _id }) => _id);
  }

  async withDocumentNumber(number: string, known: bigint | null = null): Promise<ReadonlySet<string>> {
    return this.ids({ documentKey: documentNumberKey(number) }, known);
  }

  async starred(known: bigint | null = null): Promise<ReadonlySet<string>> {
    return this.ids({ starred: true }, known);
  }

  async subtasksOf(id: string, known: bigint | null = null): Promise<readonly string[]> {
    return (await this.believed(at([{ parentTaskId: id }], known), known)).map(({ _id }) => _id);
  }

  async likelyDuplicates(documentNumber: string, content: string): Promise<readonly { readonly id: string; readonly code: string }[]> {
    const same = await this.believed(at([{ documentKey: documentNumberKey(documentNumber) }], null), null);
    return same
      .filter(({ version }) => sameContent(version.content, content))
      .slice(0, MOST_DUPLICATES)
      .map(({ _id, code }) => ({ id: _id, code }));
  }

  async count(): Promise<number> {
    return this.tasks.countDocuments({ 'versions.knownTo': STILL });
  }

  private async ids(condition: Document, known: bigint | null): Promise<ReadonlySet<string>> {
    const found = await this.tasks.find(at([condition], known), { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** The tasks that a filter finds, each as believed at K, in the order of what made it believed. */
  private async believed(
    filter: Filter<Row>,
    known: bigint | null,
  ): Promise<readonly { readonly _id: string; readonly code: string; readonly version: StoredVersion }[]> {
    const k = limit(known);
    const found = (await this.tasks
      .find(filter, { projection: { repairs: 0, 'versions.words': 0 } })
      .toArray()) as unknown as readonly TaskDocument[];
    return found
      .flatMap(({ _id, code, versions }) => {
        const version = versions.find(({ knownFrom, knownTo }) => knownFrom <= k && knownTo > k);
        return version === undefined ? [] : [{ _id, code, version }];
      })
      .sort((a, b) => (a.version.knownFrom < b.version.knownFrom ? -1 : 1));
  }
}

/** `knownTo` of a version still believed is FOREVER, so everything known is asked about just below it. */
const limit = (known: bigint | null): bigint => known ?? STILL - 1n;

/** Tasks of which all of this is believed in one version at K; the indexes know of versions at any K, hence the conditions twice. */
function at(conditions: readonly Document[], known: bigint | null): Filter<Row> {
  const k = limit(known);
  const indexed = conditions.map((condition) =>
    Object.fromEntries(Object.entries(condition).map(([field, value]: [string, unknown]) => [`versions.${field}`, value])),
  );
  return {
    $and: [...indexed, { versions: { $elemMatch: { $and: [...conditions, { knownFrom: { $lte: k } }, { knownTo: { $gt: k } }] } } }],
  };
}
