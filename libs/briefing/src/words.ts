import type { Deadline } from '#deadlines';
import { dayVi, instantVi, parseInstant, type Day } from '#kernel';
import type { TaskFact } from '#tasks';
import { PAGE_NAMES_VI } from './agenda.ts';
import type { BriefingEventType, BriefingFact, ConclusionKind } from './events.ts';

/** Event names as people read them. */
export const BRIEFING_EVENT_NAMES_VI: Readonly<Record<BriefingEventType, string>> = {
  BriefingOpened: 'Mở phiên giao ban', BriefingPagesArranged: 'Sắp xếp chương trình', ConclusionRecorded: 'Ghi kết luận', ConclusionAmended: 'Sửa kết luận', ConclusionStruck: 'Bỏ kết luận', BriefingClosed: 'Kết thúc phiên',
};

export const KIND_NAMES_VI: Readonly<Record<ConclusionKind, string>> = {
  decision: 'Quyết nghị', 'speed-up': 'Đẩy nhanh', assign: 'Giao việc', extend: 'Gia hạn', 'refuse-extension': 'Không gia hạn', explain: 'Yêu cầu giải trình', urge: 'Đôn đốc', transfer: 'Chuyển chủ trì', confirm: 'Xác nhận hoàn thành',
  'refuse-completion': 'Yêu cầu làm lại', 'accept-return': 'Đồng ý trả lại', 'refuse-return': 'Không đồng ý trả lại',
};

/** `Kết luận giao ban 22/11`: the reason that facts made by a meeting carry. */
export const briefingReason = (day: Day): string => `Kết luận giao ban ${dayVi(day).slice(0, 5)}`;

/** `hết ngày 07/12/2026`, `16:00 ngày 07/12/2026`, `không thời hạn`. */
export function deadlineVi(deadline: Deadline): string {
  if (deadline.kind === 'none') return 'không thời hạn';
  return deadline.dueTime === undefined ? `hết ngày ${dayVi(deadline.dueOn)}` : `${deadline.dueTime} ngày ${dayVi(deadline.dueOn)}`;
}

/** A fact of a meeting as a sentence. `numberOf` gives the number of a conclusion. */
export function briefingSentence(fact: BriefingFact, numberOf: (conclusionId: string) => number | undefined, unit: (id: string) => string): string {
  const named = (id: string): string => `kết luận ${String(numberOf(id) ?? '?')}`;
  switch (fact.type) {
    case 'BriefingOpened': {
      const { name, cutOff, unitId, presiding } = fact.data;
      return `Mở phiên “${name}”${presiding === undefined ? '' : `, ${presiding} chủ trì`}; mốc chốt ${instantVi(parseInstant(cutOff) ?? fact.occurredAt)}; phạm vi: ${unitId === undefined ? 'toàn tỉnh' : unit(unitId)}.`;
    }
    case 'BriefingPagesArranged':
      return `Sắp xếp chương trình: ${fact.data.pages.map(({ key, minutes }) => `${PAGE_NAMES_VI[key]} ${String(minutes)} phút`).join(', ')}.`;
    case 'ConclusionRecorded': {
      const { number, kind, text, unitId, deadline } = fact.data;
      return `Kết luận ${String(number)} (${KIND_NAMES_VI[kind].toLowerCase()}${unitId === undefined ? '' : `, ${unit(unitId)}`}): ${text}${deadline === undefined ? '' : `; hạn ${deadlineVi(deadline)}`}`;
    }
    case 'ConclusionAmended':
      return `Sửa ${named(fact.data.conclusionId)} thành: ${fact.data.text}; lý do: ${fact.data.reason}`;
    case 'ConclusionStruck':
      return `Bỏ ${named(fact.data.conclusionId)}; lý do: ${fact.data.reason}`;
    case 'BriefingClosed':
      return 'Kết thúc phiên.';
  }
}

/** What happened to a task, for the ticker: stands between the unit and the code of the task. */
export function tickerWords(fact: TaskFact): string {
  const on = (deadline: Deadline | undefined): string => (deadline === undefined || deadline.kind === 'none' ? '' : ` ${dayVi(deadline.dueOn).slice(0, 5)}`);
  switch (fact.type) {
    case 'TaskAssigned':
      return 'được giao';
    case 'TaskReceived':
      return 'tiếp nhận';
    case 'ProgressReported':
      return fact.data.percent === undefined ? 'cập nhật tiến độ' : `cập nhật tiến độ ${String(fact.data.percent)} %`;
    case 'ExtensionRequested':
      return 'đề nghị gia hạn';
    case 'ExtensionRefused':
      return 'không được gia hạn';
    case 'ExtensionGranted':
    case 'TaskResumed':
      return `có hạn mới${on(fact.data.deadline)}`;
    case 'DeadlineSet':
    case 'DeadlineRecomputed':
      return `có hạn${on(fact.data.deadline)}`;
    case 'ReturnProposed':
      return 'đề nghị trả lại';
    case 'ReturnRefused':
      return 'không được trả lại';
    case 'ReturnAccepted':
      return 'được trả lại';
    case 'TaskTransferred':
      return 'nhận chuyển';
    case 'TaskSuspended':
      return 'được tạm dừng';
    case 'CompletionSubmitted':
      return 'báo cáo hoàn thành';
    case 'TaskCompleted':
      return 'được xác nhận';
    case 'CompletionRefused':
      return 'phải làm lại';
    case 'TaskReopened':
      return 'mở lại';
    case 'TaskWithdrawn':
      return 'bị thu hồi';
    case 'TaskCancelled':
      return 'được hủy';
    case 'DuplicateLinked':
      return 'ghi trùng';
    case 'TaskUrged':
      return 'được đôn đốc';
    case 'RaisedForBriefing':
      return 'được đưa vào giao ban';
    case 'ExplanationRequested':
      return 'phải giải trình';
    case 'ExplanationGiven':
      return 'giải trình';
    case 'ObjectiveCauseConfirmed':
      return 'có nguyên nhân khách quan';
    case 'CoordinationAnswered':
      return 'trả lời phối hợp';
    case 'TaskCorrected':
      return 'đính chính';
    case 'FactAnnulled':
      return 'hủy một ghi nhận';
    case 'TaskVoided':
      return 'hủy do nhập sai';
    case 'TaskBecameOverdue':
      return 'quá hạn';
  }
}
