import { describe, expect, it } from '@jest/globals';
import { compare, findPoint, pointAt, pointOn, step, valueText, type Mark } from './points.ts';

const TODAY = '2020-03-02';
const MARKS: Mark[] = [
  { id: 'a0000000-0000-4000-8000-000000000001', position: '126', recordedAt: '2020-02-11T08:00:00.000+07:00' },
  { id: 'a0000000-0000-4000-8000-000000000002', position: '169', recordedAt: '2020-02-28T00:01:00.000+07:00' },
  { id: 'a0000000-0000-4000-8000-000000000003', position: '175', recordedAt: '2020-02-28T08:01:00.000+07:00' },
  { id: 'a0000000-0000-4000-8000-000000000004', position: '176', recordedAt: '2020-02-28T08:01:00.000+07:00' },
];

describe('a point of the address', () => {
  it('is found by position and by event, with the same answer', () => {
    const byPosition = findPoint(MARKS, 'position:169');
    expect(byPosition).toEqual(findPoint(MARKS, `event:${MARKS[1]!.id.toUpperCase()}`));
    expect(byPosition).toMatchObject({ remark: null, point: { count: 2, asOf: MARKS[1]!.recordedAt, knownAt: 'position:169' } });
  });

  it('by day takes what was recorded before its 24:00, by instant what was recorded up to it', () => {
    expect(findPoint(MARKS, '2020-02-27').point).toMatchObject({ count: 1, asOf: '2020-02-27', knownAt: '2020-02-27' });
    expect(findPoint(MARKS, '2020-02-28').point.count).toBe(4);
    expect(findPoint(MARKS, '2020-02-28T00:01:00.000+07:00').point.count).toBe(2);
    expect(findPoint(MARKS, '2020-02-28T00:00:59+07:00').point.count).toBe(1);
    expect(findPoint(MARKS, '2020-02-01').point.count).toBe(0);
  });

  it.each([
    ['position:170', 2, 'không thuộc việc này'],
    ['position:999999999999999999', 4, 'không thuộc việc này'],
    ['position:3', 1, 'không thuộc việc này'],
    ['event:nothing', 4, 'không có sự kiện'],
    ['2020-13-45', 4, 'Không hiểu'],
    ['hom-qua', 4, 'Không hiểu'],
  ])('%s is replaced, and the reader is told', (name, count, words) => {
    const found = findPoint(MARKS, name);
    expect(found.point.count).toBe(count);
    expect(found.remark).toContain(words);
  });
});

describe('a step', () => {
  const go = (from: string, ...how: Parameters<typeof step>[2][]) =>
    how.reduce((point, one) => step(MARKS, point, one, TODAY), findPoint(MARKS, from).point).name;

  it('by event stops at both ends', () => {
    expect(go('position:126', 'next')).toBe('position:169');
    expect(go('position:126', 'previous')).toBe('position:126');
    expect(go('position:175', 'next', 'next', 'next')).toBe('position:176');
    expect(go('position:175', 'first')).toBe('position:126');
    expect(go('position:126', 'last')).toBe('position:176');
  });

  it('by day stands at the end of every day, also of those without an event', () => {
    expect(go('position:126', 'day-on')).toBe('2020-02-11');
    expect(go('position:126', 'day-on', 'day-on')).toBe('2020-02-12');
    expect(go('position:169', 'day-back')).toBe('2020-02-27');
    expect(go('2020-02-12', 'day-back', 'day-back')).toBe('position:126');
  });

  it('by day does not go beyond today', () => {
    expect(go('2020-03-01', 'day-on')).toBe('2020-03-02');
    expect(go('2020-03-02', 'day-on')).toBe('2020-03-02');
  });

  it('from the end of a day goes back to the event before it and on to the one after it', () => {
    expect(go('2020-02-12', 'previous')).toBe('position:126');
    expect(go('2020-02-12', 'next')).toBe('position:169');
  });
});

it('says of itself what a screen reader needs', () => {
  expect(valueText(pointAt(MARKS, 2), 4)).toBe('sự kiện 2 trên 4, 28/02 00:01');
  expect(valueText(pointOn(MARKS, '2020-02-27'), 4)).toBe('sự kiện 1 trên 4, hết T5 27/02/2020');
  expect(valueText(pointOn(MARKS, '2020-02-01'), 4)).toBe('trước sự kiện đầu, hết T7 01/02/2020');
});

it('two events of one instant stay in the order of the log', () => {
  expect(compare(pointAt(MARKS, 3), pointAt(MARKS, 4))).toBeLessThan(0);
  expect(compare(pointOn(MARKS, '2020-02-28'), pointAt(MARKS, 4))).toBeGreaterThan(0);
});
