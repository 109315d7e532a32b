import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastInstantInTime } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import type { Build, Projection, ReadModelStore } from '#projections';
import { fold, taskStream, type TaskFact, type TaskState } from '#tasks';
import { logArb, type ToldLog } from '#tasks/lives.features';
import { CLOSE_MS, type AuditRow, type Mark } from './audit-row.ts';
import type { AuditTrail } from './audit-trail.ts';

/** A store of read models with the trail in it. */
export interface TrailStore<Tx> {
  readonly store: ReadModelStore<Tx>;
  projection(): Projection<Tx>;
  trail(build: Build): AuditTrail;
  /** Every line of a build in a fixed order. */
  dump(build: Build): Promise<string>;
  clear(): Promise<void>;
}

const ROLES = ['office', 'leader', 'unit', 'system'] as const;
/** Proof of submissions, in turn: the lives know of none. */
const PROOFS = [{}, { evidence: ['a'.repeat(64)] }, { resultDocument: { number: '1/BC', date: '2020-03-01' } }] as const;

export const eventsOf = ({ log }: ToldLog): RecordedEvent[] =>
  log.map(
    ({ taskId, fact }, n) =>
      ({
        id: fact.eventId,
        type: fact.type,
        schema: 1,
        data: fact.type === 'CompletionSubmitted' ? { ...fact.data, ...PROOFS[n % 3] } : fact.data,
        metadata: { actor: { id: `người-${String(n % 5)}`, role: ROLES[n % 4] } },
        stream: taskStream(taskId),
        revision: fact.revision,
        position: fact.position,
        occurredAt: fact.occurredAt,
        recordedAt: fact.recordedAt,
      }) as unknown as RecordedEvent,
  );

/** The slow reading of the log: what stood before each event is asked of the decider's own fold, from the beginning every time. */
export function naiveRows(log: ToldLog): AuditRow[] {
  const before = new Map<string, TaskFact[]>();
  const events = eventsOf(log);
  return log.log.map(({ taskId, fact }, n): AuditRow => {
    const facts = before.get(taskId) ?? [];
    const was = standing(fold(facts));
    before.set(taskId, [...facts, fact]);
    const is = standing(fold([...facts, fact]));
    const { id, role } = events[n]!.metadata.actor;
    const unitId = fact.type === 'TaskAssigned' ? is.unitId : was.unitId;
    const other = fact.type === 'CoordinationAnswered' ? fact.data.unitId : is.unitId;
    let mark: Mark | null = null;
    if (fact.type === 'TaskCompleted') {
      const submission = events.find((event) => event.id === fact.data.submissionEventId)!;
      mark = 'evidence' in submission.data ? null : 'resultDocument' in submission.data ? 'fileless' : 'unproved';
    } else if (fact.type === 'CompletionSubmitted')
      mark = was.due !== null && fact.occurredAt <= was.due && was.due - fact.occurredAt < CLOSE_MS ? 'close' : null;
    else if (fact.type !== 'TaskAssigned' && was.due !== is.due)
      mark =
        was.due !== null && fact.occurredAt > was.due && !['TaskResumed', 'TaskReopened', 'DeadlineSet'].includes(fact.type)
          ? 'moved-late'
          : 'moved';
    const shows = mark !== null && mark !== 'unproved' && mark !== 'fileless';
    return {
      position: Number(fact.position),
      recordedAt: fact.recordedAt,
      occurredAt: fact.occurredAt,
      taskId,
      type: fact.type,
      role,
      actorId: id,
      unitId,
      otherUnitId: other === unitId ? null : other,
      mark,
      dueBefore: shows ? was.due : null,
      dueAfter: shows ? is.due : null,
    };
  });
}

function standing(state: TaskState): { unitId: string; due: number | null } {
  if (state.kind === 'none') return { unitId: '', due: null };
  const last = lastInstantInTime(state.deadline);
  return { unitId: state.leadUnitId, due: last === Infinity ? null : last };
}

async function begun<Tx>({ store, projection: make }: TrailStore<Tx>): Promise<{ build: Build; tx: Tx; projection: Projection<Tx> }> {
  const projection = make();
  await store.begin();
  const build = await store.create(projection.name, projection.version);
  const tx = store.tx(build);
  await projection.init(tx);
  await store.commit([]);
  return { build, tx, projection };
}

const runs = (reduced: number): { readonly seed: number; readonly numRuns: number } => ({
  seed: 20_201_128,
  numRuns: process.env['NHACVIEC_FULL'] === undefined ? reduced : reduced * 25,
});

