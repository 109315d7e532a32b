import { describe, expect, it } from '@jest/globals';
import { amountWords, keptAmount, placeId, placeWords, readAmount, typedAmount, valueWords } from './words.ts';
import { type Amount } from './types.ts';

describe('a value as it is typed', () => {
  it.each<[string, Amount | undefined]>([
    ['', undefined],
    ['-', { kind: 'not-applicable' }],
    ['0', { kind: 'count', number: 0 }],
    ['14.068', { kind: 'count', number: 14_068 }],
    ['95 %', { kind: 'percent', hundredths: 9_500 }],
    ['97,81%', { kind: 'percent', hundredths: 9_781 }],
    ['trên 90 %', { kind: 'percent', hundredths: 9_000, comparison: 'over' }],
    ['từ 80%', { kind: 'percent', hundredths: 8_000, comparison: 'atLeast' }],
    ['17/3/2020', { kind: 'day', day: '2020-03-17' }],
    ['đang rà soát', { kind: 'text', text: 'đang rà soát' }],
  ])('“%s” is read as it is meant', (typed, amount) => {
    expect(readAmount(typed)).toEqual(amount);
  });
  it.each(['0', '14.068', '95 %', '97,81 %', 'trên 90 %', 'từ 80 %', '17/03/2020', 'đang rà soát'])('“%s” is written as it was read', (typed) => {
    expect(amountWords(readAmount(typed)!)).toBe(typed);
  });
});

describe('a value that is filled in for somebody', () => {
  it.each<Amount>([
    { kind: 'count', number: 0 },
    { kind: 'count', number: 14_068 },
    { kind: 'percent', hundredths: 9_781 },
    { kind: 'percent', hundredths: 9_000, comparison: 'over' },
    { kind: 'percent', hundredths: 8_000, comparison: 'atLeast' },
    { kind: 'day', day: '2020-03-17' },
    { kind: 'not-applicable' },
    // Words that look like a number stay words.
    { kind: 'text', text: '95 %' },
  ])('is what it was when nobody touches it: %j', (amount) => {
    expect(keptAmount(typedAmount(amount), amount)).toEqual(amount);
    if (amount.kind !== 'text') expect(readAmount(typedAmount(amount))).toEqual(amount);
  });
  it('is blank where it is emptied, and was blank where nothing was said', () => {
    expect([keptAmount('', { kind: 'count', number: 6 }), keptAmount('', { kind: 'blank' }), keptAmount('', undefined), typedAmount({ kind: 'blank' })]).toEqual([undefined, undefined, undefined, '']);
  });
});

describe('what is empty', () => {
  it('is called by which of the empties it is', () => {
    expect((['no-data', 'blank', 'not-applicable', 'value'] as const).map((state) => valueWords({ text: '0', state }))).toEqual(['không có dữ liệu', 'chưa báo cáo', 'không áp dụng', '0']);
  });
});

describe('places of a report', () => {
  it('are named, and found in the page', () => {
    expect(['II.4', 'PL2.26', 'head', 'opening'].map(placeWords)).toEqual(['mục II.4', 'phụ lục 2, dòng 26', 'đầu văn bản', 'phần mở đầu']);
    expect(placeId('PL2.26')).toBe('vt-PL2-26');
  });
});
