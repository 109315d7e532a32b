import { type Unit } from '../api.ts';
import { folded } from '../format.ts';

export interface Place {
  path: string;
  word: string;
  /** Other words people type for it. */
  also: string;
  /** Whether it is a page of now, whatever day is looked at. */
  present?: true;
  /** Roles it is offered to; all when missing. */
  roles?: readonly string[];
}

export const PLACES: readonly Place[] = [
  { path: '/', word: 'Bảng điều hành', also: 'số liệu tổng quan trang chủ' },
  { path: '/ban-lam-viec', word: 'Bàn làm việc', also: 'việc của tôi đang chờ', present: true },
  { path: '/viec', word: 'Mọi việc', also: 'danh sách nhiệm vụ' },
  { path: '/so-sanh', word: 'So sánh hai thời điểm', also: 'thay đổi' },
  { path: '/phat-lai', word: 'Phát lại', also: 'kiểm tra lịch sử sự kiện thanh tra' },
  { path: '/giao-ban', word: 'Giao ban', also: 'họp tuần kết luận màn phòng họp', present: true, roles: ['office', 'leader', 'auditor', 'admin'] },
  { path: '/giao-viec', word: 'Giao việc', also: 'văn bản mới', present: true, roles: ['office'] },
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
