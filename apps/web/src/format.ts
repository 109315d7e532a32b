import { t } from './i18n.ts';
/**
 * Vietnamese ways of writing numbers, days and instants. Days and instants are those of Asia/Ho_Chi_Minh (UTC+7, no daylight saving). What is none, as a
 * damaged address may say, is written as it stands: the server is asked with it, and says what is wrong.
 */

const WEEKDAYS = ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'];
const OFFSET_MS = 7 * 3_600_000;
const DAY_MS = 86_400_000;
/** The last instant that a `Date` can be. */
const LATEST_MS = 8.64e15;

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

export const count = (n: number): string => n.toString().replace(/\B(?=(\d{3})+(?!\d))/g, '.');

/** A log position: digits, grouped like any other number. */
export const positionText = (position: string): string => `#${position.replace(/\B(?=(\d{3})+(?!\d))/g, '.')}`;

export const day = (iso: string): string => `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`;

export const weekday = (iso: string): string => WEEKDAYS[new Date(`${iso}T00:00:00Z`).getUTCDay()] ?? '';

export const longDay = (iso: string): string => (isDay(iso) ? `${weekday(iso)} ${day(iso)}` : iso);

/** The wall clock in Việt Nam at an instant; the text itself in the place of the day where it is none. */
export function local(instant: string | number): { day: string; time: string; seconds: string } {
  const there = new Date(instant).getTime() + OFFSET_MS;
  if (!(Math.abs(there) <= LATEST_MS)) return { day: String(instant).slice(0, 40), time: '', seconds: '' };
  const iso = new Date(there).toISOString();
  return { day: iso.slice(0, 10), time: iso.slice(11, 16), seconds: iso.slice(11, 19) };
}

export const dayOf = (at: string): string => (isDay(at) ? at : local(at).day);

/** `hết T7 28/11/2020` for a day (it ends at 24:00), `07:30 CN 29/11/2020` for an instant. */
export function at(moment: string): string {
  if (isDay(moment)) return t('hết {{moment}}', { moment: longDay(moment) });
  const here = local(moment);
  return `${here.time} ${longDay(here.day)}`.trim();
}

/** When a fact happened: facts given by day stand at 00:00, the hour then says nothing. */
export function moment(instant: string): string {
  if (isDay(instant)) return longDay(instant);
  const here = local(instant);
  return here.seconds === '00:00:00' ? longDay(here.day) : `${here.time} ${longDay(here.day)}`;
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/** The reporting year (15/12 to 14/12) a day belongs to. */
export function reportingYear(iso: string): number {
  const year = Number(iso.slice(0, 4));
  return iso.slice(5) >= '12-15' ? year + 1 : year;
}

export const due = (dueOn: string | null, dueTime: string | null | undefined): string =>
  dueOn ? `${dueTime ? `${dueTime.slice(0, 5)} ` : ''}${day(dueOn)}` : t('Không thời hạn');

export function addDays(iso: string, days: number): string {
  const there = Date.parse(`${iso}T00:00:00Z`) + days * DAY_MS;
  return Math.abs(there) <= LATEST_MS ? new Date(there).toISOString().slice(0, 10) : iso;
}

/** Monday of the week a day lies in. */
export const mondayOf = (iso: string): string => addDays(iso, -((new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7));

/** A state of knowledge in words: `hết 28/11/2020`, `07:30 CN 29/11/2020`, `sự kiện #886`. */
export function known(at: string): string {
  if (at.startsWith('position:')) return t('sự kiện {{at}}', { at: positionText(at.slice('position:'.length)) });
  if (at.startsWith('event:')) return t('sự kiện {{at}}', { at: at.slice('event:'.length, 'event:'.length + 8) });
  return isDay(at) ? t('hết {{at}}', { at: day(at) }) : `${local(at).time} ${longDay(local(at).day)}`.trim();
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Text without case and tone marks, for finding a unit by typing plainly. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
    .toLowerCase();
