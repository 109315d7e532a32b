/** How a value is read and what becomes of it in the request. */
export type FieldKind = 'text' | 'deadline' | 'unit' | 'units' | 'unit-id' | 'task' | 'day' | 'count' | 'yes-no' | 'document' | 'result' | 'authority' | 'event' | 'changes' | 'policy' | 'holidays' | 'compensations' | 'swaps';

export interface Field {
  /** Name in the request body. */
  readonly to: string;
  readonly as: FieldKind;
  readonly required?: true;
}

export interface Action {
  /** Under /api/v1; `{task}`, `{unit}`, `{year}` are filled in; without one only time passes. */
  readonly path?: string;
  /** Whether the step names tasks (`việc`). */
  readonly tasks: 'new' | 'given' | 'together' | 'none';
  /** Where the fact's day goes in the body. */
  readonly day: 'occurredOn' | 'assignedOn' | 'on' | 'establishedOn' | 'none';
  /** Who acts when the file does not say. */
  readonly actor?: 'admin';
  readonly fields: Readonly<Record<string, Field>>;
}

const reason = { 'lý do': { to: 'reason', as: 'text', required: true } } as const;
const onTask = (segment: string, fields: Readonly<Record<string, Field>> = {}): Action => ({ path: `/tasks/{task}/${segment}`, tasks: 'given', day: 'occurredOn', fields });

/** Fields of an assignment: for “giao việc”, for `chung`, and for the changes of a correction. */
export const ASSIGNMENT: Readonly<Record<string, Field>> = {
  'cơ quan chủ trì': { to: 'leadUnitId', as: 'unit' },
  'phối hợp': { to: 'coordinatingUnitIds', as: 'units' },
  'thời hạn': { to: 'deadline', as: 'deadline' },
  'cơ quan giao': { to: 'authority', as: 'authority' },
  'văn bản': { to: 'document', as: 'document' },
  'nội dung': { to: 'content', as: 'text' },
  'sản phẩm': { to: 'product', as: 'text' },
  'lĩnh vực': { to: 'field', as: 'text' },
  'trọng tâm': { to: 'starred', as: 'yes-no' },
  'trọng số': { to: 'weight', as: 'count' },
  'mã mục': { to: 'itemId', as: 'text' },
  'việc cha': { to: 'parentTaskId', as: 'task' },
  'thường xuyên': { to: 'routine', as: 'yes-no' },
};

const ofUnit = (segment: string, fields: Readonly<Record<string, Field>>): Action => ({
  path: `/units/{unit}/${segment}`, tasks: 'none', day: 'on', actor: 'admin',
  fields: { 'đơn vị': { to: '{unit}', as: 'unit', required: true }, 'căn cứ': { to: 'legalBasis', as: 'text', required: true }, ...fields },
});
const openTasks = { 'việc đang mở chuyển đến': { to: 'openTasks', as: 'unit' } } as const;

