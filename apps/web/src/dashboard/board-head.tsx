import { day } from '../format.ts';
import { t } from '../i18n.ts';
import { short } from './board-words.ts';
import { OnlyLink } from './only-link.tsx';
import { type Dashboard } from './types.ts';

/** The two lines at the head of the board; the name of a week ahead narrows the page to it. `from`: where the scale of the intervals begins. */
export function BoardHead({ data, from }: { data: Dashboard; from: number }) {
  return (
    <thead>
      <tr className="grp">
        <td />
        <th colSpan={2} scope="colgroup" className="g n">
          {t('Được giao trong kỳ')}
        </th>
        <th colSpan={3} scope="colgroup" className="g">
          {t('Quá hạn')}
        </th>
        <td className="soon" />
        <th colSpan={2} scope="colgroup" className="g">
          {t('Đúng hạn')}
        </th>
        <td className="ex" />
        <td className="up" />
        <th colSpan={9} scope="colgroup" className="g h">
          {t('Sắp tới: việc đến hạn trong tuần từ')}
        </th>
      </tr>
      <tr data-heads>
        <th scope="col">{t('Đơn vị chủ trì')}</th>
        <th scope="col" className="num n">
          {t('Tổng số')}
        </th>
        <th scope="col" className="b">
          {t('Hiện trạng')}
        </th>
        <th scope="col" className="num o2">
          {t('Việc')}
        </th>
        <th scope="col" className="sp">
          {t('12 tuần')}
        </th>
        <th scope="col" className="num age">
          {t('Lâu nhất (ngày)')}
        </th>
        <th scope="col" className="num soon">
          {t('Sắp đến hạn')}
        </th>
        <th scope="col" className="num r">
          {t('Tỷ lệ R2 và số việc')}
        </th>
        <th scope="col" className="ivc">
          <span className="sc">
            <span>{from / 100}</span>
            <span>100 %</span>
          </span>
          <span className="vh">{t('khoảng tin cậy 95 %')}</span>
        </th>
        <th scope="col" className="num ex">
          {t('Gia hạn')}
        </th>
        <th scope="col" className="num up">
          {t('Cập nhật')}
        </th>
        {data.all.load.map(({ from: week, due }, index) => {
          const word =
            index === 0 || day(week).slice(3, 5) !== day(data.all.load[index - 1]?.from ?? week).slice(3, 5) ? short(week) : String(Number(week.slice(8)));
          return (
            <th key={week} scope="col" className="h" abbr={short(week)}>
              <OnlyLink what={`load-${week}`} n={due} walked>
                {word}
              </OnlyLink>
            </th>
          );
        })}
        <th scope="col" className="h" abbr={t('sau')}>
          <OnlyLink what="load-later" n={data.all.later} walked>
            {t('sau')}
          </OnlyLink>
        </th>
      </tr>
    </thead>
  );
}
