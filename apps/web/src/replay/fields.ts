import { type Task } from '../api.ts';
import { count, day, longDay, moment } from '../format.ts';
import { stateWords } from '../parts.tsx';
import { dueWords } from '../task/counting.tsx';
import { FIELD_WORDS } from '../task/field-words.ts';
import { AUTHORITY_WORDS, placeWords } from '../words.ts';
import { type Field } from './differences.ts';

/** What the task's page does not show, and an auditor asks for. */
export interface TaskState extends Task {
  receivedAt: string | null;
  progressAt: string | null;
  itemId: string | null;
  weight: number | null;
}

const NONE = 'chưa có';
const list = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join('; '));
const when = (instant: string | null | undefined): string => (instant ? moment(instant) : NONE);
const yes = (flag: boolean | undefined): string => (flag ? 'có' : 'không');

/** The time that is left or lost, apart from the state: it changes from day to day without any event. */
function daysWords(task: Task): string {
  const { more } = stateWords(task);
  return more === '' ? 'không tính' : task.cell === 'O2' ? `quá ${more}` : more;
}

const extensionsOf = (task: Task): number => (typeof task.extensions === 'number' ? task.extensions : (task.extensions?.length ?? 0));

const NOTHING: ReadonlySet<string> = new Set([NONE, 'không', 'không tính', 'chưa yêu cầu', 'chưa lần nào', '0']);
/** Whether a field says nothing yet: such rows fold away where one state stands alone. */
export const saysNothing = (text: string | null): boolean => text === null || NOTHING.has(text);

/** Everything a task is at a point, field by field, in words. */
export function fieldsOf(task: TaskState): Field[] {
  const { document, pendingExtension, pendingReturn, explanation, objectiveCause, urged } = task;
  const field = (key: string, label: string, text: string): Field => ({ key, label, text });
  const own = (key: string, text: string): Field => field(key, FIELD_WORDS[key] ?? key, text);
  return [
    field('cell', 'Trạng thái', placeWords(task.cell)),
    field('days', 'Còn lại hoặc quá hạn', daysWords(task)),
    own('deadline', dueWords(task.deadline)),
    field('extensions', 'Số lần gia hạn', count(extensionsOf(task))),
    field('submittedAt', 'Báo cáo hoàn thành', when(task.submittedAt)),
    field('completedAt', 'Xác nhận hoàn thành', when(task.completedAt)),
    field(
      'evidence',
      'Tệp chứng cứ',
      task.evidence.length === 0
        ? NONE
        : `${count(task.evidence.length)} tệp: ${task.evidence.map((sha) => `${sha.slice(0, 12)}…`).join('; ')}`,
    ),
    own('leadUnitId', task.leadUnitName),
    own(
      'coordinatingUnitIds',
      list(task.coordinatingUnits.map((unit) => (unit.answeredAt ? `${unit.name} (trả lời ${moment(unit.answeredAt)})` : unit.name))),
    ),
    field('receivedAt', 'Tiếp nhận', when(task.receivedAt)),
    field('percent', 'Tiến độ', task.percent === null || task.percent === undefined ? when(task.progressAt) : `${count(task.percent)} %`),
    field(
      'pendingExtension',
      'Đề nghị gia hạn chờ quyết',
      pendingExtension ? `đến ${dueWords(pendingExtension.deadline)}; lý do: ${pendingExtension.reason}` : 'không',
    ),
    field('pendingReturn', 'Đề nghị trả lại chờ quyết', pendingReturn ? pendingReturn.reason : 'không'),
    field(
      'explanation',
      'Giải trình',
      explanation
        ? `${explanation.question} – ${explanation.answeredAt ? `trả lời ${moment(explanation.answeredAt)}: ${explanation.answer ?? ''}` : 'chưa trả lời'}`
        : 'chưa yêu cầu',
    ),
    field('urged', 'Đôn đốc', urged.count === 0 ? 'chưa lần nào' : `${count(urged.count)} lần, gần nhất ${when(urged.lastAt)}`),
    field('objectiveCause', 'Nguyên nhân khách quan', objectiveCause ? `${objectiveCause.document}: ${objectiveCause.reason}` : NONE),
    field('duplicateOf', 'Trùng với việc', task.duplicateOf ? task.duplicateOf.code : 'không'),
    own('content', task.content),
    own('product', task.product ?? NONE),
    own('document', document ? `${document.number} ngày ${day(document.date)}, ${document.issuer}` : NONE),
    field('title', 'Trích yếu', document?.title ?? NONE),
    own('authority', AUTHORITY_WORDS[task.authority] ?? task.authority),
    own('assignedOn', longDay(task.assignedOn)),
    field('originalDeadline', 'Hạn ban đầu', dueWords(task.originalDeadline)),
    own('field', task.field ?? NONE),
    own('starred', yes(task.starred)),
    own('routine', yes(task.routine)),
    own('weight', task.weight === null ? NONE : String(task.weight)),
    own('itemId', task.itemId ?? NONE),
    own('parentTaskId', task.parentTaskId ?? 'không'),
  ];
}
