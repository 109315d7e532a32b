import { type Task } from '../api.ts';
import { count, day, longDay, moment } from '../format.ts';
import { t } from '../i18n.ts';
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

const NONE = t('chưa có');
const NO = t('không');
const UNCOUNTED = t('không tính');
const NEVER_ASKED = t('chưa yêu cầu');
const NEVER = t('chưa lần nào');
const list = (items: readonly string[]): string => (items.length === 0 ? NONE : items.join('; '));
const when = (instant: string | null | undefined): string => (instant ? moment(instant) : NONE);
const yes = (flag: boolean | undefined): string => (flag ? t('có') : NO);

/** The time that is left or lost, apart from the state: it changes from day to day without any event. */
function daysWords(task: Task): string {
  const { more } = stateWords(task);
  return more === '' ? UNCOUNTED : task.cell === 'O2' ? t('quá {{days}}', { days: more }) : more;
}

const extensionsOf = (task: Task): number => (typeof task.extensions === 'number' ? task.extensions : (task.extensions?.length ?? 0));

const NOTHING: ReadonlySet<string> = new Set([NONE, NO, UNCOUNTED, NEVER_ASKED, NEVER, '0']);
/** Whether a field says nothing yet: such rows fold away where one state stands alone. */
export const saysNothing = (text: string | null): boolean => text === null || NOTHING.has(text);

/** Everything a task is at a point, field by field, in words. */
export function fieldsOf(task: TaskState): Field[] {
  const { document, pendingExtension, pendingReturn, explanation, objectiveCause, urged } = task;
  const field = (key: string, label: string, text: string): Field => ({ key, label, text });
  const own = (key: string, text: string): Field => field(key, FIELD_WORDS[key] ?? key, text);
  return [
    field('cell', t('Trạng thái'), placeWords(task.cell)),
    field('days', t('Còn lại hoặc quá hạn'), daysWords(task)),
    own('deadline', dueWords(task.deadline)),
    field('extensions', t('Số lần gia hạn'), count(extensionsOf(task))),
    field('submittedAt', t('Báo cáo hoàn thành'), when(task.submittedAt)),
    field('completedAt', t('Xác nhận hoàn thành'), when(task.completedAt)),
    field(
      'evidence',
      t('Tệp chứng cứ'),
      task.evidence.length === 0
        ? NONE
        : t('{{n}} tệp: {{list}}', { n: count(task.evidence.length), list: task.evidence.map((sha) => `${sha.slice(0, 12)}…`).join('; ') }),
    ),
    own('leadUnitId', task.leadUnitName),
    own(
      'coordinatingUnitIds',
      list(
        task.coordinatingUnits.map((unit) =>
          unit.answeredAt ? t('{{unit}} (trả lời {{when}})', { unit: unit.name, when: moment(unit.answeredAt) }) : unit.name,
        ),
      ),
    ),
    field('receivedAt', t('Tiếp nhận'), when(task.receivedAt)),
    field(
      'percent',
      t('Tiến độ'),
      task.percent === null || task.percent === undefined ? when(task.progressAt) : `${count(task.percent)} %`,
    ),
    field(
      'pendingExtension',
      t('Đề nghị gia hạn chờ quyết'),
      pendingExtension
        ? t('đến {{due}}; lý do: {{reason}}', { due: dueWords(pendingExtension.deadline), reason: pendingExtension.reason })
        : NO,
    ),
    field('pendingReturn', t('Đề nghị trả lại chờ quyết'), pendingReturn ? pendingReturn.reason : NO),
    field(
      'explanation',
      t('Giải trình'),
      explanation
        ? explanation.answeredAt
          ? t('{{question}} – trả lời {{when}}: {{answer}}', {
              question: explanation.question,
              when: moment(explanation.answeredAt),
              answer: explanation.answer ?? '',
            })
          : t('{{question}} – chưa trả lời', { question: explanation.question })
        : NEVER_ASKED,
    ),
    field(
      'urged',
      t('Đôn đốc'),
      urged.count === 0 ? NEVER : t('{{n}} lần, gần nhất {{when}}', { n: count(urged.count), when: when(urged.lastAt) }),
    ),
    field('objectiveCause', t('Nguyên nhân khách quan'), objectiveCause ? `${objectiveCause.document}: ${objectiveCause.reason}` : NONE),
    field('duplicateOf', t('Trùng với việc'), task.duplicateOf ? task.duplicateOf.code : NO),
    own('content', task.content),
    own('product', task.product ?? NONE),
    own(
      'document',
      document
        ? t('{{number}} ngày {{day}}, {{issuer}}', { number: document.number, day: day(document.date), issuer: document.issuer })
        : NONE,
    ),
    field('title', t('Trích yếu'), document?.title ?? NONE),
    own('authority', AUTHORITY_WORDS[task.authority] ?? task.authority),
    own('assignedOn', longDay(task.assignedOn)),
    field('originalDeadline', t('Hạn ban đầu'), dueWords(task.originalDeadline)),
    own('field', task.field ?? NONE),
    own('starred', yes(task.starred)),
    own('routine', yes(task.routine)),
    own('weight', task.weight === null ? NONE : String(task.weight)),
    own('itemId', task.itemId ?? NONE),
    own('parentTaskId', task.parentTaskId ?? NO),
  ];
}
