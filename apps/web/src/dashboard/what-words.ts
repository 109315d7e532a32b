import { addDays, day } from '../format.ts';
import { t } from '../i18n.ts';
import { EXCEPTION_RULES, type AgeBand, type ExceptionRule } from './types.ts';

const AGES: readonly AgeBand[] = ['1-7', '8-30', '31-90', 'over-90'];
export const AGE_WORDS: Readonly<Record<AgeBand, string>> = {
  '1-7': t('1–7 ngày'),
  '8-30': t('8–30 ngày'),
  '31-90': t('31–90 ngày'),
  'over-90': t('trên 90 ngày'),
};

export const RULE_WORDS: Readonly<Record<ExceptionRule, string>> = {
  'oldest-overdue': t('Quá hạn lâu nhất'),
  'due-3-below-half': t('Sắp đến hạn, tiến độ dưới 50 %'),
  'extended-twice': t('Gia hạn từ 2 lần'),
  'no-update-14': t('Không cập nhật từ 14 ngày'),
  returned: t('Đã bị trả lại'),
  'blocked-by-overdue': t('Phụ thuộc việc đang quá hạn'),
};

export interface WhatWords {
  /** What the tasks are, as it stands after "37 việc: ". */
  name: string;
  /** How the number comes about. */
  means: string;
}

const open = t('Chỉ tính việc chưa hoàn thành, thuộc tổng số của kỳ chứa thời điểm đang xem (tập việc C2), theo hạn hiện hành.');

const WORDS: Readonly<Record<string, WhatWords>> = {
  all: { name: t('Tổng số'), means: t('Mọi việc trong tổng số của kỳ chứa thời điểm đang xem (tập việc C2).') },
  open: { name: t('Chưa hoàn thành'), means: open },
  'done-on-time': { name: t('Hoàn thành đúng hạn'), means: t('Đã xác nhận; báo cáo hoàn thành trong thời hạn khi ấy (nhóm D1).') },
  'done-late': { name: t('Hoàn thành quá hạn'), means: t('Đã xác nhận; báo cáo hoàn thành sau thời hạn khi ấy (nhóm D2).') },
  'in-time': { name: t('Đang thực hiện trong hạn'), means: t('Chưa báo cáo hoàn thành, hạn hiện hành chưa qua (nhóm O1).') },
  'no-deadline': { name: t('Chưa có thời hạn'), means: t('Đang thực hiện hoặc đã hoàn thành mà không có thời hạn (nhóm O3, D3).') },
  suspended: { name: t('Tạm dừng'), means: t('Tạm dừng theo quyết định (nhóm X).') },
  overdue: { name: t('Quá hạn chưa hoàn thành'), means: t('Hạn hiện hành đã qua mà chưa báo cáo hoàn thành (nhóm O2).') },
  'overdue-over-30': {
    name: t('Quá hạn trên 30 ngày'),
    means: t('Trong số quá hạn chưa hoàn thành (O2), việc đã quá hạn hơn 30 ngày theo lịch.'),
  },
  'due-3': {
    name: t('Sắp đến hạn'),
    means: t('Việc đang trong hạn (O1) có hạn rơi vào các ngày làm việc sắp tới, kể cả hôm nay: ba ngày, trừ khi cài đặt số khác.'),
  },
  'due-7': {
    name: t('Đến hạn trong 7 ngày làm việc'),
    means: t('Việc đang trong hạn (O1) có hạn rơi vào bảy ngày làm việc tới, kể cả hôm nay.'),
  },
  'due-7-no-update': {
    name: t('Đến hạn trong 7 ngày làm việc, 14 ngày chưa cập nhật'),
    means: t('Trong số đến hạn trong bảy ngày làm việc, việc mà đơn vị không ghi gì trong 14 ngày qua.'),
  },
  'on-time-90': {
    name: t('Đúng hạn trong 90 ngày qua'),
    means: t('Việc có hạn hiện hành trong 90 ngày qua và hoàn thành đúng hạn (D1): tử số của tỷ lệ 90 ngày.'),
  },
  'matured-90': {
    name: t('Đến hạn trong 90 ngày qua'),
    means: t(
      'Việc có hạn hiện hành trong 90 ngày qua: đúng hạn (D1), quá hạn (D2), quá hạn chưa xong (O2) và nộp quá hạn chờ xác nhận (V2): mẫu số của tỷ lệ 90 ngày.',
    ),
  },
  extended: {
    name: t('Đã gia hạn'),
    means: t('Việc trong tổng số của kỳ (C2) mà một quyết định cho gia hạn đã dời hạn, tính đến thời điểm đang xem.'),
  },
  waiting: {
    name: t('Chờ lãnh đạo xử lý'),
    means: t('Đề nghị gia hạn và trả lại chưa quyết, báo cáo hoàn thành chưa xác nhận, giải trình nhận sau lần đôn đốc hoặc quyết định gần nhất.'),
  },
  'waiting-extension': { name: t('Đề nghị gia hạn chờ quyết'), means: t('Đơn vị đã xin gia hạn, chưa cho và chưa từ chối.') },
  'waiting-completion': { name: t('Báo cáo hoàn thành chờ xác nhận'), means: t('Đơn vị đã báo cáo hoàn thành, chưa xác nhận và chưa từ chối.') },
  'waiting-explanation': {
    name: t('Giải trình đã nhận'),
    means: t('Đơn vị đã giải trình, sau đó chưa có quyết định hoặc đôn đốc nào.'),
  },
  'waiting-return': { name: t('Đề nghị trả lại chờ quyết'), means: t('Đơn vị đề nghị trả lại việc, chưa đồng ý và chưa từ chối.') },
  'load-later': { name: t('Đến hạn sau 8 tuần'), means: t('Việc đang trong hạn (O1) có hạn sau tám tuần tới; cùng các tuần thì bằng số trong hạn.') },
};

