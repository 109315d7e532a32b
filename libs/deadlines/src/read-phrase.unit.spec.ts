import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addDays, dayFromNumber, dayNumber, dayVi, isDay, weekday, type Day } from '#kernel';
import { defaultCalendarPath, loadDefaultCalendar } from './calendar-file.ts';
import { lastInstantInTime } from './due.ts';
import { readDeadline, readPhrase } from './read-phrase.ts';
import { PHRASE_EXAMPLES, RULE_VERSION, type ReadingContext } from './settle.ts';
import type { DeadlineReading, DueDeadline } from './types.ts';

const data = dirname(defaultCalendarPath());
const calendar = loadDefaultCalendar();
const context: ReadingContext = { policy: 'all', calendar };

function due(reading: DeadlineReading): DueDeadline {
  if (!reading.ok) throw new Error(`${reading.code}: ${reading.detail}`);
  if (reading.deadline.kind !== 'due') throw new Error('read as no deadline');
  return reading.deadline;
}

function read(phrase: string, more: Partial<ReadingContext> = {}): DueDeadline {
  return due(readPhrase(phrase, { ...context, ...more }));
}

const texts = (d: DueDeadline): string[] => d.steps.map((s) => s.text);
const codes = (r: DeadlineReading): string[] => (r.ok ? r.warnings.map((w) => w.code) : [r.code]);

describe('the 274 phrases of 2020', () => {
  const rows = readFileSync(join(data, 'phrases-2020.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line, i) => {
      const [phrase, documentDate, receivedOn, literal, effective, hour] = line.split(';') as [string, Day, Day, Day, Day, string];
      return { row: i + 1, phrase, documentDate, receivedOn, literal, effective, hour };
    });
  const readRow = (r: (typeof rows)[number], policy: ReadingContext['policy'] = 'all'): DueDeadline =>
    read(r.phrase, { documentDate: r.documentDate, receivedOn: r.receivedOn, policy });

  it('are all there', () => {
    expect(rows).toHaveLength(274);
  });

  it.each(rows)('row $row: $phrase → $literal, $effective $hour', (r) => {
    const d = readRow(r);
    expect([d.literalDueOn, d.dueOn, d.dueTime ?? '']).toEqual([r.literal, r.effective, r.hour]);
    expect(d.phrase).toBe(r.phrase);
    expect(readRow(r, 'none').dueOn).toBe(d.dueOnBy.none);
    expect(readRow(r, 'all-but-before').dueOn).toBe(d.dueOnBy['all-but-before']);
  });

  it('say so in ten rows that move onto the very day named, and in those that move beyond it because it is a day off too', () => {
    const telling = (words: string): number[] => rows.filter((r) => texts(readRow(r)).some((t) => t.startsWith(words))).map((r) => r.row);
    expect(telling('Sau khi dời, hạn rơi đúng vào ngày')).toEqual([87, 94, 105, 118, 122, 125, 132, 162, 215, 221]);
    expect(telling('Sau khi dời, hạn nằm sau ngày')).toEqual([20, 34, 35, 44, 51, 64, 85, 156, 175, 245, 247, 250, 256]);
    expect(rows.filter((r) => /^trước ngày/.test(r.phrase) && r.literal !== r.effective)).toHaveLength(23);
  });

  it('keep periods moving and fixed dates in place under the policy none', () => {
    const moved = rows.filter((r) => readRow(r, 'none').dueOn !== r.literal);
    expect(moved.every((r) => readRow(r).basis === 'period')).toBe(true);
    expect(moved.map((r) => r.row)).toEqual(expect.arrayContaining([71, 93, 210]));
    for (const row of [20, 74, 119]) expect(readRow(rows[row - 1]!, 'none').dueOn).toBe(rows[row - 1]!.literal);
    expect(readRow(rows[19]!, 'all-but-before').dueOn).toBe('2020-01-24');
  });
});

