import { cleanText, dayVi, isDay, weekdayDayVi, type Day } from '#kernel';
import { folded, understand, withoutFront } from './phrase-grammar.ts';
import { whyVague } from './phrase-vague.ts';
import { beforeDay, limitAt, onDay, readEndOf } from './read-day.ts';
import { readPeriod } from './read-period.ts';
import { readRecurrence } from './read-recurrence.ts';
import { resolve } from './resolve.ts';
import { noSuchDate, noSuchTime, refuse, settle, warn, type ReadingContext } from './settle.ts';
import type { DeadlineInput, DeadlineReading } from './types.ts';

/** Reads what a user gave: a date with or without an hour, no deadline, or a phrase. */
export function readDeadline(input: DeadlineInput, context: ReadingContext): DeadlineReading {
  if ('none' in input) return { ok: true, deadline: { kind: 'none' }, warnings: [] };
  if ('date' in input) return readDate(input.date, input.time, context);
  if (input.receivedOn !== undefined && !isDay(input.receivedOn)) return noSuchDate(input.receivedOn, input.receivedOn);
  const reading = readPhrase(input.phrase, { ...context, receivedOn: input.receivedOn ?? context.receivedOn });
  if (!reading.ok || input.receivedOn !== undefined || context.receivedOn === undefined) return reading;
  const understood = understand(input.phrase);
  if (typeof understood !== 'object' || understood.says !== 'period' || understood.from !== 'received') return reading;
  return {
    ...reading,
    warnings: [
      ...reading.warnings,
      warn('received-day-assumed', `Không nhập ngày nhận văn bản; lấy ngày ${dayVi(context.receivedOn)} (ngày giao).`),
    ],
  };
}

/**
 * Reads a deadline phrase with all its words or refuses it; it never guesses (domain.md §3).
 * Tone marks, case, NFD and spaces do not matter. The phrase kept is the one given, in NFC with single spaces.
 */
export function readPhrase(phrase: string, context: ReadingContext): DeadlineReading {
  const given = cleanText(phrase);
  const understood = understand(given);
  if (understood === undefined) return refuse('phrase-not-understood', notUnderstood(given), given);
  if (understood === 'missing-start')
    return refuse(
      'phrase-not-understood',
      `“${given}” không ghi tính từ ngày nào (kể từ ngày ký, ngày ban hành, ngày nhận được văn bản).`,
      given,
    );
  // A caller's day that does not exist must not be counted from.
  for (const day of [context.documentDate, context.receivedOn]) if (day !== undefined && !isDay(day)) return noSuchDate(day, given);
  switch (understood.says) {
    case 'none':
      return { ok: true, deadline: { kind: 'none', phrase: given }, warnings: [] };
    case 'day': {
      const found = resolve(understood.day, given, context);
      if (!found.ok) return found;
      return (understood.before ? beforeDay : onDay)(given, found.day, found.warnings, context);
    }
    case 'hour': {
      const found = resolve(understood.day, given, context);
      return found.ok ? limitAt(given, found.day, understood.time, found.warnings, given, context) : found;
    }
    case 'end-of':
      return readEndOf(given, understood, context);
    case 'period':
      return readPeriod(given, understood, context);
    case 'recurrence':
      return readRecurrence(given, understood, context);
  }
}

/** The sentence of a refusal: what was given, why it has no day where that is known, and what to do. */
function notUnderstood(given: string): string {
  const text = folded(given);
  if (text === undefined) return 'Thời hạn dài hơn 300 ký tự; đề nghị chỉ ghi phần thời hạn.';
  const why = whyVague(withoutFront(text)) ?? whyVague(text);
  return why === undefined
    ? `Chưa hiểu thời hạn “${given}”; đề nghị nhập ngày cụ thể hoặc viết theo một trong các mẫu.`
    : `Chưa hiểu thời hạn “${given}”: ${why}.`;
}

function readDate(date: Day, time: string | undefined, context: ReadingContext): DeadlineReading {
  if (!isDay(date)) return noSuchDate(date, date);
  if (time === undefined)
    return settle(
      { literal: date, basis: 'fixed', steps: [{ day: date, text: `Ngày được nhập: ${weekdayDayVi(date)}.` }], warnings: [] },
      context,
    );
  const m = /^(\d{2}):(\d{2})$/.exec(time);
  return m ? limitAt(undefined, date, { hour: +m[1]!, minute: +m[2]! }, [], time, context) : noSuchTime(time);
}
