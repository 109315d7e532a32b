import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayFromNumber, dayNumber, dayVi, foldText, weekday } from '#kernel';
import { loadDefaultCalendar } from './calendar-file.ts';
import { numberInWords } from './phrase-words.ts';
import { readPhrase } from './read-phrase.ts';

const ONES = ['', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

/** Numbers as they are spelt at school: "hai mươi mốt", "ba mươi lăm", "một trăm linh năm". */
function spell(n: number): string {
  const [h, t, o] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10];
  const ones = o === 1 && t > 1 ? 'mốt' : o === 5 && t > 0 ? 'lăm' : ONES[o]!;
  const tens = t === 0 ? (h > 0 && o > 0 ? 'linh' : '') : t === 1 ? 'mười' : `${ONES[t]!} mươi`;
  return [h > 0 ? `${ONES[h]!} trăm` : '', tens, ones].filter((w) => w !== '').join(' ');
}

describe('numbers in words', () => {
  it('are read from 1 to 999', () => {
    for (let n = 1; n <= 999; n++) expect([spell(n), numberInWords(foldText(spell(n)))]).toEqual([spell(n), n]);
  });

  it('know the other words for four, five, ten and zero tens', () => {
    expect(['hai muoi tu', 'muoi nham', 'hai chuc', 'mot tram le bay'].map(numberInWords)).toEqual([24, 15, 20, 107]);
  });

  it('stay unread where they may be two numbers', () => {
    expect(['nam sau', 'hai ba', 'mot tram nam', 'tram', 'muoi tram', 'muoi muoi mot', ''].map(numberInWords)).toEqual(Array(7).fill(undefined));
  });

  it('count the same days as figures', () => {
    const context = { policy: 'all' as const, calendar: loadDefaultCalendar(), documentDate: '2020-06-15' };
    const literal = (phrase: string): unknown => {
      const r = readPhrase(phrase, context);
      return r.ok && r.deadline.kind === 'due' ? [r.deadline.literalDueOn, r.deadline.dueOn] : r;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), fc.constantFrom('ngày', 'ngày làm việc', 'tuần', 'tháng', 'quý', 'năm'), (n, unit) => {
        expect(literal(`trong ${spell(n)} ${unit} kể từ ngày ký`)).toEqual(literal(`trong ${String(n)} ${unit} kể từ ngày ký`));
      }),
      { numRuns: 60 },
    );
  });
});

describe('a weekday beside a date', () => {
  const names = ['thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'];
  const short = ['thứ 2', 'thứ 3', 'thứ 4', 'thứ 5', 'thứ 6', 'thứ 7', 'CN'];
  const context = { policy: 'all' as const, calendar: loadDefaultCalendar() };
  const days = fc.integer({ min: dayNumber('2019-01-01'), max: dayNumber('2027-12-31') }).map(dayFromNumber);

  it('is read when it is the date’s and refused when it is another', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 6 }), fc.constantFrom(names, short), (day, i, words) => {
        const reading = readPhrase(`trước ${words[i]!}, ngày ${dayVi(day)}`, context);
        if (weekday(day) === i + 1) expect(reading).toMatchObject({ ok: true, deadline: { literalDueOn: addDays(day, -1) } });
        else expect(reading).toMatchObject({ ok: false, code: 'weekday-disagrees' });
      }),
    );
  });

  it('is named in the refusal beside the one it should be', () => {
    expect(readPhrase('thứ Sáu, ngày 15/11/2020', context)).toMatchObject({
      detail: '“thứ Sáu, ngày 15/11/2020”: ngày 15/11/2020 là Chủ nhật, không phải thứ Sáu; đề nghị kiểm tra lại ngày hoặc thứ.',
    });
  });
});