/** What can happen in a scenario, by its Vietnamese name (domain.md §2), with the door it goes through. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  'giao việc': { path: '/tasks', tasks: 'new', day: 'assignedOn', fields: ASSIGNMENT },
  'tiếp nhận': onTask('receive'),
  'cập nhật tiến độ': onTask('progress', { 'phần trăm': { to: 'percent', as: 'count' }, 'vướng mắc': { to: 'blockedBy', as: 'text' } }),
  'đề nghị gia hạn': onTask('extension-requests', { 'thời hạn': { to: 'deadline', as: 'deadline', required: true }, ...reason }),
  'từ chối gia hạn': onTask('extension-refusals', reason),
  'cho gia hạn': onTask('extension-grants', { 'thời hạn': { to: 'deadline', as: 'deadline', required: true }, 'văn bản quyết định': { to: 'document', as: 'text' }, 'lý do': { to: 'reason', as: 'text' } }),
  'đặt thời hạn': onTask('deadline', { 'thời hạn': { to: 'deadline', as: 'deadline', required: true } }),
  'đề nghị trả lại': onTask('return-proposals', reason),
  'không đồng ý trả lại': onTask('return-refusals', reason),
  'đồng ý trả lại': onTask('return-acceptances', reason),
  'chuyển cơ quan chủ trì': onTask('transfer', { đến: { to: 'toUnitId', as: 'unit', required: true }, 'thời hạn': { to: 'deadline', as: 'deadline' }, ...reason }),
  'tạm dừng': onTask('suspend', { ...reason, 'văn bản quyết định': { to: 'document', as: 'text' } }),
  'tiếp tục': onTask('resume', { 'thời hạn': { to: 'deadline', as: 'deadline', required: true } }),
  'báo cáo hoàn thành': onTask('completion-submissions', { 'kết quả': { to: 'resultDocument', as: 'result' } }),
  'xác nhận hoàn thành': onTask('completion-confirmations'),
  'yêu cầu làm lại': onTask('completion-refusals', reason),
  'mở lại': onTask('reopen', { ...reason, 'thời hạn': { to: 'deadline', as: 'deadline' } }),
  'thu hồi': onTask('withdraw', reason),
  hủy: onTask('cancel', reason),
  'trùng việc': onTask('link-duplicate', { với: { to: 'ofTaskId', as: 'task', required: true }, ...reason }),
  'đôn đốc': onTask('urge', { 'hình thức': { to: 'channel', as: 'text' } }),
  'đưa vào giao ban': onTask('agenda', reason),
  'yêu cầu giải trình': onTask('explanation-requests', { 'câu hỏi': { to: 'question', as: 'text', required: true } }),
  'giải trình': onTask('explanations', { 'trả lời': { to: 'answer', as: 'text', required: true } }),
  'xác nhận nguyên nhân khách quan': onTask('objective-causes', { 'văn bản xác nhận': { to: 'document', as: 'text', required: true }, ...reason }),
  'trả lời phối hợp': onTask('coordination-answers', { 'đơn vị': { to: 'unitId', as: 'unit', required: true } }),
  'đính chính': onTask('correct', { 'thay đổi': { to: 'changes', as: 'changes', required: true }, ...reason }),
  'hủy ghi nhận': onTask('annul', { 'sự kiện': { to: 'eventId', as: 'event', required: true }, ...reason }),
  'hủy do nhập sai': onTask('void', reason),
  'tính lại thời hạn': { path: '/deadlines/recompute', tasks: 'together', day: 'none', fields: reason },
  'công bố lịch': {
    path: '/calendar/{year}', tasks: 'none', day: 'none', actor: 'admin',
    fields: {
      năm: { to: '{year}', as: 'text', required: true }, 'nghỉ lễ': { to: 'holidays', as: 'holidays', required: true }, 'nghỉ bù': { to: 'compensations', as: 'compensations' },
      'hoán đổi': { to: 'swaps', as: 'swaps' }, 'căn cứ': { to: 'basis', as: 'text', required: true },
    },
  },
  'lập đơn vị': {
    path: '/units', tasks: 'none', day: 'establishedOn', actor: 'admin',
    fields: { 'đơn vị': { to: 'id', as: 'unit', required: true }, 'căn cứ': { to: 'legalBasis', as: 'text' } },
  },
  'đổi tên đơn vị': ofUnit('rename', { 'tên mới': { to: 'name', as: 'text', required: true }, 'tên ngắn': { to: 'shortName', as: 'text' } }),
  'chuyển đơn vị': ofUnit('move', { thuộc: { to: 'parentId', as: 'unit', required: true } }),
  'sáp nhập đơn vị': ofUnit('merge-into', { vào: { to: 'intoUnitId', as: 'unit', required: true }, ...openTasks }),
  'chia đơn vị': ofUnit('split', { thành: { to: 'into', as: 'units', required: true }, 'thừa kế': { to: 'heirUnitId', as: 'unit', required: true }, ...openTasks }),
  'giải thể đơn vị': ofUnit('dissolve', openTasks),
  'nhập số việc mật': {
    path: '/secret-counts', tasks: 'none', day: 'none',
    fields: {
      'đơn vị': { to: 'unitId', as: 'unit', required: true }, từ: { to: 'from', as: 'day', required: true }, đến: { to: 'to', as: 'day', required: true },
      giao: { to: 'assigned', as: 'count', required: true }, 'hoàn thành': { to: 'completed', as: 'count', required: true },
    },
  },
  'đổi thiết lập': { path: '/settings', tasks: 'none', day: 'none', actor: 'admin', fields: { 'ngày nghỉ': { to: 'fixedDatePolicy', as: 'policy' }, ...reason } },
  'sắp xếp theo tệp': { tasks: 'none', day: 'none', fields: {} },
  chờ: { tasks: 'none', day: 'none', fields: {} },
};
