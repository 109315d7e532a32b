import { Link } from 'react-router';
import { type ChangedTask, type Changes } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { href, type Scope } from '../scope/scope.ts';
import { type Kind } from '../words.ts';
import { ChangedList } from './changed-list.tsx';

const signed = (n: number): string => (n > 0 ? `+${count(n)}` : n < 0 ? `−${count(-n)}` : '±0');

/** What moved in some cells between the two points; a move between two of them is no move. */
export function movesOf(
  changes: Changes,
  cells: readonly string[],
): { difference: number; entered: ChangedTask[]; left: ChangedTask[]; changed: ChangedTask[] } {
  const within = (cell: string | null) => cell !== null && cells.includes(cell);
  const all = [...changes.entered.items, ...changes.left.items, ...changes.changed.items];
  return {
    difference: cells.reduce((sum, cell) => sum + (changes.cells[cell]?.after ?? 0) - (changes.cells[cell]?.before ?? 0), 0),
    entered: all.filter((task) => within(task.after) && !within(task.before)),
    left: all.filter((task) => within(task.before) && !within(task.after)),
    changed: all.filter((task) => within(task.before) && within(task.after)),
  };
}

/** The change of one cell since the other point; opens the tasks that made it. */
export function Delta({
  changes,
  kind,
  open,
  toggle,
}: {
  changes: Changes;
  kind: Kind;
  open: boolean;
  toggle: (button: HTMLButtonElement) => void;
}) {
  const { difference, entered, left, changed } = movesOf(changes, kind.cells);
  if (entered.length + left.length + changed.length === 0) return <span className="delta none">{t('không đổi')}</span>;
  return (
    <button
      type="button"
      className="delta"
      data-delta={kind.key}
      aria-expanded={open}
      aria-controls="thay-doi"
      onClick={(event) => toggle(event.currentTarget)}
    >
      {signed(difference)} <span className="io">{t('({{n}} vào, {{n2}} ra)', { n: count(entered.length), n2: count(left.length) })}</span>
      <span className="vh">{t(', {{word}}: xem việc nào', { word: kind.word })}</span>
    </button>
  );
}

export function ChangePanel({
  id,
  changes,
  kind,
  scope,
  close,
}: {
  id: string;
  changes: Changes;
  kind: Kind;
  scope: Scope;
  close: () => void;
}) {
  const moves = movesOf(changes, kind.cells);
  const told = changes.entered.items.length + changes.left.items.length + changes.changed.items.length;
  const whole = changes.entered.total + changes.left.total + changes.changed.total;
  const groups: [string, ChangedTask[]][] = [
    [t('Vào nhóm'), moves.entered],
    [t('Ra khỏi nhóm'), moves.left],
    [t('Có thay đổi'), moves.changed],
  ];
  return (
    <div id={id} className="panel" role="region" aria-label={t('Thay đổi: {{word}}', { word: kind.word })}>
      <h3>
        {kind.word}: {signed(moves.difference)}
      </h3>
      {groups.map(([title, items]) =>
        items.length > 0 ? (
          <section key={title}>
            <h4>
              {title} <span className="quiet">{t('{{n}} việc', { n: count(items.length) })}</span>
            </h4>
            <ChangedList items={items} scope={scope} />
          </section>
        ) : null,
      )}
      <p className="acts">
        <Link className="btn" to={href('/so-sanh', scope, { o: kind.cells.join(',') })}>
          {told < whole ? t('Xem đủ {{whole}} việc ở trang so sánh', { whole: count(whole) }) : t('Mở trang so sánh')}
        </Link>
        <button type="button" className="btn" onClick={close}>
          {t('Đóng')} <kbd>Esc</kbd>
        </button>
      </p>
    </div>
  );
}
