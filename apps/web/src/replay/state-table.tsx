import { type TaskEvent } from '../api.ts';
import { count, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { lookOf } from '../words.ts';
import { LookIcon } from '../parts.tsx';
import { rowsOf, type Causes, type Field, type Row } from './differences.ts';
import { saysNothing } from './fields.ts';
import { knownWords, pointWords, type Point } from './points.ts';
import { MOST_CAUSES, type Cause } from './state.ts';

/** The link to an event's place in the list below or beside. */
export function EventLink({ event, named = true }: { event: Pick<TaskEvent, 'id' | 'position' | 'name'>; named?: boolean }) {
  return (
    <a href={`#su-kien-${event.id}`} onClick={() => document.getElementById(`su-kien-${event.id}`)?.focus({ preventScroll: true })}>
      {positionText(event.position)}
      {named ? ` ${event.name}` : ''}
    </a>
  );
}

function CauseLine({ causes }: { causes: readonly Cause[] | null }) {
  if (causes === null) return <span className="sub">{t('Đang tìm sự kiện làm đổi…')}</span>;
  return (
    <span className="sub by">
      {causes.map((cause, at) => (
        <span key={cause === 'time' ? 'time' : cause.id}>
          {at > 0 ? ', ' : `${t('do')} `}
          {cause === 'time' ? t('thời gian trôi qua') : <EventLink event={cause} />}
        </span>
      ))}
    </span>
  );
}

export interface StateColumn {
  readonly key: string;
  readonly letter: 'A' | 'B';
  readonly title: string;
  readonly point: Point;
  /** Whose knowledge: that of the point, or of the later one. */
  readonly knowledge: Point;
  /** What it was, field by field; null where nothing of it was recorded yet. */
  readonly fields: readonly Field[] | null;
  /** Of a task: its cell, which has an icon and a colour. */
  readonly cell: string | null;
  /** What made the differences from the first column; null while that is being found out. */
  readonly causes: Causes<Cause> | null;
}

function Value({ field, text, cell }: { field: string; text: string | null; cell: string | null }) {
  if (text === null) return <span className="quiet">{t('chưa được ghi')}</span>;
  if (field !== 'cell' || cell === null) return <>{text}</>;
  const look = lookOf(cell);
  return (
    <span className={look === 'overdue' ? 'place t-overdue' : 'place'}>
      <LookIcon look={look} />
      {text}
    </span>
  );
}

function Cells({ row, columns, asked }: { row: Row; columns: readonly StateColumn[]; asked: boolean }) {
  const first = row.texts[0] ?? null;
  return (
    <>
      {columns.map((column, at) => {
        const text = row.texts[at] ?? null;
        const same = at > 0 && text === first;
        return (
          <td key={column.key} data-column={column.key} data-label={`${column.letter} ${column.title}`}>
            {at === 0 ? (
              <Value field={row.key} text={text} cell={column.cell} />
            ) : same ? (
              <span className="quiet">{t('không đổi')}</span>
            ) : (
              <>
                <del>{first ?? t('chưa được ghi')}</del>
                <ins>
                  <Value field={row.key} text={text} cell={column.cell} />
                </ins>
                {asked ? <CauseLine causes={column.causes === null ? null : (column.causes.get(row.key) ?? [])} /> : null}
              </>
            )}
          </td>
        );
      })}
    </>
  );
}

/** The subject field by field at each of the points: what differs first, the rest folded. `absent`: what to say where nothing was recorded yet. */
export function StateTable({
  columns,
  between,
  absent = t('Lúc ấy việc này chưa được ghi vào hệ thống.'),
}: {
  columns: readonly StateColumn[];
  between: number;
  absent?: string;
}) {
  const rows = rowsOf(columns.map(({ fields }) => fields));
  const single = columns.length === 1;
  const changed = rows.filter((row) => (single ? !saysNothing(row.texts[0] ?? null) : row.changed));
  const same = rows.filter((row) => !changed.includes(row));
  const asked = between <= MOST_CAUSES;
  const table = (shown: readonly Row[], label: string) => (
    <div className="scrollx" role="region" aria-label={label} tabIndex={0}>
      <table className="states">
        <thead>
          <tr>
            <th scope="col">{t('Trường')}</th>
            {columns.map((column) => (
              <th key={column.key} scope="col">
                <b className={`flagword f${column.letter.toLowerCase()}${column.key === 'a-now' ? ' hollow' : ''}`}>{column.letter}</b>{' '}
                <b>{column.title}</b>
                <span className="sub">
                  {t('{{when}}, biết đến {{known}}', { when: pointWords(column.point), known: knownWords(column.knowledge) })}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.key} data-field={row.key} data-changed={row.changed || undefined}>
              <th scope="row">{row.label}</th>
              <Cells row={row} columns={columns} asked={asked} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <section aria-labelledby="h-state">
      <h2 id="h-state">
        {single ? t('Trạng thái tại A') : t('Trạng thái tại A và tại B')}{' '}
        {single ? null : (
          <span className="quiet">
            {t('{{changed}} trường đổi, {{same}} trường giữ nguyên', { changed: count(changed.length), same: count(same.length) })}
          </span>
        )}
      </h2>
      {rows.length === 0 ? <p>{absent}</p> : null}
      {changed.length > 0 ? (
        table(changed, t('Trạng thái từng trường'))
      ) : rows.length > 0 ? (
        <p>{t('Không trường nào khác nhau giữa hai mốc.')}</p>
      ) : null}
      {!single && !asked ? (
        <p className="quiet">
          {t('Giữa hai mốc có {{n}} sự kiện; đặt hai mốc cách nhau không quá {{most}} sự kiện để biết sự kiện nào làm đổi.', {
            n: count(between),
            most: count(MOST_CAUSES),
          })}
        </p>
      ) : null}
      {same.length > 0 ? (
        <details className="more same">
          <summary>
            {single
              ? t('{{n}} trường chưa có gì: {{list}}', {
                  n: count(same.length),
                  list: same.map((row) => row.label.toLowerCase()).join(', '),
                })
              : t('{{n}} trường giữ nguyên: {{list}}', {
                  n: count(same.length),
                  list: same.map((row) => row.label.toLowerCase()).join(', '),
                })}
          </summary>
          <dl className="samelist">
            {same.map((row) => (
              <div key={row.key} data-field={row.key}>
                <dt>{row.label}</dt>
                <dd>{row.texts[0] ?? t('chưa được ghi')}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}
