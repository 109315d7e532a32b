import type { EventLog, JsonObject, ReadAllOptions, RecordedEvent } from '#event-log';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import { addDays, startOfDay, type Day } from '#kernel';

const FACTS = 3;
const DAYS = 1_200;
const FIRST_DAY = '2023-01-02';
const UNITS = 80;
const actor = { id: 'office', role: 'office' } as const;

/**
 * A log that is computed and not stored: three facts a task (assigned; submitted, one in seven late, one in nine never; confirmed), a month
 * and a half long each, over three years and 80 units. Enough for the figures read model at sizes that would take an hour to write.
 */
export function generatedLog(tasks: number): EventLog {
  const calendar = loadDefaultCalendar();
  const deadlines = new Map<Day, JsonObject>();
  const deadlineOf = (day: Day): JsonObject => {
    let deadline = deadlines.get(day);
    if (!deadline) {
      const reading = readDeadline({ date: addDays(day, 40) }, { documentDate: day, receivedOn: day, policy: 'all', calendar });
      if (!reading.ok) throw new Error(`no deadline for ${day}`);
      deadline = reading.deadline as unknown as JsonObject;
      deadlines.set(day, deadline);
    }
    return deadline;
  };
  const eventAt = (position: number): RecordedEvent => {
    const n = Math.floor((position - 1) / FACTS);
    const fact = (position - 1) % FACTS;
    const day = addDays(FIRST_DAY, Math.floor((n / tasks) * DAYS));
    const begun = startOfDay(day) + 8 * 3_600_000;
    const id = (k: number): string => `00000000-0000-7000-8000-${(n * FACTS + k).toString(16).padStart(12, '0')}`;
    const submitted = begun + (n % 7 === 0 ? 55 : 20 + (n % 15)) * 86_400_000;
    const [type, occurredAt, data]: [string, number, JsonObject] =
      fact === 0
        ? ['TaskAssigned', begun, {
            document: { number: `${String(n)}/UBND-TH`, date: day, issuer: 'UBND tỉnh', title: 'Văn bản minh họa' }, content: 'Việc minh họa', authority: n % 3 === 0 ? 'chu-tich' : 'ubnd-tinh',
            leadUnitId: `don-vi-${String((n * 7_919) % UNITS)}`, coordinatingUnitIds: [], assignedOn: day, deadline: deadlineOf(day), field: 'tong-hop',
          }]
        : n % 9 === 0
          ? ['ProgressReported', begun + fact * 86_400_000, { note: 'đang làm' }]
          : fact === 1
            ? ['CompletionSubmitted', submitted, { resultDocument: { number: `${String(n)}/BC`, date: day } }]
            : ['TaskCompleted', submitted + 3_600_000, { submissionEventId: id(1) }];
    return { id: id(fact), type, schema: 1, data, metadata: { actor }, occurredAt, stream: `task-${id(0)}`, revision: fact, position: BigInt(position), recordedAt: begun };
  };
  const end = tasks * FACTS;
  const never = (): never => { throw new Error('a generated log is only read from one end to the other'); };
  return {
    async readAll({ after, categories, limit }: ReadAllOptions) {
      if (categories?.includes('task') === false) return [];
      const from = Number(after) + 1;
      return Array.from({ length: Math.max(0, Math.min(limit, end - from + 1)) }, (_, i) => eventAt(from + i));
    },
    async head() {
      const last = eventAt(end);
      return { position: last.position, recordedAt: last.recordedAt, lastEventId: last.id, count: end };
    },
    readAt: async (position) => eventAt(Number(position)),
    readStream: async () => [],
    async firstOther() { return undefined; },
    append: never, appendMany: never, readEvent: never, positionAt: never, subscribe: never,
    async close() { /* holds nothing */ },
  };
}
