import { count, local } from '../../format.ts';
import { t } from '../../i18n.ts';
import { RoomNothing } from '../room-parts.tsx';
import { type ConclusionsPage } from '../types.ts';
import { clockOf, inDays, shortDay } from '../words.ts';
import { type Around, NO_RATE } from './shared.ts';

/** How many conclusions stand on one page of the room. */
const CONCLUSIONS_A_PAGE = 10;

export function ConclusionsRoom({ then, now, around, n }: { then: ConclusionsPage; now: ConclusionsPage | null; around: Around; n: number }) {
  const page = now ?? then;
  const valid = page.rows.filter((row) => !row.struck);
  const pages = Math.max(1, Math.ceil(page.rows.length / CONCLUSIONS_A_PAGE));
  // The newest are what the room waits for; further back on demand.
  const from = Math.max(0, pages - Math.min(n, pages)) * CONCLUSIONS_A_PAGE;
  const rows = page.rows.slice(from, from + CONCLUSIONS_A_PAGE);
  const units = new Set(valid.flatMap((row) => (row.unitShort ? [row.unitShort] : []))).size;
  const newest = page.rows.at(-1)?.id;
  if (page.rows.length === 0)
    return <RoomNothing title={t('Chưa có kết luận')} more={t('Mỗi kết luận hiện ở đây ngay khi được ghi.')} />;
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="conclusions">
          {count(valid.length)}
        </p>
        <p className="rbig">
          {units > 0 ? t('kết luận, giao {{n}} đơn vị.', { n: count(units) }) : t('kết luận.')}
          <br />
          {pages > 1 ? t('Đọc lại trước khi kết thúc, từ số {{n}}:', { n: count(from + 1) }) : t('Đọc lại trước khi kết thúc:')}
        </p>
      </div>
      <table className={rows.length > 7 ? 'rt h10' : 'rt h7'}>
        <thead>
          <tr>
            <th scope="col" className="c w4">
              {t('Số')}
            </th>
            <th scope="col" className="w26">
              {t('Đơn vị')}
            </th>
            <th scope="col">{t('Kết luận')}</th>
            <th scope="col" className="num w9">
              {t('Hạn')}
            </th>
            <th scope="col" className="num w10">
              {t('Ghi lúc')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.id === newest && !row.struck ? 'new' : row.struck ? 'struck' : ''} data-conclusion={row.id}>
              <td className="c q">{row.number}</td>
              <th scope="row" className="unit">
                {row.unitShort ?? t('Mọi đơn vị')}
              </th>
              <td>{row.struck ? <s>{row.short || row.text}</s> : row.short || row.text}</td>
              <td className="num b">{row.dueOn ? shortDay(row.dueOn) : NO_RATE}</td>
              <td className="num q">
                {inDays(local(around.cutOff).day, local(row.recordedAt).day) === 0 ? clockOf(row.recordedAt) : shortDay(local(row.recordedAt).day)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
