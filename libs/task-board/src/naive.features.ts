import fc from 'fast-check';
import type { RecordedEvent } from '#event-log';
import { foldText } from '#kernel';
import { documentNumberKey, repair, taskIdOf, taskStream, toFact, type TaskAssignedData } from '#tasks';
import { assignment } from './task-board.features.ts';

/** `skipped`: somebody decided to go without it. `parked`: it cannot be taken at first, and comes back with its stream by a retry. */
export type Fate = 'applied' | 'skipped' | 'parked';

export interface ToldEvent {
  readonly event: RecordedEvent;
  readonly fate: Fate;
}

/** A version of a task, whatever store it was read from. */
export interface BoardRow {
  readonly taskId: string;
  readonly code: string;
  readonly knownFrom: bigint;
  readonly knownTo: bigint;
  readonly believed: readonly unknown[];
}

const CONTENTS = ['Báo cáo kết quả xử lý', 'Đôn đốc giải phóng mặt bằng', 'Rà soát 57/BC-TTT', 'Kiểm tra, xử lý đơn thư'] as const;
const NUMBERS = ['57/BC-TTT', '123/QĐ-UBND', '57/bc-ttt'] as const;
export const WORDS = ['bao', 'xu ly', 'nv-2020', 'dat bang', 'giai m', '57', 'bc ttt', 'q', 'thu', 'lý xử', '0002'] as const;

const textArb = fc.constantFrom(...CONTENTS);
const documentArb = fc.record({ number: fc.constantFrom(...NUMBERS), issuer: fc.constantFrom('Thanh tra tỉnh', 'Sở Y tế') });
const assignedOnArb = fc.constantFrom('2019-12-31', '2020-03-02', '2021-01-04');
const change = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<{ old: null; new: T }> => arb.map((value) => ({ old: null, new: value }));
const fateArb = fc.constantFrom<Fate>('applied', 'applied', 'applied', 'applied', 'applied', 'skipped', 'parked');
const moveArb = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('assign' as const),
      fate: fateArb,
      document: documentArb,
      content: textArb,
      assignedOn: assignedOnArb,
      starred: fc.boolean(),
      under: fc.option(fc.nat(20)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      fate: fateArb,
      of: fc.nat(50),
      changes: fc.record(
        {
          content: change(textArb),
          product: change(fc.option(textArb)),
          starred: change(fc.option(fc.boolean())),
          assignedOn: change(assignedOnArb),
          field: change(fc.option(fc.constantFrom('dat-dai', 'y-te'))),
          document: change(documentArb.map((document) => assignment({ document }).document)),
          leadUnitId: change(fc.constant('so-y-te')),
          routine: change(fc.boolean()),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('annul' as const), fate: fateArb, of: fc.nat(50), which: fc.nat(50) }) },
);

/** A log of assignments, corrections and annulments over some tasks and three years, with gaps between its positions. */
export const boardLogArb: fc.Arbitrary<readonly ToldEvent[]> = fc
  .array(fc.tuple(moveArb, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 40, size: 'max' })
  .map((moves) => {
    const told: ToldEvent[] = [];
    const tasks: string[] = [];
    const repairs = new Map<string, string[]>();
    let position = 0n;
    for (const [move, gap] of moves) {
      position += BigInt(gap);
      const id = `e${String(position)}`;
      const tell = (type: string, task: string, data: object, fate: Fate): void => {
        told.push({
          event: {
            id,
            type,
            schema: 1,
            data,
            metadata: {},
            stream: taskStream(task),
            revision: 0,
            position,
            occurredAt: 0,
            recordedAt: 0,
          } as unknown as RecordedEvent,
          fate,
        });
      };
      if (move.kind === 'assign') {
        const task = `t${String(tasks.length)}`;
        const { document, content, assignedOn, starred, under } = move;
        tell(
          'TaskAssigned',
          task,
          assignment({
            document,
            content,
            assignedOn,
            ...(starred ? { starred } : {}),
            ...(under === null ? {} : { parentTaskId: `t${String(under)}` }),
          }),
          move.fate,
        );
        tasks.push(task);
        continue;
      }
      if (tasks.length === 0) continue;
      const task = tasks[move.of % tasks.length]!;
      const before = repairs.get(task) ?? [];
      if (move.kind === 'correct') tell('TaskCorrected', task, { changes: move.changes, reason: 'ghi nhầm' }, move.fate);
      else
        tell(
          'FactAnnulled',
          task,
          { annulledEventId: before[move.which % (before.length + 1)] ?? 'khác', annulledType: 'TaskCorrected', reason: 'không có' },
          move.fate,
        );
      repairs.set(task, [...before, id]);
    }
    return told;
  });

const FOREVER = BigInt(Number.MAX_SAFE_INTEGER);

/** What has to be believed of every task, from the first event on anew for each of its positions. */
export function naiveRows(told: readonly ToldEvent[]): readonly BoardRow[] {
  const rows: BoardRow[] = [];
  for (const { event: assigned, fate } of told) {
    if (assigned.type !== 'TaskAssigned' || fate === 'skipped') continue;
    const year = (one: RecordedEvent): string => (one.data as unknown as TaskAssignedData).assignedOn.slice(0, 4);
    const number = told.filter(
      ({ event }) => event.type === 'TaskAssigned' && year(event) === year(assigned) && event.position <= assigned.position,
    ).length;
    const taskId = taskIdOf(assigned.stream);
    const facts = told
      .filter(({ event, fate: its }) => event.stream === assigned.stream && its !== 'skipped')
      .map(({ event }) => toFact(event));
    let last: BoardRow | undefined;
    for (const { position } of facts) {
      const task = repair(facts.filter((fact) => fact.position <= position)).effective.find(({ type }) => type === 'TaskAssigned')!
        .data as TaskAssignedData;
      const { document } = task;
      const believed = [
        document.number,
        document.date,
        document.issuer,
        document.title,
        task.content,
        task.product ?? null,
        task.authority,
        task.field ?? null,
        task.starred === true,
        task.assignedOn,
        task.routine === true,
        task.parentTaskId ?? null,
      ];
      if (last && JSON.stringify(last.believed) === JSON.stringify(believed)) continue;
      if (last) rows[rows.length - 1] = { ...last, knownTo: position };
      rows.push(
        (last = {
          taskId,
          code: `NV-${year(assigned)}-${String(number).padStart(4, '0')}`,
          knownFrom: position,
          knownTo: FOREVER,
          believed,
        }),
      );
    }
  }
  return inOrder(rows);
}

export const inOrder = (rows: readonly BoardRow[]): readonly BoardRow[] =>
  [...rows].sort((a, b) => (a.taskId === b.taskId ? Number(a.knownFrom - b.knownFrom) : a.taskId < b.taskId ? -1 : 1));

/** Tasks of which some version, believed at K, has for every typed word one that begins with it. */
export function naiveSearch(rows: readonly BoardRow[], text: string, known: bigint | null): readonly string[] {
  const typed = documentNumberKey(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const k = known ?? FOREVER - 1n;
  return rows
    .filter(({ code, knownFrom, knownTo, believed: [number, , , title, content, product] }) => {
      const words = foldText([code, number, title, content, product ?? ''].join(' ')).split(/[^a-z0-9]+/);
      return knownFrom <= k && knownTo > k && typed.every((word) => words.some((one) => one.startsWith(word)));
    })
    .map(({ taskId }) => taskId)
    .sort();
}
