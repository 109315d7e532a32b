import { readDeadline, type Deadline, type WorkingCalendar } from '#deadlines';
import type { Actor } from '#event-log';
import { addDays, atTime, dayOf, dayVi, endOfDay, type Day, type Instant } from '#kernel';
import type { Task, TaskAssignedData, TaskCommand, TaskState } from '#tasks';
import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
const OFFICE: Actor = { id: 'office', role: 'office' };
const LEADER: Actor = { id: 'leader', role: 'leader' };

type Times = 'occurredAt' | 'byDay' | 'backdateReason' | 'backdateDocument' | 'note';
type Untimed<C> = C extends { readonly type: 'RecordOverdue' } ? never : Omit<C, Times>;
/** A command, when it is recorded, and, where it is keyed late, when it happened. */
export interface Step {
  readonly recordedAt: Instant;
  readonly occurredAt?: Instant;
  readonly actor: Actor;
  readonly command: Untimed<TaskCommand>;
}
/** Yields a step, is given the task after it; a step the decider refuses leaves the task as it was. */
export type Life = Generator<Step, void, TaskState>;

/** What a life needs to know of the world around it. */
export interface World {
  readonly random: Random;
  readonly calendar: WorkingCalendar;
  readonly end: Instant;
  /** How often a unit is late, 0 to 1. */
  readonly lateness: (unitId: string) => number;
  readonly units: readonly string[];
  /** Code of a task given lately, that may stand in the way of another. */
  readonly neighbour: () => string | undefined;
}

const KINDS: readonly (readonly [field: string, content: string, product: string])[] = [
  ['tong-hop', 'Báo cáo kết quả thực hiện nhiệm vụ cải cách hành chính', 'Báo cáo'], ['do-thi', 'Rà soát thủ tục hành chính lĩnh vực đất đai', 'Báo cáo'],
  ['kinh-te', 'Tham mưu phân bổ kế hoạch vốn đầu tư công', 'Tờ trình'], ['noi-chinh', 'Xác minh, trả lời đơn kiến nghị của công dân', 'Báo cáo'],
  ['tong-hop', 'Góp ý dự thảo quy định về phối hợp liên ngành', 'Văn bản góp ý'], ['kinh-te', 'Tổng hợp số liệu giải ngân và đề xuất điều chuyển', 'Báo cáo'],
  ['noi-chinh', 'Trình phương án sắp xếp tổ chức bên trong', 'Tờ trình'], ['van-xa', 'Kiểm tra việc chuẩn bị năm học mới', 'Báo cáo'],
  ['van-xa', 'Xây dựng kế hoạch phòng, chống dịch bệnh theo mùa', 'Kế hoạch'], ['do-thi', 'Thẩm định quy hoạch chi tiết khu dân cư', 'Tờ trình'],
  ['kinh-te', 'Đề xuất tháo gỡ vướng mắc mặt bằng của dự án', 'Báo cáo'], ['noi-chinh', 'Kiểm tra công tác phòng cháy, chữa cháy', 'Báo cáo'],
];
const AUTHORITIES = ['ubnd-tinh', 'ubnd-tinh', 'chu-tich', 'pho-chu-tich', 'pho-chu-tich', 'thu-tuong'] as const;
const NOTES = ['Đã lấy ý kiến các đơn vị liên quan', 'Đang tổng hợp số liệu', 'Đã họp với các phòng chuyên môn', 'Đã có dự thảo lần 1', 'Chờ ý kiến của cơ quan phối hợp', 'Đang hoàn thiện dự thảo', 'Đã trình lãnh đạo đơn vị'] as const;
const CAUSES = ['chờ ý kiến của bộ chuyên ngành', 'khối lượng hồ sơ lớn hơn dự kiến', 'đơn vị tư vấn chậm bàn giao', 'phải lấy ý kiến bổ sung', 'thiếu số liệu của cấp xã'] as const;

/** The first moment of office hours at or after an instant, to the minute. */
export function officeMoment(wished: Instant, { calendar, random }: Pick<World, 'calendar' | 'random'>): Instant {
  const at = Math.round(wished / 60_000) * 60_000;
  let day = dayOf(at);
  if (at > atTime(day, '16:30')) day = addDays(day, 1);
  while (!calendar.isWorkingDay(day)) day = addDays(day, 1);
  const opens = atTime(day, '07:30');
  return at > opens ? at : opens + random.between(0, 8 * 60 + 30) * 60_000;
}

/** What a document gives one unit to do. */
export interface Assignment {
  readonly document: TaskAssignedData['document'];
  readonly leadUnitId: string;
  readonly assignedAt: Instant;
  readonly number: number;
}

/**
 * One task from its assignment to its end, as an office would record it: received, told about, sometimes extended, refused, urged, explained,
 * transferred, suspended or repaired; most in time, some late, a few stuck for months. About fourteen events.
 */
