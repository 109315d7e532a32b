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
