import { type Deadline, type Task } from '../api.ts';
import { t } from '../i18n.ts';
import { CELL_WORDS, OUT_WORDS } from '../words.ts';

/** What the form knows so far: the day the fact happens on, the deadline as read, the unit chosen. */
export interface Intent {
  today: string;
  on: string | null;
  deadline: Deadline | null;
  /** Whether the form has a deadline chosen at all; without one the deadline in force is kept. */
  setsDeadline: boolean;
  toUnitName: string | null;
  fact: { type: string; sentence: string } | null;
}

const quoted = (cell: string): string => `“${CELL_WORDS[cell] ?? cell}”`;

/** Where open work stands under a deadline on a day; the server judges, this only tells beforehand. */
const openCell = (deadline: Deadline | null, today: string): string => (!deadline?.dueOn ? 'O3' : deadline.dueOn < today ? 'O2' : 'O1');
const submittedCell = (deadline: Deadline | null, on: string): string => (!deadline?.dueOn ? 'V3' : on > deadline.dueOn ? 'V2' : 'V1');
const DONE_OF: Readonly<Record<string, string>> = { V1: 'D1', V2: 'D2', V3: 'D3' };

function moves(task: Task, to: string): string {
  const from = task.cell;
  if (from === to) return t('Vẫn ở nhóm {{quoted}}; tổng số không đổi.', { quoted: quoted(to) });
  return from === null || CELL_WORDS[from] === undefined
    ? t('Vào nhóm {{quoted}}.', { quoted: quoted(to) })
    : t('Chuyển từ {{from}} sang {{to}}; tổng số không đổi.', { from: quoted(from), to: quoted(to) });
}

function leaves(task: Task, reason: string): string {
  const from =
    task.cell !== null && CELL_WORDS[task.cell] !== undefined
      ? t('Ra khỏi {{quoted}} và khỏi tổng số', { quoted: quoted(task.cell) })
      : t('Ra khỏi tổng số');
  const values = { from, reason: OUT_WORDS[reason] ?? reason };
  return task.cell === 'O2' ? t('{{from}}; ghi ở “{{reason}}”, có dấu đang quá hạn.', values) : t('{{from}}; ghi ở “{{reason}}”.', values);
}

/** Before anything is sent: what the command will do to the figures, in words. */
export function effectOf(segment: string, task: Task, intent: Intent): string {
  const on = intent.on ?? intent.today;
  const deadline = intent.setsDeadline ? intent.deadline : task.deadline;
  switch (segment) {
    case 'completion-submissions':
      return moves(task, submittedCell(task.deadline, on));
    case 'completion-confirmations':
      return moves(task, DONE_OF[task.cell ?? ''] ?? 'D1');
    case 'completion-refusals':
      return t('{{moves}} Báo cáo này không còn được tính.', { moves: moves(task, openCell(task.deadline, intent.today)) });
    case 'extension-grants':
    case 'deadline':
      if (!intent.deadline?.dueOn) return t('Nhóm của việc đổi theo hạn mới.');
      return `${moves(task, openCell(intent.deadline, intent.today))}${segment === 'extension-grants' && task.cell === 'O2' ? ` ${t('Ghi dấu “gia hạn sau khi đã quá hạn”; số liệu của các ngày trước quyết định không đổi.')}` : ''}`;
    case 'resume':
      return intent.setsDeadline && intent.deadline
        ? moves(task, openCell(intent.deadline, intent.today))
        : t('Ra khỏi “Tạm dừng”, về nhóm theo hạn mới.');
    case 'reopen':
      return t('{{moves}} Số liệu đã công bố trước đây giữ nguyên.', { moves: moves(task, openCell(deadline, intent.today)) });
    case 'suspend':
      return moves(task, 'X');
    case 'transfer': {
      const cell = openCell(deadline, intent.today);
      const values = { from: task.leadUnitName, to: intent.toUnitName ?? t('Đơn vị nhận'), cell: quoted(cell) };
      return task.cell === 'O2'
        ? t('{{from}}: ra khỏi tổng số, ghi ở “Chuyển cơ quan khác”, có dấu đang quá hạn. {{to}}: thêm một việc ở {{cell}}.', values)
        : t('{{from}}: ra khỏi tổng số, ghi ở “Chuyển cơ quan khác”. {{to}}: thêm một việc ở {{cell}}.', values);
    }
    case 'return-acceptances':
      return leaves(task, 'returned');
    case 'withdraw':
      return leaves(task, 'withdrawn');
    case 'cancel':
      return leaves(task, 'cancelled');
    case 'link-duplicate':
      return t('{{leaves}} Việc gốc coi như được đôn đốc.', { leaves: leaves(task, 'duplicate') });
    case 'void':
      return t('Ở mọi thời điểm, kể cả trước đây, việc này coi như chưa từng có.');
    case 'annul':
      return intent.fact
        ? `${t('Ở mọi thời điểm, việc được tính như chưa từng có: “{{sentence}}”', { sentence: intent.fact.sentence })}${intent.fact.type === 'TaskCompleted' ? ` ${moves(task, CONFIRMED_FROM[task.cell ?? ''] ?? 'V1')}` : ''}`
        : t('Ở mọi thời điểm, việc được tính như chưa từng có ghi nhận ấy.');
    case 'correct':
      return t('Số liệu đổi ở mọi thời điểm, nếu sửa thời hạn, ngày giao, cơ quan giao hoặc chủ trì.');
    case 'extension-requests':
      return t('Số liệu chưa đổi: hạn chỉ đổi khi được cho gia hạn.');
    case 'return-proposals':
      return t('Số liệu chưa đổi: hạn vẫn chạy tới khi được đồng ý.');
    case 'objective-causes':
      return t('Số liệu không đổi; nguyên nhân khách quan đứng bên cạnh.');
    case 'coordination-answers':
      return t('Không đổi nhóm của việc; được tính vào tỷ lệ trả lời phối hợp.');
    default:
      return t('Số liệu không đổi.');
  }
}

const CONFIRMED_FROM: Readonly<Record<string, string>> = { D1: 'V1', D2: 'V2', D3: 'V3' };