export function* lifeOf({ document, leadUnitId, assignedAt, number }: Assignment, world: World): Life {
  const { random, calendar } = world;
  const unit = (id: string): Actor => ({ id: `unit:${id}`, role: 'unit', unitId: id });
  const office = (at: Instant): Instant => officeMoment(at, world);
  const dated = (on: Day): Deadline => deadline({ date: on }, dayOf(assignedAt), calendar);
  const late = random.chance(world.lateness(leadUnitId));
  const given = deadlineGiven(dayOf(assignedAt), world);
  const [field, content, product] = random.pick(KINDS);
  const others = world.units.length > 3 && random.chance(0.25) ? [...new Set([random.pick(world.units), random.pick(world.units)])].filter((id) => id !== leadUnitId) : [];
  let task = (yield {
    recordedAt: assignedAt, actor: OFFICE,
    command: {
      type: 'AssignTask',
      task: {
        document, content: `${content} (minh họa ${String(number)})`, product, authority: random.pick(AUTHORITIES), leadUnitId, coordinatingUnitIds: others, assignedOn: dayOf(assignedAt), deadline: given, field,
        ...(random.chance(0.06) ? { starred: true } : {}),
      },
    },
  }) as Task;
  const does = (): Actor => unit(task.leadUnitId);
  const has = (state: TaskState): void => { task = state as Task; };
  let at = assignedAt;

  if (random.chance(0.01)) {
    has(yield { recordedAt: office(at + DAY_MS), actor: does(), command: { type: 'ProposeReturn', reason: 'nội dung thuộc chức năng của đơn vị khác' } });
    if (random.chance(0.5)) {
      yield { recordedAt: office(at + 2 * DAY_MS), actor: OFFICE, command: { type: 'AcceptReturn', reason: 'giao lại cho đúng cơ quan' } };
      return;
    }
    has(yield { recordedAt: office(at + 3 * DAY_MS), actor: OFFICE, command: { type: 'RefuseReturn', reason: 'đúng nhiệm vụ được phân công' } });
    at += 3 * DAY_MS;
  }
  at = office(at + random.between(1, 26) * 3_600_000);
  if (random.chance(0.97)) has(yield { recordedAt: at, actor: does(), command: { type: 'ReceiveTask' } });
  if (random.chance(0.02)) {
    at = office(at + random.between(1, 4) * DAY_MS);
    const to = random.pick(world.units);
    if (to !== task.leadUnitId) has(yield { recordedAt: at, actor: OFFICE, command: { type: 'TransferTask', toUnitId: to, reason: 'đúng chức năng, nhiệm vụ' } });
  }

  // When the work is really done: before the deadline, a few days after, or months after.
  const dueEnd = (): Instant => (task.deadline.kind === 'due' ? endOfDay(task.deadline.dueOn) : assignedAt + 60 * DAY_MS);
  const span = Math.max(DAY_MS, dueEnd() - at);
  const stuck = late && random.chance(0.22);
  const finish = late ? dueEnd() + (stuck ? random.between(30, 420) : Math.ceil(-Math.log(1 - random.next()) * 9)) * DAY_MS : at + span * (0.55 + 0.43 * random.next());

  const tells = random.between(7, 11);
  const silentFrom = stuck || random.chance(0.08) ? Math.ceil(tells / 2) : tells;
  let asked = random.chance(late ? 0.45 : 0.14);
  const extendUpTo = dueEnd();
  for (let n = 1; n <= tells; n++) {
    const when = at + ((Math.min(finish, dueEnd()) - at) * n) / (tells + 1);
    if (asked && when > extendUpTo - Math.max(2 * DAY_MS, span * 0.3) && task.deadline.kind === 'due') {
      asked = false;
      const proposed = dated(addDays(task.deadline.dueOn, random.between(5, 20)));
      const askedAt = office(Math.min(when, extendUpTo - 1.5 * DAY_MS));
      has(yield { recordedAt: askedAt, actor: does(), command: { type: 'RequestExtension', deadline: proposed, reason: random.pick(CAUSES) } });
      const decidedAt = office(askedAt + random.between(1, 3) * DAY_MS);
      has(yield random.chance(0.75)
        ? { recordedAt: decidedAt, actor: LEADER, command: { type: 'GrantExtension', deadline: proposed, reason: 'đồng ý như đề nghị' } }
        : { recordedAt: decidedAt, actor: LEADER, command: { type: 'RefuseExtension', reason: 'giữ thời hạn đã giao' } });
    }
    if (n > silentFrom) continue;
    const happened = office(when);
    const keyedLate = random.chance(0.1) ? office(happened + random.between(1, 4) * DAY_MS) : undefined;
    const blockedBy = random.chance(0.03) ? world.neighbour() : undefined;
    has(yield {
      recordedAt: keyedLate ?? happened, ...(keyedLate === undefined ? {} : { occurredAt: happened }), actor: does(),
      command: { type: 'ReportProgress', text: random.pick(NOTES), percent: Math.min(95, Math.round((n * 100) / (tells + 1) / 5) * 5), ...(blockedBy === undefined ? {} : { blockedBy: `chờ kết quả của ${blockedBy}` }) },
    });
  }
  for (const other of others) if (random.chance(0.8)) has(yield { recordedAt: office(at + span * (0.3 + 0.5 * random.next())), actor: unit(other), command: { type: 'AnswerCoordination', unitId: other } });

  if (random.chance(0.02)) {
    const from = office(at + span * 0.6);
    has(yield { recordedAt: from, actor: OFFICE, command: { type: random.chance(0.7) ? 'WithdrawTask' : 'CancelTask', reason: 'nhiệm vụ đã được thay bằng văn bản khác' } });
    return;
  }
  if (random.chance(0.015)) {
    const from = office(at + span * 0.5);
    has(yield { recordedAt: from, actor: LEADER, command: { type: 'SuspendTask', reason: 'chờ quy định mới của trung ương' } });
    const until = office(from + random.between(20, 90) * DAY_MS);
    has(yield { recordedAt: until, actor: LEADER, command: { type: 'ResumeTask', deadline: dated(addDays(dayOf(until), 30)), reason: 'đã có quy định' } });
  }

  // After the deadline: urged, asked why, told why.
  let pressed = dueEnd();
  for (const wait of stuck ? [2, 8, 20, 45, 90] : [2, 8]) {
    pressed = office(pressed + wait * DAY_MS);
    if (pressed >= finish) break;
    has(yield { recordedAt: pressed, actor: OFFICE, command: { type: 'UrgeTask', channel: 'văn bản' } });
    if (random.chance(0.45)) {
      const askedAt = office(pressed + DAY_MS);
      has(yield { recordedAt: askedAt, actor: LEADER, command: { type: 'RequestExplanation', question: 'Vì sao việc quá hạn, bao giờ xong?' } });
      if (random.chance(0.7)) has(yield { recordedAt: office(askedAt + random.between(1, 4) * DAY_MS), actor: does(), command: { type: 'GiveExplanation', answer: `Việc chậm do ${random.pick(CAUSES)}.` } });
    }
    if (random.chance(0.04)) has(yield { recordedAt: office(pressed + 5 * DAY_MS), actor: LEADER, command: { type: 'ConfirmObjectiveCause', document: `${String(number)}/BC-VP`, reason: 'mưa lũ làm chậm khảo sát' } });
  }

  for (let redone = 0, done = finish; ; redone++) {
    const happened = office(done);
    const keyedLate = random.chance(0.08) ? office(happened + random.between(1, 3) * DAY_MS) : undefined;
    const submittedAt = keyedLate ?? happened;
    has(yield {
      recordedAt: submittedAt, ...(keyedLate === undefined ? {} : { occurredAt: happened }), actor: does(),
      command: { type: 'SubmitCompletion', resultDocument: { number: `${String(number)}${'a'.repeat(redone)}/BC`, date: dayOf(happened) } },
    });
    const answeredAt = office(submittedAt + random.between(2, 80) * 3_600_000);
    if (redone < 2 && random.chance(0.07)) {
      has(yield { recordedAt: answeredAt, actor: LEADER, command: { type: 'RefuseCompletion', reason: 'bổ sung số liệu, làm rõ trách nhiệm' } });
      done = answeredAt + random.between(2, 7) * DAY_MS;
      continue;
    }
    has(yield { recordedAt: answeredAt, actor: LEADER, command: { type: 'ConfirmCompletion' } });
    if (random.chance(0.01) && task.deadline.kind === 'due') {
      const reopened = office(answeredAt + random.between(5, 30) * DAY_MS);
      has(yield { recordedAt: reopened, actor: LEADER, command: { type: 'ReopenTask', deadline: dated(addDays(dayOf(reopened), 20)), reason: 'kết quả chưa đạt yêu cầu' } });
      done = reopened + random.between(5, 19) * DAY_MS;
      continue;
    }
    return;
  }
}

/** The forms in which documents give deadlines, by how often they are met. */
function deadlineGiven(day: Day, { random, calendar }: World): Deadline {
  const form = random.next();
  const days = random.between(6, 55);
  if (form < 0.03) return deadline({ none: true }, day, calendar);
  if (form < 0.35) return deadline({ phrase: `trong thời hạn ${String(days).padStart(2, '0')} ngày kể từ ngày nhận được văn bản` }, day, calendar);
  if (form < 0.55) return deadline({ phrase: `${String(random.between(5, 20)).padStart(2, '0')} ngày làm việc kể từ ngày ký` }, day, calendar);
  return deadline({ phrase: `${form < 0.8 ? 'trước' : 'chậm nhất'} ngày ${dayVi(addDays(day, days))}` }, day, calendar);
}

function deadline(input: Parameters<typeof readDeadline>[0], day: Day, calendar: WorkingCalendar): Deadline {
  const reading = readDeadline(input, { documentDate: day, receivedOn: day, policy: 'all', calendar });
  if (!reading.ok) throw new Error(`${JSON.stringify(input)}: ${JSON.stringify(reading)}`);
  return reading.deadline;
}
