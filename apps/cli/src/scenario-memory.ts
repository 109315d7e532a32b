import { calendarWith, FIXED_DATE_POLICIES, lastInstantInTime, parseCalendarYear, publishCalendarYear, recomputeDeadline, type CalendarYear, type CalendarYearState, type WorkingCalendar } from '#deadlines';
import {
  balancesOf, CELLS, Columns, duesOf, FLOWS, learn, newTask, OUT_REASONS, PARTS, RATE_SIDES, RATES, rangePeriod, rateOf, rateSide, readPeriod, reportingYearContaining, selecting, sentence, sumCounts, timeline,
  type Counts, type FiguresQuery, type GroupBy, type KnownTask, type Rounding, type Selector,
} from '#figures';
import { addDays, dayOf, daysBetween, derivedId, endOfDay, instantVi, isDay, parseInstant, Problem, startOfDay, type Instant } from '#kernel';
import { decideUnit, Organisation, type UnitCommand } from '#organisation';
import { stops, type Answer, type Driver } from '#scenarios';
import { decideSecretCount, secretCountsIn, type SecretCountEntry } from '#secret-counts';
import { decideSettings, foldSettings, type RecordedSettings } from '#settings';
import { decide, endOfOpenDeadline, evolve, foldAt, initial, type DecideContext, type Task, type TaskAssignedData, type TaskCommand, type TaskFact, type TaskState } from '#tasks';
import type { AssignTaskDto } from '../../api/src/http/dto.ts';
import { endpointOf, readAssignment, TASK_COMMANDS, type ReadContext, type TaskCommandPath } from '../../api/src/tasks/task-command-reader.ts';

type Json = Readonly<Record<string, unknown>>;

interface MemoryTask {
  state: TaskState;
  readonly known: KnownTask;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * The domain alone: deciders, timeline and columns in memory, with no storage and no server. Bodies become commands by the program's own
 * reader; figures are asked straight of the columns, so that what the doors do on the way is not part of the answer.
 */
export class MemoryDriver implements Driver {
  readonly name = 'thuần';
  private now: Instant = 0;
  private position = 0;
  private readonly shipped: WorkingCalendar;
  private calendar: WorkingCalendar;
  private readonly tasks = new Map<string, MemoryTask>();
  /** Ends of open deadlines whose passing is not recorded. */
  private readonly open = new Map<string, Instant>();
  private readonly recorded: { readonly at: Instant; readonly position: number }[] = [];
  private readonly organisation = new Organisation();
  private readonly columns = new Columns();
  private readonly secret: SecretCountEntry[] = [];
  private readonly settingsHistory: RecordedSettings[] = [];
  private readonly published: CalendarYear[] = [];

  constructor(calendar: WorkingCalendar) {
    this.shipped = calendar;
    this.calendar = calendar;
  }

  async advance(to: Instant): Promise<void> {
    for (const stop of this.now === 0 ? [to] : stops(this.now, to)) {
      this.now = Math.max(this.now, stop);
      for (const [taskId, end] of [...this.open].filter(([, last]) => last < this.now).sort((a, b) => a[1] - b[1])) {
        this.write(taskId, { type: 'RecordOverdue' });
        if (this.open.get(taskId) === end) this.open.delete(taskId);
      }
    }
  }

  async post(path: string, body: object, actor: string): Promise<Answer> {
    try {
      return this.command(path.split('/').slice(1), body as Json, actor);
    } catch (error) {
      return refusal(error);
    }
  }

  async get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    try {
      return { status: 200, body: this.query(path.split('/').slice(1), query) };
    } catch (error) {
      return refusal(error);
    }
  }

  async close(): Promise<void> {
    this.tasks.clear();
  }

