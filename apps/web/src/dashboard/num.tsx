import { type ReactNode } from 'react';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { href, type Scope } from '../scope/scope.ts';
import { LIST_PATH } from './ask.ts';
import { whatWords } from './what-words.ts';

/** A number of the dashboard that leads to the tasks it counts. `who` names whose it is where that is not the whole page's. */
export function Num({
  value,
  scope,
  what,
  week,
  who,
  className,
  skip,
  children,
}: {
  value: number;
  scope: Scope;
  what: string;
  week?: string;
  who?: string;
  className?: string;
  /** Out of the tab order: the same number stands beside it, or arrows lead here. */
  skip?: boolean;
  children?: ReactNode;
}) {
  const { name } = whatWords(what, week ?? null);
  const said = who ? `${who}, ${name}` : name;
  return (
    <a
      className={`fig ${value === 0 ? 'zero' : ''} ${className ?? ''}`}
      href={href(LIST_PATH, scope, { what, week })}
      data-in-place
      data-count={value}
      data-what={what}
      tabIndex={skip ? -1 : undefined}
      aria-label={t('{{n}} việc, {{what}}: xem danh sách', { n: count(value), what: said })}
    >
      {children ?? count(value)}
    </a>
  );
}
