import { roleOf, unitOf, useActor, type Actor } from '../actor.ts';
import { t } from '../i18n.ts';
import { keptChoice } from '../kept-choice.ts';
import { AUTHORITY_WORDS } from '../words.ts';
import { type Scope } from './address.ts';

/*
 * What the acting role is in charge of, as choices that the address can say, so that a link means the same to whoever opens it: a unit what it and
 * those under it lead, a leader the tasks that he or she gave. Until there are accounts the leadership is one role: which of its authorities the
 * reader is, is chosen once and kept in the browser.
 */

/** Give tasks to the province, and are none of its leaders. */
const ABOVE: ReadonlySet<string> = new Set(['all', 'chinh-phu', 'thu-tuong']);
const authority = keptChoice('nhacviec.phu-trach');
/** Which authority of the leadership the reader is. */
export const beAuthority = authority.choose;

export interface Mine {
  /** Names the choice in a list of them. */
  key: string;
  /** What it comes to, in words. */
  words: string;
  change: Partial<Scope>;
  /** An authority to be from then on. */
  be?: string;
}

/** What the acting role can say it is in charge of; nothing for those who follow or audit the whole. */
export function minesOf(actor: Actor, unitName: (id: string) => string): readonly Mine[] {
  const unit = unitOf(actor);
  if (unit !== null) return [{ key: `toi:${unit}`, words: t('việc {{unit}} và đơn vị trực thuộc chủ trì', { unit: unitName(unit) }), change: { unitId: unit, unitKind: null, tree: 'tree' } }];
  if (roleOf(actor) !== 'leader') return [];
  return Object.keys(AUTHORITY_WORDS)
    .filter((code) => !ABOVE.has(code))
    .map((code) => ({ key: `toi:${code}`, words: t('việc do {{authority}} giao', { authority: AUTHORITY_WORDS[code] ?? code }), change: { authority: code }, be: code }));
}

/** What is looked at, where that is what the acting role is in charge of; else null. */
export function useMine(scope: Scope): Mine | null {
  const actor = useActor();
  const chosen = authority.useChoice();
  const unit = unitOf(actor);
  const mine = unit !== null ? scope.unitId === unit && scope.tree !== null : roleOf(actor) === 'leader' && scope.authority !== null && scope.authority === chosen;
  if (!mine) return null;
  // The unit is named by what stands before it.
  return minesOf(actor, () => t('đơn vị mình')).find(({ key }) => key === `toi:${unit ?? chosen ?? ''}`) ?? null;
}
