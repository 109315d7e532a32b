import type { Deadline } from '#deadlines';
import { dayVi } from '#kernel';
import type { Corrections, TaskEventType, TaskFact } from './events.ts';
import { EVENT_NAMES_VI, FIELD_NAMES_VI } from './words.ts';

/** Names for ids, as people know them. */
export interface StoryNames {
  /** Name of a unit. */
  readonly unit: (id: string) => string;
  /** Code of a task: `NV-2026-0231`. */
  readonly task: (id: string) => string;
  /** Name of an authority. */
  readonly authority: (code: string) => string;
}

function due(deadline: Deadline): string {
  if (deadline.kind === 'none') return 'không thời hạn';
  return deadline.dueTime === undefined ? `hạn hết ngày ${dayVi(deadline.dueOn)}` : `hạn ${deadline.dueTime} ngày ${dayVi(deadline.dueOn)}`;
}
const because = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : `; lý do: ${reason}`);
const basis = (document: string | undefined): string => (document === undefined || document === '' ? '' : `; căn cứ: ${document}`);
const overdue = (was: boolean): string => (was ? ' (đang quá hạn)' : '');

/** The fact as a sentence for people. `leadUnitId` led the task when it happened. */
export function sentenceOf(fact: TaskFact, names: StoryNames, leadUnitId: string): string {
  const lead = names.unit(leadUnitId);
  switch (fact.type) {
    case 'TaskAssigned': {
      const d = fact.data;
      const phrase = d.deadline.phrase === undefined ? '' : ` (“${d.deadline.phrase}”)`;
      return `${names.authority(d.authority)} giao ${names.unit(d.leadUnitId)} theo văn bản ${d.document.number} ngày ${dayVi(d.document.date)}; ${due(d.deadline)}${phrase}.`;
    }
    case 'TaskReceived':
      return `${lead} tiếp nhận.`;
    case 'ProgressReported':
      return `${lead} cập nhật tiến độ${fact.data.percent === undefined ? '' : ` ${String(fact.data.percent)} %`}: ${fact.data.note}${fact.data.blockedBy === undefined ? '' : `; vướng mắc: ${fact.data.blockedBy}`}`;
    case 'ExtensionRequested':
      return `${lead} đề nghị gia hạn, ${due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'ExtensionRefused':
      return `Không đồng ý gia hạn${because(fact.data.reason)}.`;
    case 'ExtensionGranted':
      return `Cho gia hạn, ${due(fact.data.deadline)}${basis(fact.data.document)}${because(fact.data.reason)}.`;
    case 'DeadlineSet':
      return `Đặt thời hạn, ${due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'DeadlineRecomputed':
      return `Tính lại thời hạn theo lịch ${fact.data.calendarVersion}: từ ${due(fact.data.previous)} thành ${due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'ReturnProposed':
      return `${lead} đề nghị trả lại${because(fact.data.reason)}.`;
    case 'ReturnRefused':
      return `Không đồng ý trả lại${because(fact.data.reason)}.`;
    case 'ReturnAccepted':
      return `Đồng ý cho ${lead} trả lại${overdue(fact.data.wasOverdue)}${because(fact.data.reason)}.`;
    case 'TaskTransferred':
      return `Chuyển từ ${names.unit(fact.data.fromUnitId)} sang ${names.unit(fact.data.toUnitId)}${overdue(fact.data.wasOverdue)}, ${fact.data.deadline === undefined ? 'giữ nguyên thời hạn' : due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'TaskSuspended':
      return `Tạm dừng${basis(fact.data.document)}${because(fact.data.reason)}.`;
    case 'TaskResumed':
      return `Tiếp tục thực hiện, ${due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'CompletionSubmitted': {
      const { resultDocument: r, evidence = [] } = fact.data;
      const what = fact.data.result ?? (r === undefined ? '' : `${r.number} ngày ${dayVi(r.date)}`);
      return `${lead} báo cáo hoàn thành${what === '' ? '' : `: ${what}`}${evidence.length === 0 ? '' : `; kèm ${String(evidence.length)} tệp minh chứng`}.`;
    }
    case 'TaskCompleted':
      return 'Xác nhận hoàn thành.';
    case 'CompletionRefused':
      return `Từ chối kết quả, yêu cầu làm lại${because(fact.data.reason)}.`;
    case 'TaskReopened':
      return `Mở lại việc, ${fact.data.deadline === undefined ? 'giữ nguyên thời hạn' : due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'TaskWithdrawn':
      return `Thu hồi việc${overdue(fact.data.wasOverdue)}${because(fact.data.reason)}.`;
    case 'TaskCancelled':
      return `Hủy việc${overdue(fact.data.wasOverdue)}${because(fact.data.reason)}.`;
    case 'DuplicateLinked':
      return `Ghi là trùng việc ${names.task(fact.data.ofTaskId)}; từ nay không tính riêng${because(fact.data.reason)}.`;
    case 'TaskUrged':
      return `Đôn đốc ${lead} lần ${String(fact.data.number)}${fact.data.channel === undefined ? '' : ` qua ${fact.data.channel}`}.`;
    case 'RaisedForBriefing':
      return `Đưa vào giao ban${because(fact.data.reason)}.`;
    case 'ExplanationRequested':
      return `Yêu cầu ${lead} giải trình: ${fact.data.question}`;
    case 'ExplanationGiven':
      return `${lead} giải trình: ${fact.data.answer}`;
    case 'ObjectiveCauseConfirmed':
      return `Xác nhận nguyên nhân khách quan${basis(fact.data.document)}${because(fact.data.reason)}.`;
    case 'CoordinationAnswered':
      return `${names.unit(fact.data.unitId)} trả lời phối hợp${fact.data.note === undefined ? '' : `: ${fact.data.note}`}.`;
    case 'TaskCorrected':
      return `Đính chính ${changesInWords(fact.data.changes, names)}${because(fact.data.reason)}.`;
    case 'FactAnnulled':
      return `Hủy ghi nhận “${EVENT_NAMES_VI[fact.data.annulledType as TaskEventType]}”${because(fact.data.reason)}.`;
    case 'TaskVoided':
      return `Hủy do nhập sai${because(fact.data.reason)}.`;
    case 'TaskBecameOverdue':
      return `Quá hạn: ${due(fact.data.deadline)} đã qua mà chưa có báo cáo hoàn thành.`;
  }
}

/** The other tasks that the sentences of facts name. */
export function tasksNamedIn(facts: readonly TaskFact[]): readonly string[] {
  const ids = facts.flatMap((fact) => {
    if (fact.type === 'DuplicateLinked') return [fact.data.ofTaskId];
    const parent = fact.type === 'TaskCorrected' ? fact.data.changes.parentTaskId : undefined;
    return parent === undefined ? [] : [parent.old, parent.new].filter((id) => typeof id === 'string');
  });
  return [...new Set(ids)];
}

/** "cơ quan chủ trì từ Sở A thành Sở B, thời hạn từ … thành …" */
export function changesInWords(changes: Corrections, names: StoryNames): string {
  return Object.entries(changes).map(([field, { old, new: now }]) => `${FIELD_NAMES_VI[field as keyof Corrections]} từ ${valueInWords(field, old, names)} thành ${valueInWords(field, now, names)}`).join(', ');
}

function valueInWords(field: string, value: unknown, names: StoryNames): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return 'để trống';
  switch (field) {
    case 'leadUnitId':
      return names.unit(value as string);
    case 'coordinatingUnitIds':
      return (value as string[]).map(names.unit).join('; ');
    case 'assignedOn':
      return dayVi(value as string);
    case 'deadline':
      return due(value as Deadline);
    case 'parentTaskId':
      return names.task(value as string);
    case 'authority':
      return names.authority(value as string);
    case 'document': {
      const d = value as { number: string; date: string };
      return `${d.number} ngày ${dayVi(d.date)}`;
    }
    default:
      return typeof value === 'boolean' ? (value ? 'có' : 'không') : typeof value === 'string' || typeof value === 'number' ? `“${value}”` : JSON.stringify(value);
  }
}
