import type { Told } from '#figures';
import type { Instant } from '#kernel';
import type { Task } from '#tasks';

/** What can wait for somebody, the most pressing first. `explain` … `overdue` wait for units, `extension` … `confirm` for the office and leaders. */
export const WAITS = ['explain', 'redo', 'receive', 'coordinate', 'extension-answer', 'overdue', 'due-soon', 'extension', 'return', 'confirm'] as const;
export type Wait = (typeof WAITS)[number];

/** One thing that waits: since when, and the words that were given with it (question, reason). */
export interface Waiting {
  readonly kind: Wait;
  readonly since: Instant;
  readonly text: string | null;
  /** Of an extension that was decided: whether it was granted. */
  readonly granted?: boolean;
}

/** The same without the words. */
export type WaitSince = Pick<Waiting, 'kind' | 'since'>;

/** What of a task waits, whoever asks: for its lead, for those it coordinates with, for those who decide. Deadlines are the caller's. */
export interface TaskWaits {
  readonly lead: readonly Waiting[];
  /** Coordinating units that have not answered. */
  readonly coordinators: readonly string[];
  readonly deciders: readonly Waiting[];
  readonly assignedAt: Instant;
}

const NOTHING: TaskWaits = { lead: [], coordinators: [], deciders: [], assignedAt: 0 };

/** Of the state at an instant, as known then; `effective` are its facts after repairs, in log order. */
export function waitsOf(state: Task, effective: Task['facts']): TaskWaits {
  if (state.work !== 'open' && state.work !== 'submitted') return NOTHING;
  const lead: Waiting[] = [];
  const deciders: Waiting[] = [];
  const { explanation, pendingExtension, pendingReturn, submission, received, begunAt } = state;
  if (explanation && !explanation.answered) lead.push({ kind: 'explain', since: explanation.occurredAt, text: explanation.question });
  if (state.work === 'open') {
    const refused = effective.findLast((fact) => fact.type === 'CompletionRefused' || fact.type === 'TaskTransferred' || fact.type === 'TaskReopened');
    if (refused?.type === 'CompletionRefused') lead.push({ kind: 'redo', since: refused.occurredAt, text: refused.data.reason });
    // Whoever has told anything about a task has it.
    if (!received && !state.progress) lead.push({ kind: 'receive', since: begunAt, text: null });
    const answer = extensionAnswer(effective);
    if (answer) lead.push(answer);
  }
  if (pendingExtension) deciders.push({ kind: 'extension', since: pendingExtension.occurredAt, text: pendingExtension.reason });
  if (pendingReturn) deciders.push({ kind: 'return', since: pendingReturn.occurredAt, text: pendingReturn.reason });
  if (state.work === 'submitted' && submission) deciders.push({ kind: 'confirm', since: submission.occurredAt, text: null });
  const coordinators = state.work === 'open' ? state.assigned.coordinatingUnitIds.filter((unit) => state.coordination[unit] === undefined) : [];
  return { lead, coordinators, deciders, assignedAt: state.assignedAt };
}

/** A decision on what the lead had asked for, until the lead does something again. */
function extensionAnswer(effective: Task['facts']): Waiting | undefined {
  let asked = false;
  let answer: Waiting | undefined;
  for (const fact of effective) {
    if (fact.type === 'ExtensionRequested') asked = true;
    if (fact.type === 'ExtensionGranted' || fact.type === 'ExtensionRefused') {
      if (asked) answer = { kind: 'extension-answer', since: fact.occurredAt, text: fact.data.reason ?? null, granted: fact.type === 'ExtensionGranted' };
      asked = false;
    } else if (LEADS_OWN.has(fact.type)) answer = undefined;
  }
  return answer;
}

const LEADS_OWN: ReadonlySet<string> = new Set(['TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ReturnProposed', 'CompletionSubmitted', 'ExplanationGiven', 'TaskTransferred', 'TaskReopened']);

/** The same by what the marks of a task tell, without words: kinds and since when. `open` or else submitted; other tasks have nothing waiting. */
export function waitsTold(told: Told, open: boolean): { readonly lead: readonly WaitSince[]; readonly deciders: readonly WaitSince[] } {
  const lead: WaitSince[] = [];
  const deciders: WaitSince[] = [];
  const { askedAt, explainedAt, sentBackAt, receivedAt, progressAt, begunAt, answeredAt, extensionAt, returnAt, submittedAt } = told;
  if (!Number.isNaN(askedAt) && Number.isNaN(explainedAt)) lead.push({ kind: 'explain', since: askedAt });
  if (open) {
    if (!Number.isNaN(sentBackAt)) lead.push({ kind: 'redo', since: sentBackAt });
    if (Number.isNaN(receivedAt) && Number.isNaN(progressAt)) lead.push({ kind: 'receive', since: begunAt });
    if (!Number.isNaN(answeredAt)) lead.push({ kind: 'extension-answer', since: answeredAt });
  }
  if (!Number.isNaN(extensionAt)) deciders.push({ kind: 'extension', since: extensionAt });
  if (!Number.isNaN(returnAt)) deciders.push({ kind: 'return', since: returnAt });
  if (!open && !Number.isNaN(submittedAt)) deciders.push({ kind: 'confirm', since: submittedAt });
  return { lead, deciders };
}
