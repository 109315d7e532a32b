import { type Problem } from '../api.ts';
import { day, isDay, local } from '../format.ts';
import type { DeadlineInput } from '../forms/deadline-field.tsx';
import { asRecorded, t } from '../i18n.ts';
import { type ConclusionKind } from './types.ts';

/** A conclusion as it is being typed. What is null was not touched: the console then says what goes without saying. */
export interface Draft {
  kind: ConclusionKind;
  task: { id: string; name: string } | null;
  unitId: string | null;
  deadline: string;
  question: string;
  text: string | null;
  short: string | null;
  reason: string;
  authority: string;
}

export const MOST_SHORT = 48;
export const MOST_TEXT = 500;

export const reasonOf = (cutOff: string): string => {
  const [, month, date] = local(cutOff).day.split('-');
  return asRecorded(`Kết luận giao ban ${Number(date)}/${Number(month)}`);
};

export const emptyDraft = (kind: ConclusionKind, cutOff: string): Draft => ({
  kind,
  task: null,
  unitId: null,
  deadline: '',
  question: '',
  text: null,
  short: null,
  reason: reasonOf(cutOff),
  authority: 'chu-tich',
});

/** Kinds that are a command on a task, those that need a deadline, and those that may have one. */
export const ON_TASK: ReadonlySet<ConclusionKind> = new Set<ConclusionKind>([
  'extend',
  'refuse-extension',
  'explain',
  'urge',
  'transfer',
  'confirm',
  'refuse-completion',
  'accept-return',
  'refuse-return',
]);
export const NEEDS_DEADLINE: ReadonlySet<ConclusionKind> = new Set<ConclusionKind>(['extend', 'assign']);
export const TAKES_DEADLINE: ReadonlySet<ConclusionKind> = new Set<ConclusionKind>(['extend', 'assign', 'transfer']);
export const TAKES_UNIT: ReadonlySet<ConclusionKind> = new Set<ConclusionKind>(['assign', 'transfer', 'decision', 'speed-up']);

const FROM_MEETING = asRecorded('kể từ ngày ký');
const two = (n: string | undefined): string => (n ?? '').padStart(2, '0');

/** `10` is ten working days, `25/11` the next such day, anything else the words of a document. */
export function deadlineFrom(typed: string, today: string): DeadlineInput | null {
  const text = typed.trim();
  if (text === '') return null;
  if (/^\d{1,3}$/.test(text)) return { phrase: asRecorded(`${Number(text)} ngày làm việc ${FROM_MEETING}`) };
  const parts = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?$/.exec(text);
  if (parts) {
    const tail = `-${two(parts[2])}-${two(parts[1])}`;
    const near = `${today.slice(0, 4)}${tail}`;
    const iso = parts[3] ? `${parts[3]}${tail}` : near >= today ? near : `${Number(today.slice(0, 4)) + 1}${tail}`;
    const at = new Date(`${iso}T00:00:00Z`);
    if (isDay(iso) && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === iso) return { date: iso };
  }
  // Said in a meeting, a span of days begins with the meeting.
  return { phrase: /^(trong )?\d{1,3} ngày( làm việc)?$/i.test(text) ? `${text} ${FROM_MEETING}` : text };
}

/** The same, as a phrase the reader of deadlines takes. */
export const phraseOf = (input: DeadlineInput): string | null =>
  'phrase' in input ? input.phrase : 'date' in input ? asRecorded(`đến hết ngày ${day(input.date)}`) : null;

/** What goes on the screen and into the minutes unless something else is typed. */
export function wordsOf(draft: Draft, dueOn: string | null): string {
  const name = draft.task?.name ?? '';
  const until = dueOn ? asRecorded(` đến ${day(dueOn)}`) : '';
  switch (draft.kind) {
    case 'extend':
      return asRecorded(`Gia hạn ${name}${until}`);
    case 'refuse-extension':
      return asRecorded(`Không cho gia hạn ${name}`);
    case 'explain':
      return asRecorded(`Giải trình việc ${name}`);
    case 'urge':
      return asRecorded(`Đôn đốc ${name}`);
    case 'transfer':
      return asRecorded(`Nhận chủ trì ${name}${until}`);
    case 'confirm':
      return asRecorded(`Xác nhận hoàn thành ${name}`);
    case 'refuse-completion':
      return asRecorded(`Làm lại ${name}`);
    case 'accept-return':
      return asRecorded(`Nhận lại ${name}`);
    case 'refuse-return':
      return asRecorded(`Không nhận trả lại ${name}`);
    case 'assign':
    case 'decision':
    case 'speed-up':
      return '';
  }
}

export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`);

const missing = (pointer: string, detail: string): { missing: Problem } => ({
  missing: { title: t('Chưa đủ'), detail, errors: [{ pointer, detail }] },
});

/** The request, or what is still missing. */
export function conclusionBody(
  draft: Draft,
  today: string,
  dueOn: string | null,
): { body: Record<string, unknown> } | { missing: Problem } {
  const deadline = deadlineFrom(draft.deadline, today);
  const text = (draft.text ?? wordsOf(draft, dueOn)).trim();
  const short = (draft.short ?? cut(text, MOST_SHORT)).trim();
  if (ON_TASK.has(draft.kind) && !draft.task) return missing('/taskId', t('Cần chọn việc.'));
  if ((draft.kind === 'assign' || draft.kind === 'transfer') && !draft.unitId) return missing('/unitId', t('Cần chọn đơn vị.'));
  if (NEEDS_DEADLINE.has(draft.kind) && !deadline) return missing('/deadline', t('Cần thời hạn.'));
  if (draft.kind === 'explain' && !draft.question.trim()) return missing('/question', t('Cần nói giải trình điều gì.'));
  if (!text) return missing('/text', t('Cần nội dung kết luận.'));
  if (text.length > MOST_TEXT) return missing('/text', t('Nội dung tối đa {{n}} ký tự.', { n: MOST_TEXT }));
  if (short.length > MOST_SHORT) return missing('/short', t('Câu hiện trên màn tối đa {{n}} ký tự.', { n: MOST_SHORT }));
  return {
    body: {
      kind: draft.kind,
      text,
      ...(short ? { short } : {}),
      ...(draft.reason.trim() ? { reason: draft.reason.trim() } : {}),
      ...(draft.task && draft.kind !== 'assign' ? { taskId: draft.task.id } : {}),
      ...(deadline && TAKES_DEADLINE.has(draft.kind) ? { deadline } : {}),
      ...(draft.kind === 'explain' ? { question: draft.question.trim() } : {}),
      ...(draft.kind === 'transfer' ? { toUnitId: draft.unitId } : {}),
      ...(draft.kind === 'assign' ? { content: text, leadUnitId: draft.unitId, authority: draft.authority } : {}),
      ...((draft.kind === 'decision' || draft.kind === 'speed-up') && draft.unitId ? { unitId: draft.unitId } : {}),
    },
  };
}
