import { t } from './i18n.ts';
import { keptChoice } from './kept-choice.ts';

/** Who acts, in the form of the header `X-Actor`; a trial until there are accounts. */
export type Actor = 'office' | 'leader' | 'auditor' | 'admin' | `unit:${string}`;
export type Role = 'office' | 'leader' | 'auditor' | 'admin' | 'unit';

const kept = keptChoice('nhacviec.vai');

const isActor = (text: string | null): text is Actor => text !== null && /^(office|leader|auditor|admin|unit:[a-z0-9-]+)$/.test(text);
const actorOf = (text: string | null): Actor => (isActor(text) ? text : 'office');

export const currentActor = (): Actor => actorOf(kept.now());

export function chooseActor(text: string): void {
  if (isActor(text)) kept.choose(text);
}

export const useActor = (): Actor => actorOf(kept.useChoice());

export const roleOf = (actor: Actor): Role => (actor.startsWith('unit:') ? 'unit' : (actor as Role));
export const unitOf = (actor: Actor): string | null => (actor.startsWith('unit:') ? actor.slice('unit:'.length) : null);

export const ROLE_NAMES: Readonly<Record<Exclude<Role, 'unit'>, string>> = {
  office: t('Văn phòng UBND tỉnh'),
  leader: t('Lãnh đạo UBND tỉnh'),
  auditor: t('Thanh tra, kiểm tra (chỉ xem)'),
  admin: t('Quản trị hệ thống'),
};
