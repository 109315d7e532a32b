import { type DeskItem, type Urgency, type Wait, type Waiting } from '../api.ts';
import { count, day, due, local, weekday } from '../format.ts';
import { t } from '../i18n.ts';

export const URGENCIES: readonly { key: Urgency; word: string; look: 'overdue' | 'soon' | 'intime' | 'none' }[] = [
  { key: 'overdue', word: t('Quá hạn'), look: 'overdue' },
  { key: 'today', word: t('Hết hạn hôm nay'), look: 'soon' },
  { key: 'soon', word: t('Sắp đến hạn'), look: 'soon' },
  { key: 'later', word: t('Còn hạn'), look: 'intime' },
  { key: 'none', word: t('Chưa có thời hạn'), look: 'none' },
];

interface WaitSpec {
  /** On a filter. */
  word: string;
  /** Commands that answer it, the most likely first. */
  actions: readonly string[];
  /** On the button, where the command's own word would not say it. */
  button?: string;
}

export const WAITS: Readonly<Record<Wait, WaitSpec>> = {
  explain: { word: t('Giải trình'), actions: ['explanations'] },
  redo: { word: t('Làm lại'), actions: ['completion-submissions', 'progress', 'extension-requests'], button: t('Báo cáo lại') },
  receive: { word: t('Tiếp nhận'), actions: ['receive', 'return-proposals'] },
  coordinate: { word: t('Trả lời phối hợp'), actions: ['coordination-answers'] },
  'extension-answer': { word: t('Trả lời gia hạn'), actions: ['progress', 'completion-submissions'] },
  overdue: { word: t('Báo cáo việc quá hạn'), actions: ['completion-submissions', 'progress', 'extension-requests'] },
  'due-soon': { word: t('Báo cáo trước hạn'), actions: ['completion-submissions', 'progress', 'extension-requests'] },
  extension: { word: t('Quyết gia hạn'), actions: ['extension-grants', 'extension-refusals'], button: t('Quyết gia hạn') },
  return: { word: t('Quyết trả lại'), actions: ['return-acceptances', 'return-refusals'], button: t('Quyết trả lại') },
  confirm: { word: t('Xác nhận hoàn thành'), actions: ['completion-confirmations', 'completion-refusals'] },
};
export const WAIT_KEYS = Object.keys(WAITS) as Wait[];

const on = (instant: string): string => {
  const here = local(instant).day;
  return `${weekday(here)} ${day(here)}`;
};

/** Why the task stands on the desk, and the words that were given with it. */
export function waitWords(wait: Waiting, item: Pick<DeskItem, 'dueOn' | 'dueTime'>): { head: string; more: string } {
  const said = wait.text ?? '';
  switch (wait.kind) {
    case 'explain':
      return { head: t('Được yêu cầu giải trình'), more: said };
    case 'redo':
      return { head: t('Bị trả về làm lại'), more: said };
    case 'receive':
      return { head: t('Mới giao, chưa tiếp nhận'), more: t('giao {{day}}', { day: on(wait.since) }) };
    case 'coordinate':
      return { head: t('Được hỏi ý kiến phối hợp'), more: t('chưa trả lời') };
    case 'extension-answer':
      return {
        head: wait.granted ? t('Được gia hạn đến {{dueOn}}', { dueOn: due(item.dueOn, item.dueTime) }) : t('Không được gia hạn'),
        more: said,
      };
    case 'overdue':
      return { head: t('Quá hạn, chưa báo cáo hoàn thành'), more: '' };
    case 'due-soon':
      return { head: t('Chưa báo cáo hoàn thành'), more: '' };
    case 'extension':
      return { head: t('Đề nghị gia hạn'), more: said };
    case 'return':
      return { head: t('Đề nghị trả lại việc'), more: said };
    case 'confirm':
      return { head: t('Đã báo cáo hoàn thành'), more: t('chờ xác nhận từ {{day}}', { day: on(wait.since) }) };
  }
}

/** The thing that is answered first: the one asked for, else the most pressing. */
export const firstWait = (item: Pick<DeskItem, 'waits'>, asked: string | null): Waiting | undefined =>
  item.waits.find((wait) => wait.kind === asked) ?? item.waits[0];

/** Under the day of the deadline. */
export function leftWords(item: Pick<DeskItem, 'group' | 'cell' | 'dueOn' | 'daysLeft' | 'daysLate' | 'countsWorkingDays'>): string {
  if (item.dueOn === null) return t('văn bản không nêu hạn');
  if (item.group === 'today') return t('hết hạn hôm nay');
  if (item.group === 'overdue') return item.daysLate ? t('quá hạn {{daysLate}} ngày', { daysLate: count(item.daysLate) }) : t('đã qua hạn');
  if (item.daysLeft === null) return item.cell?.startsWith('V') ? t('báo cáo trong hạn') : '';
  return item.countsWorkingDays
    ? t('còn {{daysLeft}} ngày làm việc', { daysLeft: count(item.daysLeft) })
    : t('còn {{daysLeft}} ngày', { daysLeft: count(item.daysLeft) });
}
