import { type Problem, type Recorded } from '../api.ts';
import { isDay } from '../format.ts';
import { deadlineInput, emptyDeadline, type DeadlineDraft } from '../forms/deadline-field.tsx';
import { asRecorded, t } from '../i18n.ts';

export interface DocumentDraft {
  number: string;
  date: string;
  issuer: string;
  signerTitle: string;
  title: string;
  urgency: string;
  authority: string;
  assignedOn: string;
  backdateReason: string;
}
export const emptyDocument = (today: string): DocumentDraft => ({
  number: '',
  date: '',
  issuer: asRecorded('UBND tỉnh'),
  signerTitle: '',
  title: '',
  urgency: '',
  authority: 'ubnd-tinh',
  assignedOn: today,
  backdateReason: '',
});

export interface RowDraft {
  key: string;
  content: string;
  product: string;
  leadUnitId: string | null;
  coordinatingUnitIds: readonly string[];
  deadline: DeadlineDraft;
  starred: boolean;
  /** What became of it when it was sent. */
  recorded: Recorded | null;
  problem: Problem | null;
}
let rows = 0;
export const emptyRow = (): RowDraft => ({
  key: `viec-${(rows += 1)}`,
  content: '',
  product: '',
  leadUnitId: null,
  coordinatingUnitIds: [],
  deadline: emptyDeadline(),
  starred: false,
  recorded: null,
  problem: null,
});

const missing = (pointer: string, detail: string): Problem => ({ title: t('Chưa đủ'), detail, errors: [{ pointer, detail }] });

/** What the document still lacks. */
export function documentGap(document: DocumentDraft): Problem | null {
  if (!document.number.trim()) return missing('/document/number', t('Cần số, ký hiệu văn bản.'));
  if (!isDay(document.date)) return missing('/document/date', t('Cần ngày văn bản.'));
  if (!document.issuer.trim()) return missing('/document/issuer', t('Cần cơ quan ban hành.'));
  if (!document.title.trim()) return missing('/document/title', t('Cần trích yếu.'));
  if (!isDay(document.assignedOn)) return missing('/assignedOn', t('Cần ngày giao.'));
  return null;
}

export function rowGap(row: RowDraft): Problem | null {
  if (!row.content.trim()) return missing('/content', t('Cần nội dung việc.'));
  if (!row.leadUnitId) return missing('/leadUnitId', t('Cần cơ quan chủ trì, chọn trong danh sách gợi ý.'));
  if (!deadlineInput(row.deadline)) return missing('/deadline', t('Cần thời hạn: chép từ văn bản, chọn ngày, hoặc chọn “Không thời hạn”.'));
  return null;
}

const filled = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])));

/** The body of `POST /tasks` for one row under the document. */
export function assignBody(document: DocumentDraft, row: RowDraft, parentTaskId: string | null): Record<string, unknown> {
  const { number, date, issuer, signerTitle, title, urgency } = document;
  return {
    document: { number: number.trim(), date, issuer: issuer.trim(), title: title.trim(), ...filled({ signerTitle, urgency }) },
    content: row.content.trim(),
    authority: document.authority,
    leadUnitId: row.leadUnitId,
    coordinatingUnitIds: row.coordinatingUnitIds,
    assignedOn: document.assignedOn,
    deadline: deadlineInput(row.deadline),
    ...filled({ product: row.product, backdateReason: document.backdateReason }),
    ...(row.starred ? { starred: true } : {}),
    ...(parentTaskId ? { parentTaskId } : {}),
  };
}
