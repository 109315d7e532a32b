import { Link } from 'react-router';
import { t } from '../i18n.ts';
import { href, useScope, withOnly, type Scope } from '../scope/scope.ts';
import { MAIN, REST } from '../words.ts';
import { rulesOff, rulesOffQuery } from './ask.ts';

/** Found by looking at several tasks: no test of one, so nothing a page can be narrowed to. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['oldest-overdue', 'blocked-by-overdue']);

/** What the tasks behind a number are called where a page is narrowed to them; null where they cannot be. */
export function onlyOfPick({ what, week, cell }: Readonly<Record<string, string>>): string | null {
  if (what !== undefined) return OF_SEVERAL.has(what) ? null : week === undefined ? what : `${what}-${week}`;
  return [...MAIN, ...REST].find(({ cells }) => cells.join(',') === cell)?.what ?? null;
}

/**
 * Beside the list of a number: narrows the dashboard to its tasks, of the unit whose number it is. `here` where the dashboard itself shows the list,
 * which has then to be of something else than what the page is narrowed to already.
 */
export function NarrowTo({ pick, whose, here = false }: { pick: Readonly<Record<string, string>>; whose: Pick<Scope, 'unitId' | 'unitKind' | 'tree'>; here?: boolean }) {
  const scope = useScope();
  const only = onlyOfPick(pick);
  if (only === null) return null;
  const { unitId, unitKind, tree } = whose;
  const off = rulesOffQuery(rulesOff(new URLSearchParams(window.location.search)));
  const to = href('/', withOnly({ ...scope, unitId, unitKind, tree }, only), off);
  if (here && to === href('/', scope, off)) return null;
  return (
    <Link to={to} data-narrow={only}>
      {here ? t('Chỉ xem các việc này') : t('Chỉ xem các việc này trên bảng điều hành')}
    </Link>
  );
}
