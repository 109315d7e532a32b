import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayNumberOf } from '#kernel';
import { logArb } from '#tasks/lives.features';
import { AuditColumns, type AuditFilter } from './audit-columns.ts';
import { isRepair, lateDaysOf, MARKS, type AuditRow } from './audit-row.ts';
import { naiveRows } from './audit-trail.features.ts';

const some = <T>(values: readonly T[]): fc.Arbitrary<ReadonlySet<T> | undefined> =>
  fc.option(
    fc.subarray([...values], { minLength: 1 }).map((list) => new Set(list)),
    { nil: undefined },
  );
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });

function naive(rows: readonly AuditRow[], f: AuditFilter): AuditRow[] {
  return rows.filter(
    (row) =>
      row.position > (f.after ?? 0) &&
      row.position <= f.upTo &&
      row.occurredAt <= (f.at ?? Infinity) &&
      row.recordedAt >= (f.recordedFrom ?? -Infinity) &&
      row.recordedAt < (f.recordedTo ?? Infinity) &&
      row.occurredAt >= (f.occurredFrom ?? -Infinity) &&
      row.occurredAt < (f.occurredTo ?? Infinity) &&
      (!f.unitIds || f.unitIds.has(row.unitId) || (row.otherUnitId !== null && f.unitIds.has(row.otherUnitId))) &&
      (!f.types || f.types.has(row.type)) &&
      (!f.roles || f.roles.has(row.role)) &&
      (!f.actorIds || f.actorIds.has(row.actorId)) &&
      (!f.recordedWhen || f.recordedWhen(row.recordedAt)) &&
      (!f.marks || (row.mark !== null && f.marks.has(row.mark))) &&
      (f.repairs === undefined || isRepair(row.type) === f.repairs) &&
      (f.lateDays === undefined || lateDaysOf(row) >= f.lateDays),
  );
}

it('pages, totals, densities and hours are what filtering all rows gives, however the rows came in', () => {
  let found = 0;
  fc.assert(
    fc.property(
      logArb(6, 60),
      fc.record({
        units: some(['a', 'b', 'c']),
        types: some(['TaskAssigned', 'ExtensionGranted', 'CompletionSubmitted', 'TaskCorrected', 'TaskTransferred']),
        roles: some(['office', 'unit', 'system']),
        marks: some(MARKS),
        actors: some(['người-0', 'người-1', 'người-3']),
        evenHours: fc.boolean(),
        repairs: fc.option(fc.boolean(), { nil: undefined }),
        lateDays: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        after: share,
        upTo: share,
        at: share,
        from: share,
        to: share,
      }),
      fc.subarray(
        [
          'unitIds',
          'types',
          'roles',
          'marks',
          'actorIds',
          'recordedWhen',
          'repairs',
          'lateDays',
          'after',
          'at',
          'recordedFrom',
          'recordedTo',
          'occurredFrom',
        ],
        { maxLength: 3 },
      ),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      (log, asked, used, size, limit, newestFirst) => {
        const rows = naiveRows(log);
        const columns = new AuditColumns(2);
        for (let n = 0; n < rows.length; n += size) columns.take(rows.slice(n, n + size));
        const near = (part: number | undefined): AuditRow | undefined =>
          part === undefined ? undefined : rows[Math.floor(part * (rows.length - 1))];
        const filter: AuditFilter = Object.fromEntries(
          Object.entries({
            unitIds: asked.units,
            types: asked.types,
            roles: asked.roles,
            marks: asked.marks,
            actorIds: asked.actors,
            recordedWhen: (at: number) => (Math.floor(at / 3_600_000) % 2 === 0) === asked.evenHours,
            repairs: asked.repairs,
            lateDays: asked.lateDays,
            after: near(asked.after)?.position,
            at: near(asked.at)?.recordedAt,
            recordedFrom: near(asked.from)?.recordedAt,
            recordedTo: near(asked.to)?.recordedAt,
            occurredFrom: near(asked.from)?.occurredAt,
            upTo: near(asked.upTo)?.position ?? rows.at(-1)!.position,
          }).filter(([name, value]) => value !== undefined && (name === 'upTo' || used.includes(name))),
        ) as unknown as AuditFilter;
        const expected = naive(rows, filter);
        found += expected.length;
        expect(columns.total(filter)).toBe(expected.length);
        const ordered = newestFirst ? [...expected].reverse() : expected;
        expect(columns.page(filter, { limit, newestFirst })).toEqual(ordered.slice(0, limit));
        // Page after page by the position of the last one gives all of them, each once.
        const paged: AuditRow[] = [];
        for (let last: number | undefined; ;) {
          const page = columns.page(
            { ...filter, ...(last === undefined ? {} : newestFirst ? { upTo: last - 1 } : { after: last }) },
            { limit, newestFirst },
          );
          if (page.length === 0) break;
          paged.push(...page);
          last = page.at(-1)!.position;
        }
        expect(paged).toEqual(ordered);
        for (const by of ['recorded', 'occurred'] as const) {
          const day = (row: AuditRow): number => dayNumberOf(by === 'recorded' ? row.recordedAt : row.occurredAt);
          const days = [...new Set(expected.map(day))].sort((a, b) => a - b);
          expect(columns.density(filter, by)).toEqual(
            days.map((one) => {
              const of = expected.filter((row) => day(row) === one);
              return {
                day: one,
                total: of.length,
                late: of.filter((row) => lateDaysOf(row) > 0).length,
                repairs: of.filter(({ type }) => isRepair(type)).length,
              };
            }),
          );
        }
        const hours = columns.hours(filter, 2);
        for (const { hour, actorId, role, total } of hours)
          expect(
            expected.filter(
              (row) => row.actorId === actorId && row.role === role && row.recordedAt >= hour && row.recordedAt < hour + 3_600_000,
            ).length,
          ).toBe(total);
        expect(columns.hours(filter, 1).reduce((sum, { total }) => sum + total, 0)).toBe(expected.length);
      },
    ),
    { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] ? 2_000 : 150 },
  );
  expect(found).toBeGreaterThan(200);
});
