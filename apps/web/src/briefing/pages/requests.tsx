import { IconAlertTriangle, IconArrowNarrowRight } from '@tabler/icons-react';
import { count, local } from '../../format.ts';
import { t } from '../../i18n.ts';
import { RoomNothing } from '../room-parts.tsx';
import { type DecidedRequest, type RequestRow, type RequestsPage } from '../types.ts';
import { dayHead, KIND_WORDS, shortDay } from '../words.ts';
import { type Around, NO_RATE, placeIn } from './shared.ts';

export function RequestsRoom({ then, decided, around, n }: { then: RequestsPage; decided: readonly DecidedRequest[]; around: Around; n: number }) {
  const current = placeIn(then.rows, n - then.first + 1);
  const row = then.rows[current];
  if (!row) return <RoomNothing title={t('Không có đề nghị nào chờ quyết')} more={t('Đề nghị gia hạn, trả lại và báo cáo hoàn thành đều đã có trả lời.')} />;
  const decisionOn = (one: RequestRow): string | null => {
    const decision = decided.find(({ taskId, kind }) => taskId === one.taskId && kind === one.kind);
    if (!decision) return null;
    const made = around.conclusions.find(({ id }) => id === decision.conclusionId);
    if (!made) return t('Đã quyết');
    return made.kind === 'extend' && made.dueOn ? t('Đã cho đến {{day}}', { day: shortDay(made.dueOn) }) : KIND_WORDS[made.kind];
  };
  const asks =
    row.kind === 'extension' ? t('đề nghị gia hạn') : row.kind === 'return' ? t('đề nghị trả lại') : t('báo cáo hoàn thành, chờ xác nhận');
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="requests">
          {count(then.total - decided.length)}
        </p>
        <p className="rbig">
          {decided.length > 0 ? t('đề nghị chờ quyết, {{n}} đã quyết.', { n: count(decided.length) }) : t('đề nghị chờ quyết.')}
          <br />
          {t('Đang xét đề nghị {{n}} trong {{all}}:', { n: count(then.first + current), all: count(then.total) })}
        </p>
      </div>
      <div className="rreq">
        <article>
          <p className="rwho">
            <strong>{row.unitShort}</strong> {asks}
          </p>
          <p className="rwhat">
            {row.short} <span className="code">{row.code}</span>
          </p>
          {row.kind === 'extension' ? (
            <div className="rdates">
              <p>
                {row.daysLate !== null && row.daysLate > 0 ? (
                  <span className="k-overdue">
                    <IconAlertTriangle className="ric" aria-hidden />
                    {t('Hạn hiện tại, quá {{n}} ngày', { n: count(row.daysLate) })}
                  </span>
                ) : (
                  <span>{t('Hạn hiện tại')}</span>
                )}
                <b className={row.daysLate !== null && row.daysLate > 0 ? 'rfig red' : 'rfig'}>{row.dueOn ? shortDay(row.dueOn) : NO_RATE}</b>
              </p>
              <IconArrowNarrowRight className="rarrow" aria-hidden />
              <p>
                <span>{row.addsDays === null ? t('Hạn đề nghị') : t('Hạn đề nghị, thêm {{n}} ngày', { n: count(row.addsDays) })}</span>
                <b className="rfig">{row.askedDueOn ? shortDay(row.askedDueOn) : NO_RATE}</b>
              </p>
            </div>
          ) : (
            <div className="rdates">
              <p>
                <span className={row.daysLate !== null && row.daysLate > 0 ? 'k-overdue' : ''}>
                  {row.daysLate !== null && row.daysLate > 0 ? t('Hạn, đã quá {{n}} ngày', { n: count(row.daysLate) }) : t('Hạn')}
                </span>
                <b className={row.daysLate !== null && row.daysLate > 0 ? 'rfig red' : 'rfig'}>{row.dueOn ? shortDay(row.dueOn) : NO_RATE}</b>
              </p>
            </div>
          )}
          <dl className="rfacts">
            <div>
              <dt>{t('Lý do')}</dt>
              <dd>{row.reason ?? t('không nêu')}</dd>
            </div>
            <div>
              <dt>{t('Trước đây')}</dt>
              <dd>
                {row.extensionsBefore === 0
                  ? t('Chưa gia hạn lần nào')
                  : t('Đã gia hạn {{n}} lần, thêm {{days}} ngày', { n: count(row.extensionsBefore), days: count(row.daysAddedBefore) })}
              </dd>
            </div>
            <div>
              <dt>{t('Từ ngày')}</dt>
              <dd>{`${dayHead(local(row.since).day)} ${shortDay(local(row.since).day)}`}</dd>
            </div>
          </dl>
        </article>
        <ol className="rqueue">
          {then.rows.slice(Math.max(0, current - 2), Math.max(5, current + 3)).map((one) => (
            <li
              key={`${one.taskId} ${one.kind}`}
              className={one === row ? 'now' : decisionOn(one) ? 'past' : ''}
              aria-current={one === row ? 'true' : undefined}
            >
              <b>{one.unitShort}</b>
              <span>
                {decisionOn(one) ??
                  (one.kind === 'extension'
                    ? t('Gia hạn đến {{day}}', { day: one.askedDueOn ? shortDay(one.askedDueOn) : NO_RATE })
                    : one.kind === 'return'
                      ? t('Trả lại việc')
                      : t('Xác nhận hoàn thành'))}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
