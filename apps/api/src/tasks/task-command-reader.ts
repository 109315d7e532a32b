import { readDeadline, type Deadline, type DeadlineInput, type FixedDatePolicy, type WorkingCalendar } from '#deadlines';
import { cleanText, dayOf, dayVi, endOfDay, parseInstant, Problem, startOfDay, type Day, type Instant } from '#kernel';
import { canonicalDocumentNumber, type DirectiveDocument, type FactTime, type ResultDocument, type Task, type TaskAssignedData, type TaskCommand } from '#tasks';
import type { Role } from '../http/actor.ts';
import type { AssignTaskDto, ChangesDto, CorrectDto, DeadlineDto, DocumentDto, FactDto } from '../http/dto.ts';
import type { Warning } from './task-service.ts';

/** What a body is read against; nothing here comes from Nest, so scenarios read bodies by the same code. */
export interface ReadContext {
  /** The system's now. */
  readonly now: Instant;
  readonly calendar: WorkingCalendar;
  readonly policy: FixedDatePolicy;
  /** Day of the document that gives the command, where that is not the task's own. */
  readonly saidOn?: Day;
  /** Why the unit cannot take work on that day; undefined when it can. */
  readonly unitTrouble: (unitId: string, on: Day) => { readonly code: string; readonly detail: string } | undefined;
}

export type OnTask = Exclude<TaskCommand, { type: 'AssignTask' } | { type: 'RecordOverdue' }>;
export interface ReadCommand<C extends TaskCommand = TaskCommand> {
  readonly command: C;
  readonly warnings: readonly Warning[];
}

interface Endpoint {
  readonly type: OnTask['type'];
  /** Who may give it; a unit only for a task that it leads, or coordinates where that is said. */
  readonly roles: readonly Role[];
  readonly unitCoordinates?: true;
  readonly read: (body: Body, task: Task, context: ReadContext) => ReadCommand<OnTask>;
}

/** The bodies of all endpoints together, as far as they are read here; each DTO in dto.ts is a part of it and says what must be there. */
type Body = FactDto & {
  readonly reason?: string; readonly percent?: number; readonly blockedBy?: string; readonly deadline?: DeadlineDto; readonly document?: string; readonly toUnitId?: string; readonly ofTaskId?: string;
  readonly resultDocument?: ResultDocument; readonly evidence?: readonly string[]; readonly channel?: string; readonly question?: string; readonly answer?: string; readonly unitId?: string; readonly eventId?: string;
  readonly changes?: ChangesDto;
};

const DOING: readonly Role[] = ['office', 'unit'];
const DECIDING: readonly Role[] = ['office', 'leader'];
const OFFICE: readonly Role[] = ['office'];

const plain = (command: OnTask): ReadCommand<OnTask> => ({ command, warnings: [] });
const reasonOf = (body: Body): string => cleanText(body.reason ?? '');
const optional = <K extends string, V>(key: K, value: V | undefined | null): { [P in K]?: V } => (value === undefined || value === null ? {} : { [key]: value }) as { [P in K]?: V };