describe('the corpus of phrases', () => {
  const toDay = (vi: string): Day | undefined => (vi === '' ? undefined : `${vi.slice(6, 10)}-${vi.slice(3, 5)}-${vi.slice(0, 2)}`);
  // No trimming at the end: a last line may end in empty columns.
  const rows = readFileSync(join(data, 'phrases.tsv'), 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split('\t') as [string, string, string, string, string, string]);

  it.each(rows)('“%s” (văn bản %s, nhận %s) → %s %s %s', (phrase, documentDate, receivedOn, literal, effective, warnings) => {
    const reading = readPhrase(phrase, { ...context, documentDate: toDay(documentDate), receivedOn: toDay(receivedOn) });
    const show = (day: Day, time?: string): string => (time === undefined ? dayVi(day) : `${dayVi(day)} ${time}`);
    if (!reading.ok) {
      expect([reading.code, reading.given]).toEqual([literal, phrase.trim()]);
      expect(reading.examples.length).toBeGreaterThan(0);
    } else if (reading.deadline.kind === 'none') {
      expect('không thời hạn').toBe(literal);
    } else {
      const d = reading.deadline;
      expect([show(d.literalDueOn, d.dueTime), show(d.dueOn, d.dueTime), reading.warnings.map((w) => w.code).join(' ')]).toEqual([
        literal,
        effective,
        warnings,
      ]);
    }
  });

  it('has at least 300 lines, no two of them alike', () => {
    expect(rows.length).toBeGreaterThanOrEqual(300);
    expect(new Set(rows.map((r) => r.slice(0, 3).join('|'))).size).toBe(rows.length);
  });

  it('moves what it moves to the next day that the published file leaves worked', () => {
    interface File {
      readonly years: readonly { readonly holidays: readonly { readonly date: Day }[]; readonly compensations: readonly { readonly date: Day }[]; readonly swaps: readonly { readonly off: Day; readonly worked: Day }[] }[];
    }
    const { years } = JSON.parse(readFileSync(defaultCalendarPath(), 'utf8')) as File;
    const off = new Set(years.flatMap((y) => [...y.holidays.map((h) => h.date), ...y.compensations.map((c) => c.date), ...y.swaps.map((s) => s.off)]));
    const worked = new Set(years.flatMap((y) => y.swaps.map((s) => s.worked)));
    let moved = 0;
    for (const [phrase, , , literal, effective, warnings] of rows) {
      if (!/^\d{2}\/\d{2}\/\d{4}$/.test(literal)) continue;
      let day = toDay(literal)!;
      while (!worked.has(day) && (off.has(day) || weekday(day) > 5)) day = addDays(day, 1);
      expect([phrase, dayVi(day), warnings.includes('moved-to-working-day')]).toEqual([phrase, effective, effective !== literal]);
      if (effective !== literal) moved++;
    }
    expect(moved).toBeGreaterThan(40);
  });

  it('reads the same without tone marks, in NFD and in capitals', () => {
    for (const [phrase, documentDate, receivedOn] of rows) {
      const more = { ...context, documentDate: toDay(documentDate), receivedOn: toDay(receivedOn) };
      const outcome = (p: string): unknown => {
        const r = readPhrase(p, more);
        return r.ok ? { ...r.deadline, phrase: '' } : r.code;
      };
      const plain = outcome(phrase);
      const bare = phrase
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/đ/g, 'd')
        .replace(/Đ/g, 'D');
      for (const other of [bare, phrase.normalize('NFD'), phrase.toUpperCase(), ` ${phrase.replace(/ /g, '\u00a0 ')} `])
        expect([other, outcome(other)]).toEqual([other, plain]);
    }
  });

  it('never throws and never reads a phrase with words added', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rows.map((r) => r[0])), fc.stringMatching(/^[a-zđ]{3,8}$/), (phrase, word) => {
        expect(readPhrase(`${phrase} ${word}`, { ...context, documentDate: '2020-06-01', receivedOn: '2020-06-02' }).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (phrase) => {
        readPhrase(phrase, context);
      }),
    );
  });

  it('refuses a pasted page at once', () => {
    expect(codes(readPhrase(`trước ngày 15/11/2020${'.'.repeat(200_000)}x`, context))).toEqual(['phrase-not-understood']);
  });

  it('shows examples that it reads itself', () => {
    for (const example of PHRASE_EXAMPLES)
      expect(readPhrase(example, { ...context, documentDate: '2020-06-01', receivedOn: '2020-06-02' }).ok).toBe(true);
  });
});