  private command([room, id, segment]: readonly string[], body: Json, actor: string): Answer {
    if (room === 'tasks' && id === undefined) {
      const { command, warnings } = readAssignment(body as unknown as AssignTaskDto, this.reading());
      this.requireGiver(command.task, actor);
      return this.written(derivedId('scenario', String(this.tasks.size)), command, warnings, 201);
    }
    if (room === 'tasks' && segment !== undefined && Object.hasOwn(TASK_COMMANDS, segment)) return this.onTask(id!, segment as TaskCommandPath, body, actor);
    if (['units', 'settings', 'calendar'].includes(room ?? '') && who(actor).role !== 'admin') throw forbidden('not-permitted', actor);
    if (room === 'units') return this.unit(id ?? text(body['id']), segment ?? 'establish', body);
    if (room === 'settings') {
      for (const event of accepted(decideSettings(body, foldSettings(this.settingsHistory)))) this.settingsHistory.push({ ...event, position: BigInt(this.record()) });
      return { status: 200, body: {} };
    }
    if (room === 'secret-counts') {
      const count = { unitId: text(body['unitId']), from: text(body['from']), to: text(body['to']), assigned: Number(body['assigned']), completed: Number(body['completed']) };
      for (const { data } of accepted(decideSecretCount(count, this.secret, { today: dayOf(this.now) }))) this.secret.push({ ...data, position: BigInt(this.record()) });
      return { status: 201, body: {} };
    }
    if (room === 'calendar') {
      const year = Number(id);
      const before = this.published.filter((published) => published.year === year);
      const state: CalendarYearState = { published: before.length, ...(before.length === 0 ? {} : { current: before.at(-1)! }) };
      for (const { data } of accepted(publishCalendarYear(parseCalendarYear(body, year), state))) this.published.push(data);
      this.record();
      this.calendar = calendarWith(this.shipped, this.published);
      return { status: 200, body: {} };
    }
    if (room === 'deadlines' && id === 'recompute') return this.recompute(body);
    throw new Problem(404, 'path-unknown', 'Không có đường dẫn', `Không có đường dẫn ${[room, id, segment].filter(Boolean).join('/')} khi chạy thuần.`);
  }

  private onTask(id: string, segment: TaskCommandPath, body: Json, actor: string): Answer {
    const task = this.tasks.get(id);
    if (task?.state.kind !== 'task') throw new Problem(404, 'task-not-found', 'Không tìm thấy việc', `Không có việc “${id}”.`);
    const endpoint = endpointOf(segment);
    const { role, unitId } = who(actor);
    if (!(endpoint.roles as readonly string[]).includes(role)) throw forbidden('not-permitted', actor);
    if (role === 'unit' && endpoint.unitCoordinates === true && !task.state.assigned.coordinatingUnitIds.includes(unitId)) throw forbidden('not-coordinating-unit', actor);
    if (role === 'unit' && endpoint.unitCoordinates !== true && task.state.leadUnitId !== unitId) throw forbidden('not-lead-unit', actor);
    if (segment === 'link-duplicate') this.requireOriginal(text(body['ofTaskId']), id);
    const { command, warnings } = endpoint.read(body, task.state, this.reading());
    return this.written(id, command, warnings, 200);
  }

  /** Counts again the deadlines of the tasks named; those that stay as they are need no event. */
  private recompute(body: Json): Answer {
    const recomputed: string[] = [];
    for (const taskId of body['taskIds'] as readonly string[]) {
      const { state } = this.tasks.get(taskId)!;
      if (state.kind !== 'task' || state.deadline.kind === 'none') continue;
      const reading = recomputeDeadline(state.deadline, this.calendar, { documentDate: state.assigned.document.date, receivedOn: state.assigned.assignedOn });
      if (!reading.ok || lastInstantInTime(reading.deadline) === lastInstantInTime(state.deadline)) continue;
      this.write(taskId, { type: 'RecomputeDeadline', deadline: reading.deadline, calendarVersion: this.calendar.version, reason: text(body['reason']), occurredAt: this.now, byDay: false });
      recomputed.push(taskId);
    }
    return { status: 200, body: { recomputed } };
  }

  /** domain.md §8: the office gives tasks, a unit only subtasks of its own ones inside itself; subtasks have none of their own. */
  private requireGiver({ parentTaskId, leadUnitId, assignedOn }: TaskAssignedData, actor: string): void {
    const { role, unitId } = who(actor);
    if (role !== 'office' && (role !== 'unit' || parentTaskId === undefined)) throw forbidden('not-permitted', actor);
    if (parentTaskId === undefined) return;
    const parent = this.tasks.get(parentTaskId)?.state;
    if (parent?.kind !== 'task') throw new Problem(422, 'task-unknown', '', `Không có việc cha “${parentTaskId}”.`);
    if (parent.assigned.parentTaskId !== undefined) throw new Problem(422, 'parent-is-subtask', '', 'Việc cha đã là việc con của việc khác.');
    if (role !== 'unit') return;
    if (parent.leadUnitId !== unitId) throw forbidden('not-lead-unit', actor);
    if (!this.organisation.tree(unitId, { organisedAs: 'was', on: assignedOn }).has(leadUnitId)) throw forbidden('outside-own-unit', actor);
  }

