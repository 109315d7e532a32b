import { type Task } from '../api.ts';

export type FieldKind =
  'text' | 'area' | 'percent' | 'deadline' | 'unit' | 'result' | 'files' | 'fact' | 'task' | 'changes' | 'coordinator' | 'channel';
export interface Field {
  /** Name in the request, and the head of a refusal's pointer. */
  name: string;
  kind: FieldKind;
  label: string;
  required?: true;
  hint?: string;
}
export interface Action {
  /** Path segment of the command, `POST /tasks/{id}/<segment>`. */
  segment: string;
  word: string;
  group: 'do' | 'deadline' | 'ask' | 'lead' | 'repair';
  fields: readonly Field[];
}

const reason: Field = { name: 'reason', kind: 'area', label: 'Lý do', required: true };
const reasonIfAny: Field = { name: 'reason', kind: 'area', label: 'Lý do' };
const deadline: Field = { name: 'deadline', kind: 'deadline', label: 'Thời hạn mới', required: true };
const deadlineIfAny: Field = { name: 'deadline', kind: 'deadline', label: 'Thời hạn' };
const basis: Field = { name: 'document', kind: 'text', label: 'Văn bản quyết định', hint: 'số, ngày' };
const note: Field = { name: 'note', kind: 'area', label: 'Ghi chú' };

export const GROUP_WORDS: Readonly<Record<Action['group'], string>> = {
  do: 'Thực hiện',
  deadline: 'Thời hạn',
  ask: 'Hỏi và đôn đốc',
  lead: 'Giao lại, dừng, thu hồi',
  repair: 'Sửa ghi nhận',
};

/** Every command of a task's life, in the order people think of them: its word and its form. */
export const ACTIONS: readonly Action[] = [
  { segment: 'receive', word: 'Tiếp nhận', group: 'do', fields: [note] },
  {
    segment: 'progress',
    word: 'Cập nhật tiến độ',
    group: 'do',
    fields: [
      { name: 'note', kind: 'area', label: 'Đã làm được gì', required: true },
      { name: 'percent', kind: 'percent', label: 'Đạt bao nhiêu phần trăm' },
      { name: 'blockedBy', kind: 'text', label: 'Vướng ở đâu', hint: 'nếu có' },
    ],
  },
  {
    segment: 'completion-submissions',
    word: 'Báo cáo hoàn thành',
    group: 'do',
    fields: [
      { name: 'resultDocument', kind: 'result', label: 'Văn bản kết quả', required: true },
      { name: 'evidence', kind: 'files', label: 'Tệp chứng minh' },
      note,
    ],
  },
  { segment: 'completion-confirmations', word: 'Xác nhận hoàn thành', group: 'do', fields: [note] },
  { segment: 'completion-refusals', word: 'Từ chối, yêu cầu làm lại', group: 'do', fields: [reason] },
  {
    segment: 'coordination-answers',
    word: 'Trả lời phối hợp',
    group: 'do',
    fields: [{ name: 'unitId', kind: 'coordinator', label: 'Đơn vị phối hợp trả lời', required: true }, note],
  },
  { segment: 'extension-requests', word: 'Đề nghị gia hạn', group: 'deadline', fields: [{ ...deadline, label: 'Xin hạn mới' }, reason] },
  { segment: 'extension-grants', word: 'Cho gia hạn', group: 'deadline', fields: [deadline, basis, reasonIfAny] },
  { segment: 'extension-refusals', word: 'Từ chối gia hạn', group: 'deadline', fields: [reason] },
  { segment: 'deadline', word: 'Đặt thời hạn', group: 'deadline', fields: [{ ...deadline, label: 'Thời hạn' }] },
  { segment: 'urge', word: 'Đôn đốc', group: 'ask', fields: [{ name: 'channel', kind: 'channel', label: 'Bằng cách nào' }, note] },
  {
    segment: 'explanation-requests',
    word: 'Yêu cầu giải trình',
    group: 'ask',
    fields: [{ name: 'question', kind: 'area', label: 'Cần giải trình điều gì', required: true }],
  },
  {
    segment: 'explanations',
    word: 'Giải trình',
    group: 'ask',
    fields: [{ name: 'answer', kind: 'area', label: 'Giải trình', required: true }],
  },
  {
    segment: 'objective-causes',
    word: 'Xác nhận nguyên nhân khách quan',
    group: 'ask',
    fields: [{ name: 'document', kind: 'text', label: 'Văn bản xác nhận', required: true, hint: 'số, ngày' }, reason],
  },
  { segment: 'return-proposals', word: 'Đề nghị trả lại', group: 'lead', fields: [reason] },
  { segment: 'return-acceptances', word: 'Đồng ý trả lại', group: 'lead', fields: [reasonIfAny] },
  { segment: 'return-refusals', word: 'Không đồng ý trả lại', group: 'lead', fields: [reason] },
  {
    segment: 'transfer',
    word: 'Chuyển cơ quan chủ trì',
    group: 'lead',
    fields: [{ name: 'toUnitId', kind: 'unit', label: 'Cơ quan chủ trì mới', required: true }, deadlineIfAny, reason],
  },
  { segment: 'suspend', word: 'Tạm dừng', group: 'lead', fields: [reason, basis] },
  { segment: 'resume', word: 'Tiếp tục', group: 'lead', fields: [deadline] },
  { segment: 'reopen', word: 'Mở lại', group: 'lead', fields: [reason, deadlineIfAny] },
  { segment: 'withdraw', word: 'Thu hồi', group: 'lead', fields: [reason] },
  { segment: 'cancel', word: 'Hủy việc', group: 'lead', fields: [reason] },
  {
    segment: 'link-duplicate',
    word: 'Ghi là trùng việc',
    group: 'lead',
    fields: [{ name: 'ofTaskId', kind: 'task', label: 'Trùng với việc', required: true }, reason],
  },
  {
    segment: 'correct',
    word: 'Đính chính thông tin giao việc',
    group: 'repair',
    fields: [{ name: 'changes', kind: 'changes', label: 'Sửa những gì', required: true }, reason],
  },
  {
    segment: 'annul',
    word: 'Hủy một ghi nhận',
    group: 'repair',
    fields: [{ name: 'eventId', kind: 'fact', label: 'Ghi nhận bị hủy', required: true }, reason],
  },
  { segment: 'void', word: 'Hủy do nhập sai cả việc', group: 'repair', fields: [reason] },
];

const ANSWERS_FIRST: readonly [string, (task: Task) => boolean][] = [
  ['explanations', (task) => task.explanation !== null && task.explanation.answer === null],
  ['extension-grants', (task) => task.pendingExtension !== null],
  ['return-acceptances', (task) => task.pendingReturn !== null],
  ['completion-confirmations', () => true],
  ['resume', () => true],
  ['receive', () => true],
  ['completion-submissions', () => true],
  ['deadline', () => true],
  ['coordination-answers', () => true],
];

/** The one action that waits for this role most, of those it may give. */
export function primaryOf(task: Task, allowed: readonly string[]): string | null {
  return ANSWERS_FIRST.find(([segment, waits]) => allowed.includes(segment) && waits(task))?.[0] ?? null;
}
