import { daysBetween, local } from '../format.ts';
import { asRecorded, t } from '../i18n.ts';
import { type AgendaItem, type ConclusionKind, type PageKey } from './types.ts';

export const PAGE_WORDS: Readonly<Record<PageKey, string>> = {
  overview: t('Tổng quan'),
  previous: t('Kết luận kỳ trước'),
  overdue: t('Quá hạn'),
  'due-week': t('Đến hạn trong tuần'),
  units: t('Theo đơn vị'),
  raised: t('Việc đưa vào giao ban'),
  requests: t('Đề nghị chờ quyết'),
  signals: t('Tín hiệu'),
  conclusions: t('Kết luận'),
};

/** The agenda offered for a new meeting: 45 minutes. */
export const USUAL_AGENDA: readonly AgendaItem[] = [
  { key: 'overview', minutes: 3 },
  { key: 'previous', minutes: 4 },
  { key: 'overdue', minutes: 10 },
  { key: 'due-week', minutes: 4 },
  { key: 'units', minutes: 10 },
  { key: 'requests', minutes: 8 },
  { key: 'signals', minutes: 2 },
  { key: 'conclusions', minutes: 4 },
];

export const KIND_WORDS: Readonly<Record<ConclusionKind, string>> = {
  decision: t('Kết luận bằng lời'),
  assign: t('Giao việc'),
  extend: t('Gia hạn'),
  'refuse-extension': t('Không cho gia hạn'),
  explain: t('Yêu cầu giải trình'),
  urge: t('Đôn đốc'),
  transfer: t('Chuyển chủ trì'),
  confirm: t('Xác nhận hoàn thành'),
  'refuse-completion': t('Yêu cầu làm lại'),
  'accept-return': t('Nhận việc trả lại'),
  'refuse-return': t('Không nhận trả lại'),
  'speed-up': t('Đẩy nhanh tiến độ'),
};

const DAY_NAMES = [asRecorded('Chủ nhật'), asRecorded('thứ Hai'), asRecorded('thứ Ba'), asRecorded('thứ Tư'), asRecorded('thứ Năm'), asRecorded('thứ Sáu'), asRecorded('thứ Bảy')];
const DAY_HEADS = [t('Chủ nhật'), t('Thứ Hai'), t('Thứ Ba'), t('Thứ Tư'), t('Thứ Năm'), t('Thứ Sáu'), t('Thứ Bảy')];
const at = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();
export const dayName = (day: string): string => DAY_NAMES[at(day)] ?? '';
export const dayHead = (day: string): string => DAY_HEADS[at(day)] ?? '';

/** `07/12`: the year goes without saying in the room. */
export const shortDay = (day: string): string => `${day.slice(8, 10)}/${day.slice(5, 7)}`;
export const clockOf = (instant: string | number): string => local(instant).time;

/** `+5`, `−9`, or nothing. */
export const signed = (n: number): string => (n === 0 ? '' : n > 0 ? `+${n}` : `−${-n}`);

/** `31:00`; over the hour `1:05:00`. */
export function minutesText(ms: number): string {
  const all = Math.round(Math.abs(ms) / 1000);
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** The meeting of a day is called by its day where both fall together, so that `giao ban 16/11` is enough. */
export const meetingOf = (instant: string): string => t('giao ban {{day}}', { day: shortDay(local(instant).day) });

export const inDays = (from: string, to: string): number => daysBetween(from, to);
