import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayFromNumber, dayNumber, dayVi } from '#kernel';
import { loadDefaultCalendar } from './calendar-file.ts';
import { parseCalendarYear } from './calendar-year.ts';
import { calendarWith } from './calendar.ts';
import { readDeadline, readPhrase } from './read-phrase.ts';
import { calendarChanges, recomputeDeadline } from './recompute.ts';
import { FIXED_DATE_POLICIES, type DeadlineInput, type DeadlineReading, type DueDeadline } from './types.ts';

const calendar = loadDefaultCalendar();
/** November 2026 with two days off more than shipped: Tuesday 24/11 and Wednesday 25/11. */
const next = calendarWith(calendar, [
  parseCalendarYear(
    {
      basis: 'Nghị quyết minh họa',
      holidays: [
        { date: '2026-11-24', name: 'Ngày Văn hóa Việt Nam' },
        { date: '2026-11-25', name: 'Ngày nghỉ thêm' },
      ],
      compensations: [],
      swaps: [],
    },
    2026,
  ),
]);
const fallback = { documentDate: '2026-11-16', receivedOn: '2026-11-18' };

function due(reading: DeadlineReading): DueDeadline {
  if (!reading.ok) throw new Error(`${reading.code}: ${reading.detail}`);
  if (reading.deadline.kind !== 'due') throw new Error('read as no deadline');
  return reading.deadline;
}
const read = (input: DeadlineInput, policy: (typeof FIXED_DATE_POLICIES)[number] = 'all'): DueDeadline => due(readDeadline(input, { ...fallback, policy, calendar }));
const without = ({ readWith: _, ...deadline }: DueDeadline): DueDeadline => deadline;
const again = (deadline: DueDeadline, days = fallback): DueDeadline => due(recomputeDeadline(deadline, next, days));

describe('what a deadline remembers', () => {
  it('is the days and the policy it was read with', () => {
    expect(read({ phrase: 'trong 03 ngày làm việc kể từ ngày ký' }, 'none').readWith).toEqual({ ...fallback, policy: 'none' });
    expect(read({ phrase: 'trong 10 ngày kể từ ngày nhận được văn bản', receivedOn: '2026-11-17' }).readWith).toEqual({ ...fallback, receivedOn: '2026-11-17', policy: 'all' });
    expect(due(readDeadline({ date: '2026-11-24' }, { policy: 'all', calendar })).readWith).toEqual({ policy: 'all' });
  });
});

