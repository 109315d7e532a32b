import type { Deadline } from '#deadlines';
import type { Instant } from '#kernel';
import type { ResultDocument, TaskAssignedData } from './events.ts';

/** When the fact happened and why it is recorded late; `byDay` when only a day was given (it then stands at 00:00 or at the last ★ fact of that day). */
export interface FactTime {
  readonly occurredAt: Instant;
  readonly byDay: boolean;
  readonly backdateReason?: string;
  readonly backdateDocument?: string;
  readonly note?: string;
}

export type TaskCommand =
  | ({ readonly type: 'AssignTask'; readonly task: TaskAssignedData } & FactTime)
  | ({ readonly type: 'ReceiveTask' } & FactTime)
  | ({ readonly type: 'ReportProgress'; readonly text: string; readonly percent?: number; readonly blockedBy?: string } & FactTime)
  | ({ readonly type: 'RequestExtension'; readonly deadline: Deadline; readonly reason: string } & FactTime)
  | ({ readonly type: 'GrantExtension'; readonly deadline: Deadline; readonly document?: string; readonly reason?: string } & FactTime)
  | ({ readonly type: 'RefuseExtension'; readonly reason: string } & FactTime)
  | ({ readonly type: 'SubmitCompletion'; readonly resultDocument?: ResultDocument; readonly result?: string } & FactTime)
  | ({ readonly type: 'ConfirmCompletion' } & FactTime)
  | ({ readonly type: 'RefuseCompletion'; readonly reason: string } & FactTime)
  | ({ readonly type: 'WithdrawTask'; readonly reason: string } & FactTime)
  | ({ readonly type: 'VoidTask'; readonly reason: string } & FactTime)
  | { readonly type: 'RecordOverdue' };

export type TaskCommandType = TaskCommand['type'];
