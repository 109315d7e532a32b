import type { Actor } from '#event-log';
import { addDays, dayVi, Problem, startOfDay, weekday, type Day, type Instant } from '#kernel';
import type { Deadline } from '#deadlines';
import type { Task } from '#tasks';
import { requireRole, type Role } from '../http/actor.ts';
import type { AssignTaskDto } from '../http/dto.ts';
import type { Runtime } from '../runtime.ts';
import { endpointOf, invalid, readAssignment, type ReadContext, type TaskCommandPath } from './task-command-reader.ts';
import { taskNotFound, type CommandRequest, type Warning } from './task-service.ts';

type Acting = Actor & { readonly role: Role };

/** What bodies are read against now. */
export function readContext({ reference }: Pick<Runtime, 'reference'>, now: Instant): ReadContext {
  return { now, calendar: reference.calendar, policy: reference.settings().fixedDatePolicy, unitTrouble: (unitId, on) => unitTrouble(reference, unitId, on) };
}

/** A unit takes no work before it is known, nor from the day on that ended it. It may be given work of a day before the system knew it. */
function unitTrouble({ organisation }: Runtime['reference'], unitId: string, on: Day): { code: string; detail: string } | undefined {
  const unit = organisation.unit(unitId);
  if (!unit) return { code: 'unit-unknown', detail: `Không có đơn vị “${unitId}” trong danh mục.` };
  if (unit.endedOn === undefined || on < unit.endedOn) return undefined;
  return { code: 'unit-ended', detail: `“${unit.name}” đã kết thúc hoạt động ngày ${dayVi(unit.endedOn)}${unit.successorId === undefined ? '' : `; đơn vị kế tục: “${organisation.unit(organisation.successorOf(unitId))?.name ?? unit.successorId}”`}.` };
}

/** A command on a task that exists: who may, the body read against the task, and what the office should look at. */
export function commandRequest(path: TaskCommandPath, taskId: string, body: object, actor: Acting, runtime: Runtime): CommandRequest {
  requireRole(actor, endpointOf(path).roles, 'thực hiện việc này');
  return permittedRequest(path, taskId, body, actor, runtime);
}

/**
 * The same where the right to give it comes from elsewhere, as in a meeting. `saidOn` is the day of the document that gives it: what phrases
 * without another day count from; by default the day of the task's own document.
 */
export function permittedRequest(path: TaskCommandPath, taskId: string, body: object, actor: Acting, runtime: Runtime, saidOn?: Day): CommandRequest {
  const endpoint = endpointOf(path);
  return {
    taskId, actor,
    content: [path, taskId, body],
    prepare: async (state, now) => {
      if (state.kind === 'none') throw taskNotFound(taskId);
      if (actor.role === 'unit') requireOwn(actor, state, endpoint.unitCoordinates === true);
      const { command, warnings } = endpoint.read(body, state, { ...readContext(runtime, now), ...(saidOn === undefined ? {} : { saidOn }) });
      if (command.type === 'SubmitCompletion') await requireEvidence(command.evidence ?? [], runtime);
      if (command.type === 'LinkDuplicate') await requireOriginal(command.ofTaskId, taskId, runtime);
      if (command.type === 'CorrectTask' && typeof command.changes.parentTaskId === 'string') await requireParent(command.changes.parentTaskId, taskId, '/changes/parentTaskId', runtime);
      if (command.type === 'AnswerCoordination' && actor.role === 'unit' && command.unitId !== actor.unitId) throw new Problem(403, 'not-own-unit', 'Không có quyền', 'Đơn vị chỉ trả lời phối hợp cho chính mình.');
      const deadline = 'deadline' in command ? command.deadline : undefined;
      const lead = command.type === 'TransferTask' ? command.toUnitId : state.leadUnitId;
      return { command, warnings: [...warnings, ...(deadline === undefined ? [] : fullWeek(lead, deadline, runtime))] };
    },
  };
}

/** `POST /tasks`. A unit may only hand out subtasks of its own tasks inside itself (domain.md §8). */
export function assignmentRequest(taskId: string, body: AssignTaskDto, actor: Acting, runtime: Runtime): CommandRequest {
  requireRole(actor, ['office', 'unit'], 'giao việc');
  return permittedAssignment(taskId, body, actor, runtime);
}

