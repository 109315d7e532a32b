import { deadlineVi, foldBriefing, KIND_NAMES_VI, PAGE_NAMES_VI } from '#briefing';
import type { Actor, RecordedEvent } from '#event-log';
import { dayOf, isoInstant } from '#kernel';
import { foldReport, REPORT_EVENT_NAMES_VI, REPORT_FILES, reportSentence, type ReportFact } from '#reports';
import { briefingNotFound } from '../briefing/briefing-service.ts';
import { toBriefingFact, type KnownBriefing } from '../briefing/briefings.ts';
import { replayItems } from '../briefing/views.ts';
import type { Point } from '../http/points.ts';
import { periodWords } from '../reports/report-service.ts';
import type { Runtime } from '../runtime.ts';

/** An event in the life of a meeting or of a report, in the words of the one of a task. */
export interface LifeItem {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly revision: number;
  readonly position: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly backdated: boolean;
  readonly actor: Actor;
  readonly sentence: string;
  readonly annulledBy: null;
  readonly repairs: null;
  readonly effective: true;
  /** The task in whose stream it stands; null for the life's own. */
  readonly taskId: string | null;
  readonly taskCode: string | null;
  readonly data: unknown;
}

/** @throws Problem 404 */
export async function findBriefing(id: string, { briefings }: Pick<Runtime, 'briefings'>): Promise<KnownBriefing> {
  await briefings.catchUp();
  const found = briefings.get(id);
  if (!found) throw briefingNotFound(id);
  return found;
}

type Told = Omit<LifeItem, 'backdated' | 'annulledBy' | 'repairs' | 'effective'>;
const item = (told: Told): LifeItem => ({ ...told, backdated: dayOf(Date.parse(told.recordedAt)) > dayOf(Date.parse(told.occurredAt)), annulledBy: null, repairs: null, effective: true });

/** All that a meeting recorded up to K, in its own stream and in tasks, oldest first. */
export async function briefingLife(known: KnownBriefing, point: Point, runtime: Runtime): Promise<readonly LifeItem[]> {
  const items = (await replayItems(known, runtime)) as readonly Told[];
  return items.filter(({ position }) => BigInt(position) <= point.known).map(item);
}

/** The meeting as it stood at K, a field a line; null before it was opened. */
export async function briefingStateAt({ id, facts }: KnownBriefing, point: Point, runtime: Runtime) {
  const { reference, board } = runtime;
  const state = foldBriefing(facts.filter(({ position }) => position <= point.known).map(toBriefingFact));
  if (state.kind === 'none') return null;
  const unit = (unitId: string): string => reference.unitName(unitId, dayOf(state.openedAt), point.known);
  const codes = await board.codesOf(state.conclusions.flatMap(({ taskId }) => taskId ?? []));
  return {
    kind: 'briefing', id, name: state.name, status: state.closed === null ? 'open' : 'closed', unitName: state.unitId === null ? null : unit(state.unitId), presiding: state.presiding,
    cutOff: isoInstant(state.cutOff), openedAt: isoInstant(state.openedAt), closedAt: state.closed === null ? null : isoInstant(state.closed.at),
    pages: state.pages.map(({ key, minutes }) => ({ name: PAGE_NAMES_VI[key], minutes })),
    conclusions: state.conclusions.map(({ id: conclusionId, number, kind, text, unitId, taskId, deadline, amended, struck }) => ({
      id: conclusionId, number, kind: KIND_NAMES_VI[kind], text, unitName: unitId === null ? null : unit(unitId), taskCode: taskId === null ? null : (codes.get(taskId) ?? null),
      deadlineText: deadline === null ? null : deadlineVi(deadline), amended, struckReason: struck?.reason ?? null,
    })),
  };
}

const toReportFact = ({ id, type, data, revision, position, occurredAt, recordedAt }: RecordedEvent): ReportFact =>
  ({ type, data, eventId: id, revision, position, occurredAt, recordedAt }) as unknown as ReportFact;

/** All that happened to a report up to K, oldest first. */
export function reportLife(events: readonly RecordedEvent[], point: Point, { reference }: Runtime): readonly LifeItem[] {
  return events.filter(({ position }) => position <= point.known).map((event) => {
    const fact = toReportFact(event);
    const unit = (id: string): string => reference.unitName(id, dayOf(event.occurredAt));
    return item({
      id: event.id, type: event.type, name: REPORT_EVENT_NAMES_VI[fact.type], revision: event.revision, position: String(event.position), occurredAt: isoInstant(event.occurredAt), recordedAt: isoInstant(event.recordedAt),
      actor: event.metadata.actor, sentence: reportSentence(fact, { unit, period: (period, from, to) => periodWords(period, { from, to }) }), taskId: null, taskCode: null, data: withoutTexts(event.data),
    });
  });
}

/** The text of a template and what an office wrote are read in the report itself. */
const withoutTexts = (data: RecordedEvent['data']): object => Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'template' && name !== 'content'));

/** The report as it stood at K; null before it was drafted. */
export function reportStateAt(id: string, events: readonly RecordedEvent[], point: Point, { reference }: Runtime) {
  const life = foldReport(events.filter(({ position }) => position <= point.known).map(toReportFact));
  if (life.kind === 'none') return null;
  const { status, unitId, period, from, to, asOf, templateId, templateVersion, fields, content, due, checked, issued, superseded } = life;
  return {
    kind: 'report', id, status, unitId, unitName: reference.unitName(unitId, dayOf(life.draftedAt), point.known), periodWords: periodWords(period, life), from, to, asOf, template: { id: templateId, version: templateVersion }, fields,
    written: content === null ? 0 : Array.from(content).length, dueOn: due?.dueOn ?? null, draftedAt: isoInstant(life.draftedAt),
    checked: checked === null ? null : { errors: checked.errors, warnings: checked.warnings, infos: checked.infos, at: isoInstant(checked.at) },
    issued: issued === null ? null : { at: isoInstant(issued.at), files: REPORT_FILES.map((format) => ({ format, sha256: issued.files[format].sha256 })) },
    superseded: superseded === null ? null : { byReportId: superseded.byReportId, reason: superseded.reason, at: isoInstant(superseded.at) },
  };
}
