import { type Counts } from './api.ts';
import { t } from './i18n.ts';

/** What something is called; a name that an address made up is written as it stands, also one that every object knows. */
export const wordOf = (words: Readonly<Record<string, string>>, name: string): string => (Object.hasOwn(words, name) ? words[name]! : name);

export const CELL_WORDS: Record<string, string> = {
  D1: t('Hoàn thành đúng hạn'),
  D2: t('Hoàn thành quá hạn'),
  D3: t('Hoàn thành, không thời hạn'),
  V1: t('Chờ xác nhận, báo cáo trong hạn'),
  V2: t('Chờ xác nhận, báo cáo quá hạn'),
  V3: t('Chờ xác nhận, không thời hạn'),
  O1: t('Đang thực hiện trong hạn'),
  O2: t('Quá hạn chưa hoàn thành'),
  O3: t('Đang thực hiện, chưa có thời hạn'),
  X: t('Tạm dừng'),
};

export interface Kind {
  key: string;
  look: string;
  word: string;
  cells: readonly string[];
  /** The number of the dashboard that counts the same. */
  what: string;
}

/** The four cells, then the rest of the total; the same order everywhere. */
export const MAIN: readonly Kind[] = [
  { key: 'done', look: 'done', word: t('Hoàn thành đúng hạn'), cells: ['D1'], what: 'done-on-time' },
  { key: 'late', look: 'late', word: t('Hoàn thành quá hạn'), cells: ['D2'], what: 'done-late' },
  { key: 'intime', look: 'intime', word: t('Đang thực hiện trong hạn'), cells: ['O1'], what: 'in-time' },
  { key: 'overdue', look: 'overdue', word: t('Quá hạn chưa hoàn thành'), cells: ['O2'], what: 'overdue' },
];
export const REST: readonly Kind[] = [
  { key: 'wait', look: 'wait', word: t('Chờ xác nhận'), cells: ['V1', 'V2', 'V3'], what: 'waiting-completion' },
  { key: 'none', look: 'none', word: t('Chưa có thời hạn'), cells: ['O3', 'D3'], what: 'no-deadline' },
  { key: 'susp', look: 'susp', word: t('Tạm dừng'), cells: ['X'], what: 'suspended' },
];
export const SHORT_WORDS: Record<string, string> = {
  V1: t('trong hạn'),
  V2: t('quá hạn'),
  V3: t('không thời hạn'),
  O3: t('đang thực hiện'),
  D3: t('đã hoàn thành'),
  X: t('theo quyết định'),
};

export const lookOf = (cell: string | null): string =>
  [...MAIN, ...REST].find((kind) => cell !== null && kind.cells.includes(cell))?.look ?? 'out';

export const sum = (counts: Counts, keys: readonly string[]): number => keys.reduce((all, key) => all + (counts[key] ?? 0), 0);

export const PART_WORDS: Record<string, string> = {
  carriedOver: t('Chuyển kỳ trước sang'),
  begunInPeriod: t('Giao trong kỳ'),
  reopenedInPeriod: t('Mở lại trong kỳ'),
  D1a: t('Đúng hạn ngay theo hạn ban đầu'),
  D1b: t('Đúng hạn nhờ hạn được gia thêm'),
  backdated: t('Có sự kiện nhập muộn'),
  priorPeriodAdjustment: t('Điều chỉnh kỳ trước'),
  extendedAfterDeadline: t('Gia hạn sau khi đã quá hạn'),
  assignedOverdue: t('Giao khi đã qua hạn'),
};
export const PART_GROUPS: readonly { title: string; keys: readonly string[] }[] = [
  { title: t('Nguồn của tổng số'), keys: ['carriedOver', 'begunInPeriod', 'reopenedInPeriod'] },
  { title: t('Trong số hoàn thành đúng hạn'), keys: ['D1a', 'D1b'] },
  { title: t('Cần lưu ý, nằm trong tổng số'), keys: ['backdated', 'priorPeriodAdjustment', 'extendedAfterDeadline', 'assignedOverdue'] },
];

export const FLOW_WORDS: Record<string, string> = {
  opening: t('Tồn đầu kỳ'),
  new: t('Giao mới'),
  transferredIn: t('Nhận chuyển đến'),
  reopened: t('Mở lại'),
  closed: t('Đã hoàn thành'),
  out: t('Đã rút, hủy, chuyển, trả lại, trùng'),
  closing: t('Còn lại cuối kỳ'),
};

export const OUT_WORDS: Record<string, string> = {
  withdrawn: t('Thu hồi'),
  cancelled: t('Hủy'),
  returned: t('Trả lại'),
  transferred: t('Chuyển cơ quan khác'),
  duplicate: t('Trùng việc'),
  voided: t('Hủy do nhập sai'),
};

