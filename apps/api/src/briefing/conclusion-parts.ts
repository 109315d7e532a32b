import { briefingReason, type Briefing } from '#briefing';
import { readPhrase } from '#deadlines';
import type { Actor } from '#event-log';
import { dayOf, dayVi, derivedId, Problem, type Day } from '#kernel';
import type { Role } from '../http/actor.ts';
import type { AssignTaskDto, DeadlineDto } from '../http/dto.ts';
import type { Runtime } from '../runtime.ts';
import { invalid, type TaskCommandPath } from '../tasks/task-command-reader.ts';
import { permittedAssignment, permittedRequest } from '../tasks/task-requests.ts';
import type { CommandRequest } from '../tasks/task-service.ts';
import type { ConclusionWords, TaskPart } from './briefing-service.ts';
import type { ConclusionDto } from './dto.ts';

type Acting = Actor & { readonly role: Role };

/** Conclusions that are one command on a task that exists, by the last segment of its path. */
const ON_TASK: ReadonlyMap<string, TaskCommandPath> = new Map(Object.entries({
  extend: 'extension-grants', 'refuse-extension': 'extension-refusals', explain: 'explanation-requests', urge: 'urge', transfer: 'transfer', confirm: 'completion-confirmations', 'refuse-completion': 'completion-refusals',
  'accept-return': 'return-acceptances', 'refuse-return': 'return-refusals',
} as const));
/** Which of the fields beside the words each kind takes; others with it are not understood. */
const FIELDS: ReadonlyMap<string, readonly (keyof ConclusionDto)[]> = new Map(Object.entries<readonly (keyof ConclusionDto)[]>({
  decision: ['taskId', 'unitId'], 'speed-up': ['taskId', 'unitId'],
  assign: ['unitId', 'deadline', 'content', 'product', 'authority', 'leadUnitId', 'coordinatingUnitIds', 'assignedOn', 'field', 'starred', 'weight', 'parentTaskId', 'note'],
  extend: ['taskId', 'taskRevision', 'deadline', 'note'], 'refuse-extension': ['taskId', 'taskRevision', 'note'], explain: ['taskId', 'taskRevision', 'question', 'note'], urge: ['taskId', 'taskRevision', 'note'],
  transfer: ['taskId', 'taskRevision', 'toUnitId', 'deadline', 'note'], confirm: ['taskId', 'taskRevision', 'note'], 'refuse-completion': ['taskId', 'taskRevision', 'note'],
  'accept-return': ['taskId', 'taskRevision', 'note'], 'refuse-return': ['taskId', 'taskRevision', 'note'],
}));
const NEEDS: ReadonlyMap<string, readonly (keyof ConclusionDto)[]> = new Map(Object.entries<readonly (keyof ConclusionDto)[]>({ assign: ['deadline'], extend: ['taskId', 'deadline'], transfer: ['taskId', 'toUnitId'] }));
const WORDS: readonly string[] = ['kind', 'text', 'short', 'reason'];

export interface ReadConclusion {
  readonly words: ConclusionWords;
  readonly part?: TaskPart;
}

/**
 * A body as the words of a conclusion and, where its kind acts on a task, the very request that the task's own door would make of it. Who may
 * conclude was asked before: the meeting decides what its chair may decide. @throws Problem 400, 422 naming the field.
 */
export async function readConclusion(body: ConclusionDto, actor: Acting, runtime: Runtime): Promise<ReadConclusion> {
  const { kind, text, short, reason, taskId, unitId } = body;
  const takes = FIELDS.get(kind);
  if (takes) {
    const strange = Object.entries(body).find(([name, value]) => value !== undefined && !WORDS.includes(name) && !takes.includes(name as keyof ConclusionDto));
    if (strange) throw notUnderstood(strange[0], 'whitelistValidation', `trường này không có ở kết luận loại “${kind}”`);
    for (const name of NEEDS.get(kind) ?? (ON_TASK.has(kind) ? ['taskId' as const] : [])) if (body[name] === undefined) throw notUnderstood(name, 'isNotEmpty', 'không được trống');
    if (kind === 'assign' && body.leadUnitId === undefined && unitId === undefined) throw notUnderstood('leadUnitId', 'isNotEmpty', 'không được trống');
  }
  if (unitId !== undefined && !runtime.reference.organisation.unit(unitId)) throw invalid('/unitId', 'unit-unknown', `Không có đơn vị “${unitId.slice(0, 80)}” trong danh mục.`, unitId.slice(0, 80));
  const known = taskId === undefined || !/^[0-9a-f-]{36}$/.test(taskId) ? undefined : await runtime.tasks.load(taskId);
  if (taskId !== undefined && known?.kind !== 'task') throw invalid('/taskId', 'task-unknown', `Không có việc mang mã định danh “${taskId.slice(0, 80)}”.`, taskId.slice(0, 80));
  const unit = kind === 'transfer' ? body.toUnitId : kind === 'assign' ? (body.leadUnitId ?? unitId) : (unitId ?? (known?.kind === 'task' ? known.leadUnitId : undefined));
  const words: ConclusionWords = {
    kind, text, ...(short === undefined ? {} : { short }), ...(reason === undefined ? {} : { reason }), ...(taskId === undefined ? {} : { taskId }), ...(unit === undefined ? {} : { unitId: unit }),
  };
  if (kind === 'assign') return { words, part: (id, briefing) => assignment(id, body, briefing, actor, runtime) };
  const path = ON_TASK.get(kind);
  return path === undefined ? { words } : { words, part: (_, briefing) => onTask(path, taskId!, body, briefing, actor, runtime) };
}

