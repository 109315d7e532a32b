import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MARKS, type AuditRow } from '../audit-row.ts';
import { AuditPage, pageOf, readPage } from './audit-pages.ts';

const nameArb = fc.constantFrom('so-tai-chinh', 'Sở Nội vụ', 'null', '0', '');
const dueArb = fc.option(fc.integer({ min: 0, max: 2e12 }));

/** Rows of page 3, in log order: the later one was recorded no earlier. */
const rowsArb = fc
  .uniqueArray(fc.integer({ min: 768, max: 1023 }), { minLength: 1 })
  .chain((places) =>
    fc.tuple(...places.map((position) => fc.record({
      position: fc.constant(position), since: fc.nat(1e9), late: fc.integer({ min: -1e9, max: 1e9 }), taskId: fc.uuid(), type: fc.constantFrom('TaskAssigned' as const, 'TaskUrged' as const), role: nameArb, actorId: nameArb,
      unitId: nameArb, otherUnitId: fc.option(nameArb), mark: fc.option(fc.constantFrom(...MARKS)), dueBefore: dueArb, dueAfter: dueArb,
    }))),
  )
  .map((rows) => {
    let recordedAt = 1_600_000_000_000;
    return rows.sort((a, b) => a.position - b.position).map(({ since, late, dueBefore, dueAfter, ...row }): AuditRow => {
      recordedAt += since;
      return { ...row, recordedAt, occurredAt: recordedAt - late, dueBefore: row.mark === null ? null : dueBefore, dueAfter: row.mark === null ? null : dueAfter };
    });
  });

describe('a page of the trail', () => {
  it('gives back the rows that were put into it', () => {
    fc.assert(
      fc.property(rowsArb, (rows) => {
        expect(readPage(3, new AuditPage(3, rows).toStored())).toEqual(rows);
      }),
    );
  });

  it('is the same text in whatever order its rows came, and however often it was read back between', () => {
    fc.assert(
      fc.property(rowsArb.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows], { minLength: rows.length }), fc.nat(rows.length))), ([rows, shuffled, cut]) => {
        const first = new AuditPage(3, shuffled.slice(0, cut));
        const second = new AuditPage(3, readPage(3, first.toStored()));
        for (const row of shuffled.slice(cut)) second.put(row);
        expect(second.toStored()).toBe(new AuditPage(3, rows).toStored());
      }),
    );
  });

  it('holds 256 positions', () => {
    expect([767, 768, 1023, 1024].map(pageOf)).toEqual([2, 3, 3, 4]);
  });

  it.each([
    ['{"texts":[],"cells":[0,1,0,1,1,1,1,1,0,0]}', 'page 3 names text 1 of 0'],
    ['{"texts":["a"],"cells":[0,1,0,1,1,1,1]}', 'page 3 ends in the middle of a row'],
  ])('refuses what is no page: %s', (text, said) => {
    expect(() => readPage(3, text)).toThrow(said);
  });
});
