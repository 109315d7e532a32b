import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayFromNumber, dayNumber, isDay, weekday, type Day } from '#kernel';
import { loadDefaultCalendar } from './calendar-file.ts';
import { readPhrase } from './read-phrase.ts';
import type { DeadlineReading } from './types.ts';

const calendar = loadDefaultCalendar();
const read = (phrase: string, documentDate?: Day): DeadlineReading =>
  readPhrase(phrase, { policy: 'all', calendar, ...(documentDate !== undefined && { documentDate }) });

function offered(phrase: string, from: Day): { readonly days: readonly Day[]; readonly phrases: readonly string[] } {
  const r = read(phrase, from);
  if (r.ok || r.code !== 'recurrence-needs-occurrence') throw new Error(`${phrase}: not offered`);
  return { days: r.occurrences ?? [], phrases: r.occurrencePhrases ?? [] };
}

const starts = fc.integer({ min: dayNumber('2018-06-01'), max: dayNumber('2027-06-01') }).map(dayFromNumber);
const WEEKDAYS = ['thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'];

/** The first twelve days on or after `from` that fit, looked for one day at a time. */
function naive(from: Day, fits: (day: Day) => boolean): Day[] {
  const found: Day[] = [];
  for (let d = from; found.length < 12; d = addDays(d, 1)) if (fits(d)) found.push(d);
  return found;
}

describe('the occurrences offered', () => {
  it('of a weekly duty are its weekdays', () => {
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 7 }), fc.boolean(), (from, number, before) => {
        const { days } = offered(`${before ? 'trước ' : ''}${WEEKDAYS[number - 1]!} hằng tuần`, from);
        expect(days).toEqual(naive(from, (d) => weekday(before ? addDays(d, 1) : d) === number));
      }),
    );
  });

  it('of a monthly duty are the days of that number, months without it left out', () => {
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 31 }), fc.boolean(), (from, number, before) => {
        const { days } = offered(`hằng tháng, ${before ? 'trước' : 'chậm nhất'} ngày ${String(number)}`, from);
        expect(days).toEqual(naive(from, (d) => +(before ? addDays(d, 1) : d).slice(8) === number));
      }),
      { numRuns: 40 },
    );
  });

  it('of a quarterly duty lie in the month named', () => {
    fc.assert(
      fc.property(starts, fc.constantFrom(['đầu', 1] as const, ['thứ hai', 2] as const, ['cuối', 0] as const), (from, [word, rest]) => {
        const { days } = offered(`ngày 20 tháng ${word} của mỗi quý`, from);
        expect(days).toEqual(naive(from, (d) => d.slice(8) === '20' && +d.slice(5, 7) % 3 === rest));
      }),
      { numRuns: 40 },
    );
  });

  it('of the last day of months, quarters and years are the days before a first', () => {
    for (const [unit, first] of [
      ['tháng', /-01$/],
      ['quý', /-(01|04|07|10)-01$/],
      ['năm', /-01-01$/],
    ] as const)
      expect(offered(`cuối mỗi ${unit}`, '2020-06-30').days).toEqual(naive('2020-06-30', (d) => first.test(addDays(d, 1))));
  });

  it('can each be recorded by the phrase offered with it', () => {
    const phrases = [
      'trước ngày 25 hằng tháng',
      'ngày 31 hằng tháng.',
      'hằng tháng, trước ngày 05 của tháng sau',
      'cuối mỗi tháng',
      'ngày 15 tháng cuối quý',
      'trước ngày 05 tháng đầu quý sau',
      'cuối mỗi quý',
      'trước thứ Sáu hằng tuần',
      'trước 16 giờ 00 thứ Năm hằng tuần',
      'trước ngày 01/01 hằng năm',
      'ngày 29/02 hằng năm',
      'hằng năm, trước ngày 15/01 năm sau',
    ];
    fc.assert(
      fc.property(starts, fc.constantFrom(...phrases), (from, phrase) => {
        const { days, phrases: named } = offered(phrase, from);
        expect(days.length).toBeGreaterThan(0);
        expect(days.every((d) => isDay(d) && d >= from)).toBe(true);
        expect(named.map((p) => read(p))).toEqual(days.map((literalDueOn) => expect.objectContaining({ ok: true, deadline: expect.objectContaining({ literalDueOn }) })));
      }),
    );
  });

  it('are shown with the occurrence in the counting', () => {
    const r = read('trước ngày 05 tháng đầu quý sau (kỳ quý II/2020)');
    expect(r.ok && r.deadline.kind === 'due' ? r.deadline.steps.slice(0, 2).map((s) => s.text) : r).toEqual([
      'Kỳ quý II/2020 của việc lặp lại hằng quý: ngày CN 05/07/2020.',
      '“Trước ngày 05/07/2020” là hết ngày liền trước, T7 04/07/2020.',
    ]);
  });
});

describe('words that name no day', () => {
  it.each([
    ['trước phiên họp UBND tỉnh tháng 7/2020', 'phụ thuộc một cuộc họp'],
    ['trước kỳ họp thứ 15 HĐND tỉnh', 'phụ thuộc một cuộc họp'],
    ['sau khi có ý kiến của Bộ Nội vụ', 'phụ thuộc một sự kiện'],
    ['trong 05 ngày làm việc kể từ ngày kết thúc thanh tra', 'phụ thuộc một sự kiện'],
    ['trong 30 ngày kể từ ngày có hiệu lực', 'phụ thuộc ngày có hiệu lực'],
    ['giữa tháng 6/2020', 'không phải một ngày nhất định'],
    ['trong tuần này', 'không rõ tuần nào'],
    ['kịp thời', 'không ghi một ngày nào'],
    ['định kỳ hằng quý', 'không rõ ngày của mỗi kỳ'],
    ['6 tháng đầu năm 2020', 'kỳ báo cáo'],
    ['trước cuối tháng 6/2020', 'không rõ có tính ngày cuối'],
    ['trong ngày hôm nay', 'ngày ký hay ngày nhận'],
    ['trước ngày 20/4/2020 lúc 16 giờ', 'vừa ghi “trước ngày” vừa ghi giờ'],
    ['trong tháng năm 2020', 'đề nghị nhập ngày cụ thể'],
  ])('are refused with what was given and the reason: %s', (phrase, why) => {
    const r = read(phrase, '2020-06-15');
    expect(r).toMatchObject({ ok: false, code: 'phrase-not-understood', given: phrase });
    expect(r.ok ? '' : r.detail).toContain(`“${phrase}”`);
    expect(r.ok ? '' : r.detail).toContain(why);
  });
});
