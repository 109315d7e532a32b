import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadDefaultCalendar } from '#deadlines';
import { addDays, atTime, dayOf, startOfDay, weekday, type Instant } from '#kernel';
import { dashboardMailOf, type DashboardMail } from './dashboard-mail.ts';
import { dashboardSlots, decideSubscription, evolveSubscription, isSentStill, nextDashboardSlot, type DashboardSlot, type Subscription, type SubscriptionCommand, type SubscriptionEvent, type SubscriptionVersion } from './subscriptions.ts';

const calendar = loadDefaultCalendar();
const AT = atTime('2020-11-27', '09:00');
const recipient = { id: 'p1', role: 'leader', unitId: 'vp' } as const;
const terms = { name: 'Toàn tỉnh', query: 'donVi=so-y-te&trucThuoc=1', hour: '07:30', weekdays: [1, 2, 3, 4, 5] };

/** A subscription after commands, each at its instant. */
function lived(...told: readonly (readonly [Instant, SubscriptionCommand])[]): Subscription | undefined {
  let state: Subscription | undefined;
  for (const [occurredAt, command] of told) {
    const decision = decideSubscription(command, state);
    if (!decision.ok) throw new Error(decision.rejection.detail);
    for (const event of decision.events) state = evolveSubscription(state, 's1', { ...event, revision: (state?.revision ?? -1) + 1, occurredAt });
  }
  return state;
}
const begun = (change: object = {}): Subscription => lived([AT, { type: 'begin', recipient, terms: { ...terms, ...change } }])!;
const said = (slots: readonly DashboardSlot[]): readonly string[] => slots.map(({ day, terms: { hour } }) => `${day} ${hour}`);

describe('who gets the dashboard', () => {
  const events = (command: SubscriptionCommand, state?: Subscription): readonly SubscriptionEvent[] => {
    const decision = decideSubscription(command, state);
    if (!decision.ok) throw new Error(decision.rejection.code);
    return decision.events;
  };
  const code = (command: SubscriptionCommand, state?: Subscription): string => {
    const decision = decideSubscription(command, state);
    return decision.ok ? 'ok' : decision.rejection.code;
  };

  it('is recorded with an opaque id, the address in its one form and without times', () => {
    const given = { ...terms, name: '  Toàn   tỉnh ', query: '?ngay=2020-11-27&trucThuoc=1&soVoi=2020-11-01&donVi=so-y-te&kyBaoCao=2020&tatQuyTac=returned', weekdays: [5, 1] };
    expect(events({ type: 'begin', recipient, terms: given })).toEqual([
      { type: 'SubscriptionBegun', data: { recipientId: 'p1', role: 'leader', unitId: 'vp', name: 'Toàn tỉnh', query: 'donVi=so-y-te&trucThuoc=1&tatQuyTac=returned', hour: '07:30', weekdays: [1, 5] } },
    ]);
  });

  it.each([
    [{ name: ' ' }, 'subscription-name-empty'],
    [{ name: 'x'.repeat(101) }, 'subscription-name-invalid'],
    [{ query: '<a>=1' }, 'subscription-query-invalid'],
    [{ hour: '7:30' }, 'subscription-hour-invalid'],
    [{ hour: '24:00' }, 'subscription-hour-invalid'],
    [{ weekdays: [] }, 'subscription-weekdays-invalid'],
    [{ weekdays: [0] }, 'subscription-weekdays-invalid'],
    [{ weekdays: [1, 1] }, 'subscription-weekdays-invalid'],
    [{ weekdays: [1, '2'] }, 'subscription-weekdays-invalid'],
    [{ hour: undefined }, 'subscription-incomplete'],
  ])('is refused: %j', (change, expected) => {
    expect(code({ type: 'begin', recipient, terms: { ...terms, ...change } })).toBe(expected);
  });

  it('changes by what is different, and ends once', () => {
    const state = begun();
    expect(events({ type: 'change', terms: { ...terms, hour: '08:00' } }, state)).toEqual([{ type: 'SubscriptionChanged', data: { hour: '08:00' } }]);
    expect(code({ type: 'change', terms }, state)).toBe('subscription-unchanged');
    expect(code({ type: 'begin', recipient, terms }, state)).toBe('subscription-exists');
    const ended = lived([AT, { type: 'begin', recipient, terms }], [AT + 1, { type: 'end' }]);
    expect([code({ type: 'end' }, ended), code({ type: 'change', terms: { hour: '08:00' } }, ended), code({ type: 'end' })]).toEqual(['subscription-ended', 'subscription-ended', 'subscription-not-found']);
  });
});

