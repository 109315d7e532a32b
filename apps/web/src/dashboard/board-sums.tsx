import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { Bar, Figure } from '../parts.tsx';
import { wholeOf, type Scope } from '../scope/scope.ts';
import { MAIN, REST, sum } from '../words.ts';
import { addUp, howMany, type BoardLine } from './board-rows.ts';
import { Interval, Spark } from './marks.tsx';
import { Num } from './num.tsx';
import { OnlyLink } from './only-link.tsx';
import { type Dashboard, type UnitRow } from './types.ts';

/** Stands where other rows name their unit. */
export const QUIET = '-';

/** Units without anything overdue in one row: they are fine, and there are many. */
export function QuietRow({ lines, data, open, toggle }: { lines: readonly BoardLine[]; data: Dashboard; open: boolean; toggle: () => void }) {
  const n = howMany(lines);
  const added = (of: (row: UnitRow) => number) => count(addUp(lines, of));
  const cells = Object.fromEntries(Object.keys(data.all.cells).map((cell) => [cell, addUp(lines, (row) => row.cells[cell as keyof typeof row.cells])]));
  return (
    <tr className="restrow" data-row={QUIET}>
      <th scope="row">
        <button type="button" className="tw" aria-expanded={open} tabIndex={-1} onClick={toggle}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> {t('{{n}} đơn vị không có việc quá hạn', { n: count(n) })}
        </button>
      </th>
      <td className="num n">{added((row) => row.total)}</td>
      <td className="b">
        <Bar cells={cells} total={addUp(lines, (row) => row.total)} />
      </td>
      <td className="num o2">0</td>
      <td className="sp" />
      <td className="num age">
        <span className="z">–</span>
      </td>
      <td className="num soon">{added((row) => row.dueSoon)}</td>
      <td className="num r">
        <small className="fr">
          {added((row) => row.onTime.numerator)}/{added((row) => row.onTime.denominator)}
        </small>
      </td>
      <td className="ivc" />
      <td className="num ex">{added((row) => row.extended)}</td>
      <td className="num up" />
      {data.all.load.map(({ from }, index) => (
        <td key={from} className="h">
          {added((row) => row.load[index]?.due ?? 0)}
        </td>
      ))}
      <td className="h aft">{added((row) => row.later)}</td>
    </tr>
  );
}

/** The same parts as those of the large bar, whose words beside it narrow the page for everybody. */
function TotalBar({ row }: { row: UnitRow }) {
  return (
    <div className="bar parts">
      {[...MAIN, ...REST].map(({ key, look, cells, what }) => {
        const n = sum(row.cells, cells);
        return n === 0 ? null : <OnlyLink key={key} what={what} n={n} className={`c-${look}`} style={{ flexGrow: n }} pointed />;
      })}
    </div>
  );
}

/** What all rows come to. */
export function TotalRow({ data, scope, unitName, from }: { data: Dashboard; scope: Scope; unitName: string; from: number }) {
  const row = data.all;
  return (
    <tr data-total-row="yes">
      <th scope="row">{t('{{unit}}, {{n}} đơn vị', { unit: unitName, n: count(data.units.length) })}</th>
      <td className="num n">
        <Figure value={row.total} scope={scope} pick={{ rate: 'R3', side: 'denominator' }} what={t('tổng số')} />
      </td>
      <td className="b" aria-hidden="true">
        <TotalBar row={row} />
      </td>
      <td className="num o2">
        <Num value={row.overdue} scope={scope} what="overdue" className={row.overdue > 0 ? 't-overdue' : ''} />
      </td>
      <td className="sp">
        <Spark weeks={row.overdueWeeks} />
      </td>
      <td className="num age">{row.oldestDays === null ? '–' : count(row.oldestDays)}</td>
      <td className="num soon">
        <Num value={row.dueSoon} scope={scope} what="due-7" className={row.dueSoon > 0 ? 't-soon' : ''} />
      </td>
      <td className="num r">
        {row.onTime.text}
        <small className="fr">
          <Figure value={row.onTime.numerator} scope={wholeOf(scope)} pick={{ rate: 'R2', side: 'numerator' }} what={t('tử số đúng hạn')} />/
          <Figure value={row.onTime.denominator} scope={wholeOf(scope)} pick={{ rate: 'R2', side: 'denominator' }} what={t('mẫu số đúng hạn')} />
        </small>
      </td>
      <td className="ivc">
        <Interval rate={row.onTime} from={from} all={null} />
      </td>
      <td className="num ex">
        <Num value={row.extended} scope={scope} what="extended" />
      </td>
      <td className="num up">{row.lastUpdateOn ? day(row.lastUpdateOn).slice(0, 5) : '–'}</td>
      {row.load.map(({ from: week, due }) => (
        <td key={week} className="h">
          {due === 0 ? <span className="z">·</span> : <Num value={due} scope={scope} what="load" week={week} />}
        </td>
      ))}
      <td className="h aft">{row.later === 0 ? <span className="z">·</span> : <Num value={row.later} scope={scope} what="load-later" />}</td>
    </tr>
  );
}
