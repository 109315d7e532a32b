import { setImmediate as nextTurn } from 'node:timers/promises';
import { cellOfFacts } from '#figures';
import type { Actor, NewEvent } from '#event-log';
import { derivedId, isUuid, Problem, type Instant } from '#kernel';
import { allowedCommands, evolve, fold, taskStream, toFact, type Task, type TaskFact } from '#tasks';
import type { Role } from '../../http/actor.ts';
import type { Runtime } from '../../runtime.ts';
import { endpointOf } from '../task-command-reader.ts';
import { commandRequest } from '../task-requests.ts';
import { commandHash, keyReused, type CommandAnswer, type CommandRequest, type Warning } from '../task-service.ts';
import { bodyFor, BULK_PATHS, type BulkPath } from './bulk-actions.ts';

/** Read, decided or written side by side: they share a commit of the log, and between two such groups other requests have their turn. */
const TOGETHER = 20;

type Acting = Actor & { readonly role: Role };

/** One command of a bulk: the task, and the request that any client could have sent for it alone. */
export interface BulkItem {
  readonly taskId: string;
  readonly request: CommandRequest;
}

export interface BulkRefusal {
  readonly ok: false;
  readonly id: string;
  readonly code: string | null;
  readonly content: string | null;
  readonly status: number;
  readonly problem: { readonly code: string; readonly title: string; readonly detail: string; readonly errors: Problem['errors']; readonly fact?: unknown };
}

export interface Foreseen {
  readonly ok: true;
  readonly id: string;
  readonly code: string | null;
  readonly content: string | null;
  readonly revision: number;
  readonly leadUnitId: string;
  readonly leadUnitName: string;
  readonly events: readonly string[];
  readonly warnings: readonly Warning[];
  readonly before: string | null;
  readonly after: string | null;
  /** Effective day of the deadline before and after; null without one. */
  readonly dueOn: string | null;
  readonly newDueOn: string | null;
}

export interface Recorded extends CommandAnswer {
  readonly ok: true;
  readonly code: string | null;
  readonly content: string | null;
  /** Recorded by an earlier request with this key; nothing was written now. */
  readonly repeated: boolean;
}

/** The same request a task as `POST /tasks/{id}/<path>` makes; `key` is one for the task, derived from the one of the bulk. */
export function bulkItems(path: BulkPath, tasks: readonly { readonly id: string; readonly revision?: number }[], body: object, actor: Acting, runtime: Runtime, key?: string): BulkItem[] {
  const content = ['bulk', path, tasks.map(({ id }) => id).sort(), body];
  return tasks.map(({ id, revision }) => ({
    taskId: id,
    request: {
      ...commandRequest(path, id, body, actor, runtime),
      content,
      ...(key === undefined ? {} : { key: derivedId('bulk', key, id) }),
      ...(revision === undefined ? {} : { ifMatch: revision }),
      prepare: (state, now) => commandRequest(path, id, state.kind === 'task' ? bodyFor(body, state, now, runtime.reference.calendar) : body, actor, runtime).prepare(state, now),
    },
  }));
}

/** Facts to be taken back, each a command of its own: several of one task too. */
export function undoItems(facts: readonly { readonly taskId: string; readonly eventId: string }[], body: { readonly reason: string }, actor: Acting, runtime: Runtime, key: string): BulkItem[] {
  const content = ['undo', facts.map(({ eventId }) => eventId).sort(), body];
  return facts.map(({ taskId, eventId }) => ({
    taskId,
    request: { ...commandRequest('annul', taskId, { ...body, eventId }, actor, runtime), content, key: derivedId('undo', key, taskId, eventId) },
  }));
}

/** What each command would do, by the deciders that would decide it; nothing is written. */
export async function foresee(items: readonly BulkItem[], runtime: Runtime): Promise<(Foreseen | BulkRefusal)[]> {
  const named = await namesOf(items, runtime);
  const now = await runtime.tasks.now();
  return inGroups(items, async (item): Promise<Foreseen | BulkRefusal> => {
    const { taskId, request } = item;
    const name = named(taskId);
    try {
      const planned = await runtime.tasks.plan(request);
      const facts = (await runtime.log.readStream(taskStream(taskId))).map(toFact);
      const before = fold(facts) as Task;
      const decided = 'append' in planned ? planned.append.events : [];
      const after = decided.reduce((state, event, n) => evolve(state, asFact(event, facts.length + n, now)) as Task, before);
      return {
        ok: true, id: taskId, ...name, revision: facts.length - 1, leadUnitId: before.leadUnitId, leadUnitName: runtime.reference.unitName(before.leadUnitId),
        events: decided.map(({ type }) => type), warnings: 'append' in planned ? planned.warnings : [],
        before: cellOfFacts(before.facts, now) ?? null, after: cellOfFacts(after.facts, now) ?? null, dueOn: dueOn(before), newDueOn: dueOn(after),
      };
    } catch (error) {
      return refusalOf(error, taskId, name);
    }
  });
}