describe('when the dashboard is sent', () => {
  it('is at the hour of the chosen weekdays that are working days, from the beginning on', () => {
    // Begun on a Friday at 09:00, after the hour; 31/12 is a Thursday, 1/1 a holiday.
    expect(said(dashboardSlots(begun(), calendar, -Infinity, atTime('2020-12-02', '07:30')))).toEqual(['2020-11-30 07:30', '2020-12-01 07:30', '2020-12-02 07:30']);
    expect(said(dashboardSlots(begun({ weekdays: [5] }), calendar, AT, atTime('2021-01-09', '00:00')))).toEqual(['2020-12-04 07:30', '2020-12-11 07:30', '2020-12-18 07:30', '2020-12-25 07:30', '2021-01-08 07:30']);
    expect(said(dashboardSlots(begun({ hour: '16:00' }), calendar, -Infinity, atTime('2020-11-28', '00:00')))).toEqual(['2020-11-27 16:00']);
  });

  it('is once a day, whatever is changed on it', () => {
    const state = lived([AT, { type: 'begin', recipient, terms }], [atTime('2020-11-30', '08:00'), { type: 'change', terms: { hour: '10:00' } }], [atTime('2020-12-01', '08:00'), { type: 'change', terms: { hour: '07:00' } }])!;
    expect(said(dashboardSlots(state, calendar, -Infinity, atTime('2020-12-02', '12:00')))).toEqual(['2020-11-30 07:30', '2020-12-02 07:00']);
    expect(said(dashboardSlots(state, calendar, atTime('2020-11-30', '07:30'), atTime('2020-11-30', '12:00')))).toEqual([]);
  });

  it('is not after its end', () => {
    const state = lived([AT, { type: 'begin', recipient, terms }], [atTime('2020-12-01', '07:00'), { type: 'end' }])!;
    expect(said(dashboardSlots(state, calendar, -Infinity, atTime('2021-12-01', '12:00')))).toEqual(['2020-11-30 07:30']);
    expect(nextDashboardSlot(state, calendar, atTime('2020-11-30', '00:00'))).toBeUndefined();
  });

  it('is foreseen: the next slot, or none where only days off are chosen', () => {
    expect(nextDashboardSlot(begun(), calendar, AT)).toMatchObject({ day: '2020-11-30', at: atTime('2020-11-30', '07:30') });
    expect(nextDashboardSlot(begun({ weekdays: [7] }), calendar, AT)).toBeUndefined();
  });

  it('is the same a day at a time, minute by minute, and in whatever pieces it is asked', () => {
    const WEEK = '2020-11-23';
    const minute = fc.nat({ max: 14 * 1440 });
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(fc.tuple(minute, fc.nat({ max: 95 }), days, fc.boolean()), { minLength: 1, maxLength: 4 }), fc.array(minute, { maxLength: 4 }), (draws, cuts) => {
        const versions = [...draws].sort(([a], [b]) => a - b).map(([at, quarter, weekdays, ends], n): SubscriptionVersion => ({
          at: startOfDay(WEEK) + at * 60_000,
          terms: ends && n > 0 && n === draws.length - 1 ? null : { name: 'x', query: '', hour: `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`, weekdays },
        }));
        const last = versions.at(-1)!;
        const state = { versions, endedAt: last.terms === null ? last.at : null };
        const until = startOfDay(addDays(WEEK, 20));
        const slow: string[] = [];
        for (let at = startOfDay(WEEK); at <= until; at += 60_000) {
          const inForce = versions.findLast((one) => one.at < at)?.terms;
          const day = dayOf(at);
          if (inForce && atTime(day, inForce.hour) === at && inForce.weekdays.includes(weekday(day)) && calendar.isWorkingDay(day) && !slow.some((one) => one.startsWith(day))) slow.push(`${day} ${inForce.hour}`);
        }
        expect(said(dashboardSlots(state, calendar, -Infinity, until))).toEqual(slow);
        const ends = [...cuts].sort((a, b) => a - b).map((at) => startOfDay(WEEK) + at * 60_000);
        expect([...ends, until].flatMap((to, n) => said(dashboardSlots(state, calendar, ends[n - 1] ?? -Infinity, to)))).toEqual(slow);
      }),
      { seed: 20_201_130, numRuns: process.env['NHACVIEC_FULL'] === undefined ? 40 : 1_000 },
    );
  });

  it('is made up for on its own day or within the hour, and not later', () => {
    const slot = { day: '2020-11-30', at: atTime('2020-11-30', '23:45') };
    expect([atTime('2020-11-30', '23:59'), atTime('2020-12-01', '00:30'), atTime('2020-12-01', '00:46')].map((now) => isSentStill(slot, now, 3_600_000))).toEqual([true, true, false]);
    expect(isSentStill({ day: '2020-11-30', at: atTime('2020-11-30', '07:00') }, atTime('2020-11-30', '22:00'), 3_600_000)).toBe(true);
  });
});

