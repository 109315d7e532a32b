import { describe, expect, it } from '@jest/globals';
import { type DeadlineChange, type TaskEvent } from '../api.ts';
import { dueHappenings, endOf, nextOf } from './happenings.ts';
import { dueBetween, pausingOf } from './pauses.ts';
import { pointAt } from './points.ts';

const event = (n: number, recordedAt: string, role = 'office'): TaskEvent =>
  ({ id: `e${n}`, position: String(n), recordedAt, occurredAt: recordedAt, name: `Sự kiện ${n}`, actor: { role, id: role } }) as TaskEvent;
const EVENTS = [event(1, '2020-11-02T08:00:00+07:00'), event(2, '2020-11-05T08:00:00+07:00'), event(3, '2020-11-21T08:00:00+07:00', 'system')];
const change = (eventId: string, dueOn: string, dueTime: string | null = null): DeadlineChange =>
  ({ eventId, type: '', occurredAt: '', recordedAt: '', deadline: { kind: 'due', dueOn, dueTime } });
/** Due on the 10th, moved by the second event to the 20th. */
const MOVED = [change('e1', '2020-11-10'), change('e2', '2020-11-20')];

describe('where playing ends', () => {
  it('at the end of the day of the deadline in force, not of one that was moved away before', () => {
    expect(dueBetween(EVENTS, MOVED, pointAt(EVENTS, 1), pointAt(EVENTS, 2))).toBeNull();
    expect(dueBetween(EVENTS, MOVED, pointAt(EVENTS, 2), pointAt(EVENTS, 3))?.at).toMatchObject({ name: '2020-11-20', count: 2 });
  });
  it('at the hour of a deadline that has one, and once: from there it goes on', () => {
    const at = dueBetween(EVENTS, [change('e1', '2020-11-03', '17:00')], pointAt(EVENTS, 1), pointAt(EVENTS, 2))!.at;
    expect(at.time).toBe(Date.parse('2020-11-03T17:00:00+07:00'));
    expect(dueBetween(EVENTS, [change('e1', '2020-11-03', '17:00')], at, pointAt(EVENTS, 2))).toBeNull();
  });
  it('at an event of a person, of the chosen one where one is chosen, and never at one of the program', async () => {
    const pausing = pausingOf(EVENTS, [], ({ role }) => role, () => Promise.reject(new Error('not asked')));
    expect((await pausing('nguoi', pointAt(EVENTS, 1), pointAt(EVENTS, 2)))?.at.count).toBe(2);
    expect(await pausing('nguoi', pointAt(EVENTS, 2), pointAt(EVENTS, 3))).toBeNull();
    expect((await pausing('nguoi:office::office', pointAt(EVENTS, 1), pointAt(EVENTS, 2)))?.at.count).toBe(2);
    expect(await pausing('nguoi:leader::leader', pointAt(EVENTS, 1), pointAt(EVENTS, 2))).toBeNull();
  });
  it('where a field differs, but not for the days that go by', async () => {
    const fields = (n: number) => [{ key: 'days', label: 'Còn lại', text: String(n) }, { key: 'percent', label: 'Tiến độ', text: n < 3 ? '0' : '40' }];
    const pausing = pausingOf(EVENTS, [], ({ role }) => role, ({ count }) => Promise.resolve(fields(count)));
    expect(await pausing('truong', pointAt(EVENTS, 1), pointAt(EVENTS, 2))).toBeNull();
    expect((await pausing('truong', pointAt(EVENTS, 2), pointAt(EVENTS, 3)))?.why).toBe('“Tiến độ” đổi');
    expect(await pausing('truong:days', pointAt(EVENTS, 2), pointAt(EVENTS, 3))).toBeNull();
  });
});

describe('what stands on the rail', () => {
  it('has each deadline once, in the order of time, and the next one of a kind from anywhere', () => {
    const all = dueHappenings([...MOVED, change('e3', '2020-11-10')]);
    expect(all.map(({ at }) => at)).toEqual(['2020-11-10', '2020-11-20']);
    const between = Date.parse('2020-11-15T00:00:00+07:00');
    expect(nextOf(all, 'due', between, 'before')?.at).toBe('2020-11-10');
    expect(nextOf(all, 'due', between, 'after')?.at).toBe('2020-11-20');
    expect(nextOf(all, 'meeting', between, 'after')).toBeNull();
    expect(nextOf(all, 'due', all[0]!.time, 'before')).toBeNull();
  });
  it('ends a day at its last moment, and has nothing where there is no deadline', () => {
    expect(endOf({ dueOn: '2020-11-10' })?.time).toBe(Date.parse('2020-11-10T23:59:59.999+07:00'));
    expect(endOf({ dueOn: null })).toBeNull();
  });
});
