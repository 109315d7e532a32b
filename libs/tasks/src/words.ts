import type { TaskEventType } from './events.ts';

/** Event names as people read them (domain.md §2). */
export const EVENT_NAMES_VI: Readonly<Record<TaskEventType, string>> = {
  TaskAssigned: 'Giao việc',
  TaskReceived: 'Tiếp nhận',
  ProgressReported: 'Cập nhật tiến độ',
  ExtensionRequested: 'Đề nghị gia hạn',
  ExtensionRefused: 'Từ chối gia hạn',
  ExtensionGranted: 'Cho gia hạn',
  CompletionSubmitted: 'Báo cáo hoàn thành',
  TaskCompleted: 'Xác nhận hoàn thành',
  CompletionRefused: 'Từ chối, yêu cầu làm lại',
  TaskWithdrawn: 'Thu hồi',
  TaskVoided: 'Hủy do nhập sai',
  TaskBecameOverdue: 'Quá hạn',
};

export const AUTHORITIES: Readonly<Record<string, string>> = {
  'ubnd-tinh': 'UBND tỉnh',
  'chu-tich': 'Chủ tịch UBND tỉnh',
  'pho-chu-tich': 'Phó Chủ tịch UBND tỉnh',
  'chinh-phu': 'Chính phủ',
  'thu-tuong': 'Thủ tướng Chính phủ',
};