describe('the mail with the dashboard', () => {
  const mail: DashboardMail = {
    name: 'Bảng điều hành', scope: 'Phạm vi: Sở Y tế', at: atTime('2020-11-30', '07:30'), position: '12345', sentence: 'Có 2 nhiệm vụ quá hạn.', total: 1_234, overdue: 2,
    cells: [{ look: 'done', word: 'Hoàn thành đúng hạn', count: 1_200, main: true }, { look: 'overdue', word: 'Quá hạn chưa hoàn thành', count: 2, main: true }, { look: 'none', word: 'Tạm dừng', count: 0, main: false }],
    tiles: [{ title: 'Sắp đến hạn', value: '4', words: 'trong 3 ngày làm việc' }],
    exceptions: [{ code: 'NV-2020-0001', title: 'Báo cáo <b>dịch</b> & "khác"', unit: 'Sở Y tế', dueOn: '2020-11-20', why: 'quá hạn lâu nhất của đơn vị: 10 ngày', url: 'http://x/viec/1' }],
    more: 3, url: 'http://x/?ngay=2020-11-30T07%3A30&bietDen=event%3A1', settingsUrl: 'http://x/nhac/dinh-ky', late: false,
  };

  it('says the same as text and as a page, and nothing of it is taken for markup', () => {
    const { subject, text, html } = dashboardMailOf(mail);
    expect(subject).toBe('Bảng điều hành 30/11/2020: 2 việc quá hạn');
    for (const word of ['Có 2 nhiệm vụ quá hạn.', '1.234', 'Hoàn thành đúng hạn', '1.200', 'Sắp đến hạn', 'trong 3 ngày làm việc', 'NV-2020-0001', 'quá hạn lâu nhất của đơn vị: 10 ngày', 'http://x/viec/1', 'Và 3 việc nữa']) {
      expect(text).toContain(word);
      expect(html).toContain(word);
    }
    expect(text).toContain(mail.url);
    expect(html).not.toContain('<b>dịch</b>');
    expect(text).not.toContain('Tạm dừng');
  });

  it('says that it is late, and that its numbers are those of the hour', () => {
    expect(dashboardMailOf({ ...mail, late: true }).text).toContain('gửi muộn');
    expect(dashboardMailOf({ ...mail, overdue: 0, exceptions: [], more: 0 }).text).toContain('Không có việc nào mà các quy tắc nêu ra.');
  });
});