  /** Two tasks that each say that the other is the one that counts would leave none. */
  private requireOriginal(ofTaskId: string, taskId: string): void {
    if (ofTaskId === taskId) throw new Problem(422, 'duplicate-of-itself', '', 'Việc không thể trùng với chính nó.');
    const original = this.tasks.get(ofTaskId)?.state;
    if (original?.kind !== 'task') throw new Problem(422, 'task-unknown', '', `Không có việc “${ofTaskId}”.`);
    if (original.work === 'duplicate' || original.work === 'voided') throw new Problem(422, 'original-not-counted', '', 'Việc được dẫn tới không còn được tính.');
  }

  private unit(unitId: string, segment: string, body: Json): Answer {
    const { id: _, openTasks, ...rest } = body;
    const type = ({ establish: 'EstablishUnit', rename: 'RenameUnit', move: 'MoveUnit', 'merge-into': 'MergeUnit', split: 'SplitUnit', dissolve: 'DissolveUnit' } as const)[segment];
    const decision = decideUnit({ type, unitId, ...rest } as unknown as UnitCommand, this.organisation.state(unitId), { today: dayOf(this.now), organisation: this.organisation });
    for (const event of accepted(decision)) this.organisation.apply({ ...event, position: BigInt(this.record()) });
    const toUnitId = typeof openTasks === 'object' && openTasks !== null ? text((openTasks as Json)['toUnitId']) : undefined;
    if (toUnitId !== undefined) {
      for (const [taskId, { state }] of this.tasks) {
        if (state.kind !== 'task' || state.work !== 'open' || state.leadUnitId !== unitId) continue;
        this.write(taskId, { type: 'TransferTask', toUnitId, reason: text(body['legalBasis']), occurredAt: startOfDay(text(body['on'])), byDay: true });
      }
    }
    return { status: 200, body: { id: unitId } };
  }

  private reading(): ReadContext {
    return {
      now: this.now, calendar: this.calendar, policy: foldSettings(this.settingsHistory).fixedDatePolicy,
      unitTrouble: (unitId, on) => {
        const unit = this.organisation.unit(unitId);
        if (unit === undefined) return { code: 'unit-unknown', detail: `Không có đơn vị “${unitId}” trong danh mục.` };
        return unit.endedOn === undefined || on < unit.endedOn ? undefined : { code: 'unit-ended', detail: `“${unit.name}” đã kết thúc hoạt động ngày ${unit.endedOn}.` };
      },
    };
  }

  private written(taskId: string, command: TaskCommand, warnings: readonly unknown[], status: number): Answer {
    const events = this.write(taskId, command);
    const { state } = this.tasks.get(taskId)!;
    return { status, body: { id: taskId, revision: state.kind === 'task' ? state.facts.length - 1 : -1, events, warnings } };
  }

  /** @throws Problem as the decider refuses. */
  private write(taskId: string, command: TaskCommand): readonly string[] {
    const task = this.tasks.get(taskId) ?? { state: initial, known: newTask() };
    const context: DecideContext = { now: this.now, assignWithoutReasonFrom: this.calendar.addWorkingDays(dayOf(this.now), -2) };
    const decision = decide(command, task.state, context);
    if (!decision.ok) {
      const { status, code, detail, fact } = decision.rejection;
      throw new Problem(status, code, '', detail, fact === undefined ? {} : { extra: { fact } });
    }
    for (const { occurredAt, ...event } of decision.events) {
      const position = this.record();
      const revision = task.state.kind === 'task' ? task.state.facts.length : 0;
      const fact = { ...event, eventId: derivedId(taskId, String(revision)), revision, position: BigInt(position), occurredAt, recordedAt: this.now } as TaskFact;
      task.state = evolve(task.state, fact);
      learn(task.known, fact);
      this.columns.merge(taskId, task.known.rows);
    }
    this.tasks.set(taskId, task);
    const end = endOfOpenDeadline(task.state);
    if (end === undefined) this.open.delete(taskId);
    else this.open.set(taskId, end);
    return decision.events.map(({ type }) => type);
  }

  private record(): number {
    this.recorded.push({ at: this.now, position: ++this.position });
    return this.position;
  }

