import { type Deadline, type Task } from '../api.ts';
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
  if (from === to) return `Vẫn ở nhóm ${quoted(to)}; tổng số không đổi.`;
  return from === null || CELL_WORDS[from] === undefined
    ? `Vào nhóm ${quoted(to)}.`
    : `Chuyển từ ${quoted(from)} sang ${quoted(to)}; tổng số không đổi.`;
}

function leaves(task: Task, reason: string): string {
  const from =
    task.cell !== null && CELL_WORDS[task.cell] !== undefined ? `Ra khỏi ${quoted(task.cell)} và khỏi tổng số` : 'Ra khỏi tổng số';
  return `${from}; ghi ở “${OUT_WORDS[reason] ?? reason}”${task.cell === 'O2' ? ', có dấu đang quá hạn' : ''}.`;
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
      return `${moves(task, openCell(task.deadline, intent.today))} Báo cáo này không còn được tính.`;
    case 'extension-grants':
    case 'deadline':
      if (!intent.deadline?.dueOn) return 'Nhóm của việc đổi theo hạn mới.';
      return `${moves(task, openCell(intent.deadline, intent.today))}${segment === 'extension-grants' && task.cell === 'O2' ? ' Ghi dấu “gia hạn sau khi đã quá hạn”; số liệu của các ngày trước quyết định không đổi.' : ''}`;
    case 'resume':
      return intent.setsDeadline && intent.deadline
        ? moves(task, openCell(intent.deadline, intent.today))
        : 'Ra khỏi “Tạm dừng”, về nhóm theo hạn mới.';
    case 'reopen':
      return `${moves(task, openCell(deadline, intent.today))} Số liệu đã công bố trước đây giữ nguyên.`;
    case 'suspend':
      return moves(task, 'X');
    case 'transfer': {
      const cell = openCell(deadline, intent.today);
      return `${task.leadUnitName}: ra khỏi tổng số, ghi ở “Chuyển cơ quan khác”${task.cell === 'O2' ? ', có dấu đang quá hạn' : ''}. ${intent.toUnitName ?? 'Đơn vị nhận'}: thêm một việc ở ${quoted(cell)}.`;
    }
    case 'return-acceptances':
      return leaves(task, 'returned');
    case 'withdraw':
      return leaves(task, 'withdrawn');
    case 'cancel':
      return leaves(task, 'cancelled');
    case 'link-duplicate':
      return `${leaves(task, 'duplicate')} Việc gốc coi như được đôn đốc.`;
    case 'void':
      return 'Ở mọi thời điểm, kể cả trước đây, việc này coi như chưa từng có.';
    case 'annul':
      return intent.fact
        ? `Ở mọi thời điểm, việc được tính như chưa từng có: “${intent.fact.sentence}”${intent.fact.type === 'TaskCompleted' ? ` ${moves(task, CONFIRMED_FROM[task.cell ?? ''] ?? 'V1')}` : ''}`
        : 'Ở mọi thời điểm, việc được tính như chưa từng có ghi nhận ấy.';
    case 'correct':
      return 'Số liệu đổi ở mọi thời điểm, nếu sửa thời hạn, ngày giao, cơ quan giao hoặc chủ trì.';
    case 'extension-requests':
      return 'Số liệu chưa đổi: hạn chỉ đổi khi được cho gia hạn.';
    case 'return-proposals':
      return 'Số liệu chưa đổi: hạn vẫn chạy tới khi được đồng ý.';
    case 'objective-causes':
      return 'Số liệu không đổi; nguyên nhân khách quan đứng bên cạnh.';
    case 'coordination-answers':
      return 'Không đổi nhóm của việc; được tính vào tỷ lệ trả lời phối hợp.';
    default:
      return 'Số liệu không đổi.';
  }
}

const CONFIRMED_FROM: Readonly<Record<string, string>> = { D1: 'V1', D2: 'V2', D3: 'V3' };
