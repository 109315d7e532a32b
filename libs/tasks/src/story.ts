import type { Deadline } from '#deadlines';
import { dayVi } from '#kernel';
import { AUTHORITIES } from './words.ts';
import type { TaskFact } from './events.ts';

function due(deadline: Deadline): string {
  if (deadline.kind === 'none') return 'không thời hạn';
  return `hạn ${deadline.dueTime ?? 'hết'} ngày ${dayVi(deadline.dueOn)}`;
}
const because = (reason: string | undefined): string => (reason === undefined || reason === '' ? '' : `; lý do: ${reason}`);

/** The fact as a sentence for people. `unitName` turns a unit id into its name. */
export function sentenceOf(fact: TaskFact, unitName: (id: string) => string, leadUnitId: string): string {
  const lead = unitName(leadUnitId);
  switch (fact.type) {
    case 'TaskAssigned': {
      const d = fact.data;
      const who = AUTHORITIES[d.authority] ?? d.authority;
      const phrase = d.deadline.phrase === undefined ? '' : ` (“${d.deadline.phrase}”)`;
      return `${who} giao ${unitName(d.leadUnitId)} theo văn bản ${d.document.number} ngày ${dayVi(d.document.date)}; ${due(d.deadline)}${phrase}.`;
    }
    case 'TaskReceived':
      return `${lead} tiếp nhận.`;
    case 'ProgressReported':
      return `${lead} cập nhật tiến độ${fact.data.percent === undefined ? '' : ` ${String(fact.data.percent)} %`}: ${fact.data.note}`;
    case 'ExtensionRequested':
      return `${lead} đề nghị gia hạn, ${due(fact.data.deadline)}${because(fact.data.reason)}.`;
    case 'ExtensionRefused':
      return `Không đồng ý gia hạn${because(fact.data.reason)}.`;
    case 'ExtensionGranted':
      return `Cho gia hạn, ${due(fact.data.deadline)}${fact.data.document === undefined ? '' : `; căn cứ: ${fact.data.document}`}${because(fact.data.reason)}.`;
    case 'CompletionSubmitted': {
      const r = fact.data.resultDocument;
      const what = fact.data.result ?? (r === undefined ? '' : `${r.number} ngày ${dayVi(r.date)}`);
      return `${lead} báo cáo hoàn thành${what === '' ? '' : `: ${what}`}.`;
    }
    case 'TaskCompleted':
      return 'Xác nhận hoàn thành.';
    case 'CompletionRefused':
      return `Từ chối kết quả, yêu cầu làm lại${because(fact.data.reason)}.`;
    case 'TaskWithdrawn':
      return `Thu hồi việc${fact.data.wasOverdue ? ' (đang quá hạn)' : ''}${because(fact.data.reason)}.`;
    case 'TaskVoided':
      return `Hủy do nhập sai${because(fact.data.reason)}.`;
    case 'TaskBecameOverdue':
      return `Quá hạn: ${due(fact.data.deadline)} đã qua mà chưa có báo cáo hoàn thành.`;
  }
}
