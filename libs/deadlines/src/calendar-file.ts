import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCalendar, type WorkingCalendar } from './calendar.ts';

const FILE = join('libs', 'deadlines', 'data', 'vn-working-days.json');
let loaded: WorkingCalendar | undefined;

/** The calendar that ships with the program: Vietnam's public sector. Read once, then kept. */
export function loadDefaultCalendar(): WorkingCalendar {
  return (loaded ??= parseCalendar(JSON.parse(readFileSync(defaultCalendarPath(), 'utf8'))));
}

/** Where the shipped calendar lies, for source (libs/deadlines/src) and build (dist/libs/deadlines/src) alike. */
export function defaultCalendarPath(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let at = start; ; at = dirname(at)) {
    const path = join(at, FILE);
    if (existsSync(path)) return path;
    if (dirname(at) === at) throw new Error(`Calendar file not found: expected ${FILE} in ${start} or a folder above it.`);
  }
}
