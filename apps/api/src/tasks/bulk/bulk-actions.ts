import { dayOf, type Instant } from '#kernel';
import type { WorkingCalendar } from '#deadlines';
import type { Task } from '#tasks';
import {
  BulkExtensionGrantDto, BulkExtensionRequestDto, ExplanationDto, ExplanationRequestDto, FactDto, OptionalReasonDto, ProgressDto, ReasonDto, ReopenDto, SetDeadlineDto, SubmissionDto, SuspendDto, TransferDto, UrgeDto,
} from '../../http/dto.ts';
import type { TaskCommandPath } from '../task-command-reader.ts';

/**
 * The commands that make sense for many tasks with one body, and how that is read. A correction, a link to a duplicate or an answer of one
 * coordinating unit is about one task; what was recorded is taken back by naming each fact.
 */
export const BULK_BODIES = {
  receive: FactDto, progress: ProgressDto, 'completion-submissions': SubmissionDto, 'completion-confirmations': FactDto, 'completion-refusals': ReasonDto,
  'extension-requests': BulkExtensionRequestDto, 'extension-grants': BulkExtensionGrantDto, 'extension-refusals': ReasonDto, deadline: SetDeadlineDto,
  'return-proposals': ReasonDto, 'return-acceptances': OptionalReasonDto, 'return-refusals': ReasonDto,
  transfer: TransferDto, suspend: SuspendDto, resume: SetDeadlineDto, reopen: ReopenDto, withdraw: ReasonDto, cancel: ReasonDto,
  urge: UrgeDto, agenda: ReasonDto, 'explanation-requests': ExplanationRequestDto, explanations: ExplanationDto,
} as const satisfies Partial<Record<TaskCommandPath, new () => FactDto>>;
export type BulkPath = keyof typeof BULK_BODIES;
export const BULK_PATHS = Object.keys(BULK_BODIES) as BulkPath[];

/** The body of one task's command: an extension by so many working days becomes a day, counted from the deadline in force, or from today where that has passed. */
export function bodyFor(body: object, task: Task, now: Instant, calendar: WorkingCalendar): object {
  if (!('addWorkingDays' in body) || typeof body.addWorkingDays !== 'number') return body;
  const { addWorkingDays, ...rest } = body;
  const today = dayOf(now);
  const due = task.deadline.kind === 'due' ? task.deadline.dueOn : today;
  return { ...rest, deadline: { date: calendar.addWorkingDays(due > today ? due : today, addWorkingDays) } };
}