/** Every command on a task, by the last segment of its path (docs/api: `POST /tasks/{id}/<segment>`). */
export const TASK_COMMANDS = {
  receive: { type: 'ReceiveTask', roles: DOING, read: (b, _, c) => plain({ type: 'ReceiveTask', ...readTime(b, c.now) }) },
  progress: {
    type: 'ReportProgress', roles: DOING,
    read: (b, _, c) => {
      const { note, ...time } = readTime(b, c.now);
      return plain({ type: 'ReportProgress', ...time, text: note ?? '', ...optional('percent', b.percent), ...optional('blockedBy', b.blockedBy) });
    },
  },
  'extension-requests': { type: 'RequestExtension', roles: DOING, read: (b, t, c) => withDeadline(b, t, c, (deadline, time) => ({ type: 'RequestExtension', deadline, reason: reasonOf(b), ...time })) },
  'extension-grants': {
    type: 'GrantExtension', roles: DECIDING,
    read: (b, t, c) => withDeadline(b, t, c, (deadline, time) => ({ type: 'GrantExtension', deadline, ...optional('document', b.document), ...optional('reason', b.reason), ...time })),
  },
  'extension-refusals': { type: 'RefuseExtension', roles: DECIDING, read: (b, _, c) => plain({ type: 'RefuseExtension', reason: reasonOf(b), ...readTime(b, c.now) }) },
  deadline: { type: 'SetDeadline', roles: OFFICE, read: (b, t, c) => withDeadline(b, t, c, (deadline, time) => ({ type: 'SetDeadline', deadline, ...optional('reason', b.reason), ...time })) },
  'return-proposals': { type: 'ProposeReturn', roles: DOING, read: (b, _, c) => plain({ type: 'ProposeReturn', reason: reasonOf(b), ...readTime(b, c.now) }) },
  'return-acceptances': { type: 'AcceptReturn', roles: DECIDING, read: (b, _, c) => plain({ type: 'AcceptReturn', ...optional('reason', b.reason), ...readTime(b, c.now) }) },
  'return-refusals': { type: 'RefuseReturn', roles: DECIDING, read: (b, _, c) => plain({ type: 'RefuseReturn', reason: reasonOf(b), ...readTime(b, c.now) }) },
  transfer: {
    type: 'TransferTask', roles: OFFICE,
    read: (b, t, c) => {
      const time = readTime(b, c.now);
      const toUnitId = knownUnit(b.toUnitId ?? '', '/toUnitId', dayOf(time.occurredAt), c);
      if (!b.deadline) return plain({ type: 'TransferTask', toUnitId, reason: reasonOf(b), ...time });
      return withDeadline(b, t, c, (deadline) => ({ type: 'TransferTask', toUnitId, deadline, reason: reasonOf(b), ...time }));
    },
  },
  suspend: { type: 'SuspendTask', roles: OFFICE, read: (b, _, c) => plain({ type: 'SuspendTask', reason: reasonOf(b), ...optional('document', b.document), ...readTime(b, c.now) }) },
  resume: { type: 'ResumeTask', roles: OFFICE, read: (b, t, c) => withDeadline(b, t, c, (deadline, time) => ({ type: 'ResumeTask', deadline, ...optional('reason', b.reason), ...time })) },
  'completion-submissions': {
    type: 'SubmitCompletion', roles: DOING,
    read: (b, _, c) => {
      const time = readTime(b, c.now);
      const result = b.resultDocument && { number: canonicalDocumentNumber(b.resultDocument.number), date: b.resultDocument.date };
      const evidence = b.evidence?.map((id) => id.toLowerCase());
      return plain({ type: 'SubmitCompletion', ...optional('resultDocument', result), ...(evidence && evidence.length > 0 ? { evidence } : {}), ...time });
    },
  },
  'completion-confirmations': { type: 'ConfirmCompletion', roles: DECIDING, read: (b, _, c) => plain({ type: 'ConfirmCompletion', ...readTime(b, c.now) }) },
  'completion-refusals': { type: 'RefuseCompletion', roles: DECIDING, read: (b, _, c) => plain({ type: 'RefuseCompletion', reason: reasonOf(b), ...readTime(b, c.now) }) },
  reopen: {
    type: 'ReopenTask', roles: OFFICE,
    read: (b, t, c) => (b.deadline ? withDeadline(b, t, c, (deadline, time) => ({ type: 'ReopenTask', deadline, reason: reasonOf(b), ...time })) : plain({ type: 'ReopenTask', reason: reasonOf(b), ...readTime(b, c.now) })),
  },
  withdraw: { type: 'WithdrawTask', roles: OFFICE, read: (b, _, c) => plain({ type: 'WithdrawTask', reason: reasonOf(b), ...readTime(b, c.now) }) },
  cancel: { type: 'CancelTask', roles: OFFICE, read: (b, _, c) => plain({ type: 'CancelTask', reason: reasonOf(b), ...readTime(b, c.now) }) },
  'link-duplicate': { type: 'LinkDuplicate', roles: OFFICE, read: (b, _, c) => plain({ type: 'LinkDuplicate', ofTaskId: b.ofTaskId ?? '', reason: reasonOf(b), ...readTime(b, c.now) }) },
  urge: { type: 'UrgeTask', roles: DECIDING, read: (b, _, c) => plain({ type: 'UrgeTask', ...optional('channel', b.channel), ...readTime(b, c.now) }) },
  agenda: { type: 'RaiseForBriefing', roles: DECIDING, read: (b, _, c) => plain({ type: 'RaiseForBriefing', reason: reasonOf(b), ...readTime(b, c.now) }) },
  'explanation-requests': { type: 'RequestExplanation', roles: DECIDING, read: (b, _, c) => plain({ type: 'RequestExplanation', question: cleanText(b.question ?? ''), ...readTime(b, c.now) }) },
  explanations: { type: 'GiveExplanation', roles: DOING, read: (b, _, c) => plain({ type: 'GiveExplanation', answer: cleanText(b.answer ?? ''), ...readTime(b, c.now) }) },
  'objective-causes': { type: 'ConfirmObjectiveCause', roles: OFFICE, read: (b, _, c) => plain({ type: 'ConfirmObjectiveCause', document: cleanText(b.document ?? ''), reason: reasonOf(b), ...readTime(b, c.now) }) },
  'coordination-answers': { type: 'AnswerCoordination', roles: DOING, unitCoordinates: true, read: (b, _, c) => plain({ type: 'AnswerCoordination', unitId: b.unitId ?? '', ...readTime(b, c.now) }) },
  correct: { type: 'CorrectTask', roles: OFFICE, read: (b, t, c) => readCorrection(b as CorrectDto, t, c) },
  annul: { type: 'AnnulFact', roles: OFFICE, read: (b, _, c) => plain({ type: 'AnnulFact', eventId: (b.eventId ?? '').toLowerCase(), reason: reasonOf(b), ...readTime(b, c.now) }) },
  void: { type: 'VoidTask', roles: OFFICE, read: (b, _, c) => plain({ type: 'VoidTask', reason: reasonOf(b), ...readTime(b, c.now) }) },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type TaskCommandPath = keyof typeof TASK_COMMANDS;
export const endpointOf = (path: TaskCommandPath): Endpoint => TASK_COMMANDS[path];

/** `POST /tasks`: the assignment of a task. @throws Problem 422 naming the field. */
export function readAssignment(body: AssignTaskDto, context: ReadContext): ReadCommand<Extract<TaskCommand, { type: 'AssignTask' }>> {
  const { assignedOn } = body;
  if (body.occurredOn !== undefined && body.occurredOn !== assignedOn) throw disagree('/occurredOn', body.occurredOn, assignedOn);
  if (body.occurredAt !== undefined && dayOf(parseInstant(body.occurredAt)!) !== assignedOn) throw disagree('/occurredAt', body.occurredAt, assignedOn);
  if (assignedOn < body.document.date) throw assignedBeforeDocument('/assignedOn', assignedOn, body.document.date);
  const { deadline, warnings } = readGivenDeadline(body.deadline, '/deadline', { documentDate: body.document.date, receivedOn: assignedOn }, context);
  const leadUnitId = knownUnit(body.leadUnitId, '/leadUnitId', assignedOn, context);
  const task: TaskAssignedData = {
    document: cleanDocument(body.document),
    content: cleanText(body.content),
    ...(body.product === undefined ? {} : { product: cleanText(body.product) }),
    authority: body.authority,
    leadUnitId,
    coordinatingUnitIds: coordinators(body.coordinatingUnitIds ?? [], '/coordinatingUnitIds', leadUnitId, assignedOn, context),
    assignedOn,
    deadline,
    ...optional('field', body.field), ...optional('starred', body.starred), ...optional('weight', body.weight), ...optional('itemId', body.itemId), ...optional('parentTaskId', body.parentTaskId), ...optional('routine', body.routine),
  };
  return { command: { type: 'AssignTask', task, ...readTime(body, context.now, assignedOn) }, warnings };
}

function readCorrection(body: CorrectDto, task: Task, context: ReadContext): ReadCommand<OnTask> {
  const { changes } = body;
  const before = task.assigned;
  const values: Record<string, unknown> = {};
  for (const key of ['authority', 'starred', 'routine'] as const) if (changes[key] !== undefined) values[key] = changes[key];
  for (const key of ['product', 'field', 'weight', 'itemId', 'parentTaskId'] as const) {
    const value = changes[key];
    if (value !== undefined) values[key] = typeof value === 'string' ? cleanText(value) : value;
  }
  if (changes.content !== undefined) values['content'] = cleanText(changes.content);
  const document = changes.document === undefined ? before.document : correctedDocument(before.document, changes.document);
  if (changes.document !== undefined) values['document'] = document;
  const assignedOn = changes.assignedOn ?? before.assignedOn;
  if (assignedOn < document.date) throw assignedBeforeDocument('/changes/assignedOn', assignedOn, document.date);
  if (changes.assignedOn !== undefined) {
    if (startOfDay(assignedOn) > context.now) throw invalid('/changes/assignedOn', 'in-the-future', `Ngày giao ${dayVi(assignedOn)} ở sau hôm nay.`, assignedOn);
    values['assignedOn'] = assignedOn;
  }
  const leadUnitId = changes.leadUnitId === undefined ? before.leadUnitId : knownUnit(changes.leadUnitId, '/changes/leadUnitId', assignedOn, context);
  if (changes.leadUnitId !== undefined) values['leadUnitId'] = leadUnitId;
  if (changes.coordinatingUnitIds !== undefined) values['coordinatingUnitIds'] = coordinators(changes.coordinatingUnitIds, '/changes/coordinatingUnitIds', leadUnitId, assignedOn, context);
  else if (before.coordinatingUnitIds.includes(leadUnitId)) values['coordinatingUnitIds'] = before.coordinatingUnitIds.filter((id) => id !== leadUnitId);
  let warnings: readonly Warning[] = [];
  if (changes.deadline !== undefined) {
    const reading = readGivenDeadline(changes.deadline, '/changes/deadline', { documentDate: document.date, receivedOn: assignedOn }, context);
    values['deadline'] = reading.deadline;
    warnings = reading.warnings;
  } else if (before.deadline.phrase !== undefined && (document.date !== before.document.date || assignedOn !== before.assignedOn)) {
    warnings = [{ code: 'deadline-not-recounted', detail: `Thời hạn “${before.deadline.phrase}” vẫn giữ ngày đã tính; nếu cụm từ tính từ ngày vừa đính chính, hãy đính chính cả thời hạn.` }];
  }
  return { command: { type: 'CorrectTask', changes: values, reason: cleanText(body.reason), ...readTime(body, context.now) }, warnings };
}

function correctedDocument(before: DirectiveDocument, changes: NonNullable<ChangesDto['document']>): DirectiveDocument {
  const document: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(changes) as [string, string | null | undefined][]) {
    if (value === undefined) continue;
    if (value === null) Reflect.deleteProperty(document, key);
    else document[key] = key === 'number' ? canonicalDocumentNumber(value) : cleanText(value);
  }
  return document as unknown as DirectiveDocument;
}

