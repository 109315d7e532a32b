import { agendaWith, BRIEFING_EVENT_NAMES_VI, briefingSentence, deadlineVi, minutesOf, type Briefing, type Conclusion, type Minutes } from '#briefing';
import type { RecordedEvent } from '#event-log';
import { dayOf, isoInstant } from '#kernel';
import { taskStream } from '#tasks';
import type { Runtime } from '../runtime.ts';
import { eventItems } from '../tasks/task-events.ts';
import { positionOf } from './briefing-points.ts';
import { toBriefingFact, type KnownBriefing } from './briefings.ts';
import { raisedNow } from './raised.ts';

const UNIT_LENGTH = 16;
export const SHORT_LENGTH = 30;

/** Cut for a screen read across a room; whole words where that is not too short. */
export function shortened(text: string, length: number): string {
  const letters = Array.from(text);
  if (letters.length <= length) return text;
  const cut = letters.slice(0, length - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space > length / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.–-]+$/u, '')}…`;
}

/** The short name of a unit, as known at K. */
export function unitShort(id: string, { reference: { organisation } }: Pick<Runtime, 'reference'>, known?: bigint | null): string {
  const heard = known === undefined ? {} : { known };
  const unit = organisation.unit(id, heard) ?? organisation.unit(id);
  return shortened(unit?.shortName ?? id, UNIT_LENGTH);
}

export interface ConclusionItem {
  readonly id: string;
  readonly number: number;
  readonly kind: string;
  readonly text: string;
  readonly short: string;
  readonly reason: string | null;
  readonly taskId: string | null;
  readonly taskCode: string | null;
  readonly unitId: string | null;
  readonly unitShort: string | null;
  readonly dueOn: string | null;
  readonly deadlineText: string | null;
  readonly recordedAt: string;
  readonly amended: boolean;
  readonly struck: boolean;
  readonly struckReason: string | null;
  readonly events: readonly { readonly id: string; readonly position: string; readonly type: string }[];
}

export async function conclusionItems(conclusions: readonly Conclusion[], runtime: Runtime): Promise<ConclusionItem[]> {
  const codes = await runtime.board.codesOf(conclusions.flatMap(({ taskId }) => taskId ?? []));
  return Promise.all(
    conclusions.map(async (one) => ({
      id: one.id, number: one.number, kind: one.kind, text: one.text, short: one.short ?? shortened(one.text, 48), reason: one.reason, taskId: one.taskId, taskCode: one.taskId === null ? null : (codes.get(one.taskId) ?? null),
      unitId: one.unitId, unitShort: one.unitId === null ? null : unitShort(one.unitId, runtime), dueOn: one.deadline?.kind === 'due' ? one.deadline.dueOn : null, deadlineText: one.deadline === null ? null : deadlineVi(one.deadline),
      recordedAt: isoInstant(one.recordedAt), amended: one.amended, struck: one.struck !== null, struckReason: one.struck?.reason ?? null,
      events: await Promise.all(one.made.map(async ({ id, type }) => ({ id, position: String(await positionOf({ position: '0', eventId: id }, runtime)), type }))),
    })),
  );
}

/** A meeting as a list shows it. */
export async function briefingSummary({ id, state }: KnownBriefing, runtime: Runtime): Promise<object> {
  return {
    id, name: state.name, state: state.closed === null ? 'open' : 'closed', unitId: state.unitId, unitName: state.unitId === null ? null : runtime.reference.unitName(state.unitId), presiding: state.presiding,
    cutOff: { asOf: isoInstant(state.cutOff), knownAt: `position:${String(await positionOf(state.known, runtime))}`, lastEventId: state.known.eventId },
    openedAt: isoInstant(state.openedAt), closedAt: state.closed === null ? null : isoInstant(state.closed.at), conclusions: state.conclusions.filter(({ struck }) => struck === null).length,
  };
}

export async function briefingDetail(known: KnownBriefing, runtime: Runtime): Promise<object> {
  const { state } = known;
  const raised = (await raisedNow(state, runtime)).length;
  return {
    ...(await briefingSummary(known, runtime)), revision: state.revision, previousId: state.previousId, pages: agendaWith(state.pages, raised), raised,
    closeKnownAt: state.closed === null ? null : `position:${String(await positionOf(state.closed.known, runtime))}`, closeLastEventId: state.closed?.known.eventId ?? null,
    conclusions: await conclusionItems(state.conclusions, runtime),
  };
}

/** The draft of the notice, in the names of the meeting's day. */
export async function minutesFor(state: Briefing, runtime: Runtime): Promise<Minutes> {
  const { reference, board } = runtime;
  const day = dayOf(state.openedAt);
  const known = state.closed === null ? undefined : await positionOf(state.closed.known, runtime);
  const codes = await board.codesOf(state.conclusions.flatMap(({ taskId }) => taskId ?? []));
  const unit = (id: string): string => reference.unitName(id, day, known);
  const raised = new Set((await raisedNow(state, runtime)).map(({ taskId }) => taskId));
  const issuer = state.unitId === null ? 'Ủy ban nhân dân tỉnh' : unit(state.unitId);
  return minutesOf(state, { unit, task: (id) => codes.get(id) ?? null, raised: (id) => raised.has(id) }, { issuer, symbol: state.unitId === null ? 'TB-UBND' : 'TB-………', place: '…………' });
}

/** Everything recorded by a meeting, in its own stream and in tasks, in the order of the log, with both times and in sentences. */
export async function replayItems({ state, facts }: KnownBriefing, runtime: Runtime): Promise<object[]> {
  const numbers = new Map(state.conclusions.map(({ id, number }) => [id, number]));
  const own = facts.map((event) => ({
    ...times(event), name: BRIEFING_EVENT_NAMES_VI[toBriefingFact(event).type], sentence: briefingSentence(toBriefingFact(event), (id) => numbers.get(id), (id) => runtime.reference.unitName(id, dayOf(event.occurredAt))),
    conclusionId: (event.data['conclusionId'] as string | undefined) ?? null, taskId: null as string | null, taskCode: null as string | null, data: event.data,
  }));
  const items = [...own];
  const byTask = new Map<string, Map<string, string>>();
  for (const { id, taskId, made } of state.conclusions) for (const event of made) if (taskId !== null) byTask.set(taskId, (byTask.get(taskId) ?? new Map<string, string>()).set(event.id, id));
  const codes = await runtime.board.codesOf([...byTask.keys()]);
  for (const [taskId, made] of byTask) {
    const recorded = await runtime.log.readStream(taskStream(taskId));
    for (const [n, item] of (await eventItems(recorded, runtime)).entries()) {
      const conclusionId = made.get(item.id);
      if (conclusionId !== undefined) items.push({ ...times(recorded[n]!), name: item.name, sentence: item.sentence, conclusionId, taskId, taskCode: codes.get(taskId) ?? null, data: recorded[n]!.data });
    }
  }
  return items.sort((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
}

const times = (event: RecordedEvent) => ({
  id: event.id, type: event.type, position: String(event.position), revision: event.revision, occurredAt: isoInstant(event.occurredAt), recordedAt: isoInstant(event.recordedAt), actor: event.metadata.actor,
});
