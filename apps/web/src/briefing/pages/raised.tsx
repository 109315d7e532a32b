import { IconAlertTriangle } from '@tabler/icons-react';
import { count, local } from '../../format.ts';
import { t } from '../../i18n.ts';
import { placeWords } from '../../words.ts';
import { RoomNothing } from '../room-parts.tsx';
import { type Conclusion, type RaisedPage } from '../types.ts';
import { shortDay } from '../words.ts';
import { type Around, NO_RATE, placeIn } from './shared.ts';

/** What somebody put on the agenda from outside, one by one: why, and who asked. */
export function RaisedRoom({ then, around, n }: { then: RaisedPage; around: Around; n: number }) {
  const current = placeIn(then.rows, n);
  const row = then.rows[current];
  if (!row) return <RoomNothing title={t('Chưa có việc nào được đưa vào giao ban')} more={t('Lãnh đạo, Văn phòng đưa việc vào từ bảng điều hành hoặc trang của việc.')} />;
  const concluded = (taskId: string): Conclusion | undefined => around.conclusions.findLast((one) => !one.struck && one.taskId === taskId);
  const done = then.rows.filter((one) => concluded(one.taskId)).length;
  const made = concluded(row.taskId);
  const late = row.daysLate !== null && row.daysLate > 0;
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="raised">
          {count(then.total)}
        </p>
        <p className="rbig">
          {done > 0 ? t('việc được đưa vào giao ban, {{n}} đã có kết luận.', { n: count(done) }) : t('việc được đưa vào giao ban.')}
          <br />
          {t('Việc {{n}} trong {{all}}, {{who}} đề nghị {{day}}:', { n: count(current + 1), all: count(then.rows.length), who: row.raisedBy === 'leader' ? t('Lãnh đạo UBND') : t('Văn phòng UBND'), day: shortDay(local(row.raisedAt).day) })}
        </p>
      </div>
      <div className="rreq" data-raised={row.taskId}>
        <article>
          <p className="rwho">
            <strong>{row.unitShort}</strong> {t('chủ trì')}
          </p>
          <p className="rwhat">
            {row.short} <span className="code">{row.code}</span>
          </p>
          <div className="rdates">
            <p>
              <span className={late ? 'k-overdue' : ''}>
                {late ? <IconAlertTriangle className="ric" aria-hidden /> : null}
                {late ? t('Hạn, đã quá {{n}} ngày', { n: count(row.daysLate ?? 0) }) : row.cell ? t('Hạn, {{place}}', { place: placeWords(row.cell).toLowerCase() }) : t('Hạn')}
              </span>
              <b className={late ? 'rfig red' : 'rfig'}>{row.dueOn ? shortDay(row.dueOn) : NO_RATE}</b>
            </p>
          </div>
          <dl className="rfacts">
            <div>
              <dt>{t('Lý do')}</dt>
              <dd>{row.reason ?? t('không nêu')}</dd>
            </div>
            <div>
              <dt>{t('Kết luận')}</dt>
              <dd>{made ? made.short || made.text : t('chưa có')}</dd>
            </div>
          </dl>
        </article>
        <ol className="rqueue">
          {then.rows.slice(Math.max(0, current - 2), Math.max(5, current + 3)).map((one) => (
            <li key={one.taskId} className={one === row ? 'now' : concluded(one.taskId) ? 'past' : ''} aria-current={one === row ? 'true' : undefined}>
              <b>{one.unitShort}</b>
              <span>{concluded(one.taskId) ? t('Đã có kết luận') : one.short}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