function cleanDocument(document: DocumentDto): DirectiveDocument {
  return {
    number: canonicalDocumentNumber(document.number), date: document.date, issuer: cleanText(document.issuer), title: cleanText(document.title),
    ...(document.signerTitle === undefined ? {} : { signerTitle: cleanText(document.signerTitle) }),
    ...(document.urgency === undefined ? {} : { urgency: cleanText(document.urgency) }),
  };
}

function coordinators(ids: readonly string[], pointer: string, leadUnitId: string, on: Day, context: ReadContext): readonly string[] {
  return [...new Set(ids.map((id, n) => knownUnit(id, `${pointer}/${String(n)}`, on, context)))].filter((id) => id !== leadUnitId);
}

function knownUnit(id: string, pointer: string, on: Day, context: ReadContext): string {
  const trouble = context.unitTrouble(id, on);
  if (trouble) throw invalid(pointer, trouble.code, trouble.detail, id);
  return id;
}

/** When the fact happened: as given, else now. `day` is the day that stands for the fact where none is given. */
export function readTime(body: FactDto, now: Instant, day: Day | undefined = body.occurredOn): FactTime {
  const at = body.occurredAt === undefined ? undefined : parseInstant(body.occurredAt);
  if (at !== undefined && body.occurredOn !== undefined && dayOf(at) !== body.occurredOn) throw disagree('/occurredAt', body.occurredAt, body.occurredOn);
  return {
    occurredAt: at ?? (day === undefined ? now : startOfDay(day)),
    byDay: at === undefined && day !== undefined,
    ...optional('backdateReason', body.backdateReason), ...optional('backdateDocument', body.backdateDocument), ...optional('note', body.note),
  };
}

