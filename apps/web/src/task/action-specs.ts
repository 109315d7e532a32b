import { type Task } from '../api.ts';
import { t } from '../i18n.ts';

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

const reason: Field = { name: 'reason', kind: 'area', label: t('Lý do'), required: true };
const reasonIfAny: Field = { name: 'reason', kind: 'area', label: t('Lý do') };
const deadline: Field = { name: 'deadline', kind: 'deadline', label: t('Thời hạn mới'), required: true };
const deadlineIfAny: Field = { name: 'deadline', kind: 'deadline', label: t('Thời hạn') };
const basis: Field = { name: 'document', kind: 'text', label: t('Văn bản quyết định'), hint: t('số, ngày') };
const note: Field = { name: 'note', kind: 'area', label: t('Ghi chú') };

export const GROUP_WORDS: Readonly<Record<Action['group'], string>> = {
  do: t('Thực hiện'),
  deadline: t('Thời hạn'),
  ask: t('Hỏi và đôn đốc'),
  lead: t('Giao lại, dừng, thu hồi'),
  repair: t('Sửa ghi nhận'),
};

/** Every command of a task's life, in the order people think of them: its word and its form. */
export const ACTIONS: readonly Action[] = [
  { segment: 'receive', word: t('Tiếp nhận'), group: 'do', fields: [note] },
  {
    segment: 'progress',
    word: t('Cập nhật tiến độ'),
    group: 'do',
    fields: [
      { name: 'note', kind: 'area', label: t('Đã làm được gì'), required: true },
      { name: 'percent', kind: 'percent', label: t('Đạt bao nhiêu phần trăm') },
      { name: 'blockedBy', kind: 'text', label: t('Vướng ở đâu'), hint: t('nếu có') },
    ],
  },
  {
    segment: 'completion-submissions',
    word: t('Báo cáo hoàn thành'),
    group: 'do',
    fields: [
      { name: 'resultDocument', kind: 'result', label: t('Văn bản kết quả'), required: true },
      { name: 'evidence', kind: 'files', label: t('Tệp chứng minh') },
      note,
    ],
  },
  { segment: 'completion-confirmations', word: t('Xác nhận hoàn thành'), group: 'do', fields: [note] },
  { segment: 'completion-refusals', word: t('Từ chối, yêu cầu làm lại'), group: 'do', fields: [reason] },
  {
    segment: 'coordination-answers',
    word: t('Trả lời phối hợp'),
    group: 'do',
    fields: [{ name: 'unitId', kind: 'coordinator', label: t('Đơn vị phối hợp trả lời'), required: true }, note],
  },
  {
    segment: 'extension-requests',
    word: t('Đề nghị gia hạn'),
    group: 'deadline',
    fields: [{ ...deadline, label: t('Xin hạn mới') }, reason],
  },
  { segment: 'extension-grants', word: t('Cho gia hạn'), group: 'deadline', fields: [deadline, basis, reasonIfAny] },
  { segment: 'extension-refusals', word: t('Từ chối gia hạn'), group: 'deadline', fields: [reason] },
  { segment: 'deadline', word: t('Đặt thời hạn'), group: 'deadline', fields: [{ ...deadline, label: t('Thời hạn') }] },
  { segment: 'urge', word: t('Đôn đốc'), group: 'ask', fields: [{ name: 'channel', kind: 'channel', label: t('Bằng cách nào') }, note] },
  { segment: 'agenda', word: t('Đưa vào giao ban'), group: 'ask', fields: [{ ...reason, hint: t('vào phiên giao ban đang mở, chưa mở thì phiên sau') }] },
  {
    segment: 'explanation-requests',
    word: t('Yêu cầu giải trình'),
    group: 'ask',
    fields: [{ name: 'question', kind: 'area', label: t('Cần giải trình điều gì'), required: true }],
  },
  {
    segment: 'explanations',
    word: t('Giải trình'),
    group: 'ask',
    fields: [{ name: 'answer', kind: 'area', label: t('Giải trình'), required: true }],
  },
  {
    segment: 'objective-causes',
    word: t('Xác nhận nguyên nhân khách quan'),
    group: 'ask',
    fields: [{ name: 'document', kind: 'text', label: t('Văn bản xác nhận'), required: true, hint: t('số, ngày') }, reason],
  },
  { segment: 'return-proposals', word: t('Đề nghị trả lại'), group: 'lead', fields: [reason] },
  { segment: 'return-acceptances', word: t('Đồng ý trả lại'), group: 'lead', fields: [reasonIfAny] },
  { segment: 'return-refusals', word: t('Không đồng ý trả lại'), group: 'lead', fields: [reason] },
  {
    segment: 'transfer',
    word: t('Chuyển cơ quan chủ trì'),
    group: 'lead',
    fields: [{ name: 'toUnitId', kind: 'unit', label: t('Cơ quan chủ trì mới'), required: true }, deadlineIfAny, reason],
  },
  { segment: 'suspend', word: t('Tạm dừng'), group: 'lead', fields: [reason, basis] },
  { segment: 'resume', word: t('Tiếp tục'), group: 'lead', fields: [deadline] },
  { segment: 'reopen', word: t('Mở lại'), group: 'lead', fields: [reason, deadlineIfAny] },
  { segment: 'withdraw', word: t('Thu hồi'), group: 'lead', fields: [reason] },
  { segment: 'cancel', word: t('Hủy việc'), group: 'lead', fields: [reason] },
  {
    segment: 'link-duplicate',
    word: t('Ghi là trùng việc'),
    group: 'lead',
    fields: [{ name: 'ofTaskId', kind: 'task', label: t('Trùng với việc'), required: true }, reason],
  },
  {
    segment: 'correct',
    word: t('Đính chính thông tin giao việc'),
    group: 'repair',
    fields: [{ name: 'changes', kind: 'changes', label: t('Sửa những gì'), required: true }, reason],
  },
  {
    segment: 'annul',
    word: t('Hủy một ghi nhận'),
    group: 'repair',
    fields: [{ name: 'eventId', kind: 'fact', label: t('Ghi nhận bị hủy'), required: true }, reason],
  },
  { segment: 'void', word: t('Hủy do nhập sai cả việc'), group: 'repair', fields: [reason] },
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
