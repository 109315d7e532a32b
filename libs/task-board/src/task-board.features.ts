import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, JsonObject, RecordedEvent } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { derivedId, ManualClock, systemIds } from '#kernel';
import { Projector, recordSkip, type Projection, type ReadModelStore } from '#projections';
import { taskStream, type Corrections, type TaskAssignedData } from '#tasks';
import { documentIdOf, type TaskBoard } from './board.ts';

/** What the suite needs of a store: opened again on the same data as often as it is asked, and its board. */
export interface BoardUnderTest<Tx> {
  open(): Promise<ReadModelStore<Tx>>;
  projection(): Projection<Tx>;
  /** Of the build that serves, as another connection sees it. */
  board(): Promise<TaskBoard>;
  clear(): Promise<void>;
}

export type AssignmentChanges = Partial<Omit<TaskAssignedData, 'document'>> & { readonly document?: Partial<TaskAssignedData['document']> };

/** An assignment with something in every field that is not said. */
export function assignment({ document, ...more }: AssignmentChanges = {}): TaskAssignedData {
  return {
    document: { number: '57/BC-TTT', date: '2020-03-02', issuer: 'Thanh tra tỉnh', title: 'Về việc xử lý đơn thư', ...document },
    content: 'Báo cáo kết quả xử lý',
    authority: 'ubnd-tinh',
    leadUnitId: 'thanh-tra-tinh',
    coordinatingUnitIds: [],
    assignedOn: '2020-03-02',
    deadline: { kind: 'none' },
    ...more,
  };
}