/** The same where the right to give it comes from elsewhere, as in a meeting. */
export function permittedAssignment(taskId: string, body: AssignTaskDto, actor: Acting, runtime: Runtime): CommandRequest {
  return {
    taskId, actor, begins: true,
    content: ['assign', body],
    prepare: async (_, now) => {
      const { command, warnings } = readAssignment(body, readContext(runtime, now));
      const { task } = command;
      if (task.parentTaskId !== undefined) {
        const parent = await requireParent(task.parentTaskId, taskId, '/parentTaskId', runtime);
        if (actor.role === 'unit') {
          requireOwn(actor, parent, false);
          if (!runtime.reference.organisation.tree(actor.unitId!, { organisedAs: 'was', on: task.assignedOn }).has(task.leadUnitId)) {
            throw new Problem(403, 'outside-own-unit', 'Không có quyền', 'Đơn vị chỉ được giao việc con trong nội bộ đơn vị mình.');
          }
        }
      } else if (actor.role === 'unit') throw new Problem(403, 'not-permitted', 'Không có quyền', 'Đơn vị chỉ được giao việc con của việc mình chủ trì (parentTaskId).');
      return { command, warnings: [...warnings, ...endedSince(task.leadUnitId, runtime), ...(await likelyDuplicate(task.document.number, task.content, runtime)), ...fullWeek(task.leadUnitId, task.deadline, runtime)] };
    },
  };
}

function requireOwn(actor: Acting, task: Task, coordinates: boolean): void {
  if (coordinates ? task.assigned.coordinatingUnitIds.includes(actor.unitId ?? '') : task.leadUnitId === actor.unitId) return;
  throw coordinates
    ? new Problem(403, 'not-coordinating-unit', 'Không có quyền', 'Đơn vị chỉ được trả lời với việc mình phối hợp.')
    : new Problem(403, 'not-lead-unit', 'Không có quyền', 'Đơn vị chỉ được thực hiện với việc mình chủ trì.');
}

async function requireEvidence(ids: readonly string[], { evidence }: Runtime): Promise<void> {
  for (const [n, id] of ids.entries()) {
    if (!(await evidence.has(id))) throw invalid(`/evidence/${String(n)}`, 'file-unknown', `Không có tệp minh chứng “${id.slice(0, 80)}”; gửi tệp qua POST /files trước.`, id.slice(0, 80));
  }
}

async function requireOriginal(ofTaskId: string, taskId: string, { tasks }: Runtime): Promise<void> {
  if (ofTaskId === taskId) throw invalid('/ofTaskId', 'duplicate-of-itself', 'Việc không thể trùng với chính nó.', ofTaskId);
  const original = await tasks.load(ofTaskId);
  if (original.kind === 'none') throw invalid('/ofTaskId', 'task-unknown', `Không có việc “${ofTaskId}”.`, ofTaskId);
  // Else two tasks could each say that the other is the one that counts, and neither would.
  if (original.work === 'duplicate' || original.work === 'voided') throw invalid('/ofTaskId', 'original-not-counted', 'Việc được dẫn tới đã ghi là trùng hoặc đã hủy do nhập sai; hãy dẫn tới việc còn được tính.', ofTaskId);
}

async function requireParent(parentTaskId: string, taskId: string, pointer: string, { tasks }: Runtime): Promise<Task> {
  const parent = parentTaskId === taskId ? undefined : await tasks.load(parentTaskId);
  if (parent?.kind !== 'task' || parent.work === 'voided') throw invalid(pointer, 'task-unknown', `Không có việc cha “${parentTaskId}”.`, parentTaskId);
  if (parent.assigned.parentTaskId !== undefined) throw invalid(pointer, 'parent-is-subtask', 'Việc cha đã là việc con của việc khác; chỉ có một cấp việc con.', parentTaskId);
  return parent;
}

/** Work given for a day before its unit ended stays there until it is moved. */
function endedSince(unitId: string, { reference: { organisation } }: Runtime): Warning[] {
  const unit = organisation.unit(unitId);
  return unit?.endedOn === undefined ? [] : [{ code: 'unit-ended-since', detail: `“${unit.name}” đã kết thúc hoạt động ngày ${dayVi(unit.endedOn)}; cần chuyển việc này sang đơn vị khác.` }];
}

async function likelyDuplicate(documentNumber: string, content: string, { board }: Runtime): Promise<Warning[]> {
  const same = await board.likelyDuplicates(documentNumber, content);
  return same.length === 0 ? [] : [{ code: 'likely-duplicate', detail: `Có thể trùng: ${same.map(({ code }) => code).join(', ')} có cùng số văn bản và nội dung.` }];
}

/** Warns when the unit already has a full week of deadlines in the week of the new one. */
function fullWeek(unitId: string, deadline: Deadline, { projector, reference }: Runtime): Warning[] {
  if (deadline.kind === 'none') return [];
  const monday = addDays(deadline.dueOn, 1 - weekday(deadline.dueOn));
  const most = reference.settings().fullWeekTasks;
  const due = projector.openDueInWeekOf(unitId, startOfDay(deadline.dueOn));
  if (due < most) return [];
  return [{ code: 'full-week', detail: `Tuần từ ${dayVi(monday)} đơn vị đã có ${String(due)} việc đến hạn (mức nhắc: ${String(most)}).` }];
}

