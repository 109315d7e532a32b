import { CELL_DEFINITIONS, type Cell } from '#figures';
import { countVi, dayVi, isoInstant, type Instant, type Problem } from '#kernel';
import { EXCEPTION_RULES } from '#oversight';
import type { DashboardMail, Known, MailCell, MailException, MailTile } from '#reminders';
import { addressNameOf, filtersOf, rulesOffIn } from '#views';
import { answerDashboard, type DashboardAnswer } from '../dashboard/dashboard-answer.ts';
import { exceptionsOf } from '../dashboard/dashboard-list.ts';
import { readDashboard, type DashboardDto, type DashboardQuestion } from '../dashboard/dashboard-question.ts';
import { change, ofRate, scopeWords } from '../dashboard/dashboard-words.ts';
import { AnswersKept } from '../http/answers-kept.ts';
import type { Sources } from '../sources.ts';
import { dueParts } from '../tasks/task-items.ts';

const MOST_EXCEPTIONS = 10;
/** Answers kept for a moment: several people may get the same dashboard at the same hour, and what is decided is sent soon after. */
const KEPT = 8;

/** What a dashboard says at an instant, as known at a place of the log, but for what one mail of it says of itself. */
export interface ShownDashboard {
  /** Nothing overdue, due soon or waiting. */
  readonly empty: boolean;
  readonly says: Omit<DashboardMail, 'name' | 'url' | 'settingsUrl' | 'late' | 'exceptions'> & { readonly exceptions: readonly (Omit<MailException, 'url'> & { readonly taskId: string })[] };
}

/** Asks the dashboard for mails, by the very code that answers the page. */
export class DashboardMailing {
  private readonly kept = new AnswersKept<ShownDashboard>(KEPT);
  private readonly sources: () => Sources;

  constructor(sources: () => Sources) {
    this.sources = sources;
  }

  /** @throws Problem where the question is none, as that of a unit that is not known. */
  shown(query: string, at: Instant, known: Known): Promise<ShownDashboard> {
    return this.kept.of(JSON.stringify([query, at, known]), this.sources().columns, () => this.ask(query, at, known));
  }

  private async ask(query: string, at: Instant, known: Known): Promise<ShownDashboard> {
    const sources = this.sources();
    await sources.briefings.catchUp();
    const asked = await readDashboard(dashboardDto(query, at, known), sources);
    return showDashboard(query, asked, await answerDashboard(asked, sources), sources);
  }
}

/** What the dashboard refused, in the words of the page's address: the parameter, its value and what is expected. */
export function addressFault({ detail, errors: [first] }: Problem): { readonly detail: string; readonly given?: unknown } {
  if (first?.pointer.startsWith('?') !== true) return { detail };
  return { detail: `Tham số ${addressNameOf(first.pointer.slice(1))}=“${String(first.given)}”: ${first.detail}.`, given: first.given };
}

/** The question of `GET /dashboard` for an address at an instant. */
export const dashboardDto = (query: string, at: Instant, known: Known): DashboardDto => ({ ...filtersOf(query), asOf: isoInstant(at), knownAt: known.eventId === null ? `position:${known.position}` : `event:${known.eventId}` });

/** The page's own address of the dashboard at that instant, as known then. An event's id says the same in every store and after a move. */
export function dashboardUrl(base: string, query: string, at: Instant, { position, eventId }: Known): string {
  const search = new URLSearchParams({ ngay: isoInstant(at), bietDen: eventId === null ? `position:${position}` : `event:${eventId}` });
  for (const [name, value] of new URLSearchParams(query)) search.set(name, value);
  return `${base}/?${search.toString()}`;
}

