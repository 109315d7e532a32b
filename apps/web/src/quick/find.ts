import { type Unit } from '../api.ts';
import { folded } from '../format.ts';
import { t } from '../i18n.ts';

export interface Place {
  path: string;
  word: string;
  /** A shorter word for the row of pages. */
  nav?: string;
  /** Other words people type for it. */
  also: string;
  /** Whether it is a page of now, whatever day is looked at. */
  present?: true;
  /** Found by typing, and not in the row of pages. */
  aside?: true;
  /** Roles it is offered to; all when missing. */
  roles?: readonly string[];
}

/** The pages, in the order in which the row of pages and the quick search offer them. */
export const PLACES: readonly Place[] = [
  { path: '/', word: t('Bảng điều hành'), nav: t('Điều hành'), also: 'số liệu tổng quan trang chủ dashboard' },
  {
    path: '/giao-ban',
    word: t('Giao ban'),
    also: 'họp tuần kết luận màn phòng họp briefing',
    present: true,
    roles: ['office', 'leader', 'auditor', 'admin'],
  },
  { path: '/ban-lam-viec', word: t('Bàn làm việc'), also: 'việc của tôi đang chờ desk', present: true },
  { path: '/hop-nhac', word: t('Hộp nhắc'), also: 'nhắc việc của tôi lời nhắc inbox', present: true, roles: ['office', 'leader', 'unit'] },
  { path: '/viec', word: t('Mọi việc'), nav: t('Việc'), also: 'danh sách nhiệm vụ list' },
  { path: '/so-sanh', word: t('So sánh hai thời điểm'), nav: t('So sánh'), also: 'thay đổi changes' },
  { path: '/bao-cao', word: t('Báo cáo định kỳ'), nav: t('Báo cáo'), also: 'cchc kế hoạch chỉ tiêu phụ lục ban hành report', present: true },
  { path: '/phat-lai', word: t('Phát lại'), also: 'kiểm tra lịch sử sự kiện thanh tra audit', present: true },
  { path: '/giao-viec', word: t('Giao việc'), also: 'văn bản mới', present: true, roles: ['office'] },
  { path: '/nhap', word: t('Nhập danh sách'), nav: t('Nhập'), also: 'xlsx csv excel bảng tính tải lên hoàn tác', present: true, roles: ['office'] },
  { path: '/nhac/so', word: t('Sổ nhắc'), also: 'ai được nhắc tôi không được nhắc ledger', present: true, aside: true },
  { path: '/nhac/quy-tac', word: t('Quy tắc nhắc'), also: 'bậc nhắc báo cấp trên gửi thử rules', present: true, aside: true },
  { path: '/nhac/danh-ba', word: t('Danh bạ'), also: 'người được nhắc liên hệ ủy quyền people', present: true, aside: true },
  { path: '/nhac/dinh-ky', word: t('Gửi định kỳ'), also: 'bảng điều hành qua thư hằng ngày hằng tuần email subscription', present: true, aside: true },
  { path: '/nhac/gui', word: t('Tình trạng gửi'), also: 'thư hỏng gửi lại kênh smtp health', present: true, aside: true },
];

const has = (text: string, typed: string): boolean => {
  const all = folded(text);
  return folded(typed)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => all.includes(word));
};

export const placesFor = (typed: string, role: string): readonly Place[] =>
  PLACES.filter(({ word, also, roles }) => (roles === undefined || roles.includes(role)) && has(`${word} ${also}`, typed));

export const unitsFor = (units: readonly Unit[], typed: string, most: number): readonly Unit[] =>
  typed.trim() === '' ? [] : units.filter((unit) => has(`${unit.name} ${unit.shortName ?? ''} ${unit.id}`, typed)).slice(0, most);
