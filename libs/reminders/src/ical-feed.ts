import { addDays, type Day, type Instant } from '#kernel';

export interface FeedEvent {
  readonly taskId: string;
  readonly code: string;
  readonly title: string;
  readonly unit: string;
  readonly dueOn: Day;
  readonly dueTime: string | null;
  readonly url: string;
  /** Grows with every fact of the task, so that a program that kept an older one takes the new one. */
  readonly sequence: number;
  readonly overdue: boolean;
}

const MOST_TITLE = 120;
const LINE_BYTES = 75;
const encoder = new TextEncoder();

/** Text as a value (RFC 5545 §3.3.11). */
const text = (value: string): string => value.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** A line in pieces of at most 75 bytes, none of which ends within a character (§3.1). */
function fold(line: string): string {
  if (line.length <= LINE_BYTES / 3 || encoder.encode(line).length <= LINE_BYTES) return line;
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of line) {
    const code = character.codePointAt(0)!;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes + size > LINE_BYTES) {
      pieces.push(piece);
      piece = ' ';
      bytes = 1;
    }
    piece += character;
    bytes += size;
  }
  pieces.push(piece);
  return pieces.join('\r\n');
}

const basic = (day: Day): string => day.replaceAll('-', '');

/**
 * Deadlines as a calendar (RFC 5545): a whole day each, so that a day is the same day whatever the zone of the reader's machine. The id of an
 * event is the task's, for ever. Written here: a general writer of calendars took five times the 50 ms that 500 tasks may take.
 */
export function icalFeed(name: string, now: Instant, events: readonly FeedEvent[]): string {
  const stamp = `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Nhac Viec//nhacviec//VI', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH', fold(`NAME:${text(name)}`), fold(`X-WR-CALNAME:${text(name)}`), 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H'];
  for (const { taskId, code, title, unit, dueOn, dueTime, url, sequence, overdue } of events) {
    const short = title.length > MOST_TITLE ? `${title.slice(0, MOST_TITLE - 1).trimEnd()}…` : title;
    lines.push(
      'BEGIN:VEVENT', fold(`UID:${taskId}@nhacviec`), `SEQUENCE:${String(sequence)}`, `DTSTAMP:${stamp}`, `DTSTART;VALUE=DATE:${basic(dueOn)}`, `DTEND;VALUE=DATE:${basic(addDays(dueOn, 1))}`,
      fold(`SUMMARY:${text(`${overdue ? 'Quá hạn: ' : ''}${code} ${short}`)}`), fold(`DESCRIPTION:${text(`${unit}${dueTime === null ? '' : ` · trước ${dueTime}`}\n${url}`)}`), fold(`URL:${url}`), 'TRANSP:TRANSPARENT', 'END:VEVENT',
    );
  }
  lines.push('END:VCALENDAR', '');
  return lines.join('\r\n');
}