function onTask(path: TaskCommandPath, taskId: string, { deadline, question, toUnitId, note, reason, text, taskRevision }: ConclusionDto, briefing: Briefing, actor: Acting, runtime: Runtime): CommandRequest {
  const saidOn = dayOf(briefing.openedAt);
  const because = reason ?? briefingReason(saidOn);
  const given = deadline === undefined ? {} : { deadline: countedFromMeeting(deadline, saidOn, runtime) };
  const bodies: Readonly<Record<string, object>> = {
    'extension-grants': { ...given, reason: because }, 'extension-refusals': { reason: because }, 'explanation-requests': { question: question ?? text }, urge: { channel: 'giao ban' }, transfer: { toUnitId, ...given, reason: because },
    'completion-confirmations': {}, 'completion-refusals': { reason: because }, 'return-acceptances': { reason: because }, 'return-refusals': { reason: because },
  };
  const of = bodies[path]!;
  // Facts that carry no reason say in their note where they come from.
  const said = note ?? ('reason' in of ? undefined : because);
  const request = permittedRequest(path, taskId, { ...of, ...(said === undefined ? {} : { note: said }) }, actor, runtime, saidOn);
  return { ...request, ...(taskRevision === undefined ? {} : { ifMatch: taskRevision }) };
}

/** The document that gives the task is the notice that the meeting will issue: its number is not given yet and stands so. */
function assignment(conclusionId: string, body: ConclusionDto, briefing: Briefing, actor: Acting, runtime: Runtime): CommandRequest {
  const day = dayOf(briefing.openedAt);
  const { text, unitId, content = text, authority = 'chu-tich', leadUnitId = unitId!, assignedOn = day, deadline, reason, note, product, coordinatingUnitIds, field, starred, weight, parentTaskId } = body;
  const optional = Object.fromEntries(Object.entries({ product, coordinatingUnitIds, field, starred, weight, parentTaskId }).filter(([, value]) => value !== undefined));
  const dto = {
    ...optional, content, authority, leadUnitId, assignedOn, deadline: countedFromMeeting(deadline!, day, runtime), note: note ?? reason ?? briefingReason(day),
    document: { number: pendingNumber(day), date: day, issuer: briefing.unitId === null ? 'UBND tỉnh' : runtime.reference.unitName(briefing.unitId), title: `Kết luận: ${briefing.name}` },
  } as AssignTaskDto;
  return permittedAssignment(derivedId('task', conclusionId), dto, actor, runtime);
}

/** Marks a document whose number is still to come. */
export const pendingNumber = (day: Day): string => `(chờ số)/TB-UBND ${dayVi(day)}`;

/** "10 ngày làm việc", said in a meeting, is counted from the meeting; in a document it would be asked from when. */
function countedFromMeeting(deadline: DeadlineDto, day: Day, { reference }: Runtime): DeadlineDto {
  const { phrase } = deadline;
  if (phrase === undefined) return deadline;
  const context = { documentDate: day, receivedOn: deadline.receivedOn ?? day, policy: reference.settings().fixedDatePolicy, calendar: reference.calendar };
  const reading = readPhrase(phrase, context);
  if (reading.ok || reading.code !== 'phrase-not-understood') return deadline;
  const from = `${phrase} kể từ ngày ký`;
  return readPhrase(from, context).ok ? { phrase: from, ...(deadline.receivedOn === undefined ? {} : { receivedOn: deadline.receivedOn }) } : deadline;
}

function notUnderstood(name: string, code: string, detail: string): Problem {
  return new Problem(400, 'content-not-understandable', 'Nội dung không hiểu được', `/${name}: ${detail}`, { errors: [{ pointer: `/${name}`, code, detail }] });
}
