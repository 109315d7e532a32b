import { type DeskItem, type Urgency, type Wait, type Waiting } from '../api.ts';
import { count, day, due, local, weekday } from '../format.ts';

export const URGENCIES: readonly { key: Urgency; word: string; look: 'overdue' | 'soon' | 'intime' | 'none' }[] = [
  { key: 'overdue', word: 'Quá hạn', look: 'overdue' },
  { key: 'today', word: 'Hết hạn hôm nay', look: 'soon' },
  { key: 'soon', word: 'Sắp đến hạn', look: 'soon' },
  { key: 'later', word: 'Còn hạn', look: 'intime' },
  { key: 'none', word: 'Chưa có thời hạn', look: 'none' },
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
  explain: { word: 'Giải trình', actions: ['explanations'] },
  redo: { word: 'Làm lại', actions: ['completion-submissions', 'progress', 'extension-requests'], button: 'Báo cáo lại' },
  receive: { word: 'Tiếp nhận', actions: ['receive', 'return-proposals'] },
  coordinate: { word: 'Trả lời phối hợp', actions: ['coordination-answers'] },
  'extension-answer': { word: 'Trả lời gia hạn', actions: ['progress', 'completion-submissions'] },
  overdue: { word: 'Báo cáo việc quá hạn', actions: ['completion-submissions', 'progress', 'extension-requests'] },
  'due-soon': { word: 'Báo cáo trước hạn', actions: ['completion-submissions', 'progress', 'extension-requests'] },
  extension: { word: 'Quyết gia hạn', actions: ['extension-grants', 'extension-refusals'], button: 'Quyết gia hạn' },
  return: { word: 'Quyết trả lại', actions: ['return-acceptances', 'return-refusals'], button: 'Quyết trả lại' },
  confirm: { word: 'Xác nhận hoàn thành', actions: ['completion-confirmations', 'completion-refusals'] },
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
      return { head: 'Được yêu cầu giải trình', more: said };
    case 'redo':
      return { head: 'Bị trả về làm lại', more: said };
    case 'receive':
      return { head: 'Mới giao, chưa tiếp nhận', more: `giao ${on(wait.since)}` };
    case 'coordinate':
      return { head: 'Được hỏi ý kiến phối hợp', more: 'chưa trả lời' };
    case 'extension-answer':
      return { head: wait.granted ? `Được gia hạn đến ${due(item.dueOn, item.dueTime)}` : 'Không được gia hạn', more: said };
    case 'overdue':
      return { head: 'Quá hạn, chưa báo cáo hoàn thành', more: '' };
    case 'due-soon':
      return { head: 'Chưa báo cáo hoàn thành', more: '' };
    case 'extension':
      return { head: 'Đề nghị gia hạn', more: said };
    case 'return':
      return { head: 'Đề nghị trả lại việc', more: said };
    case 'confirm':
      return { head: 'Đã báo cáo hoàn thành', more: `chờ xác nhận từ ${on(wait.since)}` };
  }
}

/** The thing that is answered first: the one asked for, else the most pressing. */
export const firstWait = (item: Pick<DeskItem, 'waits'>, asked: string | null): Waiting | undefined =>
  item.waits.find((wait) => wait.kind === asked) ?? item.waits[0];

/** Under the day of the deadline. */
export function leftWords(item: Pick<DeskItem, 'group' | 'cell' | 'dueOn' | 'daysLeft' | 'daysLate' | 'countsWorkingDays'>): string {
  if (item.dueOn === null) return 'văn bản không nêu hạn';
  if (item.group === 'today') return 'hết hạn hôm nay';
  if (item.group === 'overdue') return item.daysLate ? `quá hạn ${count(item.daysLate)} ngày` : 'đã qua hạn';
  if (item.daysLeft === null) return item.cell?.startsWith('V') ? 'báo cáo trong hạn' : '';
  return `còn ${count(item.daysLeft)} ngày${item.countsWorkingDays ? ' làm việc' : ''}`;
}