/** What every store of the trail does. */
export function auditTrailFeatures<Tx>(name: string, open: () => Promise<TrailStore<Tx>>, reduced = 40): void {
  describe(`the audit trail in ${name}`, () => {
    let stored: TrailStore<Tx>;
    beforeAll(async () => {
      stored = await open();
    });
    afterAll(() => stored.clear());

    /** Plays events in batches of these sizes; some fail first, some come a second time because their checkpoint was lost, some are followed by a restart. */
    async function played(
      events: readonly RecordedEvent[],
      sizes: readonly number[],
      troubles: readonly ('none' | 'fails' | 'restarts')[],
    ): Promise<Build> {
      const { store } = stored;
      const { build, tx, ...first } = await begun(stored);
      let { projection } = first;
      for (let from = 0, batch = 0; from < events.length; batch++) {
        const some = events.slice(from, (from += sizes[batch % sizes.length]!));
        const trouble = troubles[batch % troubles.length]!;
        if (trouble === 'fails') {
          await store.begin();
          await projection.apply(some, tx);
          await projection.flush?.(tx);
          await store.rollback();
          projection.rolledBack?.();
        }
        await store.begin();
        await projection.apply(some, tx);
        await projection.flush?.(tx);
        await store.commit([{ buildId: build.id, position: some.at(-1)!.position, eventId: some.at(-1)!.id }]);
        projection.committed?.();
        if (trouble === 'restarts') projection = stored.projection();
      }
      await projection.caughtUp?.(tx);
      return build;
    }

    async function rowsIn(build: Build, after = 0n, upTo = 1n << 52n): Promise<AuditRow[]> {
      const rows: AuditRow[] = [];
      for await (const page of stored.trail(build).rows(after, upTo)) rows.push(...page);
      return rows;
    }

    it('is the slow reading of the log, whatever the batches, and a rebuild stores the same bytes', async () => {
      const seen = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          logArb(5, 50),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
          fc.array(fc.constantFrom('none' as const, 'fails' as const, 'restarts' as const), { minLength: 1, maxLength: 4 }),
          async (log, sizes, troubles) => {
            const events = eventsOf(log);
            const expected = naiveRows(log);
            const cut = await played(events, sizes, troubles);
            const whole = await played(events, [1_000], ['none']);
            expect(await rowsIn(cut)).toEqual(expected);
            expect(await stored.dump(cut)).toBe(await stored.dump(whole));
            const middle = expected[expected.length >> 1]!.position;
            expect(await rowsIn(cut, BigInt(middle))).toEqual(expected.filter(({ position }) => position > middle));
            expect(await rowsIn(cut, 0n, BigInt(middle))).toEqual(expected.filter(({ position }) => position <= middle));
            for (const { mark, otherUnitId } of expected)
              for (const what of [mark ?? 'unmarked', otherUnitId === null ? 'one unit' : 'two units'])
                seen.set(what, (seen.get(what) ?? 0) + 1);
            for (const build of [cut, whole]) await stored.store.drop(build);
          },
        ),
        runs(reduced),
      );
      for (const what of ['unproved', 'fileless', 'close', 'moved', 'moved-late', 'two units'])
        expect([what, seen.get(what) ?? 0]).toEqual([what, expect.any(Number)]);
      expect(
        Math.min(...['unproved', 'fileless', 'close', 'moved', 'moved-late', 'two units'].map((what) => seen.get(what) ?? 0)),
      ).toBeGreaterThan(0);
    });

    it('keeps positions past 2^31 apart, and refuses those past 2^53', async () => {
      const far = 2n ** 52n;
      const event = (n: number, position: bigint): RecordedEvent =>
        ({
          id: `e${String(n)}`,
          type: 'TaskAssigned',
          schema: 1,
          stream: `task-t${String(n)}`,
          revision: 0,
          position,
          occurredAt: 0,
          recordedAt: 0,
          metadata: { actor: { id: 'x', role: 'office' } },
          data: { leadUnitId: 'a', assignedOn: '1970-01-01', deadline: { kind: 'none' } },
        }) as unknown as RecordedEvent;
      const build = await played([event(1, far), event(2, far + 1n), event(3, far + 2n)], [2], ['none']);
      expect((await rowsIn(build, far, 1n << 53n)).map(({ position }) => BigInt(position))).toEqual([far + 1n, far + 2n]);
      await stored.store.drop(build);
      const { tx, projection } = await begun(stored);
      await expect((async () => projection.apply([event(4, 2n ** 53n)], tx))()).rejects.toThrow(RangeError);
    });
  });
}
