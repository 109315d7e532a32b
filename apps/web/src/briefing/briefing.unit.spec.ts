import { describe, expect, it } from '@jest/globals';
import { apart, stepsFor } from './signals-layout.ts';
import { commandOf } from './keys.ts';
import { deadlineFrom } from './draft.ts';
import { planOf, spentOn, startTimers, turnTo } from './timers.ts';
import { minutesText } from './words.ts';

const MINUTE = 60_000;

describe('timers of the agenda', () => {
  const pages = [
    { key: 'overview', minutes: 3 },
    { key: 'overdue', minutes: 10 },
    { key: 'conclusions', minutes: 2 },
  ] as const;

  it('keep what each page took, also when a page is gone back to', () => {
    let timers = startTimers('overview', 0);
    timers = turnTo(timers, 'overdue', 4 * MINUTE);
    timers = turnTo(timers, 'overview', 6 * MINUTE);
    expect(spentOn(timers, 'overview', 7 * MINUTE)).toBe(5 * MINUTE);
    expect(spentOn(timers, 'overdue', 7 * MINUTE)).toBe(2 * MINUTE);
    expect(turnTo(timers, 'overview', 9 * MINUTE)).toBe(timers);
  });

  it('say what is left of the whole, and when it will be over', () => {
    const timers = turnTo(startTimers('overview', 0), 'overdue', 4 * MINUTE);
    // One minute too long on the first page: what comes takes its time, so the end is a minute late.
    expect(planOf(pages, timers, 0, 7 * MINUTE)).toEqual({
      totalMs: 15 * MINUTE,
      leftMs: 8 * MINUTE,
      endsAt: 16 * MINUTE,
      lateMs: MINUTE,
    });
    expect(planOf(pages, timers, 0, 20 * MINUTE)).toMatchObject({ leftMs: -5 * MINUTE, endsAt: 22 * MINUTE, lateMs: 7 * MINUTE });
  });

  it('are written as minutes and seconds', () => {
    expect([31 * MINUTE, -40_000, 65 * MINUTE].map(minutesText)).toEqual(['31:00', '00:40', '1:05:00']);
  });
});

describe('keys of the console', () => {
  const press = (key: string, more: Partial<Parameters<typeof commandOf>[0]> = {}) =>
    commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, on: 'page', ...more });

  it('turn pages, freeze, open units and begin conclusions', () => {
    expect(press('ArrowRight')).toEqual({ do: 'page', by: 1 });
    expect(press(' ')).toEqual({ do: 'live' });
    expect(press('7')).toEqual({ do: 'unit', n: 7 });
    expect(press('G')).toEqual({ do: 'conclude', kind: 'extend' });
    expect(press('x')).toBeNull();
  });

  it('never act while somebody types, nor in place of the browser’s own', () => {
    for (const key of ['ArrowLeft', ' ', '1', '/', 'k', 'g', 'r', 'a', 'b', 'm', 'Backspace']) {
      expect(press(key, { on: 'typing' })).toBeNull();
      expect(press(key, { ctrlKey: true })).toBeNull();
    }
  });

  it('leave the space bar to the button that has the focus, and nothing else', () => {
    expect(press(' ', { on: 'control' })).toBeNull();
    expect(press('ArrowRight', { on: 'control' })).toEqual({ do: 'page', by: 1 });
  });
});

describe('a deadline typed at the console', () => {
  it('is a number of working days, a day of this or the next year, or the words of a document', () => {
    const today = '2026-11-23';
    expect(deadlineFrom('10', today)).toEqual({ phrase: 'trong 10 ngày làm việc' });
    expect(deadlineFrom(' 25/11 ', today)).toEqual({ date: '2026-11-25' });
    expect(deadlineFrom('05/01', today)).toEqual({ date: '2027-01-05' });
    expect(deadlineFrom('7/12/2026', today)).toEqual({ date: '2026-12-07' });
    expect(deadlineFrom('trước 15/12/2026', today)).toEqual({ phrase: 'trước 15/12/2026' });
    expect(deadlineFrom('31/02', today)).toEqual({ phrase: '31/02' });
    expect(deadlineFrom('  ', today)).toBeNull();
  });
});

describe('the chart of signals', () => {
  it('has round steps, few of them, within what is drawn', () => {
    expect(stepsFor(15, 41)).toEqual([20, 30, 40]);
    expect(stepsFor(0, 3)).toEqual([0, 1, 2, 3]);
  });
  it('moves words apart that would lie on each other, in their order', () => {
    expect(apart([100, 90, 200], 44)).toEqual([134, 90, 200]);
  });
});