  private query([room, id, segment]: readonly string[], query: Readonly<Record<string, string>>): object {
    const at = query['asOf'] === undefined ? this.now : lastOf(query['asOf']);
    const known = query['knownAt'] === undefined ? null : this.knownAt(lastOf(query['knownAt']));
    if (room === 'tasks') {
      const task = this.tasks.get(id ?? '');
      const facts = (task?.state.kind === 'task' ? task.state.facts : []).filter((fact) => known === null || fact.position <= known);
      if (segment === 'events') return { items: facts.map(({ eventId, type, revision }) => ({ id: eventId, type, revision })), total: facts.length };
      return this.task(id ?? '', facts, at, known);
    }
    const question = this.question(query, at, known);
    if (id === 'coordination') return this.coordination(question);
    if (id === 'list') {
      const items = this.columns.list(question, selecting(selectorOf(query))).map(({ taskId, cell, unitId }) => ({ id: taskId, cell, leadUnitId: unitId }));
      return { items, total: items.length, nextCursor: null };
    }
    return this.figures(question, query, at, known);
  }

  private task(id: string, facts: readonly TaskFact[], at: Instant, known: bigint | null): object {
    const state = foldAt(facts, at);
    if (state.kind === 'none') throw new Problem(404, 'task-not-found', 'Không tìm thấy việc', `Không có việc “${id}” tại mốc đã hỏi.`);
    const last = this.columns.ofTask(id, at, known).at(-1);
    const { deadline, submission, completed } = state;
    const due = lastInstantInTime(deadline);
    return {
      id, state: state.work, cell: last?.cell ?? null, leadUnitId: state.leadUnitId, deadline,
      approvalDelayDays: submission === undefined || completed === undefined ? null : daysBetween(dayOf(submission.occurredAt), dayOf(completed.occurredAt)),
      daysLate: last?.cell === 'O2' ? daysBetween(dayOf(due), dayOf(at)) : null,
    };
  }

  private knownAt(moment: Instant): bigint {
    let position = 0;
    for (const fact of this.recorded) {
      if (fact.at > moment) break;
      position = fact.position;
    }
    return BigInt(position);
  }

  private question(query: Readonly<Record<string, string>>, at: Instant, known: bigint | null): FiguresQuery {
    const day = dayOf(at);
    const { unitId, from, to, period: named, organisedAs = 'was' } = query;
    const period = from !== undefined || to !== undefined ? rangePeriod(from ?? '', to ?? '') : named === undefined ? reportingYearContaining(day) : readPeriod(named);
    if (period === undefined) throw new Problem(400, 'parameter-invalid', 'Tham số không hợp lệ', `Không có kỳ “${named ?? `${from ?? ''}…${to ?? ''}`}”.`);
    if (day < period.from || day > period.to) throw new Problem(422, 'cut-off-outside-period', 'Mốc chốt ngoài kỳ', `${day} không nằm trong ${period.from} – ${period.to}.`);
    const as = organisedAs === 'is' ? 'is' : 'was';
    const unitIds = unitId === undefined ? undefined : query['scope'] === 'tree' ? this.organisation.tree(unitId, { on: day, known, organisedAs: as }) : this.organisation.self(unitId, { known, organisedAs: as });
    const policy = FIXED_DATE_POLICIES.find((name) => name === query['fixedDatePolicy']);
    return {
      at, known, p0: startOfDay(period.from), p1: endOfDay(period.to), cohort: (query['cohort'] ?? 'C2') as FiguresQuery['cohort'], basis: (query['deadlineBasis'] ?? 'current') as FiguresQuery['basis'],
      ...(unitIds === undefined ? {} : { unitIds }), ...(query['authority'] === undefined ? {} : { authority: query['authority'] }), ...(policy === undefined ? {} : { policy }),
      ...(as === 'is' ? { standsUnder: (unit: string) => this.organisation.successorOf(unit, known) } : {}), ...(query['groupBy'] === undefined ? {} : { groupBy: query['groupBy'] as GroupBy }),
    };
  }

  private figures(question: FiguresQuery, query: Readonly<Record<string, string>>, at: Instant, known: bigint | null): object {
    const rounding = (query['rounding'] ?? 'half-up') as Rounding;
    const groups = this.columns.evaluate(question);
    const counts = sumCounts(groups.values());
    const numbers = (of: Counts): object => ({ cells: of.cells, parts: of.parts, total: of.total, out: of.out, flow: of.flow, rates: RATES.map((rate) => rateOf(rate, of, rounding)) });
    const asOf = query['asOf'] ?? '';
    return {
      ...numbers(counts), balances: balancesOf(counts, question.cohort), sentence: sentence(counts, isDay(asOf) ? asOf : { words: instantVi(at) }, rounding),
      secretCounts: secretCountsIn(this.secret, { from: dayOf(question.p0), to: dayOf(question.p1 - 1), asOf: dayOf(at), known, ...(question.unitIds === undefined ? {} : { unitIds: question.unitIds }) }),
      groups: [...groups].map(([key, group]) => ({ key, ...numbers(group) })),
    };
  }

