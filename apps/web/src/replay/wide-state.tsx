import { Link } from 'react-router';
import { useChanges } from '../compare/changes.ts';
import { at, count, day, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { Figure } from '../parts.tsx';
import { EMPTY_SCOPE, href, type Scope } from '../scope/scope.ts';
import { Failure, Loading } from '../states.tsx';
import { CELL_WORDS, MAIN, REST } from '../words.ts';
import { MeetingLine } from './aside.tsx';
import { sameYear, type WideView } from './audit.ts';

const ORDER = [...MAIN, ...REST].flatMap((kind) => kind.cells);

/** The scope of the figures at a point. */
export const scopeAt = (view: WideView, on: string): Scope => ({
  ...EMPTY_SCOPE,
  unitId: view.unitId,
  tree: view.unitId === null ? null : 'co',
  day: on,
  knownAt: view.knownNow ? null : on,
});

/** The figures of the subject at A and at B, side by side: how many came into each cell and left it, each number to its tasks. */
export function WideState({ view }: { view: WideView }) {
  const [a, b] = [scopeAt(view, view.a), scopeAt(view, view.b)];
  const both: Scope = { ...b, sinceDay: view.a, sinceKnownAt: view.knownNow ? null : view.a };
  const comparable = sameYear(view.a, view.b);
  return (
    <section aria-labelledby="h-cells" data-ready={comparable ? undefined : 'yes'}>
      <h2 id="h-cells">{t('Số liệu tại A và tại B')}</h2>
      <p className="known">
        <span>{view.knownNow ? t('Theo mọi điều đã biết đến nay.') : t('Mỗi mốc theo điều đã biết lúc ấy.')}</span>{' '}
        <Link to={view.link({ biet: view.knownNow ? null : 'nay' })} preventScrollReset replace>
          {view.knownNow ? t('Xem như đã biết lúc ấy') : t('Xem theo điều biết đến nay')}
        </Link>
      </p>
      {comparable ? (
        <Compared both={both} a={a} b={b} />
      ) : (
        <p className="aside">
          {t(
            'Hai mốc nằm ở hai năm báo cáo (15/12 đến 14/12), số của hai năm không so từng việc được. Dời một mốc để so, hoặc mở bảng điều hành ở từng mốc.',
          )}
        </p>
      )}
      <ul className="links">
        <li>
          <span>{t('Bảng điều hành lúc A, hết {{day}}', { day: day(view.a) })}</span>
          <Link data-board="A" to={href('/', a)}>
            {t('Mở bảng điều hành lúc A')}
          </Link>
        </li>
        <li>
          <span>{t('Bảng điều hành lúc B, hết {{day}}', { day: day(view.b) })}</span>
          <Link data-board="B" to={href('/', b)}>
            {t('Mở bảng điều hành lúc B')}
          </Link>
        </li>
        <MeetingLine letter="A" asOf={view.a} />
        <MeetingLine letter="B" asOf={view.b} />
        {comparable ? (
          <li>
            <span>{t('Từng việc khác nhau giữa hai mốc, và sự kiện làm đổi')}</span>
            <Link data-compare to={href('/so-sanh', both)}>
              {t('So sánh hai thời điểm')}
            </Link>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Compared({ both, a, b }: { both: Scope; a: Scope; b: Scope }) {
  const changes = useChanges(both, 1);
  if (changes.error && !changes.data) return <Failure error={changes.error} retry={() => void changes.refetch()} />;
  if (!changes.data) return <Loading what={t('số liệu ở hai mốc')} />;
  const { cells, since, now, entered, left, changed } = changes.data;
  const rows = ORDER.filter((cell) => {
    const row = cells[cell];
    return row !== undefined && (row.before > 0 || row.after > 0 || row.entered > 0 || row.left > 0);
  });
  return (
    <div className={changes.isPlaceholderData ? 'stale' : ''} data-ready={changes.isPlaceholderData ? undefined : 'yes'}>
      <p data-moves>
        {t('{{entered}} việc vào, {{left}} việc ra, {{changed}} việc đổi nhóm.', {
          entered: count(entered.total),
          left: count(left.total),
          changed: count(changed.total),
        })}{' '}
        <span className="quiet">
          {t('A ở sự kiện {{a}}, B ở sự kiện {{b}}.', { a: positionText(since.position), b: positionText(now.position) })}
        </span>
      </p>
      <div className="scrollx" role="group" aria-labelledby="h-cells" tabIndex={0}>
        <table className="plain cellt">
          <thead>
            <tr>
              <th scope="col">{t('Nhóm')}</th>
              <th scope="col" className="num">
                <b className="flagword fa">A</b> {at(since.asOf)}
              </th>
              <th scope="col" className="num">
                <b className="flagword fb">B</b> {at(now.asOf)}
              </th>
              <th scope="col" className="num">
                {t('Vào')}
              </th>
              <th scope="col" className="num">
                {t('Ra')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((cell) => {
              const row = cells[cell] ?? { before: 0, after: 0, entered: 0, left: 0 };
              const name = CELL_WORDS[cell] ?? cell;
              const moved = (n: number, sign: string) =>
                n === 0 ? (
                  <span className="zero">0</span>
                ) : (
                  <Link
                    to={href('/so-sanh', both, { o: cell })}
                    aria-label={t('{{n}} việc, {{name}}: xem trong phần so sánh', { n: count(n), name })}
                  >
                    {sign}
                    {count(n)}
                  </Link>
                );
              return (
                <tr key={cell} data-cell={cell}>
                  <th scope="row">{name}</th>
                  <td className="num" data-column="a">
                    <Figure value={row.before} scope={a} pick={{ cell }} what={t('{{name}}, mốc A', { name })} />
                  </td>
                  <td className="num strong" data-column="b">
                    <Figure value={row.after} scope={b} pick={{ cell }} what={t('{{name}}, mốc B', { name })} />
                  </td>
                  <td className="num">{moved(row.entered, '+')}</td>
                  <td className="num">{moved(row.left, '−')}</td>
                </tr>
              );
            })}
            <tr data-cell="total">
              <th scope="row">{t('Tổng số')}</th>
              <td className="num" data-column="a">
                <Figure value={since.total} scope={a} pick={{ rate: 'R3', side: 'denominator' }} what={t('tổng số, mốc A')} />
              </td>
              <td className="num strong" data-column="b">
                <Figure value={now.total} scope={b} pick={{ rate: 'R3', side: 'denominator' }} what={t('tổng số, mốc B')} />
              </td>
              <td className="num" />
              <td className="num" />
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}
