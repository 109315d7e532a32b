import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atTime, dayFromNumber, dayNumber, dayOf, endOfDay, isDay, isoInstant, parseInstant, startOfDay, timeOf, weekday } from './day.ts';

const days = fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2199-12-31') }).map(dayFromNumber);
/** Since 1976: the time zone has had seven hours ahead of UTC from the middle of 1975 on. */
const instants = fc.integer({ min: Date.UTC(1976, 0, 1), max: Date.UTC(2199, 11, 31) });

/** The same as the runtime's own table of time zones says it. */
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' });

describe('days and hours in Vietnam', () => {
  it('are those of its time zone', () => {
    fc.assert(fc.property(instants, (at) => { expect(`${dayOf(at)} ${timeOf(at)}`).toBe(clock.format(at)); }));
  });

  it('lead back to the instant they were read from', () => {
    fc.assert(fc.property(instants, (at) => {
      expect(atTime(dayOf(at), timeOf(at))).toBe(at - (((at % 60_000) + 60_000) % 60_000));
      expect(parseInstant(isoInstant(at))).toBe(at);
      expect(isoInstant(at).slice(11, 16)).toBe(timeOf(at));
      expect(startOfDay(dayOf(at)) <= at && at < endOfDay(dayOf(at))).toBe(true);
    }));
  });

  it('count days and name their weekday as the calendar does, before 1970 too', () => {
    fc.assert(fc.property(days, (day) => {
      expect(isDay(day)).toBe(true);
      expect(dayFromNumber(dayNumber(day))).toBe(day);
      expect(weekday(day)).toBe(new Date(`${day}T00:00:00Z`).getUTCDay() || 7);
    }));
  });

  it.each(['2021-02-29', '2020-13-01', '2020-00-10', '2020-04-31', '20-04-30', '2020-4-30', ''])('do not know %p', (text) => { expect(isDay(text)).toBe(false); });
});
