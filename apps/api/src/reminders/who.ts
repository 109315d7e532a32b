import type { Actor } from '#event-log';
import { Problem } from '#kernel';
import type { Person } from '#people';
import type { KnownPeople } from './people-known.ts';

/** Whose reminders the acting role reads and answers; until there are accounts a role stands for all its people. */
export function mayActAs(actor: Actor, person: Pick<Person, 'role' | 'unitId'>): boolean {
  if (actor.role === 'unit') return person.role !== 'office' && person.role !== 'leader' && person.unitId === actor.unitId;
  return (actor.role === 'office' || actor.role === 'leader') && person.role === actor.role;
}

/** @throws Problem 404 where there is nobody of this id, 403 where it is not for the acting role to be them. */
export function personFor(actor: Actor, personId: string, people: KnownPeople): Person {
  const person = people.byId.get(personId);
  if (!person) throw new Problem(404, 'person-not-found', 'Không có người này', `Danh bạ không có người mang mã “${personId.slice(0, 80)}”.`, { extra: { id: personId.slice(0, 80) } });
  if (!mayActAs(actor, person)) throw new Problem(403, 'not-permitted', 'Không có quyền', `Vai trò “${actor.id}” không xem hộp nhắc của người khác đơn vị, khác vai.`, { extra: { role: actor.role } });
  return person;
}