describe('the counting shown to people', () => {
  it('numbers each working day and names the skipped days with their reason', () => {
    const d = read('trong 03 ngày làm việc kể từ ngày ký', { documentDate: '2020-04-29' });
    expect(d.countsWorkingDays).toBe(true);
    expect(d.steps.map((s) => s.day)).toEqual([
      '2020-04-29',
      '2020-04-30',
      '2020-05-01',
      '2020-05-02',
      '2020-05-03',
      '2020-05-04',
      '2020-05-05',
      '2020-05-06',
      '2020-05-06',
    ]);
    expect(texts(d)[0]).toBe('Ngày ký T4 29/04/2020 không tính; tính từ ngày liền sau.');
    expect(d.steps[0]!.source).toBe('Bộ luật Dân sự 2015, Điều 147 khoản 3');
    expect(texts(d)[1]).toMatch(/^T5 30\/04\/2020 không tính: Ngày Chiến thắng \(Bộ luật Lao động 2012/);
    expect(texts(d)[5]).toBe('Ngày làm việc thứ 1: T2 04/05/2020.');
    expect(texts(d).at(-1)).toBe('Hạn hiệu lực: hết ngày T4 06/05/2020 (24 giờ).');
  });

  it('shows the move of a last day on a day off with its article', () => {
    const d = read('trong thời hạn 15 ngày kể từ ngày nhận được văn bản', { receivedOn: '2020-06-05' });
    expect(d.basis).toBe('period');
    expect(d.dueOnBy).toEqual({ all: '2020-06-22', none: '2020-06-22', 'all-but-before': '2020-06-22' });
    expect(d.steps.find((s) => s.text.startsWith('Dời'))?.source).toBe('Bộ luật Dân sự 2015, Điều 148 khoản 5');
  });

  it('says that the policy leaves a fixed date on its day off', () => {
    const reading = readPhrase('trước ngày 15/11/2020', { ...context, policy: 'all-but-before' });
    expect(due(reading)).toMatchObject({
      basis: 'fixed-before',
      dueOn: '2020-11-14',
      dueOnBy: { all: '2020-11-16', none: '2020-11-14', 'all-but-before': '2020-11-14' },
    });
    expect(codes(reading)).toEqual([]);
    expect(texts(due(reading)).some((t) => t.startsWith('Không dời'))).toBe(true);
  });

  it('shows only the holidays of a very long count', () => {
    const d = read('trong 200 ngày làm việc kể từ ngày ký', { documentDate: '2020-01-02' });
    expect(d.dueOn).toBe(calendar.addWorkingDays('2020-01-02', 200));
    expect(d.steps.length).toBeLessThan(25);
  });

  it('carries rule and calendar version', () => {
    expect(read('quý II/2020')).toMatchObject({
      ruleVersion: RULE_VERSION,
      calendarVersion: calendar.version,
      basis: 'fixed',
      countsWorkingDays: false,
    });
  });

  it('holds an hour limit to its very minute', () => {
    const d = read('trước 16 giờ 00 ngày 18/4/2020');
    expect(d).toMatchObject({
      basis: 'hours',
      dueTime: '16:00',
      dueOnBy: { all: '2020-04-18', none: '2020-04-18', 'all-but-before': '2020-04-18' },
    });
    expect(lastInstantInTime(d)).toBe(Date.parse('2020-04-18T16:00:00+07:00'));
  });

  it('counts hours from 00:00 when only the day is known, and warns', () => {
    const reading = readPhrase('trong 36 giờ kể từ khi nhận được văn bản', { ...context, receivedOn: '2020-04-17' });
    expect(due(reading)).toMatchObject({ dueOn: '2020-04-18', dueTime: '12:00' });
    expect(codes(reading)).toEqual(['hours-from-start-of-day']);
  });
});

describe('recurrences', () => {
  it('offer the next twelve occurrences by the letter', () => {
    const reading = readPhrase('trước ngày 25 hằng tháng', { ...context, documentDate: '2020-06-24', receivedOn: '2020-06-25' });
    expect(reading).toMatchObject({ ok: false, code: 'recurrence-needs-occurrence' });
    const days = reading.ok ? [] : reading.occurrences!;
    expect(days).toHaveLength(12);
    expect([days[0], days[6], days[11]]).toEqual(['2020-07-24', '2021-01-24', '2021-06-24']);
  });

  it('skip months without the day, and offer years for a yearly duty', () => {
    const occurrences = (phrase: string): readonly Day[] => {
      const r = readPhrase(phrase, { ...context, documentDate: '2020-01-01' });
      return r.ok ? [] : r.occurrences!;
    };
    expect(occurrences('ngày 31 hằng tháng').slice(0, 4)).toEqual(['2020-01-31', '2020-03-31', '2020-05-31', '2020-07-31']);
    expect(occurrences('trước ngày 01/01 hằng năm').slice(0, 2)).toEqual(['2020-12-31', '2021-12-31']);
    expect(occurrences('ngày 29/02 hằng năm').slice(0, 2)).toEqual(['2020-02-29', '2024-02-29']);
  });

  it('offer nothing when no date says where to begin', () => {
    expect(readPhrase('trước ngày 25 hằng tháng', context)).not.toHaveProperty('occurrences');
  });
});

describe('what a user gives', () => {
  it('a date is a fixed date', () => {
    expect(due(readDeadline({ date: '2020-11-28' }, context))).toMatchObject({
      basis: 'fixed',
      literalDueOn: '2020-11-28',
      dueOn: '2020-11-30',
    });
    expect(due(readDeadline({ date: '2020-11-28' }, { ...context, policy: 'none' })).dueOn).toBe('2020-11-28');
  });

  it('a date with an hour never moves', () => {
    expect(due(readDeadline({ date: '2020-11-28', time: '16:30' }, context))).toMatchObject({
      basis: 'hours',
      dueOn: '2020-11-28',
      dueTime: '16:30',
    });
  });

  it('a date or hour that does not exist is refused', () => {
    expect(codes(readDeadline({ date: '2020-02-31' }, context))).toEqual(['date-does-not-exist']);
    expect(codes(readDeadline({ date: '2020-02-28', time: '25:00' }, context))).toEqual(['time-does-not-exist']);
    expect(codes(readDeadline({ date: '2020-02-28', time: '4 giờ' }, context))).toEqual(['time-does-not-exist']);
    expect(codes(readDeadline({ phrase: 'trước ngày 15/11/2020', receivedOn: '31/02' }, context))).toEqual(['date-does-not-exist']);
  });

  it('no deadline is a value', () => {
    expect(readDeadline({ none: true }, context)).toEqual({ ok: true, deadline: { kind: 'none' }, warnings: [] });
    expect(readDeadline({ phrase: 'không thời hạn' }, context)).toEqual({
      ok: true,
      deadline: { kind: 'none', phrase: 'không thời hạn' },
      warnings: [],
    });
  });

  it('the day of receipt typed wins over the day of assignment, and the assumed one is said', () => {
    const phrase = 'trong 10 ngày kể từ ngày nhận được văn bản';
    const typed = readDeadline({ phrase, receivedOn: '2020-06-05' }, { ...context, receivedOn: '2020-06-01' });
    expect([due(typed).literalDueOn, codes(typed)]).toEqual(['2020-06-15', []]);
    const assumed = readDeadline({ phrase }, { ...context, receivedOn: '2020-06-01' });
    expect([due(assumed).literalDueOn, codes(assumed)]).toEqual(['2020-06-11', ['received-day-assumed']]);
    expect(codes(readDeadline({ phrase: 'trước ngày 20/11/2020' }, { ...context, receivedOn: '2020-06-01' }))).toEqual([]);
  });
});

describe('counting against a naive day-by-day reference', () => {
  const days = fc.integer({ min: dayNumber('2018-06-01'), max: dayNumber('2028-06-01') }).map(dayFromNumber);
  const counts = fc.integer({ min: 1, max: 60 });
  const forward = (day: Day): Day => {
    let d = day;
    while (calendar.whyOff(d) !== undefined) d = addDays(d, 1);
    return d;
  };

  it('working days', () => {
    fc.assert(
      fc.property(days, counts, (documentDate, n) => {
        const d = read(`trong ${String(n)} ngày làm việc kể từ ngày ký`, { documentDate });
        let day = documentDate;
        for (let left = n; left > 0;) if (calendar.isWorkingDay((day = addDays(day, 1)))) left--;
        expect([d.literalDueOn, d.dueOn]).toEqual([day, day]);
        // Every day after the first one stands in the counting exactly once.
        expect(d.steps.filter((s) => /^Ngày làm việc thứ|không tính:/.test(s.text)).map((s) => s.day)).toEqual(
          Array.from({ length: dayNumber(day) - dayNumber(documentDate) }, (_, i) => addDays(documentDate, i + 1)),
        );
      }),
    );
  });

  it('days and weeks', () => {
    fc.assert(
      fc.property(days, counts, fc.constantFrom(['ngày', 1] as const, ['tuần', 7] as const), (receivedOn, n, [unit, length]) => {
        const d = read(`trong thời hạn ${String(n)} ${unit} kể từ ngày nhận được văn bản`, { receivedOn });
        let day = receivedOn;
        for (let i = 0; i < n * length; i++) day = addDays(day, 1);
        expect([d.literalDueOn, d.dueOn]).toEqual([day, forward(day)]);
      }),
    );
  });

  it('months end on the same day number or the last day of a shorter month', () => {
    fc.assert(
      fc.property(days, counts, (documentDate, n) => {
        const d = read(`trong ${String(n)} tháng kể từ ngày ban hành`, { documentDate });
        let [y, m] = [+documentDate.slice(0, 4), +documentDate.slice(5, 7)];
        for (let i = 0; i < n; i++) [y, m] = m === 12 ? [y + 1, 1] : [y, m + 1];
        let number = +documentDate.slice(8);
        const at = (): Day => `${String(y)}-${String(m).padStart(2, '0')}-${String(number).padStart(2, '0')}`;
        while (!isDay(at())) number--;
        expect([d.literalDueOn, d.dueOn]).toEqual([at(), forward(at())]);
      }),
    );
  });

  it('ends of months, quarters and years are the day before the next one begins', () => {
    const spans = [
      ['tháng', 1],
      ['quý', 3],
      ['năm', 12],
    ] as const;
    fc.assert(
      fc.property(days, fc.constantFrom(...spans), fc.constantFrom('cuối', 'trong', 'hết', 'trước'), fc.constantFrom(0, 1, 2), (day, [word, length], lead, how) => {
        const before = lead === 'trước';
        const firstOf = (d: Day): boolean => d.endsWith('-01') && (+d.slice(5, 7) - 1) % length === 0;
        // The span the day lies in, written with its year, as "… này", or without a year where it has a number.
        const n = Math.ceil(+day.slice(5, 7) / length);
        const named = word === 'năm' ? `năm ${day.slice(0, 4)}` : `${word} ${String(n)}${how === 2 && !before ? '' : `/${day.slice(0, 4)}`}`;
        const phrase = how === 1 && !before ? `${lead} ${word} này` : `${lead} ${named}`;
        let edge = day;
        if (before) while (!firstOf(edge)) edge = addDays(edge, -1);
        else do edge = addDays(edge, 1); while (!firstOf(edge));
        const d = read(phrase, { documentDate: day });
        expect([phrase, d.literalDueOn, d.dueOn, d.basis]).toEqual([phrase, addDays(edge, -1), forward(addDays(edge, -1)), before ? 'fixed-before' : 'fixed']);
      }),
    );
  });

  it('fixed dates: every policy gives the literal day or the next working day', () => {
    fc.assert(
      fc.property(
        days,
        fc.constantFrom('trước ngày', 'chậm nhất ngày', 'đến hết ngày', 'trong ngày'),
        fc.constantFrom('all' as const, 'none' as const, 'all-but-before' as const),
        (named, words, policy) => {
          const d = read(`${words} ${dayVi(named)}`, { policy });
          const before = words === 'trước ngày';
          const literal = before ? addDays(named, -1) : named;
          const stays = policy === 'none' || (policy === 'all-but-before' && before);
          expect([d.literalDueOn, d.dueOn, d.dueOnBy[policy]]).toEqual([literal, stays ? literal : forward(literal), d.dueOn]);
        },
      ),
    );
  });
});
