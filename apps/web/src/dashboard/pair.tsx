import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useEscape } from '../escape.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { type Scope } from '../scope/scope.ts';
import { CELL_WORDS } from '../words.ts';
import { Spark } from './marks.tsx';
import { Num } from './num.tsx';
import { PartsBar, type PartLink } from './parts-bar.tsx';
import { type UnitRow } from './types.ts';

/** Two units side by side, measure by measure. */
export function Pair({ rows, scope, link, close }: { rows: readonly [UnitRow, UnitRow]; scope: Scope; link: PartLink; close: () => void }) {
  const head = useRef<HTMLHeadingElement>(null);
  useEscape(true, close);
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
  }, []);
  const here = (row: UnitRow): Scope => ({ ...scope, unitId: row.unitId, unitKind: null, tree: null });
  const measures: [string, (row: UnitRow) => React.ReactNode][] = [
    [t('Tổng số'), (row) => count(row.total)],
    [t('Hiện trạng'), (row) => <PartsBar row={row} link={link} />],
    [CELL_WORDS['D1'] ?? 'D1', (row) => count(row.cells.D1)],
    [CELL_WORDS['D2'] ?? 'D2', (row) => count(row.cells.D2)],
    [CELL_WORDS['O1'] ?? 'O1', (row) => count(row.cells.O1)],
    [
      CELL_WORDS['O2'] ?? 'O2',
      (row) => <Num value={row.overdue} scope={here(row)} what="overdue" who={row.name} className={row.overdue > 0 ? 't-overdue' : ''} />,
    ],
    [t('12 tuần'), (row) => <Spark weeks={row.overdueWeeks} />],
    [t('Lâu nhất'), (row) => (row.oldestDays === null ? '–' : t('{{n}} ngày', { n: count(row.oldestDays) }))],
    [t('Đến hạn trong 7 ngày làm việc'), (row) => <Num value={row.dueSoon} scope={here(row)} what="due-7" who={row.name} />],
    [
      t('Tỷ lệ đúng hạn (R2)'),
      (row) => (
        <>
          {row.onTime.few ? t('ít dữ liệu') : row.onTime.text}{' '}
          <small>
            {count(row.onTime.numerator)}/{count(row.onTime.denominator)}
          </small>
        </>
      ),
    ],
    [t('Đã gia hạn'), (row) => <Num value={row.extended} scope={here(row)} what="extended" who={row.name} />],
    [t('Thường hoàn thành một tuần'), (row) => count(row.usualPerWeek)],
    [t('Đến hạn 8 tuần tới'), (row) => count(row.load.reduce((sum, { due }) => sum + due, 0))],
    [t('Cập nhật gần nhất'), (row) => (row.lastUpdateOn ? day(row.lastUpdateOn) : '–')],
  ];
  return (
    <aside className="sidep" aria-labelledby="h-pair" data-panel="ready">
      <div className="sph">
        <h2 id="h-pair" ref={head} tabIndex={-1}>
          {t('So hai đơn vị')}
        </h2>
        <button type="button" className="btn plain" onClick={close}>
          <IconX size={16} aria-hidden /> {t('Đóng')}
        </button>
      </div>
      <table className="pair">
        <thead>
          <tr>
            <td />
            {rows.map((row) => (
              <th key={row.unitId} scope="col" className="num">
                {row.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {measures.map(([word, of]) => (
            <tr key={word}>
              <th scope="row">{word}</th>
              {rows.map((row) => (
                <td key={row.unitId} className="num">
                  {of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </aside>
  );
}
