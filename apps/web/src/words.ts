import { type Counts } from './api.ts';

export const CELL_WORDS: Record<string, string> = {
  D1: 'Hoàn thành đúng hạn',
  D2: 'Hoàn thành quá hạn',
  D3: 'Hoàn thành, không thời hạn',
  V1: 'Chờ xác nhận, báo cáo trong hạn',
  V2: 'Chờ xác nhận, báo cáo quá hạn',
  V3: 'Chờ xác nhận, không thời hạn',
  O1: 'Đang thực hiện trong hạn',
  O2: 'Quá hạn chưa hoàn thành',
  O3: 'Đang thực hiện, chưa có thời hạn',
  X: 'Tạm dừng',
};

export interface Kind {
  key: string;
  look: string;
  word: string;
  cells: readonly string[];
}

/** The four cells, then the rest of the total; the same order everywhere. */
export const MAIN: readonly Kind[] = [
  { key: 'done', look: 'done', word: 'Hoàn thành đúng hạn', cells: ['D1'] },
  { key: 'late', look: 'late', word: 'Hoàn thành quá hạn', cells: ['D2'] },
  { key: 'intime', look: 'intime', word: 'Đang thực hiện trong hạn', cells: ['O1'] },
  { key: 'overdue', look: 'overdue', word: 'Quá hạn chưa hoàn thành', cells: ['O2'] },
];
export const REST: readonly Kind[] = [
  { key: 'wait', look: 'wait', word: 'Chờ xác nhận', cells: ['V1', 'V2', 'V3'] },
  { key: 'none', look: 'none', word: 'Chưa có thời hạn', cells: ['O3', 'D3'] },
  { key: 'susp', look: 'susp', word: 'Tạm dừng', cells: ['X'] },
];
export const SHORT_WORDS: Record<string, string> = {
  V1: 'trong hạn',
  V2: 'quá hạn',
  V3: 'không thời hạn',
  O3: 'đang thực hiện',
  D3: 'đã hoàn thành',
  X: 'theo quyết định',
};

export const lookOf = (cell: string | null): string =>
  [...MAIN, ...REST].find((kind) => cell !== null && kind.cells.includes(cell))?.look ?? 'out';

export const sum = (counts: Counts, keys: readonly string[]): number => keys.reduce((all, key) => all + (counts[key] ?? 0), 0);

export const PART_WORDS: Record<string, string> = {
  carriedOver: 'Chuyển kỳ trước sang',
  begunInPeriod: 'Giao trong kỳ',
  reopenedInPeriod: 'Mở lại trong kỳ',
  D1a: 'Đúng hạn ngay theo hạn ban đầu',
  D1b: 'Đúng hạn nhờ hạn được gia thêm',
  backdated: 'Có sự kiện nhập muộn',
  priorPeriodAdjustment: 'Điều chỉnh kỳ trước',
  extendedAfterDeadline: 'Gia hạn sau khi đã quá hạn',
  assignedOverdue: 'Giao khi đã qua hạn',
};
export const PART_GROUPS: readonly { title: string; keys: readonly string[] }[] = [
  { title: 'Nguồn của tổng số', keys: ['carriedOver', 'begunInPeriod', 'reopenedInPeriod'] },
  { title: 'Trong số hoàn thành đúng hạn', keys: ['D1a', 'D1b'] },
  { title: 'Cần lưu ý, nằm trong tổng số', keys: ['backdated', 'priorPeriodAdjustment', 'extendedAfterDeadline', 'assignedOverdue'] },
];

export const FLOW_WORDS: Record<string, string> = {
  opening: 'Tồn đầu kỳ',
  new: 'Giao mới',
  transferredIn: 'Nhận chuyển đến',
  reopened: 'Mở lại',
  closed: 'Đã hoàn thành',
  out: 'Đã rút, hủy, chuyển, trả lại, trùng',
  closing: 'Còn lại cuối kỳ',
};

export const OUT_WORDS: Record<string, string> = {
  withdrawn: 'Thu hồi',
  cancelled: 'Hủy',
  returned: 'Trả lại',
  transferred: 'Chuyển cơ quan khác',
  duplicate: 'Trùng việc',
  voided: 'Hủy do nhập sai',
};

export const RATE_WORDS: Record<string, string> = {
  R1: 'đúng hạn trong số đã hoàn thành',
  R2: 'đúng hạn trong số đã đến hạn hoặc đã hoàn thành',
  R2x: 'đúng hạn, không kể việc giao khi đã qua hạn',
  R3: 'hoàn thành trong tổng số được giao',
  R4: 'đúng hạn trong số có thời hạn',
  R5: 'quá hạn trong tổng số',
  R5m: 'quá hạn trong số đã đến hạn hoặc đã hoàn thành',
  R6: 'hoàn thành trong số đã đến hạn hoặc đã hoàn thành',
};

/** The same rates at the head of a column. */
export const RATE_HEADS: Record<string, string> = {
  R1: 'Đúng hạn (R1)',
  R2: 'Đúng hạn (R2)',
  R2x: 'Đúng hạn (R2x)',
  R3: 'Hoàn thành (R3)',
  R4: 'Đúng hạn (R4)',
  R5: 'Quá hạn (R5)',
  R5m: 'Quá hạn (R5m)',
  R6: 'Hoàn thành (R6)',
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
  C1: 'bắt đầu trong kỳ (C1)',
  C2: 'chuyển kỳ trước sang, giao và mở lại trong kỳ (C2)',
  C3: 'có hạn trong kỳ (C3)',
};

/** What happens to a fixed date on a day off, asked as a what-if. */
export const POLICY_WORDS: Record<string, string> = {
  all: 'mọi ngày ấn định đều dời',
  none: 'không ngày ấn định nào dời',
  'all-but-before': 'dời, trừ khi ghi “trước ngày”',
};

export const AUTHORITY_WORDS: Record<string, string> = {
  'ubnd-tinh': 'UBND tỉnh',
  'chu-tich': 'Chủ tịch UBND tỉnh',
  'pho-chu-tich': 'Phó Chủ tịch UBND tỉnh',
  'chinh-phu': 'Chính phủ',
  'thu-tuong': 'Thủ tướng Chính phủ',
  all: 'mọi cơ quan giao',
};

export const ROLE_WORDS: Record<string, string> = {
  office: 'Văn phòng',
  leader: 'Lãnh đạo',
  auditor: 'Kiểm tra',
  admin: 'Quản trị',
  unit: 'Đơn vị',
  system: 'Hệ thống',
};

/** How a deadline came about, for the codes the API uses; anything else is shown as it stands. */
export const BASIS_WORDS: Record<string, string> = {
  fixed: 'ngày ấn định; trúng ngày nghỉ thì dời tới ngày làm việc tiếp theo',
  'fixed-before': '“trước ngày” nghĩa là đến hết ngày liền trước',
  period: 'khoảng thời gian, đếm từ ngày sau ngày bắt đầu',
  hours: 'hạn có giờ, không dời',
};

/** Where a task stands, counted or not. */
export const placeWords = (cell: string | null): string =>
  cell === null ? 'chưa được tính' : (CELL_WORDS[cell] ?? (OUT_WORDS[cell] ? `Ngoài tổng số: ${OUT_WORDS[cell].toLowerCase()}` : cell));
