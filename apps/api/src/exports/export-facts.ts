import type { EventLog, RecordedEvent } from '#event-log';
import { COLUMNS } from '#imports';
import { DECIDING, REPAIRS, taskStream, toFact, type TaskFact } from '#tasks';
import { Turns } from '../turns.ts';

export type ReadLog = Pick<EventLog, 'readStream' | 'readAll'>;
/** The facts that a row of a task is made of, as known then. */
export type FactsOf = (taskId: string) => Promise<readonly TaskFact[]>;

const NEEDED_TYPES: readonly string[] = [...DECIDING, ...REPAIRS];
const TYPES: ReadonlyMap<string, string> = new Map(NEEDED_TYPES.map((type) => [type, type]));
/** From so many tasks on the log is read through once, instead of stream by stream. */
const MANY = 4_000;
const BATCH = 2_000;

/** Of a list of `total` tasks. */
export async function factsFrom(log: ReadLog, known: bigint, total: number): Promise<FactsOf> {
  if (total < MANY) return async (id) => (await log.readStream(taskStream(id))).filter(({ position }) => position <= known).map(toFact);
  const prefix = taskStream('');
  const kept = new Map<string, TaskFact[]>();
  const turns = new Turns();
  for (let after = 0n; after < known; ) {
    const events = await log.readAll({ after, types: NEEDED_TYPES, limit: BATCH, lazily: true, ahead: true });
    const last = events.at(-1);
    if (!last) break;
    after = last.position;
    for (const event of events) {
      if (event.position > known || !event.stream.startsWith(prefix) || !TYPES.has(event.type)) continue;
      const facts = kept.get(event.stream);
      if (facts) facts.push(slimFact(event));
      else kept.set(event.stream, [slimFact(event)]);
    }
    if (turns.over) await turns.next();
  }
  return async (id) => kept.get(taskStream(id)) ?? [];
}

/** What a row needs of an event, for a hundred thousand of them are held: how a deadline was counted takes most of its place and is not asked for, nor when it was recorded. */
function slimFact({ type, data, id, occurredAt }: RecordedEvent): TaskFact {
  // Each event comes with a text of its own that says its type.
  return { type: TYPES.get(type)!, data: slimData(data), eventId: id, occurredAt } as unknown as TaskFact;
}

function slimData(data: RecordedEvent['data']): object {
  const { deadline, asTyped } = data as { readonly deadline?: Partial<Record<string, unknown>>; readonly asTyped?: Readonly<Record<string, string>> };
  if (deadline === undefined && asTyped === undefined) return data;
  const { kind, phrase, literalDueOn, dueTime } = deadline ?? {};
  const note = asTyped?.[COLUMNS.note];
  return { ...data, ...(deadline === undefined ? {} : { deadline: { kind, phrase, literalDueOn, dueTime } }), ...(asTyped === undefined ? {} : { asTyped: note === undefined ? {} : { [COLUMNS.note]: note } }) };
}
