import { type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { t } from '../i18n.ts';
import { href, onlyOf, toggleOnly, useScope } from '../scope/scope.ts';
import { rulesOff, rulesOffQuery } from './ask.ts';
import { whatWords } from './what-words.ts';

/**
 * Narrows the whole page to the tasks of one number, and again to all: the name of a tile, of a part of the bar, of an age. The number beside it
 * leads to the list. `pointed`: for those who point at it only, where a word beside it does the same for everybody. `walked`: arrows lead there, not Tab.
 */
export function OnlyLink({ what, n, className, style, pointed = false, walked = false, children }: { what: string; n: number; className?: string; style?: React.CSSProperties; pointed?: boolean; walked?: boolean; children?: ReactNode }) {
  const scope = useScope();
  const [search] = useSearchParams();
  const chosen = onlyOf(scope).includes(what);
  const { name } = whatWords(what, null);
  const says = chosen ? t('{{what}}: thôi chỉ xem các việc này', { what: name }) : t('{{what}}: chỉ xem các việc này trên cả trang', { what: name });
  if (n === 0 && !chosen) return pointed ? null : <>{children}</>;
  return (
    <Link
      to={href('/', toggleOnly(scope, what), rulesOffQuery(rulesOff(search)))}
      preventScrollReset
      className={`only ${className ?? ''}`}
      style={style}
      title={says}
      aria-label={pointed ? undefined : says}
      aria-current={chosen ? 'true' : undefined}
      tabIndex={pointed || walked ? -1 : undefined}
      data-only={what}
      onKeyDown={(event) => {
        // Pressed like the switch that it is, too.
        if (event.key !== ' ') return;
        event.preventDefault();
        // A part of a drawing has no `click` of its own.
        event.currentTarget.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
      }}
    >
      {children}
    </Link>
  );
}

/** What is said of the tasks that are left, as being said of them. */
export const amongThem = (only: string | null, text: string): string =>
  only === null ? text : t('Trong các việc đang lọc: {{text}}', { text: text.charAt(0).toLowerCase() + text.slice(1) });