export const RATE_WORDS: Record<string, string> = {
  R1: t('đúng hạn trong số đã hoàn thành'),
  R2: t('đúng hạn trong số đã đến hạn hoặc đã hoàn thành'),
  R2x: t('đúng hạn, không kể việc giao khi đã qua hạn'),
  R3: t('hoàn thành trong tổng số được giao'),
  R4: t('đúng hạn trong số có thời hạn'),
  R5: t('quá hạn trong tổng số'),
  R5m: t('quá hạn trong số đã đến hạn hoặc đã hoàn thành'),
  R6: t('hoàn thành trong số đã đến hạn hoặc đã hoàn thành'),
};

/** The same rates at the head of a column. */
export const RATE_HEADS: Record<string, string> = {
  R1: t('Đúng hạn (R1)'),
  R2: t('Đúng hạn (R2)'),
  R2x: t('Đúng hạn (R2x)'),
  R3: t('Hoàn thành (R3)'),
  R4: t('Đúng hạn (R4)'),
  R5: t('Quá hạn (R5)'),
  R5m: t('Quá hạn (R5m)'),
  R6: t('Hoàn thành (R6)'),
};

/** What stands beside a rate: the pairs that are published side by side. */
export const RATE_ORDER: Record<string, readonly string[]> = {
  R2: ['R2', 'R1', 'R3', 'R4'],
  R3: ['R3', 'R4', 'R2', 'R1'],
  R4: ['R4', 'R3', 'R2', 'R1'],
};
export const ratesInFront = (front: string): readonly string[] =>
  RATE_ORDER[front] ?? [front, 'R2', 'R3', 'R4'].filter((code, at, all) => all.indexOf(code) === at);
/** The two columns of the unit table. */
export const ratePair = (front: string): readonly [string, string] =>
  front === 'R2' ? ['R2', 'R3'] : [front, ratesInFront(front)[1] ?? 'R2'];

export const COHORT_WORDS: Record<string, string> = {
  C1: t('bắt đầu trong kỳ (C1)'),
  C2: t('chuyển kỳ trước sang, giao và mở lại trong kỳ (C2)'),
  C3: t('có hạn trong kỳ (C3)'),
};

/** What happens to a fixed date on a day off, asked as a what-if. */
export const POLICY_WORDS: Record<string, string> = {
  all: t('mọi ngày ấn định đều dời'),
  none: t('không ngày ấn định nào dời'),
  'all-but-before': t('dời, trừ khi ghi “trước ngày”'),
};

/** Those that every province has; `learnAuthorities` adds what the office has named. */
export const AUTHORITY_WORDS: Record<string, string> = {
  'ubnd-tinh': t('UBND tỉnh'),
  'chu-tich': t('Chủ tịch UBND tỉnh'),
  'pho-chu-tich': t('Phó Chủ tịch UBND tỉnh'),
  'chinh-phu': t('Chính phủ'),
  'thu-tuong': t('Thủ tướng Chính phủ'),
  all: t('mọi cơ quan giao'),
};

/** Takes in who gives tasks, in the order in which lists name them. What the office did not name itself keeps the reader's word for it. */
export function learnAuthorities(given: readonly { code: string; name: string; own: boolean }[]): void {
  if (given.length === 0) return;
  const { all = '', ...usual } = AUTHORITY_WORDS;
  for (const code of Object.keys(AUTHORITY_WORDS)) Reflect.deleteProperty(AUTHORITY_WORDS, code);
  for (const { code, name, own } of given) AUTHORITY_WORDS[code] = own ? name : (usual[code] ?? name);
  AUTHORITY_WORDS['all'] = all;
}

export const ROLE_WORDS: Record<string, string> = {
  office: t('Văn phòng'),
  leader: t('Lãnh đạo'),
  auditor: t('Kiểm tra'),
  admin: t('Quản trị'),
  unit: t('Đơn vị'),
  system: t('Hệ thống'),
};

/** How a deadline came about, for the codes the API uses; anything else is shown as it stands. */
export const BASIS_WORDS: Record<string, string> = {
  fixed: t('ngày ấn định; trúng ngày nghỉ thì dời tới ngày làm việc tiếp theo'),
  'fixed-before': t('“trước ngày” nghĩa là đến hết ngày liền trước'),
  period: t('khoảng thời gian, đếm từ ngày sau ngày bắt đầu'),
  hours: t('hạn có giờ, không dời'),
};

/** Where a task stands, counted or not. */
export const placeWords = (cell: string | null): string =>
  cell === null
    ? t('chưa được tính')
    : (CELL_WORDS[cell] ?? (OUT_WORDS[cell] ? t('Ngoài tổng số: {{cell}}', { cell: OUT_WORDS[cell].toLowerCase() }) : cell));