/** Each task stands for itself: what is refused does not hold the others up, and the answer says which is which. @throws Problem 422 when the key came with something else before. */
export async function execute(items: readonly BulkItem[], runtime: Runtime, key: string, run: (request: CommandRequest) => Promise<CommandAnswer>): Promise<(Recorded | BulkRefusal)[]> {
  const done = await recordedBefore(items, runtime, key);
  const named = await namesOf(items, runtime);
  // Facts of one task are decided one after the other: side by side they would race each other.
  const byTask = new Map<string, BulkItem[]>();
  for (const item of items) byTask.set(item.taskId, [...(byTask.get(item.taskId) ?? []), item]);
  const answers = await inGroups([...byTask.values()], async (ofTask) => {
    const told: [BulkItem, Recorded | BulkRefusal][] = [];
    for (const item of ofTask) {
      const name = named(item.taskId);
      try {
        told.push([item, { ok: true, ...name, repeated: done.has(item), ...(await run(item.request)) }]);
      } catch (error) {
        told.push([item, refusalOf(error, item.taskId, name)]);
      }
    }
    return told;
  });
  const answered = new Map(answers.flat());
  return items.map((item) => answered.get(item)!);
}

/** Those that an earlier request with the same key recorded. */
async function recordedBefore(items: readonly BulkItem[], { log }: Runtime, key: string): Promise<ReadonlySet<BulkItem>> {
  const found = await inGroups(items, async ({ taskId, request }) => {
    const first = (await log.readStream(taskStream(taskId))).find(({ metadata }) => metadata.commandId === request.key);
    if (first && first.metadata.commandHash !== commandHash(request)) throw keyReused(key);
    return first !== undefined;
  });
  return new Set(items.filter((_, n) => found[n]));
}

/** How many of the tasks allow each command to this role, as far as their state tells; what a body says may still be refused. */
export async function allowedAmong(taskIds: readonly string[], actor: Acting, runtime: Runtime): Promise<Record<string, number>> {
  const paths = BULK_PATHS.filter((path) => endpointOf(path).roles.includes(actor.role));
  const counts: Record<string, number> = Object.fromEntries(paths.map((path) => [path, 0]));
  await inGroups(taskIds, async (id) => {
    const state = await loadTask(id, runtime);
    if (state === undefined || (actor.role === 'unit' && state.leadUnitId !== actor.unitId)) return;
    const allowed = new Set<string>(allowedCommands(state));
    for (const path of paths) if (allowed.has(endpointOf(path).type)) counts[path]! += 1;
  });
  return counts;
}

/** Cells before and after, of what would be recorded. */
export function effectOn(items: readonly (Foreseen | BulkRefusal)[]): { before: Record<string, number>; after: Record<string, number> } {
  const count = (side: 'before' | 'after'): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const item of items) if (item.ok && item[side] !== null) counts[item[side]] = (counts[item[side]] ?? 0) + 1;
    return counts;
  };
  return { before: count('before'), after: count('after') };
}

async function loadTask(id: string, { tasks }: Runtime): Promise<Task | undefined> {
  const state = isUuid(id) ? await tasks.load(id) : undefined;
  return state?.kind === 'task' ? state : undefined;
}

async function namesOf(items: readonly BulkItem[], { board }: Runtime): Promise<(id: string) => { readonly code: string | null; readonly content: string | null }> {
  const names = new Map((await board.byIds([...new Set(items.map(({ taskId }) => taskId))])).map(({ id, code, content }) => [id, { code, content }]));
  return (id) => names.get(id) ?? { code: null, content: null };
}

const dueOn = ({ deadline }: Task): string | null => (deadline.kind === 'due' ? deadline.dueOn : null);

/** A decided event as the fact that it would become. */
const asFact = ({ id, type, data, occurredAt }: NewEvent, revision: number, now: Instant): TaskFact =>
  ({ type, data, eventId: id, revision, position: 0n, occurredAt, recordedAt: now }) as unknown as TaskFact;

/** A refusal as an answer. @throws whatever is none: a log that is away is the end of the request and no answer about a task. */
function refusalOf(error: unknown, id: string, name: { readonly code: string | null; readonly content: string | null }): BulkRefusal {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  const { status, code, title, detail, errors, extra } = error;
  return { ok: false, id, ...name, status, problem: { code, title, detail, errors, ...('fact' in extra ? { fact: extra['fact'] } : {}) } };
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += TOGETHER) {
    if (from > 0) await nextTurn();
    results.push(...(await Promise.all(items.slice(from, from + TOGETHER).map(work))));
  }
  return results;
}

/** A command that can be given to many tasks. @throws Problem 422 naming those that can. */
export function bulkPath(action: string): BulkPath {
  const path = BULK_PATHS.find((one) => one === action);
  if (path === undefined) {
    const detail = `Lệnh “${action.slice(0, 60)}” không dùng được cho nhiều việc; cần một trong: ${BULK_PATHS.join(', ')}.`;
    throw new Problem(422, 'action-not-for-many', 'Nội dung không hợp lệ', detail, { errors: [{ pointer: '/action', code: 'action-not-for-many', detail, given: action.slice(0, 60) }] });
  }
  return path;
}

