import { useQuery } from '@tanstack/react-query';
import { get } from '../api.ts';
import { keptChoice } from '../kept-choice.ts';
import { type InboxPerson } from './types.ts';

/** As whom the inbox is read, until there are accounts. */
const person = keptChoice('nhacviec.nguoi');
export const choosePerson = person.choose;
export const usePerson = person.useChoice;

/** Roles that have people of their own. */
export const hasInbox = (role: string): boolean => role === 'office' || role === 'leader' || role === 'unit';

/** The people the acting role may read as, each with how much is unseen; asked again as events come. */
export const useInboxPeople = (actor: string, enabled: boolean) =>
  useQuery({
    queryKey: ['inbox-people', actor],
    queryFn: ({ signal }) => get<{ items: InboxPerson[]; people: number }>('/inbox/people', {}, signal, actor),
    enabled,
    refetchInterval: 60_000,
  });

/** The one chosen, or the first there is. */
export const personAmong = (people: readonly InboxPerson[], chosen: string | null): InboxPerson | undefined =>
  people.find(({ id }) => id === chosen) ?? people[0];