/** The behaviour of the task board in a store; each store's spec calls it. */
export function taskBoardFeatures<Tx>(name: string, make: () => Promise<BoardUnderTest<Tx>>): void {
  let under: BoardUnderTest<Tx>;
  let log: EventLog;
  let projector: Projector<Tx>;
  const clock = new ManualClock(Date.parse('2020-11-29T07:30:00+07:00'));
  const actor = { id: 'admin', role: 'admin' } as const;
  const id = (n: number): string => derivedId('task', String(n));
  const stream = (n: number): string => taskStream(id(n));

  async function happen(n: number, type: string, data: object): Promise<RecordedEvent> {
    const revision = (await log.readStream(stream(n))).length - 1;
    const result = await log.append(
      stream(n),
      [{ id: systemIds.next(), type, schema: 1, data: data as JsonObject, occurredAt: clock.now(), metadata: { actor } }],
      { expectedRevision: revision },
    );
    if (!result.ok) throw new Error('conflict');
    return (await log.readStream(stream(n), { from: revision + 1 }))[0]!;
  }
  const assign = (n: number, more: AssignmentChanges = {}): Promise<RecordedEvent> => happen(n, 'TaskAssigned', assignment(more));
  const correct = (n: number, changes: Corrections): Promise<RecordedEvent> => happen(n, 'TaskCorrected', { changes, reason: 'ghi nhầm' });
  const annul = (n: number, { id: annulledEventId, type: annulledType }: RecordedEvent): Promise<RecordedEvent> =>
    happen(n, 'FactAnnulled', { annulledEventId, annulledType, reason: 'không có' });

  async function reopen(): Promise<void> {
    await projector.stop();
    projector = await Projector.open({ log, store: await under.open(), clock, projections: [() => under.projection()] });
  }
  async function board(): Promise<TaskBoard> {
    await projector.catchUp();
    return under.board();
  }
  /** The numbers of tasks in `of` that were found. */
  const found = (ids: Iterable<string>, of = 30): number[] =>
    [...ids].map((one) => Array.from({ length: of }, (_, n) => n).find((n) => id(n) === one)!);
  const codes = async (...tasks: number[]): Promise<string[]> => (await (await board()).byIds(tasks.map(id))).map(({ code }) => code);

  beforeEach(async () => {
    under = await make();
    log = new MemoryEventLog({ clock });
    projector = await Projector.open({ log, store: await under.open(), clock, projections: [() => under.projection()] });
  });
  afterEach(async () => {
    await projector.stop();
    await log.close();
    await under.clear();
  });

  describe(`the task board in ${name}`, () => {
    it('shows a task as it was assigned, and nothing before it was', async () => {
      const { position } = await assign(1, { product: 'Báo cáo', field: 'dat-dai', starred: true, routine: true, parentTaskId: id(7) });
      const shown = {
        id: id(1),
        code: 'NV-2020-0001',
        content: 'Báo cáo kết quả xử lý',
        product: 'Báo cáo',
        documentId: '57~bc-ttt_2020-03-02_thanh-tra-tinh',
        documentNumber: '57/BC-TTT',
        documentDate: '2020-03-02',
        authority: 'ubnd-tinh',
        field: 'dat-dai',
        starred: true,
        assignedOn: '2020-03-02',
        routine: true,
        parentTaskId: id(7),
      };
      const now = await board();
      expect([await now.byId(id(1)), await now.byId(id(1), position), await now.byId(id(1), position - 1n), await now.byId(id(2))]).toEqual(
        [shown, shown, undefined, undefined],
      );
    });

    it('leaves empty what an assignment does not say', async () => {
      await assign(1);
      expect(await (await board()).byId(id(1))).toMatchObject({
        product: null,
        field: null,
        starred: false,
        routine: false,
        parentTaskId: null,
      });
    });

    it('answers many tasks in the order asked for, without those it does not know', async () => {
      for (const n of [1, 2, 3]) await assign(n);
      const all = await board();
      expect(found((await all.byIds([id(3), id(9), id(1), id(3)])).map((task) => task.id))).toEqual([3, 1, 3]);
      expect(await all.byIds([id(1), id(2)], 1n)).toMatchObject([{ id: id(1) }]);
      expect(await all.byIds([])).toEqual([]);
      expect(await all.codesOf([id(3), id(9), id(1), id(3)])).toEqual(new Map([[id(3), 'NV-2020-0003'], [id(1), 'NV-2020-0001']]));
      expect(await all.codesOf([id(1), id(2)], 1n)).toEqual(new Map([[id(1), 'NV-2020-0001']]));
    });

    it('numbers tasks in log order within the year they were assigned in', async () => {
      await assign(1, { assignedOn: '2019-12-31' });
      await assign(2);
      await assign(3, { assignedOn: '2019-11-02' });
      expect(await codes(1, 2, 3)).toEqual(['NV-2019-0001', 'NV-2020-0001', 'NV-2019-0002']);
      await reopen();
      await assign(4, { assignedOn: '2019-01-01' });
      await assign(5);
      await assign(6);
      expect(await codes(4, 5, 6)).toEqual(['NV-2019-0003', 'NV-2020-0002', 'NV-2020-0003']);
    });

    it('believes a correction from its place in the log on, and keeps the code', async () => {
      await assign(1, { product: 'Tờ trình' });
      await assign(2);
      const corrected = await correct(1, {
        content: { old: 'Báo cáo kết quả xử lý', new: 'Trình kế hoạch' },
        product: { old: 'Tờ trình', new: null },
        assignedOn: { old: '2020-03-02', new: '2019-12-30' },
      });
      const now = await board();
      expect(await now.byId(id(1), corrected.position - 1n)).toMatchObject({
        content: 'Báo cáo kết quả xử lý',
        product: 'Tờ trình',
        assignedOn: '2020-03-02',
      });
      expect(await now.byId(id(1), corrected.position)).toMatchObject({
        code: 'NV-2020-0001',
        content: 'Trình kế hoạch',
        product: null,
        assignedOn: '2019-12-30',
      });
      expect(await now.byId(id(1))).toEqual(await now.byId(id(1), corrected.position));
    });

    it('takes a correction back when it is annulled, and brings it back when the annulment is', async () => {
      await assign(1);
      const first = await correct(1, { content: { old: '', new: 'Một' } });
      const second = await correct(1, { field: { old: null, new: 'y-te' } });
      await reopen();
      const annulled = await annul(1, first);
      const restored = await annul(1, annulled);
      const now = await board();
      const at = async (position: bigint): Promise<unknown> =>
        (({ content, field }) => [content, field])((await now.byId(id(1), position))!);
      expect([await at(first.position), await at(second.position), await at(annulled.position), await at(restored.position)]).toEqual([
        ['Một', null],
        ['Một', 'y-te'],
        ['Báo cáo kết quả xử lý', 'y-te'],
        ['Một', 'y-te'],
      ]);
    });

    it('adds nothing for a repair that changes nothing the board shows', async () => {
      await assign(1);
      const submitted = await happen(1, 'CompletionSubmitted', {});
      await correct(1, { leadUnitId: { old: 'thanh-tra-tinh', new: 'so-y-te' } });
      await annul(1, submitted);
      await annul(9, submitted);
      expect([await (await board()).count(), found(await (await board()).search('bao cao'))]).toEqual([1, [1]]);
      await correct(1, { content: { old: '', new: 'Một' } });
      expect([await (await board()).count(), (await (await board()).byId(id(1)))?.content]).toEqual([1, 'Một']);
    });

    describe('search', () => {
      it('takes every typed word for the beginning of one, in any order, without tone marks and case', async () => {
        await assign(1, { content: 'Đôn đốc GIẢI PHÓNG mặt bằng', product: 'Thông báo kết luận' });
        await assign(2, { content: 'Kiểm tra mặt bằng giá', document: { number: '123/QĐ-UBND', title: 'Quyết định của Ủy ban' } });
        const now = await board();
        const asked = async (text: string): Promise<number[]> => found(await now.search(text)).sort();
        expect(await asked('mat bang')).toEqual([1, 2]);
        expect(await asked('BẰNG giai')).toEqual([1]);
        expect(await asked('don giai phong mat')).toEqual([1]);
        expect(await asked('hong')).toEqual([]);
        expect(await asked('thong ket')).toEqual([1]);
        expect(await asked('uy quyet')).toEqual([2]);
        expect(await asked('mat bangg')).toEqual([]);
      });

      it('finds codes and document numbers typed any way', async () => {
        await assign(1);
        await assign(2, { document: { number: '123/QĐ-UBND' } });
        const now = await board();
        const asked = async (text: string): Promise<number[]> => found(await now.search(text)).sort();
        expect(await asked('nv-2020-0002')).toEqual([2]);
        expect(await asked('NV 2020')).toEqual([1, 2]);
        expect(await asked('Số: 123 / qd - ubnd')).toEqual([2]);
        expect(await asked('57/BC')).toEqual([1]);
      });

      it('reads nothing that is typed as query syntax, and finds nothing for nothing', async () => {
        await assign(1, { content: 'a.b (c) "d" OR e*' });
        const now = await board();
        const asked = async (text: string): Promise<number[]> => found(await now.search(text));
        expect(await asked('')).toEqual([]);
        expect(await asked(' … "*" ')).toEqual([]);
        expect(await asked('.*')).toEqual([]);
        expect(await asked('a OR b')).toEqual([1]);
        expect(await asked('a OR q')).toEqual([]);
        expect(await asked('"d" NOT')).toEqual([]);
        expect(await asked('c) AND')).toEqual([]);
      });

      it('finds what was believed at the time, all words in one version', async () => {
        await assign(1, { content: 'mặt trời' });
        const { position } = await correct(1, { content: { old: 'mặt trời', new: 'mặt trăng' } });
        const now = await board();
        expect([found(await now.search('mat troi')), found(await now.search('mat trang'))]).toEqual([[], [1]]);
        expect([found(await now.search('mat troi', position - 1n)), found(await now.search('mat trang', position - 1n))]).toEqual([
          [1],
          [],
        ]);
        expect([found(await now.search('troi trang')), found(await now.search('mat', 0n))]).toEqual([[], []]);
      });
    });

    it('lists the tasks of a document in log order, told apart by number, day and issuer', async () => {
      await assign(3);
      await assign(1);
      await assign(2, { document: { issuer: 'Sở Y tế' } });
      const { position } = await correct(3, {
        document: { old: assignment().document, new: { ...assignment().document, date: '2020-03-05' } },
      });
      const now = await board();
      const { document } = assignment();
      expect(found(await now.ofDocument(documentIdOf(document)))).toEqual([1]);
      expect(found(await now.ofDocument(documentIdOf(document), position - 1n))).toEqual([3, 1]);
      expect(found(await now.ofDocument(documentIdOf({ ...document, date: '2020-03-05' })))).toEqual([3]);
      expect(found(await now.ofDocument(documentIdOf({ ...document, issuer: 'Sở Y tế' })))).toEqual([2]);
      expect([await now.ofDocument('không phải'), await now.ofDocument('%_2020-03-02_x')]).toEqual([[], []]);
    });

    it('finds the tasks of every document with a number, typed any way', async () => {
      await assign(1);
      await assign(2, { document: { date: '2020-05-05', number: '57/bc-ttt' } });
      await assign(3, { document: { number: '58/BC-TTT' } });
      const now = await board();
      expect(found(await now.withDocumentNumber('Số 57 /BC - TTT')).sort()).toEqual([1, 2]);
      expect(found(await now.withDocumentNumber('57/BC-TTT', 1n))).toEqual([1]);
      expect(found(await now.withDocumentNumber('57/BC'))).toEqual([]);
    });

    it('knows the starred tasks at any time', async () => {
      await assign(1, { starred: true });
      await assign(2);
      const { position } = await correct(1, { starred: { old: true, new: null } });
      await correct(2, { starred: { old: null, new: true } });
      const now = await board();
      expect([
        found(await now.starred()),
        found(await now.starred(position)),
        found(await now.starred(1n)),
        found(await now.starred(0n)),
      ]).toEqual([[2], [], [1], []]);
    });

    it('lists the subtasks of a task in log order', async () => {
      for (const n of [5, 3, 4]) await assign(n, { parentTaskId: id(1) });
      await assign(2);
      const { position } = await correct(5, { parentTaskId: { old: id(1), new: null } });
      const now = await board();
      expect([
        found(await now.subtasksOf(id(1))),
        found(await now.subtasksOf(id(1), position - 1n)),
        found(await now.subtasksOf(id(2))),
      ]).toEqual([[3, 4], [5, 3, 4], []]);
    });

    it('names at most five tasks that say the same in the same document', async () => {
      await assign(1, { content: 'Khác hẳn' });
      for (let n = 2; n <= 8; n++) await assign(n);
      await correct(2, { content: { old: '', new: 'Nay đã khác' } });
      await assign(9, { document: { number: '58/BC-TTT' } });
      const now = await board();
      expect(await now.likelyDuplicates('57/bc-ttt', ' BÁO CÁO  kết quả xử lý ')).toEqual(
        [3, 4, 5, 6, 7].map((n) => ({ id: id(n), code: `NV-2020-000${n}` })),
      );
      expect(await now.likelyDuplicates('57/BC-TTT', 'Báo cáo')).toEqual([]);
    });

    it('knows whose a code is, whatever was corrected since, many at once', async () => {
      await assign(1);
      await assign(2, { assignedOn: '2021-02-01' });
      await assign(3);
      await correct(3, { assignedOn: { old: '2020-06-01', new: '2021-06-01' } });
      const now = await board();
      const ids = await now.withCodes(['NV-2020-0002', 'NV-2021-0001', 'NV-2021-0009', 'NV-2020-0002']);
      expect([...ids].sort()).toEqual([['NV-2020-0002', id(3)], ['NV-2021-0001', id(2)]]);
      expect(await now.withCodes([])).toEqual(new Map());
    });

    it('counts tasks, not versions', async () => {
      expect(await (await board()).count()).toBe(0);
      await assign(1);
      await assign(2);
      await correct(1, { content: { old: '', new: 'Một' } });
      expect(await (await board()).count()).toBe(2);
    });

    describe('an assignment that it cannot take', () => {
      it('keeps its number while it is set aside, and when it is skipped; those after it come out the same', async () => {
        await assign(1);
        await board();
        const { document: _, ...broken } = assignment();
        const event = await happen(2, 'TaskAssigned', broken);
        await correct(2, { content: { old: '', new: 'chờ' } });
        await assign(3);
        expect(await codes(1, 2, 3)).toEqual(['NV-2020-0001', 'NV-2020-0003']);
        expect([await (await board()).count(), found(await (await board()).search('nv'))]).toEqual([2, [1, 3]]);
        await reopen();
        await assign(4);
        expect(await codes(3, 4)).toEqual(['NV-2020-0003', 'NV-2020-0004']);
        await recordSkip(
          log,
          { projection: 'task-board', version: under.projection().version, eventId: event.id, reason: 'ghi nhầm khi thử' },
          actor,
          clock,
          systemIds,
        );
        expect(await projector.retry('task-board', stream(2))).toBeUndefined();
        await assign(5);
        expect(await codes(2, 5)).toEqual(['NV-2020-0005']);
        await projector.rebuild('task-board');
        await assign(6);
        expect(await codes(1, 2, 3, 4, 5, 6)).toEqual(['NV-2020-0001', 'NV-2020-0003', 'NV-2020-0004', 'NV-2020-0005', 'NV-2020-0006']);
      });

      it('comes back with the number it got, and with what happened meanwhile', async () => {
        const refuses = new Set(['hỏng']);
        const { projection } = under;
        under = { ...under, projection: () => refusing(projection(), refuses) };
        await reopen();
        await assign(1);
        await board();
        await assign(2, { content: 'hỏng' });
        const { position } = await correct(2, { content: { old: 'hỏng', new: 'lành' } });
        await assign(3);
        expect(await codes(1, 2, 3)).toEqual(['NV-2020-0001', 'NV-2020-0003']);
        refuses.clear();
        expect(await projector.retry('task-board', stream(2))).toBeUndefined();
        await assign(4);
        expect(await codes(1, 2, 3, 4)).toEqual(['NV-2020-0001', 'NV-2020-0002', 'NV-2020-0003', 'NV-2020-0004']);
        const now = await board();
        expect([(await now.byId(id(2)))?.content, (await now.byId(id(2), position - 1n))?.content]).toEqual(['lành', 'hỏng']);
      });

      it.each(['content', 'authority', 'assignedOn'])('is one without its %s', async (field) => {
        await board();
        await happen(1, 'TaskAssigned', { ...assignment(), [field]: undefined });
        await assign(2);
        expect(await (await board()).count()).toBe(1);
        expect(projector.parked()).toMatchObject([{ stream: stream(1) }]);
      });
    });

    it('comes out the same however the log is cut into batches, and built anew', async () => {
      for (let n = 1; n <= 12; n++) {
        await assign(n, { assignedOn: n % 3 === 0 ? '2019-06-01' : '2020-06-01', content: `Việc ${n}` });
        if (n % 4 === 0) await correct(n - 1, { content: { old: '', new: `Việc ${n} khác` } });
        if (n % 5 !== 0) await board();
        if (n % 6 === 0) await reopen();
      }
      const all = async (): Promise<unknown> =>
        Promise.all(
          [null, 3n, 9n].map(async (known) =>
            (await board()).byIds(
              Array.from({ length: 13 }, (_, n) => id(n)),
              known,
            ),
          ),
        );
      const before = await all();
      await projector.rebuild('task-board');
      expect(await all()).toEqual(before);
      expect(await codes(3, 12, 1, 11)).toEqual(['NV-2019-0001', 'NV-2019-0004', 'NV-2020-0001', 'NV-2020-0008']);
    });
  });
}

/** A projection that cannot take assignments with this content. */
function refusing<Tx>(projection: Projection<Tx>, contents: ReadonlySet<unknown>): Projection<Tx> {
  const { apply } = projection;
  return Object.assign(projection, {
    apply(events: readonly RecordedEvent[], tx: Tx): void | Promise<void> {
      for (const { data } of events) if (contents.has(data['content'])) throw new Error('không nhận');
      return apply.call(projection, events, tx);
    },
  });
}
