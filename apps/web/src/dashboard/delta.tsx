import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type ChangedTask, type Changes } from '../api.ts';
import { ChangedList } from '../compare/changed-list.tsx';
import { movesOf } from '../compare/panel.tsx';
import { useEscape } from '../escape.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { href, type Scope } from '../scope/scope.ts';
import { type Kind } from '../words.ts';
import { useMoves } from './ask.ts';
import { type Dashboard } from './types.ts';

const HOVER_MS = 250;

export const signed = (n: number): string => (n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : '±0');
/** `tăng 5`, `giảm 3`, `không đổi`. */
export const changeWords = (now: number, before: number): string =>
  now > before
    ? t('Tăng {{n}}', { n: count(now - before) })
    : now < before
      ? t('Giảm {{n}}', { n: count(before - now) })
      : t('Không đổi');

interface Counted {
  difference: number;
  entered: number;
  left: number;
}

/** From the counts of the answer: one cell exactly; of several, what moved between them is counted in and out again. */
function counted(changes: Changes, kind: Kind): Counted {
  const cells = kind.cells.flatMap((cell) => changes.cells[cell] ?? []);
  return {
    difference: cells.reduce((sum, one) => sum + one.after - one.before, 0),
    entered: cells.reduce((sum, one) => sum + one.entered, 0),
    left: cells.reduce((sum, one) => sum + one.left, 0),
  };
}

/** The change of a cell since the comparison point; the pointer or the focus on it shows which tasks came, went and changed. */
export function Delta({
  kind,
  scope,
  since,
  changes,
  brief,
  right,
}: {
  kind: Kind;
  scope: Scope;
  since: Dashboard['since'];
  changes: Changes;
  brief?: boolean;
  /** The tasks open to the left of the number. */
  right?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Focus given back by Esc does not open it again. */
  const still = useRef(false);
  const later = (next: boolean) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(next), HOVER_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEscape(open, () => {
    still.current = true;
    setOpen(false);
    button.current?.focus();
  });
  const { difference, entered, left } = counted(changes, kind);
  if (entered + left === 0) return <span className="delta none">{t('không đổi')}</span>;
  return (
    <span
      className={right ? 'dwrap right' : 'dwrap'}
      onMouseEnter={() => later(true)}
      onMouseLeave={() => later(false)}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        still.current = false;
        setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="delta"
        data-delta={kind.key}
        aria-expanded={open}
        onFocus={() => {
          if (!still.current && button.current?.matches(':focus-visible')) setOpen(true);
        }}
        onClick={() => {
          clearTimeout(timer.current);
          setOpen(true);
        }}
      >
        {signed(difference)}
        {brief ? null : (
          <span className="io"> {t('({{in}} vào, {{out}} ra)', { in: count(entered), out: count(left) })}</span>
        )}
        <span className="vh">{t(', {{kind}}: xem việc nào', { kind: kind.word })}</span>
      </button>
      {open ? <Moves kind={kind} scope={scope} since={since} /> : null}
    </span>
  );
}

function Moves({ kind, scope, since }: { kind: Kind; scope: Scope; since: Dashboard['since'] }) {
  const moves = useMoves(scope, since, true);
  const { data } = moves;
  const all = href('/so-sanh', { ...scope, sinceDay: scope.sinceDay ?? since.asOf, sinceKnownAt: scope.sinceKnownAt ?? since.knownAt }, { o: kind.cells.join(',') });
  const within = data ? movesOf(data, kind.cells) : null;
  const groups: [string, ChangedTask[]][] = within
    ? [
        [t('Vào nhóm'), within.entered],
        [t('Ra khỏi nhóm'), within.left],
        [t('Có thay đổi'), within.changed],
      ]
    : [];
  const told = groups.reduce((sum, [, items]) => sum + items.length, 0);
  return (
    <div className="panel pop" role="region" aria-label={t('Thay đổi: {{kind}}', { kind: kind.word })} tabIndex={0}>
      {data ? (
        groups.map(([title, items]) =>
          items.length > 0 ? (
            <section key={title}>
              <h2 className="minor">
                {title} <span className="quiet">{t('{{n}} việc', { n: count(items.length) })}</span>
              </h2>
              <ChangedList items={items} scope={scope} />
            </section>
          ) : null,
        )
      ) : moves.isError ? (
        <p role="alert">{moves.error.message}</p>
      ) : (
        <p>{t('Đang so…')}</p>
      )}
      {data && told === 0 ? <p className="quiet">{t('Nhiều việc thay đổi: xem ở trang so sánh.')}</p> : null}
      <p className="acts">
        <Link className="btn" to={all}>
          {t('Xem từng việc ở trang so sánh')}
        </Link>
      </p>
    </div>
  );
}