  /** RC, naively: for every counted task each of its coordinators by the rules of domain.md §4.3. */
  private coordination(question: FiguresQuery): object {
    const units = new Map<string, { answered: number; answeredInTime: number; unansweredOverdue: number }>();
    for (const { taskId } of this.columns.list(question, selecting({ by: 'all' }))) {
      const { state } = this.tasks.get(taskId)!;
      const facts = (state as Task).facts.filter((fact) => question.known === null || fact.position <= question.known);
      const now = foldAt(facts, question.at);
      if (now.kind === 'none') continue;
      for (const unitId of now.assigned.coordinatingUnitIds) {
        const answer = now.coordination[unitId];
        const due = answer === undefined ? lastInstantInTime(now.deadline) : (timeline(facts).filter((row) => row.from <= answer.occurredAt).at(-1)?.due ?? duesOf(now.deadline))[3];
        const unit = units.get(unitId) ?? { answered: 0, answeredInTime: 0, unansweredOverdue: 0 };
        units.set(unitId, unit);
        if (due === Infinity) continue;
        if (answer !== undefined) {
          unit.answered++;
          if (answer.occurredAt <= due) unit.answeredInTime++;
        } else if (question.at > due + 1) unit.unansweredOverdue++;
      }
    }
    const shown = (unit: { answered: number; answeredInTime: number; unansweredOverdue: number }): object => {
      const denominator = unit.answered + unit.unansweredOverdue;
      const counts = { ...sumCounts([]), total: 0 };
      counts.cells.D1 = unit.answeredInTime;
      counts.cells.D2 = denominator - unit.answeredInTime;
      return { ...unit, denominator, text: rateOf(RATES[0]!, counts, 'half-up').text };
    };
    const total = { answered: 0, answeredInTime: 0, unansweredOverdue: 0 };
    for (const unit of units.values()) for (const key of ['answered', 'answeredInTime', 'unansweredOverdue'] as const) total[key] += unit[key];
    return { total: shown(total), units: [...units].map(([unitId, unit]) => ({ unitId, ...shown(unit) })) };
  }
}

function who(actor: string): { readonly role: string; readonly unitId: string } {
  const [role, unitId] = actor.split(':');
  return { role: role!, unitId: unitId ?? '' };
}

const forbidden = (code: string, actor: string): Problem => new Problem(403, code, 'Không có quyền', `“${actor}” không được thực hiện việc này.`);

/** @throws Problem where the decider refused. */
function accepted<E>(decision: { readonly ok: true; readonly events: readonly E[] } | { readonly ok: false; readonly rejection: { readonly status: number; readonly code: string; readonly detail: string } }): readonly E[] {
  if (decision.ok) return decision.events;
  const { status, code, detail } = decision.rejection;
  throw new Problem(status, code, '', detail);
}

/** Which number a list stands behind, from the parameters of `GET /figures/list`. */
function selectorOf({ cell, part, flow, out, rate, side }: Readonly<Record<string, string>>): Selector {
  const named = <T extends string>(names: readonly T[], given: string): T => names.find((name) => name === given) ?? names[0]!;
  if (cell !== undefined) return { by: 'cell', cells: cell.split(',').map((one) => named(CELLS, one)) };
  if (part !== undefined) return { by: 'part', part: named(PARTS, part) };
  if (flow !== undefined) return { by: 'flow', flow: named(FLOWS, flow) };
  if (out !== undefined) return { by: 'out', reason: named(OUT_REASONS, out) };
  const definition = RATES.find(({ code }) => code === rate);
  return definition === undefined ? { by: 'all' } : rateSide(definition, RATE_SIDES.find((one) => one === side) ?? 'denominator');
}

/** A day as the last millisecond before its 24:00, or an instant as itself. */
function lastOf(moment: string): Instant {
  return isDay(moment) ? startOfDay(addDays(moment, 1)) - 1 : parseInstant(moment)!;
}

function refusal(error: unknown): Answer {
  if (!(error instanceof Problem)) throw error;
  const { status, code, detail, errors, extra } = error;
  return { status, body: { status, code, detail, errors, ...extra } };
}
