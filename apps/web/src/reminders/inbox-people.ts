import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { get } from '../api.ts';
import { type InboxPerson } from './types.ts';

const KEPT = 'nhacviec.nguoi';
const listeners = new Set<() => void>();

function stored(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
let current = stored();

/** As whom the inbox is read, until there are accounts: kept in the browser. */
export function choosePerson(id: string): void {
  current = id;
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // Storage is closed: the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
export const usePerson = (): string | null => useSyncExternalStore(subscribe, () => current);

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
