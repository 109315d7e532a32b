/** Names that a scenario file uses, with the codes behind them (domain.md §2, §4, §9). */

export const CELL_NAMES = ['D1', 'D2', 'D3', 'V1', 'V2', 'V3', 'O1', 'O2', 'O3', 'X'] as const;

export const OUT_WORDS: Readonly<Record<string, string>> = {
  'thu hồi': 'withdrawn', hủy: 'cancelled', 'trả lại': 'returned', chuyển: 'transferred', trùng: 'duplicate', 'nhập sai': 'voided',
};

export const PART_WORDS: Readonly<Record<string, string>> = {
  D1a: 'D1a', D1b: 'D1b', 'chuyển kỳ trước sang': 'carriedOver', 'giao trong kỳ': 'begunInPeriod', 'mở lại trong kỳ': 'reopenedInPeriod', 'ghi muộn': 'backdated',
  'điều chỉnh kỳ trước': 'priorPeriodAdjustment', 'gia hạn sau khi quá hạn': 'extendedAfterDeadline', 'quá hạn khi giao': 'assignedOverdue',
};

export const FLOW_WORDS: Readonly<Record<string, string>> = {
  'đầu kỳ': 'opening', mới: 'new', 'nhận chuyển': 'transferredIn', 'mở lại': 'reopened', 'kết thúc': 'closed', 'ra khỏi': 'out', 'cuối kỳ': 'closing',
};

export const RATE_CODES = ['R1', 'R2', 'R2x', 'R3', 'R4', 'R5', 'R5m', 'R6'] as const;

export const AUTHORITY_WORDS: Readonly<Record<string, string>> = {
  'UBND tỉnh': 'ubnd-tinh', 'Chủ tịch': 'chu-tich', 'Phó Chủ tịch': 'pho-chu-tich', 'Chính phủ': 'chinh-phu', 'Thủ tướng': 'thu-tuong',
};

export const ACTOR_WORDS: Readonly<Record<string, string>> = { 'văn phòng': 'office', 'lãnh đạo': 'leader', 'kiểm tra': 'auditor', 'quản trị': 'admin' };

export const EVENT_WORDS: Readonly<Record<string, string>> = {
  'giao việc': 'TaskAssigned', 'tiếp nhận': 'TaskReceived', 'cập nhật tiến độ': 'ProgressReported', 'đề nghị gia hạn': 'ExtensionRequested', 'từ chối gia hạn': 'ExtensionRefused',
  'cho gia hạn': 'ExtensionGranted', 'đặt thời hạn': 'DeadlineSet', 'tính lại thời hạn': 'DeadlineRecomputed', 'đề nghị trả lại': 'ReturnProposed', 'không đồng ý trả lại': 'ReturnRefused',
  'đồng ý trả lại': 'ReturnAccepted', 'chuyển cơ quan chủ trì': 'TaskTransferred', 'tạm dừng': 'TaskSuspended', 'tiếp tục': 'TaskResumed', 'báo cáo hoàn thành': 'CompletionSubmitted',
  'xác nhận hoàn thành': 'TaskCompleted', 'yêu cầu làm lại': 'CompletionRefused', 'mở lại': 'TaskReopened', 'thu hồi': 'TaskWithdrawn', hủy: 'TaskCancelled', 'trùng việc': 'DuplicateLinked',
  'đôn đốc': 'TaskUrged', 'đưa vào giao ban': 'RaisedForBriefing', 'yêu cầu giải trình': 'ExplanationRequested', 'giải trình': 'ExplanationGiven', 'xác nhận nguyên nhân khách quan': 'ObjectiveCauseConfirmed',
  'trả lời phối hợp': 'CoordinationAnswered', 'đính chính': 'TaskCorrected', 'hủy ghi nhận': 'FactAnnulled', 'hủy do nhập sai': 'TaskVoided', 'quá hạn': 'TaskBecameOverdue',
};

export const POLICY_WORDS: Readonly<Record<string, string>> = { 'dời mọi ngày': 'all', 'không dời': 'none', 'dời trừ trước ngày': 'all-but-before' };

/** The word for a code, or the code itself. */
export function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.entries(words).find(([, value]) => value === code)?.[0] ?? code;
}
