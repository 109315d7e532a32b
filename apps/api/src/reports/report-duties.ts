import type { Actor, EventLog } from '#event-log';
import { readPeriod } from '#figures';
import { addDays, dayOf, derivedId, endOfDay, Problem, type Clock, type Day, type Ids, type Instant } from '#kernel';
import type { ReportDuty } from '#settings';
import type { ReferenceData } from '../reference/reference-data.ts';
import type { ReferenceService } from '../reference/reference-service.ts';
import { readAssignment } from '../tasks/task-command-reader.ts';
import { readContext } from '../tasks/task-requests.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { draftReport } from './report-lives.ts';
import { periodWords } from './report-service.ts';
import { REPORT_FIELD } from './report-field.ts';
import { chooseTemplate, loadTemplates } from './template-library.ts';

/** Settings may be changed, and the clock of the machine set forward, while we wait: looked at anew this often. */
const LONGEST_WAIT = 60_000;
const ACTOR: Actor = { id: 'reports', role: 'system' };

/** A report that somebody owes for one period. */
export interface Occurrence {
  readonly duty: ReportDuty;
  readonly period: string;
  readonly from: Day;
  readonly to: Day;
  readonly cutOff: Day;
}

/** Every report owed whose cut-off lies up to this instant, and those of this and the next year that are to come; both oldest first. */
export function occurrencesAt(duties: readonly ReportDuty[], now: Instant): { readonly passed: readonly Occurrence[]; readonly coming: readonly Occurrence[] } {
  const all: Occurrence[] = [];
  for (const duty of duties) {
    // The reporting year ends in its own December; the first quarter of the next one in March.
    for (let year = Number(duty.from.slice(0, 4)); year <= Number(dayOf(now).slice(0, 4)) + 1; year++) {
      for (const part of duty.periods) {
        const period = part === 'year' ? String(year) : `${String(year)}-${part}`;
        const { from, to } = readPeriod(period)!;
        const cutOff = addDays(to, -duty.cutOffDaysBefore);
        if (cutOff >= duty.from && cutOff >= from) all.push({ duty, period, from, to, cutOff });
      }
    }
  }
  all.sort((a, b) => (a.cutOff < b.cutOff ? -1 : a.cutOff > b.cutOff ? 1 : 0));
  const first = all.findIndex(({ cutOff }) => endOfDay(cutOff) > now);
  return first < 0 ? { passed: all, coming: [] } : { passed: all.slice(0, first), coming: all.slice(first) };
}

export interface DutyPorts {
  readonly log: EventLog;
  readonly reference: ReferenceData;
  readonly referenceCommands: ReferenceService;
  readonly tasks: TaskService;
  readonly ids: Ids;
  readonly dataDir: string;
  readonly clock: Clock;
}

/** The day a report has to be handed in. */
export const dueOnOf = ({ duty, cutOff }: Occurrence, { calendar }: Pick<ReferenceData, 'calendar'>): Day => calendar.addWorkingDays(cutOff, duty.dueWorkingDays);

/**
 * Prepares what is owed when its cut-off has passed: a draft of the report, and the task of the unit to hand it in. It keeps nothing of its
 * own: settings say what is owed, the ids of report and task come from unit, form and period, and the reports there are say what is done; so a
 * restart, a downtime or a second instance cannot double one.
 */
export class ReportDutyProcess {
  private readonly ports: DutyPorts;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private preparing: Promise<unknown> = Promise.resolve();
  /** What could not be prepared is told once, and tried again every time. */
  private readonly told = new Set<string>();

  constructor(ports: DutyPorts) {
    this.ports = ports;
  }

  /** Prepares everything that has passed, then waits for the next. */
  async start(): Promise<void> {
    await this.prepareDue();
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.preparing;
  }

  /** Prepares every report whose cut-off has passed and that is not there yet; returns how many were prepared. */
  async prepareDue(): Promise<number> {
    const { reference, tasks } = this.ports;
    const duties = reference.settings().reportDuties ?? [];
    if (duties.length === 0) return 0;
    await reference.catchUp();
    const now = await tasks.now();
    let prepared = 0;
    for (const occurrence of occurrencesAt(duties, now).passed) {
      if (this.stopping.signal.aborted) break;
      const id = reportIdFor(occurrence);
      if (reference.reports.get(id)) continue;
      try {
        await this.prepare(id, occurrence, now);
        prepared++;
      } catch (error) {
        // Another instance was faster.
        if (error instanceof Problem && (error.code === 'report-exists' || error.code === 'concurrent-change')) continue;
        this.tell(id, occurrence, error);
      }
    }
    return prepared;
  }

  private async prepare(id: string, occurrence: Occurrence, now: Instant): Promise<void> {
    const { duty, period, from, to, cutOff } = occurrence;
    const { reference, tasks, dataDir } = this.ports;
    const { unitId, templateId, document } = duty;
    const { template } = chooseTemplate(loadTemplates(dataDir), templateId, to);
    const assignedOn = addDays(cutOff, 1);
    const dueOn = dueOnOf(occurrence, reference);
    const taskId = derivedId('task-of-report', id);
    const words = periodWords(period, { from, to });
    const planned = await tasks.plan({
      taskId, actor: ACTOR, begins: true, causedBy: id,
      prepare: (_, at) => readAssignment(
        {
          document: { ...document, title: `Chế độ báo cáo định kỳ: ${template.name}` }, content: `Lập và gửi ${template.name}, ${words}`, product: 'Báo cáo', authority: 'ubnd-tinh', leadUnitId: unitId, assignedOn, deadline: { date: dueOn }, field: REPORT_FIELD,
          ...(dayOf(now) > assignedOn ? { backdateReason: 'Kỳ báo cáo đã qua khi hệ thống ghi' } : {}),
        },
        readContext({ reference }, at),
      ),
    });
    await draftReport({ unitId, period, asOf: cutOff, templateId: template.id }, { actor: ACTOR }, this.ports, { id, due: { dutyId: dutyIdOf(duty), dueOn, taskId }, with: 'append' in planned ? [planned.append] : [] });
  }

  private schedule(): void {
    if (this.stopping.signal.aborted) return;
    const { reference, clock } = this.ports;
    const now = clock.now();
    const [next] = occurrencesAt(reference.settings().reportDuties ?? [], now).coming;
    this.timer = setTimeout(() => {
      this.preparing = this.prepareDue().catch((error: unknown) => { process.stderr.write(`Chưa lập được báo cáo đến kỳ, sẽ thử lại: ${wordsOf(error)}\n`); }).then(() => { this.schedule(); });
    }, Math.min(Math.max((next ? endOfDay(next.cutOff) : Infinity) - now + 1, 0), LONGEST_WAIT));
    this.timer.unref();
  }

  private tell(id: string, { duty, period }: Occurrence, error: unknown): void {
    if (this.told.has(id)) return;
    this.told.add(id);
    process.stderr.write(`Chưa lập được báo cáo ${period} của “${duty.unitId}”, sẽ thử lại: ${wordsOf(error)}\n`);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Problem ? error.detail : error instanceof Error ? error.message : String(error));
const dutyIdOf = ({ unitId, templateId = '' }: ReportDuty): string => derivedId('report-duty', unitId, templateId);
const reportIdFor = ({ duty: { unitId, templateId = '' }, period }: Occurrence): string => derivedId('owed-report', unitId, templateId, period);
