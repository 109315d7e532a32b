import { expect } from '@jest/globals';
import { lastInstantInTime } from '#deadlines';
import type { RecordedEvent } from '#event-log';
import { addDays, atTime, type Day, type Instant } from '#kernel';
import type { Person } from '#people';
import { Addressees, firedBy, lastWorkingDayBefore, slotIdOf, WorkingDays, type OpenWork } from '#reminders';
import { foldAt, taskIdOf, toFact, UPDATES, type TaskFact } from '#tasks';
import type { Runtime } from '../../apps/api/src/runtime.ts';

/** Somebody of a unit who is reminded by mail. */
export const person = (id: string, unitId: string, change: Partial<Person> = {}): Person => ({ id, code: id, name: `Người ${id}`, unitId, role: 'specialist', email: `${id}@so.example`, phone: null, channels: ['email'], quiet: null, dailyLimit: null, delegation: null, leftOn: null, ...change });

/** Every task's facts, in the order of the log. */
async function taskFacts(runtime: Runtime): Promise<ReadonlyMap<string, readonly TaskFact[]>> {
  const streams = new Map<string, TaskFact[]>();
  for (let after = 0n; ; ) {
    const events = await runtime.log.readAll({ after, limit: 5_000 });
    for (const event of events) if (event.stream.startsWith('task-')) streams.set(event.stream, [...(streams.get(event.stream) ?? []), toFact(event)]);
    if (events.length < 5_000) return streams;
    after = events.at(-1)!.position;
  }
}

/** Open work at an instant by what was known at a position, folded from the facts. */
function naiveWork(all: ReadonlyMap<string, readonly TaskFact[]>, at: Instant, known: bigint): readonly OpenWork[] {
  return [...all].flatMap(([stream, facts]): OpenWork[] => {
    const state = foldAt(facts.filter(({ position }) => position <= known), at);
    if (state.kind === 'none' || state.work !== 'open' || state.assigned.routine === true) return [];
    const seen = state.facts.filter(({ occurredAt }) => occurredAt <= at);
    const updated = seen.filter(({ type }) => UPDATES.has(type)).map(({ occurredAt }) => occurredAt);
    return [{
      taskId: taskIdOf(stream), unitId: state.leadUnitId, due: lastInstantInTime(state.deadline), begunAt: state.begunAt, authority: state.assigned.authority, field: state.assigned.field ?? null, starred: state.assigned.starred === true,
      urgency: null, updatedAt: Math.max(...updated), urgedAt: seen.filter(({ type, occurredAt }) => type === 'TaskUrged' && occurredAt >= state.begunAt).map(({ occurredAt }) => occurredAt),
    }];
  });
}

/**
 * That the events of reminders hold exactly one record for each rule, task, person and morning that was decided, by a count of its own: every
 * open task looked at on every morning, folded anew from its facts. Returns how many there are.
 */
export async function expectOneRecordASlot(runtime: Runtime, people: readonly Person[], events: readonly RecordedEvent[]): Promise<number> {
  const { calendar, rules } = runtime.reference;
  const facts = await taskFacts(runtime);
  const expected = new Map<string, string>();
  for (const { data } of events.filter(({ type }) => type === 'ReminderMorningsDecided')) {
    const known = BigInt((data['known'] as { position: string }).position);
    for (let one = data['from'] as Day; one <= (data['slot'] as Day); one = addDays(one, 1)) {
      if (!calendar.isWorkingDay(one)) continue;
      const at = atTime(one, rules.set.morning);
      const days = new WorkingDays(calendar);
      const addressees = new Addressees(people, one);
      for (const work of naiveWork(facts, at, known)) {
        for (const rule of rules.set.rules) {
          const fired = firedBy(rule, work, at, atTime(lastWorkingDayBefore(one, calendar), rules.set.morning), days);
          for (const { person: { id } } of fired ? addressees.of(fired.to, work.unitId) : []) expected.set(slotIdOf(rule.id, work.taskId, id, one), `${rule.id} ${fired!.step} ${work.taskId} ${id} ${one}`);
        }
      }
    }
  }
  const recorded = new Map<string, number>();
  const whose = new Map<string, { readonly recipientId: string; readonly slot: Day }>();
  for (const { stream, type, data } of events) {
    if (type === 'ReminderDecided') whose.set(stream, { recipientId: data['recipientId'] as string, slot: data['slot'] as Day });
    else if (type !== 'ReminderContinued') continue;
    const { recipientId, slot } = whose.get(stream)!;
    for (const { rule, taskId } of data['items'] as unknown as readonly { rule: string; taskId: string }[]) {
      const id = slotIdOf(rule, taskId, recipientId, slot);
      recorded.set(id, (recorded.get(id) ?? 0) + 1);
    }
  }
  expect([...recorded.values()].filter((n) => n !== 1)).toEqual([]);
  expect([...expected].filter(([id]) => !recorded.has(id)).map(([, what]) => what)).toEqual([]);
  expect([...recorded.keys()].filter((id) => !expected.has(id))).toEqual([]);
  return recorded.size;
}
