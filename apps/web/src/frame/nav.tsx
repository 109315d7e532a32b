import { IconMenu2, IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { useEscape } from '../escape.ts';
import { t } from '../i18n.ts';
import { PLACES } from '../quick/find.ts';
import { Unseen } from '../reminders/unseen.tsx';
import { href, toPresent, useScope } from '../scope/scope.ts';

/** `page` on the page itself, `true` on what lies under it (a task under the tasks). */
const currentAt = (path: string, at: string): 'page' | 'true' | undefined =>
  path === at ? 'page' : path !== '/' && at.startsWith(`${path}/`) ? 'true' : undefined;

/** The pages the acting role is offered, in a row; behind a button where there is no room for a row. */
export function Nav() {
  const scope = useScope();
  const { pathname } = useLocation();
  const role = roleOf(useActor());
  const [open, setOpen] = useState(false);
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [pathname]);
  useEscape(open, () => {
    setOpen(false);
    opener.current?.focus();
  });
  const places = PLACES.filter(({ roles, aside }) => aside !== true && (roles === undefined || roles.includes(role)));
  return (
    <>
      <button ref={opener} type="button" className="btn plain navb" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {open ? <IconX size={16} aria-hidden /> : <IconMenu2 size={16} aria-hidden />} {t('Các trang')}
      </button>
      <nav id={id} className={open ? 'open' : undefined} aria-label={t('Các trang')}>
        {places.map(({ path, word, nav, present }) => (
          <Link key={path} to={href(path, present ? toPresent(scope) : scope)} aria-current={currentAt(path, pathname)}>
            {nav ?? word}
            {path === '/hop-nhac' ? <Unseen /> : null}
          </Link>
        ))}
      </nav>
    </>
  );
}