/** A deadline given on the way: "kể từ ngày nhận được" counts from the day of the fact. */
function withDeadline(body: Body, task: Task, context: ReadContext, make: (deadline: Deadline, time: FactTime) => OnTask): ReadCommand<OnTask> {
  const time = readTime(body, context.now);
  const { deadline, warnings } = readGivenDeadline(body.deadline!, '/deadline', { documentDate: context.saidOn ?? task.assigned.document.date, receivedOn: dayOf(time.occurredAt) }, context);
  return { command: make(deadline, time), warnings };
}

/** @throws Problem 422 with the phrases that are understood, and the occurrences of a recurrence. */
export function readGivenDeadline(given: DeadlineDto, pointer: string, from: { readonly documentDate: Day; readonly receivedOn: Day }, context: ReadContext): { readonly deadline: Deadline; readonly warnings: readonly Warning[] } {
  const reading = readDeadline(toInput(given, pointer), { documentDate: from.documentDate, receivedOn: given.receivedOn ?? from.receivedOn, policy: context.policy, calendar: context.calendar });
  if (!reading.ok) {
    throw new Problem(422, reading.code, 'Thời hạn không dùng được', reading.detail, {
      errors: [{ pointer, code: reading.code, detail: reading.detail, given: reading.given }],
      extra: { examples: reading.examples, ...(reading.occurrences === undefined ? {} : { occurrences: reading.occurrences, occurrencePhrases: reading.occurrencePhrases }) },
    });
  }
  const { deadline, warnings } = reading;
  if (deadline.kind === 'none' || endOfDay(deadline.dueOn) > context.now) return { deadline, warnings };
  return { deadline, warnings: [...warnings, { code: 'deadline-already-passed', detail: `Thời hạn ${dayVi(deadline.dueOn)} đã qua khi ghi.` }] };
}

