import type { CorrectableField, TaskEventType } from './events.ts';

/** Event names as people read them (domain.md §2). */
export const EVENT_NAMES_VI: Readonly<Record<TaskEventType, string>> = {
  TaskAssigned: 'Giao việc',
  TaskReceived: 'Tiếp nhận',
  ProgressReported: 'Cập nhật tiến độ',
  ExtensionRequested: 'Đề nghị gia hạn',
  ExtensionRefused: 'Từ chối gia hạn',
  ExtensionGranted: 'Cho gia hạn',
  DeadlineSet: 'Đặt thời hạn',
  DeadlineRecomputed: 'Tính lại thời hạn',
  ReturnProposed: 'Đề nghị trả lại',
  ReturnRefused: 'Không đồng ý trả lại',
  ReturnAccepted: 'Đồng ý trả lại',
  TaskTransferred: 'Chuyển cơ quan chủ trì',
  TaskSuspended: 'Tạm dừng',
  TaskResumed: 'Tiếp tục',
  CompletionSubmitted: 'Báo cáo hoàn thành',
  TaskCompleted: 'Xác nhận hoàn thành',
  CompletionRefused: 'Từ chối, yêu cầu làm lại',
  TaskReopened: 'Mở lại',
  TaskWithdrawn: 'Thu hồi',
  TaskCancelled: 'Hủy',
  DuplicateLinked: 'Trùng việc',
  TaskUrged: 'Đôn đốc',
  RaisedForBriefing: 'Đưa vào giao ban',
  ExplanationRequested: 'Yêu cầu giải trình',
  ExplanationGiven: 'Giải trình',
  ObjectiveCauseConfirmed: 'Xác nhận nguyên nhân khách quan',
  CoordinationAnswered: 'Trả lời phối hợp',
  TaskCorrected: 'Đính chính',
  FactAnnulled: 'Hủy ghi nhận',
  TaskVoided: 'Hủy do nhập sai',
  TaskBecameOverdue: 'Quá hạn',
};

/** Who gives tasks in every province; an office may add to them (`readAuthorities`). */
export const AUTHORITIES: Readonly<Record<string, string>> = {
  'ubnd-tinh': 'UBND tỉnh',
  'chu-tich': 'Chủ tịch UBND tỉnh',
  'pho-chu-tich': 'Phó Chủ tịch UBND tỉnh',
  'chinh-phu': 'Chính phủ',
  'thu-tuong': 'Thủ tướng Chính phủ',
};

/** Fields of an assignment as people name them. */
export const FIELD_NAMES_VI: Readonly<Record<CorrectableField, string>> = {
  document: 'văn bản giao',
  itemId: 'mục trong văn bản',
  content: 'nội dung',
  product: 'sản phẩm',
  authority: 'cơ quan giao',
  leadUnitId: 'cơ quan chủ trì',
  coordinatingUnitIds: 'cơ quan phối hợp',
  assignedOn: 'ngày giao',
  deadline: 'thời hạn',
  field: 'lĩnh vực',
  starred: 'đánh dấu quan trọng',
  weight: 'trọng số',
  parentTaskId: 'việc cha',
  routine: 'việc thường xuyên',
};
