import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconChecks, IconClock, IconHourglassHigh, IconQuote } from '@tabler/icons-react';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { placeWords } from '../../words.ts';
import { Pair, RoomNothing } from '../room-parts.tsx';
import { type PreviousPage, type PromiseRow } from '../types.ts';
import { clockOf, meetingOf, shortDay } from '../words.ts';
import { type Around, NO_RATE } from './shared.ts';

function PromiseWord({ row }: { row: PromiseRow }) {
  const days = row.daysLate ?? 0;
  const [kind, Icon, word] =
    row.state === 'overdue'
      ? (['overdue', IconAlertTriangle, days > 0 ? t('Quá hạn {{n}} ngày', { n: count(days) }) : t('Quá hạn')] as const)
      : row.state === 'due-today'
        ? (['soon', IconHourglassHigh, t('Đến hạn hôm nay')] as const)
        : row.state === 'in-time'
          ? (['intime', IconClock, t('Trong hạn')] as const)
          : row.state === 'done-late'
            ? (['late', IconChecks, t('Hoàn thành quá hạn')] as const)
            : row.state === 'done-on-time'
              ? (['done', IconCheck, t('Hoàn thành đúng hạn')] as const)
              : row.state === 'out'
                ? (['none', IconArrowBackUp, t('Ngoài tổng số')] as const)
                : (['none', IconQuote, t('Kết luận bằng lời')] as const);
  return (
    <span className={`rstate k-${kind}`}>
      <Icon className="ric" aria-hidden />
      {word}
      {row.nowCell !== undefined && row.nowCell !== null ? <NowCell cell={row.nowCell} was={row.state === 'overdue' ? 'O2' : null} /> : null}
    </span>
  );
}

/** Where the task stands now, only where that is no longer where it stood at the cut-off. */
function NowCell({ cell, was }: { cell: string; was: string | null }) {
  return was !== null && cell !== was ? <small className="rnow">{t('nay {{place}}', { place: placeWords(cell).toLowerCase() })}</small> : null;
}

export function PreviousRoom({ then, now, around }: { then: PreviousPage; now: PreviousPage | null; around: Around }) {
  if (!then.briefing)
    return <RoomNothing title={t('Chưa có giao ban trước')} more={t('Kết luận của kỳ này sẽ đứng ở đây vào kỳ sau.')} />;
  const of = (page: PreviousPage, ...states: (keyof PreviousPage['counts'])[]): number =>
    states.reduce((all, state) => all + (page.counts[state] ?? 0), 0);
  const done = (page: PreviousPage): number => of(page, 'done-on-time', 'done-late');
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="done">
          <Pair then={done(then)} now={now ? done(now) : null} />/{count(then.total)}
        </p>
        <p className="rbig">
          {t('kết luận của {{meeting}} đã xong;', { meeting: meetingOf(then.briefing.closedAt) })}
          <br />
          {t('{{late}} quá hạn, {{open}} còn trong hạn', { late: count(of(then, 'overdue')), open: count(of(then, 'in-time', 'due-today')) })}
        </p>
      </div>
      {then.rows.length === 0 ? (
        <RoomNothing title={t('Giao ban trước không có kết luận nào')} more="" />
      ) : (
        <table className={then.rows.length > 7 ? 'rt h10' : 'rt h7'}>
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
              <th scope="col" className="pl w25">
                {t('Lúc {{at}}', { at: clockOf(around.cutOff) })}
              </th>
            </tr>
          </thead>
          <tbody>
            {then.rows.map((row) => (
              <tr key={row.conclusionId}>
                <td className="c q">{row.number}</td>
                <th scope="row" className="unit">
                  {row.unitShort ?? t('Mọi đơn vị')}
                </th>
                <td>{row.short}</td>
                <td className="num">{row.dueOn ? shortDay(row.dueOn) : NO_RATE}</td>
                <td className="pl">
                  <PromiseWord row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