/** Exactly one of phrase, date, none. */
function toInput(given: DeadlineDto, pointer: string): DeadlineInput {
  const kinds = [given.phrase !== undefined, given.date !== undefined, given.none === true].filter(Boolean).length;
  if (kinds !== 1) throw invalid(pointer, 'deadline-ambiguous', 'Thời hạn cần đúng một trong ba: phrase, date hoặc none.', Object.keys(given));
  if (given.phrase !== undefined) return { phrase: given.phrase, ...(given.receivedOn === undefined ? {} : { receivedOn: given.receivedOn }) };
  if (given.date === undefined) return { none: true };
  if (given.time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(given.time)) throw invalid(`${pointer}/time`, 'time-invalid', `Giờ “${given.time}”: cần dạng HH:MM.`, given.time);
  return { date: given.date, ...(given.time === undefined ? {} : { time: given.time }) };
}

export function invalid(pointer: string, code: string, detail: string, given: unknown): Problem {
  return new Problem(422, code, 'Nội dung không hợp lệ', detail, { errors: [{ pointer, code, detail, given }] });
}

const assignedBeforeDocument = (pointer: string, assignedOn: Day, documentDate: Day): Problem =>
  invalid(pointer, 'assigned-before-document', `Ngày giao ${dayVi(assignedOn)} trước ngày văn bản ${dayVi(documentDate)}.`, assignedOn);

const disagree = (pointer: string, given: unknown, other: string): Problem => invalid(pointer, 'dates-disagree', `“${String(given)}” không khớp với ngày ${other}.`, given);
