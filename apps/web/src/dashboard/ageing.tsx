import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { type Scope } from '../scope/scope.ts';
import { Num } from './num.tsx';
import { amongThem, OnlyLink } from './only-link.tsx';
import { type Dashboard } from './types.ts';
import { AGE_WORDS } from './what-words.ts';

/** How old the overdue tasks are. */
export function Ageing({ data, scope }: { data: Dashboard; scope: Scope }) {
  const { overdue } = data.tiles;
  const most = Math.max(1, ...data.ageing.map((band) => band.count));
  return (
    <section aria-labelledby="h-ages" className="ageing">
      <div className="hd">
        <h2 id="h-ages">
          {amongThem(
            scope.only,
            overdue.count === 0
              ? t('Không có việc nào quá hạn.')
              : overdue.over30 === 0
                ? t('Chưa việc nào quá hạn hơn 30 ngày.')
                : t('{{n}} trong {{all}} việc đã quá hạn hơn 30 ngày.', { n: count(overdue.over30), all: count(overdue.count) }),
          )}
        </h2>
        <p className="quiet">{t('Tuổi quá hạn tính theo ngày lịch, từ hết ngày của thời hạn hiện hành.')}</p>
      </div>
      <table className="ages">
        <thead>
          <tr>
            <th scope="col">{t('Đã quá hạn')}</th>
            <th scope="col" className="num">
              {t('Việc')}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {data.ageing.map((band) => (
            <tr key={band.key}>
              <th scope="row">
                <OnlyLink what={`age-${band.key}`} n={band.count}>
                  {AGE_WORDS[band.key]}
                </OnlyLink>
              </th>
              <td className="num">
                <Num value={band.count} scope={scope} what={`age-${band.key}`} className={band.count > 0 ? 't-overdue' : ''} />
              </td>
              <td className="agebar" aria-hidden="true">
                <OnlyLink what={`age-${band.key}`} n={band.count} pointed style={{ width: `${String((band.count * 100) / most)}%` }}>
                  <i />
                </OnlyLink>
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('Cộng')}</th>
            <td className="num">{count(overdue.count)}</td>
            <td className="quiet">
              {overdue.count > 0
                ? t('trung vị {{median}} ngày, lâu nhất {{oldest}} ngày', {
                    median: String(overdue.medianDays ?? 0).replace('.', ','),
                    oldest: count(overdue.oldestDays ?? 0),
                  })
                : ''}
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