/** The week that ends in these days, in words: `23/11–29/11/2026`. */
export const weekWords = (from: string): string => `${day(from).slice(0, 5)}–${day(addDays(from, 6))}`;

/** A number of one week, as a page narrowed to it says it: with its Monday behind it. */
const OF_WEEK = /^(load|assigned-week|completed-week|overdue-at)-(\d{4}-\d{2}-\d{2})$/;

/** Numbers of a time behind, whose tasks need not all belong to the total of the period. */
export const reachesBack = (what: string): boolean => /^(on-time-90|matured-90)$|^(assigned-week|completed-week|overdue-at)-/.test(what);

/** What a `what` of the dashboard counts, or what it is narrowed to; an unknown one is named as it stands. */
export function whatWords(what: string, week: string | null): WhatWords {
  const [, weekly, monday] = OF_WEEK.exec(what) ?? [];
  if (weekly !== undefined && monday !== undefined) return whatWords(weekly, monday);
  const age = AGES.find((band) => what === `age-${band}`);
  if (age)
    return {
      name: t('Quá hạn {{age}}', { age: AGE_WORDS[age] }),
      means: t('Trong số quá hạn chưa hoàn thành (O2), theo số ngày lịch kể từ hết ngày của thời hạn hiện hành.'),
    };
  const rule = EXCEPTION_RULES.find((one) => one === what);
  if (rule) return { name: RULE_WORDS[rule], means: open };
  const known = WORDS[what];
  if (known) return what.startsWith('due') || what.startsWith('overdue') ? { ...known, means: `${known.means} ${open}` } : known;
  const when = week === null ? '' : weekWords(week);
  if (what === 'load') return { name: t('Đến hạn trong tuần {{when}}', { when }), means: t('Việc đang trong hạn (O1) có hạn trong tuần này.') };
  if (what === 'assigned-week') return { name: t('Giao trong tuần {{when}}', { when }), means: t('Việc được giao trong tuần này.') };
  if (what === 'completed-week')
    return { name: t('Hoàn thành trong tuần {{when}}', { when }), means: t('Việc có ngày hoàn thành trong tuần này.') };
  if (what === 'overdue-at')
    return {
      name: t('Quá hạn chưa hoàn thành cuối tuần {{when}}', { when }),
      means: t('Việc ở nhóm O2 vào cuối tuần này; tuần cuối tính đến thời điểm đang xem.'),
    };
  return { name: t('Việc được tính trong con số này ({{what}})', { what }), means: '' };
}
