import { useSyncExternalStore } from 'react';
import { t } from './i18n.ts';

/** Who acts, in the form of the header `X-Actor`; a trial until there are accounts. */
export type Actor = 'office' | 'leader' | 'auditor' | 'admin' | `unit:${string}`;
export type Role = 'office' | 'leader' | 'auditor' | 'admin' | 'unit';

const KEY = 'nhacviec.vai';
const listeners = new Set<() => void>();

const isActor = (text: string | null): text is Actor => text !== null && /^(office|leader|auditor|admin|unit:[a-z0-9-]+)$/.test(text);

function stored(): Actor {
  try {
    const text = localStorage.getItem(KEY);
    return isActor(text) ? text : 'office';
  } catch {
    return 'office';
  }
}
let current = stored();

export const currentActor = (): Actor => current;

export function chooseActor(text: string): void {
  if (!isActor(text)) return;
  current = text;
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Storage is closed: the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useActor = (): Actor => useSyncExternalStore(subscribe, currentActor);

export const roleOf = (actor: Actor): Role => (actor.startsWith('unit:') ? 'unit' : (actor as Role));
export const unitOf = (actor: Actor): string | null => (actor.startsWith('unit:') ? actor.slice('unit:'.length) : null);

export const ROLE_NAMES: Readonly<Record<Exclude<Role, 'unit'>, string>> = {
  office: t('Văn phòng UBND tỉnh'),
  leader: t('Lãnh đạo UBND tỉnh'),
  auditor: t('Thanh tra, kiểm tra (chỉ xem)'),
  admin: t('Quản trị hệ thống'),
};
