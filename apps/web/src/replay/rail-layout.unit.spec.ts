import { expect, it } from '@jest/globals';
import { type DeadlineChange, type TaskEvent } from '../api.ts';
import { addedWords, columnsOf, deadlineSteps, dueTicksOf, fineSpanOf, nearest, placeOf, spanOf, ticksOf } from './rail-layout.ts';

const event = (n: number, occurred: string, recorded: string): TaskEvent => ({
  id: `e${n}`,
  type: 'ProgressReported',
  name: 'Tiến độ',
  revision: n,
  position: String(n),
  occurredAt: `${occurred}T00:00:00+07:00`,
  recordedAt: `${recorded}T08:00:00+07:00`,
  actor: null,
  sentence: '',
  backdated: false,
  annulledBy: null,
  repairs: null,
  effective: true,
  data: {},
});
const due = (dueOn: string | null): DeadlineChange => ({
  eventId: dueOn ?? 'none',
  type: 'ExtensionGranted',
  occurredAt: '',
  recordedAt: '',
  deadline: dueOn === null ? null : { kind: 'due', dueOn },
});

it('the rail holds every event, deadline and point, with a day of room', () => {
  const span = spanOf([event(1, '2020-02-10', '2020-02-11')], ['2020-03-01'], [Date.parse('2020-03-05T23:59:59+07:00')]);
  expect(span).toMatchObject({ from: '2020-02-09', to: '2020-03-06' });
  expect(placeOf(span, span.start)).toBe(0);
  expect(placeOf(span, span.end + 1)).toBe(100);
});

it('a life of years is drawn in columns of many days, and no event is lost', () => {
  const events = Array.from({ length: 100 }, (_, n) => event(n, '2019-01-01', `20${19 + (n % 3)}-0${1 + (n % 9)}-15`));
  const span = spanOf(events, [], []);
  const columns = columnsOf(events, span, 'recordedAt');
  expect(columns.length).toBeLessThanOrEqual(90);
  expect(columns[0]!.days).toBeGreaterThan(7);
  expect(columns.reduce((sum, column) => sum + column.events.length, 0)).toBe(100);
});

it('days under the rail are evenly apart and few enough to be read', () => {
  for (const last of ['2020-01-10', '2020-01-25', '2020-04-01', '2022-12-31']) {
    const span = spanOf([event(1, '2020-01-01', last)], [], []);
    const ticks = ticksOf(span);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThanOrEqual(15);
    expect(new Set(ticks.map(({ place }) => place)).size).toBe(ticks.length);
  }
});

it('deadlines are ticks at the end of their day, the ones replaced told apart', () => {
  const span = spanOf([event(1, '2020-02-10', '2020-02-11')], ['2020-03-01', '2020-03-10'], []);
  expect(dueTicksOf([due('2020-03-01'), due('2020-03-10')], span)).toMatchObject([
    { dueOn: '2020-03-01', text: 'hạn đầu 01/03', old: true },
    { dueOn: '2020-03-10', text: 'hạn mới 10/03', old: false },
  ]);
  // On a rail of 29 days the words of two days' difference would run into each other; those in force stand on a line of their own.
  expect(dueTicksOf([due('2020-03-01'), due('2020-03-03'), due('2020-03-10'), due('2020-03-11')], span).map(({ crowded }) => crowded)).toEqual([false, true, false, false]);
  expect(dueTicksOf([due(null)], span)).toEqual([]);
});

it('a click goes to the event recorded nearest', () => {
  const events = [event(1, '2020-02-01', '2020-02-01'), event(2, '2020-02-10', '2020-02-10'), event(3, '2020-02-20', '2020-02-20')];
  const span = spanOf(events, [], []);
  expect(nearest(events, span, 0)).toBe(1);
  expect(nearest(events, span, 48)).toBe(2);
  expect(nearest(events, span, 100)).toBe(3);
});

it('each deadline says what it added to the one before', () => {
  const steps = deadlineSteps([due('2020-03-01'), due('2020-03-10'), due('2020-03-05'), due(null), due('2020-04-01')]);
  expect(steps.map(({ added }) => added)).toEqual([null, 9, -5, null, null]);
  expect(steps.map(({ added }) => addedWords(added))).toEqual(['', 'thêm 9 ngày', 'bớt 5 ngày', '', '']);
});

it('a life of some minutes is drawn by the minute, so that its events stand apart; one of days is not', () => {
  const at = (n: number, time: string): TaskEvent => ({ ...event(n, '2020-11-30', '2020-11-30'), occurredAt: `2020-11-30T${time}+07:00`, recordedAt: `2020-11-30T${time}+07:00` });
  const events = [at(1, '08:05:00'), at(2, '08:20:00'), at(3, '08:50:00')];
  const span = fineSpanOf(events)!;
  const places = columnsOf(events, span, 'recordedAt').map(({ place }) => place);
  expect(places).toHaveLength(3);
  expect(places[1]! - places[0]!).toBeGreaterThan(25);
  expect(ticksOf(span).map(({ text }) => text)).toEqual(['08:05', '08:10', '08:15', '08:20', '08:25', '08:30', '08:35', '08:40', '08:45', '08:50']);
  expect(nearest(events, span, placeOf(span, Date.parse('2020-11-30T08:45:00+07:00')))).toBe(3);
  // The end of a day lies outside of it, at its edge.
  expect(placeOf(span, Date.parse('2020-11-30T23:59:59+07:00'))).toBe(100);
  expect(fineSpanOf([...events, event(4, '2020-12-02', '2020-12-02')])).toBeUndefined();
});