export async function showDashboard(query: string, asked: DashboardQuestion, answer: DashboardAnswer, sources: Sources): Promise<ShownDashboard> {
  const { point } = asked;
  const { overdue, dueSoon, waiting } = answer.tiles;
  const off = rulesOffIn(query);
  const found = await exceptionsOf(EXCEPTION_RULES.filter((rule) => !off.includes(rule)), asked, sources);
  const first = found.slice(0, MOST_EXCEPTIONS);
  const tasks = new Map((await sources.board.byIds(first.map(({ task }) => task.taskId), point.known)).map((task) => [task.id, task]));
  return {
    empty: overdue.count === 0 && dueSoon.in3 === 0 && dueSoon.in7 === 0 && waiting.total === 0,
    says: {
      scope: scopeWords(asked, sources).join('; '), at: point.at, position: String(point.position), sentence: answer.sentence.map(({ text }) => text).join(''), total: answer.all.total, overdue: overdue.count,
      cells: cellsOf(answer), tiles: tilesOf(answer), more: found.length - first.length,
      exceptions: first.map(({ task, why }) => {
        const shown = tasks.get(task.taskId);
        return { taskId: task.taskId, code: shown?.code ?? task.taskId, title: shown?.content ?? '', unit: sources.reference.unitName(task.unitId, point.day, point.known), dueOn: dueParts(task.due).dueOn, why: why.map(({ words }) => words).join('; ') };
      }),
    },
  };
}

function cellsOf({ all: { cells } }: DashboardAnswer): readonly MailCell[] {
  const cell = (look: MailCell['look'], word: string, of: readonly Cell[], main: boolean): MailCell => ({ look, word, count: of.reduce((sum, one) => sum + cells[one], 0), main });
  const { D1, D2, D3, O1, O2, X } = CELL_DEFINITIONS;
  return [
    cell('done', D1.name, ['D1'], true), cell('late', D2.name, ['D2'], true), cell('intime', O1.name, ['O1'], true), cell('overdue', O2.name, ['O2'], true),
    cell('none', 'Chờ xác nhận', ['V1', 'V2', 'V3'], false), cell('none', 'Chưa có thời hạn', ['O3'], false), cell('none', D3.name, ['D3'], false), cell('none', X.name, ['X'], false),
  ];
}

function tilesOf({ tiles: { overdue, dueSoon, onTime90, extended, waiting }, since }: DashboardAnswer): readonly MailTile[] {
  const of = (words: string): string => `${words} ${since.words}`;
  return [
    {
      title: 'Quá hạn chưa hoàn thành', value: countVi(overdue.count),
      words: overdue.count === 0 ? (overdue.noneSince === null ? '' : `không có từ ${dayVi(overdue.noneSince)}`) : `${of(change(overdue.count, overdue.since))}; ${countVi(overdue.over30)} việc quá 30 ngày; lâu nhất ${countVi(overdue.oldestDays ?? 0)} ngày, trung vị ${countVi(overdue.medianDays ?? 0)}`,
    },
    { title: 'Sắp đến hạn', value: countVi(dueSoon.in3), words: `trong ${countVi(dueSoon.nearDays)} ngày làm việc; 7 ngày: ${countVi(dueSoon.in7)} việc, ${countVi(dueSoon.in7NoUpdate)} việc chưa cập nhật` },
    { title: 'Tỷ lệ đúng hạn, 90 ngày', value: onTime90.text, words: onTime90.denominator === 0 ? '' : `${countVi(onTime90.numerator)}/${countVi(onTime90.denominator)} đã đến hạn; trước là ${ofRate(onTime90.since)}` },
    { title: 'Đã gia hạn', value: countVi(extended.tasks), words: extended.tasks === 0 ? '' : `${countVi(extended.times)} lần, cộng ${countVi(extended.daysAdded)} ngày` },
    {
      title: 'Chờ xử lý của lãnh đạo', value: countVi(waiting.total),
      words: ([['gia hạn', waiting.extensions], ['hoàn thành', waiting.completions], ['giải trình', waiting.explanations], ['trả lại', waiting.returns]] as const).filter(([, n]) => n > 0).map(([word, n]) => `${countVi(n)} ${word}`).join(', '),
    },
  ];
}
