import { memo } from 'react';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { Figure } from '../parts.tsx';
import { wholeOf, type Scope } from '../scope/scope.ts';
import { Interval, Spark } from './marks.tsx';
import { Num } from './num.tsx';
import { PartsBar, type PartLink } from './parts-bar.tsx';
import { type UnitRow } from './types.ts';

interface LineProps {
  row: UnitRow;
  scope: Scope;
  depth: number;
  /** Of its sub-units: how many, and how many overdue tasks they have. */
  subunits: string | null;
  open: boolean;
  chosen: boolean;
  from: number;
  all: number | null;
  most: number;
  first: boolean;
  toggle: (unitId: string) => void;
  link: PartLink;
}

/** The row of a unit. Arrows lead to its numbers; Tab enters the table once. */
export const Line = memo(function Line({ row, scope, depth, subunits, open, chosen, from, all, most, first, toggle, link }: LineProps) {
  const here: Scope = { ...scope, unitId: row.unitId, unitKind: null, tree: null };
  return (
    <tr className={`${open ? 'open' : ''} ${chosen ? 'chosen' : ''}`} data-row={row.unitId} data-overdue={row.overdue}>
      <th scope="row" className={depth > 0 ? 'deep' : ''}>
        <button type="button" className="tw" aria-expanded={open} tabIndex={first ? 0 : -1} onClick={() => toggle(row.unitId)}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> {row.name}
        </button>
        {subunits ? <span className="sub">{subunits}</span> : null}
      </th>
      <td className="num n">
        <Figure value={row.total} scope={here} pick={{ rate: 'R3', side: 'denominator' }} what={t('{{unit}}, tổng số', { unit: row.name })} />
      </td>
      <td className="b">
        <PartsBar row={row} link={link} walked />
      </td>
      <td className="num o2">
        <Num value={row.overdue} scope={here} what="overdue" who={row.name} className={row.overdue > 0 ? 't-overdue' : ''} />
      </td>
      <td className="sp">
        <Spark weeks={row.overdueWeeks} />
      </td>
      <td className={row.oldestDays !== null && row.oldestDays > 30 ? 'num age strong' : 'num age'}>
        {row.oldestDays === null ? <span className="z">–</span> : count(row.oldestDays)}
      </td>
      <td className="num soon">
        <Num value={row.dueSoon} scope={here} what="due-7" who={row.name} className={row.dueSoon > 0 ? 't-soon' : ''} />
      </td>
      <td className="num r">
        {row.onTime.few ? <span className="few">{t('ít dữ liệu')}</span> : row.onTime.text}
        <small className="fr">
          <Figure value={row.onTime.numerator} scope={wholeOf(here)} pick={{ rate: 'R2', side: 'numerator' }} what={t('{{unit}}, tử số đúng hạn', { unit: row.name })} />/
          <Figure value={row.onTime.denominator} scope={wholeOf(here)} pick={{ rate: 'R2', side: 'denominator' }} what={t('{{unit}}, mẫu số đúng hạn', { unit: row.name })} />
        </small>
      </td>
      <td className="ivc">
        <Interval rate={row.onTime} from={from} all={all} />
      </td>
      <td className="num ex">
        <Num value={row.extended} scope={here} what="extended" who={row.name} />
      </td>
      <td className="num up">{row.lastUpdateOn ? day(row.lastUpdateOn).slice(0, 5) : '–'}</td>
      {row.load.map(({ from: week, due, heavy }) => (
        <td key={week} className={`h ${heavy ? 'over' : ''}`}>
          {due === 0 ? (
            <span className="z" aria-label={t('không')}>
              ·
            </span>
          ) : (
            <Num value={due} scope={here} what="load" week={week} who={row.name} className={`l${String(Math.min(4, Math.ceil((due * 4) / most)))}`} />
          )}
        </td>
      ))}
      <td className="h aft">
        {row.later === 0 ? <span className="z">·</span> : <Num value={row.later} scope={here} what="load-later" who={row.name} />}
      </td>
    </tr>
  );
});