describe('counting a deadline again', () => {
  it('counts the same words under the other calendar', () => {
    const before = read({ phrase: 'trong 05 ngày làm việc kể từ ngày nhận được văn bản' });
    expect([before.literalDueOn, again(before).literalDueOn]).toEqual(['2026-11-25', '2026-11-27']);
    expect(again(before)).toMatchObject({ phrase: before.phrase, calendarVersion: next.version, readWith: before.readWith, countsWorkingDays: true });
    expect(again(before).steps.map((s) => s.text).join('\n')).toContain('Ngày Văn hóa Việt Nam');
  });

  it('keeps the days it was counted from, whatever the fallback says', () => {
    const before = read({ phrase: 'trong 05 ngày làm việc kể từ ngày nhận được văn bản' });
    expect(again(before, { documentDate: '2020-01-01', receivedOn: '2020-01-01' }).literalDueOn).toBe('2026-11-27');
  });

  it('keeps the policy it was read with', () => {
    for (const [policy, expected] of [
      ['all', '2026-11-26'],
      ['none', '2026-11-24'],
      ['all-but-before', '2026-11-24'],
    ] as const)
      expect([policy, again(read({ phrase: 'trước ngày 25/11/2026' }, policy)).dueOn]).toEqual([policy, expected]);
  });

  it('moves a typed date as a fixed date and leaves an hour where it is', () => {
    expect(again(read({ date: '2026-11-24' }))).toMatchObject({ literalDueOn: '2026-11-24', dueOn: '2026-11-26' });
    expect(again(read({ date: '2026-11-24', time: '16:00' }))).toMatchObject({ dueOn: '2026-11-24', dueTime: '16:00' });
    expect(again(read({ phrase: 'trước 16 giờ 00 ngày 24/11/2026' }))).toMatchObject({ dueOn: '2026-11-24', dueTime: '16:00' });
  });

  it('keeps a typed date beside words that name another day or none', () => {
    const typed = read({ date: '2026-11-24' });
    for (const phrase of ['trước phiên họp thường kỳ', 'trước ngày 01/12/2026', 'trong 05 ngày làm việc kể từ ngày ký'])
      expect(again({ ...typed, phrase })).toMatchObject({ phrase, literalDueOn: '2026-11-24', dueOn: '2026-11-26' });
  });

  it('writes the counting of a literal date anew and not twice', () => {
    const weekend = read({ date: '2026-11-28' });
    expect(again(weekend).steps).toEqual(weekend.steps);
  });

  it('reads deadlines recorded before the days were kept: the fallback days, the day counted from, the policy that explains the day', () => {
    const days = without(read({ phrase: 'trong 05 ngày làm việc kể từ ngày nhận được văn bản' }));
    expect(again(days).literalDueOn).toBe('2026-11-27');
    expect(again({ ...days, steps: [] }).literalDueOn).toBe('2026-11-27');
    // The step names the day of receipt that was typed in; the day of assignment is not it.
    expect(again(days, { documentDate: '2026-11-02', receivedOn: '2026-11-02' }).literalDueOn).toBe('2026-11-27');
    expect(again(without(read({ phrase: 'trước ngày 29/11/2026' }, 'none'))).dueOn).toBe('2026-11-28');
    expect(again(without(read({ phrase: 'trước ngày 29/11/2026' }))).dueOn).toBe('2026-11-30');
    expect(again(without(read({ phrase: 'trước ngày 25/11/2026' }, 'none'))).readWith?.policy).toBe('all');
  });

  it('under the same calendar gives the very same deadline', () => {
    const phrases = [
      'trong 07 ngày làm việc kể từ ngày nhận được văn bản',
      'trong thời hạn 15 ngày kể từ ngày ký',
      'trong 24 giờ kể từ khi nhận được văn bản',
      'cuối tháng này',
      'trước ngày 15/11',
      'thứ Sáu hằng tuần (kỳ ngày 19/6/2020)',
    ];
    const days = fc.integer({ min: dayNumber('2019-01-01'), max: dayNumber('2027-06-01') }).map(dayFromNumber);
    fc.assert(
      fc.property(days, fc.nat(5), fc.constantFrom(...phrases, undefined), fc.constantFrom(...FIXED_DATE_POLICIES), (documentDate, later, phrase, policy) => {
        const context = { documentDate, receivedOn: addDays(documentDate, later), policy, calendar };
        const before = due(phrase === undefined ? readDeadline({ date: documentDate }, context) : readPhrase(phrase, context));
        expect(due(recomputeDeadline(before, calendar, fallback))).toEqual(before);
        const old = due(recomputeDeadline(without(before), calendar, context));
        expect([old.dueOn, old.literalDueOn, old.dueOnBy]).toEqual([before.dueOn, before.literalDueOn, before.dueOnBy]);
      }),
    );
  });
});

describe('what a new calendar would change', () => {
  const recorded = (taskId: string, input: DeadlineInput) => ({ taskId, deadline: read(input), documentDate: fallback.documentDate, assignedOn: fallback.receivedOn });
  const list = [
    recorded('a', { phrase: 'trong 05 ngày làm việc kể từ ngày nhận được văn bản' }),
    recorded('b', { phrase: 'trước ngày 20/11/2026' }),
    recorded('c', { date: '2026-11-24' }),
    recorded('d', { phrase: 'trước 16 giờ 00 ngày 24/11/2026' }),
    { taskId: 'e', deadline: { kind: 'none' as const }, documentDate: fallback.documentDate, assignedOn: fallback.receivedOn },
  ];

  it('names each task with the day before and after, and the others not', () => {
    expect([...calendarChanges(list, next)].map(({ taskId, from, to }) => [taskId, dayVi(from.dueOn), dayVi(to.dueOn), to.calendarVersion])).toEqual([
      ['a', '25/11/2026', '27/11/2026', next.version],
      ['c', '24/11/2026', '26/11/2026', next.version],
    ]);
    expect([...calendarChanges(list, calendar)]).toEqual([]);
  });

  it('looks at one deadline at a time', () => {
    let looked = 0;
    function* counted() {
      for (const r of list) {
        looked++;
        yield r;
      }
    }
    calendarChanges(counted(), next).next();
    expect(looked).toBe(1);
  });
});
