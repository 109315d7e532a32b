import type { UnitEventType, UnitStatus } from './events.ts';

export const UNIT_EVENT_NAMES_VI: Readonly<Record<UnitEventType, string>> = {
  UnitEstablished: 'thành lập',
  UnitRenamed: 'đổi tên',
  UnitMoved: 'chuyển đơn vị cấp trên',
  UnitMerged: 'sáp nhập',
  UnitSplit: 'chia tách',
  UnitDissolved: 'giải thể',
};

export const UNIT_STATUS_VI: Readonly<Record<UnitStatus, string>> = { active: 'đang hoạt động', merged: 'đã sáp nhập', split: 'đã chia tách', dissolved: 'đã giải thể' };

/** The kinds that an import guesses and offices use, as they stand after "khối"; a directory may have others, which go by their code. */
const UNIT_KINDS_VI: Readonly<Record<string, string>> = {
  so: 'sở', ban: 'ban', 'thanh-tra': 'thanh tra', 'van-phong': 'văn phòng', 'nganh-doc': 'ngành dọc', ubnd: 'UBND cấp tỉnh', 'ubnd-cap-huyen': 'UBND cấp huyện', 'ubnd-cap-xa': 'UBND cấp xã', xa: 'UBND xã', phuong: 'UBND phường',
  'truc-thuoc': 'đơn vị trực thuộc', 'tap-the': 'tên gọi chung', khac: 'khác',
};
export const unitKindVi = (kind: string): string => UNIT_KINDS_VI[kind] ?? kind;
