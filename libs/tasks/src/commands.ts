import type { Deadline } from '#deadlines';
import type { Instant } from '#kernel';
import type { CorrectableField, ResultDocument, TaskAssignedData } from './events.ts';

/** When the fact happened and why it is recorded late; `byDay` when only a day was given (it then stands at 00:00 or at the last ★ fact of that day). */
export interface FactTime {
  readonly occurredAt: Instant;
  readonly byDay: boolean;
  readonly backdateReason?: string;
  readonly backdateDocument?: string;
  readonly note?: string;
}

/** New values of a correction; `null` takes an optional field away. */
export type CorrectionValues = { readonly [F in CorrectableField]?: TaskAssignedData[F] | null };

interface Because {
  readonly reason: string;
}

export type TaskCommand =
  | ({ readonly type: 'AssignTask'; readonly task: TaskAssignedData } & FactTime)
  | ({ readonly type: 'ReceiveTask' } & FactTime)
  | ({ readonly type: 'ReportProgress'; readonly text: string; readonly percent?: number; readonly blockedBy?: string } & FactTime)
  | ({ readonly type: 'RequestExtension'; readonly deadline: Deadline } & Because & FactTime)
  | ({ readonly type: 'GrantExtension'; readonly deadline: Deadline; readonly document?: string; readonly reason?: string } & FactTime)
  | ({ readonly type: 'RefuseExtension' } & Because & FactTime)
  | ({ readonly type: 'SetDeadline'; readonly deadline: Deadline; readonly reason?: string } & FactTime)
  | ({ readonly type: 'RecomputeDeadline'; readonly deadline: Deadline; readonly calendarVersion: string } & Because & FactTime)
  | ({ readonly type: 'ProposeReturn' } & Because & FactTime)
  | ({ readonly type: 'RefuseReturn' } & Because & FactTime)
  | ({ readonly type: 'AcceptReturn'; readonly reason?: string } & FactTime)
  | ({ readonly type: 'TransferTask'; readonly toUnitId: string; readonly deadline?: Deadline } & Because & FactTime)
  | ({ readonly type: 'SuspendTask'; readonly document?: string } & Because & FactTime)
  | ({ readonly type: 'ResumeTask'; readonly deadline: Deadline; readonly reason?: string } & FactTime)
  | ({ readonly type: 'SubmitCompletion'; readonly resultDocument?: ResultDocument; readonly result?: string; readonly evidence?: readonly string[] } & FactTime)
  | ({ readonly type: 'ConfirmCompletion' } & FactTime)
  | ({ readonly type: 'RefuseCompletion' } & Because & FactTime)
  | ({ readonly type: 'ReopenTask'; readonly deadline?: Deadline } & Because & FactTime)
  | ({ readonly type: 'WithdrawTask' } & Because & FactTime)
  | ({ readonly type: 'CancelTask' } & Because & FactTime)
  | ({ readonly type: 'LinkDuplicate'; readonly ofTaskId: string } & Because & FactTime)
  | ({ readonly type: 'UrgeTask'; readonly channel?: string } & FactTime)
  | ({ readonly type: 'RaiseForBriefing' } & Because & FactTime)
  | ({ readonly type: 'RequestExplanation'; readonly question: string } & FactTime)
  | ({ readonly type: 'GiveExplanation'; readonly answer: string } & FactTime)
  | ({ readonly type: 'ConfirmObjectiveCause'; readonly document: string } & Because & FactTime)
  | ({ readonly type: 'AnswerCoordination'; readonly unitId: string } & FactTime)
  | ({ readonly type: 'CorrectTask'; readonly changes: CorrectionValues } & Because & FactTime)
  | ({ readonly type: 'AnnulFact'; readonly eventId: string } & Because & FactTime)
  | ({ readonly type: 'VoidTask' } & Because & FactTime)
  | { readonly type: 'RecordOverdue' };

export type TaskCommandType = TaskCommand['type'];
