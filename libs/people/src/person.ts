import { cleanText, isDay, type Day } from '#kernel';

/** What somebody is in the office; `office` is the tracking office, `leader` the leadership, the others are of a unit. */
export const PERSON_ROLES = ['head', 'deputy', 'clerk', 'specialist', 'responder', 'office', 'leader'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

export const PERSON_ROLES_VI: Readonly<Record<PersonRole, string>> = {
  head: 'thủ trưởng đơn vị', deputy: 'phó thủ trưởng đơn vị', clerk: 'văn thư', specialist: 'chuyên viên', responder: 'người trả lời nhắc việc', office: 'văn phòng theo dõi', leader: 'lãnh đạo',
};

/** Ways out of the program that a person uses beside the inbox, which everybody has. */
export const OUTSIDE_CHANNELS = ['email', 'webhook'] as const;
export type OutsideChannel = (typeof OUTSIDE_CHANNELS)[number];

/** Reminders go to somebody else from one day to another, both included. */
export interface Delegation {
  readonly toId: string;
  readonly from: Day;
  readonly until: Day;
}

/** Hours in which nothing is sent out, `HH:MM`; they may go over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

/**
 * Somebody who is reminded. Names and contacts stand here, outside the log, and can be erased; events carry the opaque `id` alone.
 */
export interface Person {
  readonly id: string;
  /** As the office's own list calls them: what an import recognises them by. */
  readonly code: string;
  readonly name: string;
  readonly unitId: string;
  readonly role: PersonRole;
  readonly email: string | null;
  readonly phone: string | null;
  readonly channels: readonly OutsideChannel[];
  readonly quiet: QuietHours | null;
  /** Messages a day that leave the program; the inbox has no limit. */
  readonly dailyLimit: number | null;
  readonly delegation: Delegation | null;
  /** From this day on nothing is sent to them. */
  readonly leftOn: Day | null;
}

export interface PersonFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
// An address as mail servers take it, and nothing that could end a header.
const EMAIL = /^[^\s@<>(),;:"\\]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?$/;
const PHONE = /^\+?[0-9][0-9 .-]{5,20}$/;
const MOST_CODE = 40;
const MOST_NAME = 120;
export const MOST_DAILY = 50;

/** What is wrong with a person as given; empty where nothing is. Units are looked up by the caller. */
export function faultsOf(person: Person): readonly PersonFault[] {
  const faults: PersonFault[] = [];
  const fault = (pointer: string, code: string, detail: string): void => void faults.push({ pointer, code, detail });
  if (cleanText(person.code) === '' || person.code.length > MOST_CODE) fault('/code', 'person-code-invalid', `Mã cán bộ cần từ 1 đến ${String(MOST_CODE)} ký tự.`);
  if (cleanText(person.name) === '' || person.name.length > MOST_NAME) fault('/name', 'person-name-invalid', `Họ và tên cần từ 1 đến ${String(MOST_NAME)} ký tự.`);
  if (person.email !== null && !EMAIL.test(person.email)) fault('/email', 'email-invalid', `“${person.email.slice(0, 80)}” không phải địa chỉ thư điện tử.`);
  if (person.phone !== null && !PHONE.test(person.phone)) fault('/phone', 'phone-invalid', `“${person.phone.slice(0, 40)}” không phải số điện thoại.`);
  if (person.quiet !== null && (!TIME.test(person.quiet.from) || !TIME.test(person.quiet.until) || person.quiet.from === person.quiet.until)) fault('/quiet', 'quiet-hours-invalid', 'Giờ yên lặng cần dạng HH:MM-HH:MM, hai giờ khác nhau.');
  if (person.dailyLimit !== null && (!Number.isInteger(person.dailyLimit) || person.dailyLimit < 1 || person.dailyLimit > MOST_DAILY)) fault('/dailyLimit', 'daily-limit-invalid', `Số thư mỗi ngày cần là số nguyên từ 1 đến ${String(MOST_DAILY)}.`);
  const { delegation } = person;
  if (delegation !== null) {
    if (!isDay(delegation.from) || !isDay(delegation.until) || delegation.until < delegation.from) fault('/delegation', 'delegation-days-invalid', 'Ủy quyền cần ngày bắt đầu và ngày kết thúc có thật, ngày kết thúc không trước ngày bắt đầu.');
    if (delegation.toId === person.id) fault('/delegation', 'delegation-to-self', 'Không thể ủy quyền cho chính mình.');
  }
  if (person.leftOn !== null && !isDay(person.leftOn)) fault('/leftOn', 'left-on-invalid', 'Ngày nghỉ cần là một ngày có thật, dạng yyyy-mm-dd.');
  return faults;
}

/** Whether somebody is there to be reminded on a day. */
export const isThere = (person: Pick<Person, 'leftOn'>, day: Day): boolean => person.leftOn === null || day < person.leftOn;

const minutes = (time: string): number => +time.slice(0, 2) * 60 + +time.slice(3, 5);

/** Minutes from a minute of the day (0–1439) until the quiet hours that hold it end; 0 outside of them. */
export function quietFor(quiet: QuietHours | null, minute: number): number {
  if (quiet === null) return 0;
  const [from, until] = [minutes(quiet.from), minutes(quiet.until)];
  const inside = from < until ? minute >= from && minute < until : minute >= from || minute < until;
  return inside ? (until - minute + 1440) % 1440 : 0;
}
