import { join } from 'node:path';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import type { NewEvent, StreamAppend } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { addDays, derivedId, endOfDay, ManualClock, parseInstant, startOfDay, type Day } from '#kernel';
import { unitStream } from '#organisation';
import { taskStream } from '#tasks';
import { LOG_FILE } from '../../api/src/data-files.ts';
import { CATALOGUE } from '../../api/src/understood-log.ts';
import { freshDemoFolder } from './demo-folder.ts';

const APPENDS_PER_COMMIT = 500;
const FIRST_DAY = '2022-12-15';
const DAYS = 1_430;

/** mulberry32: a small seeded generator, so that the same seed gives the same history. */
function seeded(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const CONTENTS = ['Báo cáo kết quả cải cách hành chính', 'Rà soát thủ tục hành chính lĩnh vực đất đai', 'Tham mưu kế hoạch đầu tư công', 'Xác minh đơn thư kiến nghị', 'Góp ý dự thảo quy định', 'Tổng hợp số liệu giải ngân', 'Trình đề án sắp xếp tổ chức', 'Kiểm tra công tác phòng cháy'] as const;
const AUTHORITIES = ['ubnd-tinh', 'chu-tich', 'pho-chu-tich'] as const;
const FIELDS = ['noi-chinh', 'kinh-te', 'van-xa', 'do-thi', 'tong-hop'] as const;

/**
 * Writes a made-up history at size into a folder of its own: about 15 events a task (assigned, received, progress, sometimes an extension,
 * submitted, sometimes refused and redone, confirmed), most in time, some late, the newest still open.
 */
export async function writeHistory(options: { folder: string; units: number; tasks: number; seed: number; now: string }): Promise<{ events: number }> {
  const dir = await freshDemoFolder(options.folder);
  const random = seeded(options.seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const end = parseInstant(options.now)!;
  const calendar = loadDefaultCalendar();
  const clock = new ManualClock(startOfDay(FIRST_DAY));
  const log = await openSqliteEventLog({ file: join(dir, LOG_FILE), clock });
  const office = { id: 'office', role: 'office' } as const;
  try {
    const units = Array.from({ length: options.units }, (_, n) => `don-vi-${String(n + 1).padStart(2, '0')}`);
    await log.appendMany(units.map((id, n) => ({
      stream: unitStream(id), expectedRevision: -1,
      events: [{ id: derivedId('seed', id), type: 'UnitEstablished', schema: CATALOGUE.schemaOf('UnitEstablished'), occurredAt: clock.now(), metadata: { actor: office }, data: { id, name: `Đơn vị ${String(n + 1).padStart(2, '0')}`, shortName: `ĐV ${String(n + 1).padStart(2, '0')}`, kind: 'so', establishedOn: FIRST_DAY } }],
    })));
    let batch: StreamAppend[] = [];
    for (let n = 0; n < options.tasks; n++) {
      const day = addDays(FIRST_DAY, Math.floor((n / options.tasks) * DAYS));
      const at = startOfDay(day) + 8 * 3_600_000;
      const taskId = derivedId('seed-task', String(options.seed), String(n));
      const days = 5 + Math.floor(random() * 55);
      const reading = readDeadline({ phrase: `trong thời hạn ${String(days).padStart(2, '0')} ngày kể từ ngày nhận được văn bản`, receivedOn: day }, { documentDate: day, receivedOn: day, policy: 'all', calendar });
      if (!reading.ok || reading.deadline.kind !== 'due') throw new Error('seed');
      const events: NewEvent[] = [];
      const push = (type: string, on: number, data: NewEvent['data']): boolean => {
        if (on > end) return false;
        events.push({ id: derivedId('seed-event', taskId, String(events.length)), type, schema: CATALOGUE.schemaOf(type), data, occurredAt: on, metadata: { actor: office } });
        return true;
      };
      push('TaskAssigned', at, {
        document: { number: `${String(1000 + n)}/UBND-TH`, date: day, issuer: 'UBND tỉnh', title: 'Văn bản minh họa' }, content: `${pick(CONTENTS)} (minh họa ${String(n + 1)})`, authority: pick(AUTHORITIES),
        leadUnitId: pick(units), coordinatingUnitIds: [], assignedOn: day, deadline: reading.deadline as unknown as NewEvent['data'], field: pick(FIELDS),
      });
      push('TaskReceived', at + 3_600_000, {});
      let due: Day = reading.deadline.dueOn;
      const spread = Math.floor((endOfDay(due) - at) / 14);
      const steps = 8 + Math.floor(random() * 4);
      for (let s = 1; s <= steps; s++) push('ProgressReported', at + 7_200_000 + s * spread, { note: `Đợt ${String(s)}`, percent: Math.min(95, s * 10) });
      let last = at + 7_200_000 + steps * spread;
      if (random() < 0.15) {
        const proposed = addDays(due, 10);
        const longer = readDeadline({ date: proposed }, { documentDate: day, receivedOn: day, policy: 'all', calendar });
        if (longer.ok && longer.deadline.kind === 'due' && push('ExtensionRequested', last + 60_000, { deadline: longer.deadline as unknown as NewEvent['data'], reason: 'chờ ý kiến' }) && push('ExtensionGranted', last + 120_000, { deadline: longer.deadline as unknown as NewEvent['data'] })) {
          due = longer.deadline.dueOn;
          last += 120_000;
        }
      }
      const submit = Math.max(last + 3_600_000, endOfDay(due) - Math.floor((random() - 0.12) * 6 * 86_400_000) - 3_600_000);
      const submission = (): string => events[events.length - 1]!.id;
      if (push('CompletionSubmitted', submit, { resultDocument: { number: `${String(n)}/BC`, date: day } })) {
        if (random() < 0.08 && push('CompletionRefused', submit + 3_600_000, { submissionEventId: submission(), reason: 'bổ sung số liệu' })) push('CompletionSubmitted', submit + 7_200_000, { resultDocument: { number: `${String(n)}a/BC`, date: day } });
        if (events[events.length - 1]!.type === 'CompletionSubmitted') push('TaskCompleted', submit + 86_400_000, { submissionEventId: submission() });
      }
      clock.set(at);
      batch.push({ stream: taskStream(taskId), expectedRevision: -1, events });
      if (batch.length === APPENDS_PER_COMMIT) {
        const result = await log.appendMany(batch);
        if (!result.ok) throw new Error(result.stream);
        batch = [];
      }
    }
    clock.set(end);
    if (batch.length > 0) await log.appendMany(batch);
    return { events: (await log.head()).count };
  } finally {
    await log.close();
  }
}
