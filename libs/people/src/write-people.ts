import { dayVi, type Day } from '#kernel';
import { PERSON_ROLES_VI, type Person } from './person.ts';

/** The headings of a list of people, as it is read again. */
export const PEOPLE_HEADINGS = ['Mã', 'Họ và tên', 'Đơn vị', 'Vai trò', 'Thư điện tử', 'Điện thoại', 'Kênh', 'Giờ yên lặng', 'Số thư mỗi ngày', 'Ủy quyền cho', 'Ủy quyền từ', 'Ủy quyền đến', 'Nghỉ từ'] as const;

const day = (of: Day | null | undefined): string => (of === null || of === undefined ? '' : dayVi(of));

/** Who is in the directory as the rows of such a list: read again, it changes nobody. `unit` names a unit so that it is found again. */
export function peopleRows(people: readonly Person[], unit: (id: string) => string): readonly (readonly string[])[] {
  const codes = new Map(people.map(({ id, code }) => [id, code]));
  return people.map(({ code, name, unitId, role, email, phone, channels, quiet, dailyLimit, delegation, leftOn }) => [
    code, name, unit(unitId), PERSON_ROLES_VI[role], email ?? '', phone ?? '', channels.join(', ') || (email === null ? '' : NO_CHANNEL), quiet === null ? '' : `${quiet.from}-${quiet.until}`, dailyLimit === null ? '' : String(dailyLimit),
    delegation === null ? '' : (codes.get(delegation.toId) ?? ''), day(delegation?.from), day(delegation?.until), day(leftOn),
  ]);
}

/** Somebody with an address who uses none of the ways out: an empty cell would mean mail. */
const NO_CHANNEL = 'không';
