import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { count, local } from '../../format.ts';
import { t } from '../../i18n.ts';
import { sum } from '../../words.ts';
import { Pair, ROOM_KINDS, RoomBar } from '../room-parts.tsx';
import { type OverviewPage } from '../types.ts';
import { clockOf, meetingOf, shortDay, signed } from '../words.ts';
import { type Around, fraction, percent } from './shared.ts';

export function OverviewRoom({ then, now, around }: { then: OverviewPage; now: OverviewPage | null; around: Around }) {
  const shown = now ?? then;
  const since = then.since;
  const change = since && then.sinceCells ? then.overdue - sum(then.sinceCells, ['O2']) : null;
  return (
    <>
      <div className="ranswer">
        <p className={shown.overdue > 0 ? 'rfig xl red' : 'rfig xl'} data-figure="overdue">
          {count(shown.overdue)}
        </p>
        <div className="rsay">
          <p className={shown.overdue > 0 ? 'rhuge red' : 'rhuge'}>
            {shown.overdue > 0 ? <IconAlertTriangle className="ric" aria-hidden /> : <IconCheck className="ric" aria-hidden />}
            {t('việc quá hạn')}
          </p>
          <p>
            {now && now.overdue !== then.overdue ? (
              <>
                <s>{count(then.overdue)}</s>{' '}
                {now.overdue < then.overdue
                  ? t('lúc {{at}}; sau mốc giảm {{n}}', { at: clockOf(around.cutOff), n: count(then.overdue - now.overdue) })
                  : t('lúc {{at}}; sau mốc tăng {{n}}', { at: clockOf(around.cutOff), n: count(now.overdue - then.overdue) })}
              </>
            ) : since && change !== null ? (
              <>
                {change > 0
                  ? t('tăng {{n}} so với {{meeting}}:', { n: count(change), meeting: meetingOf(since.asOf) })
                  : change < 0
                    ? t('giảm {{n}} so với {{meeting}}:', { n: count(-change), meeting: meetingOf(since.asOf) })
                    : t('không đổi so với {{meeting}}:', { meeting: meetingOf(since.asOf) })}
                <br />
                {t('thêm {{in}}, bớt {{out}}', { in: count(then.entered), out: count(then.left) })}
              </>
            ) : (
              t('chưa có giao ban trước để so')
            )}
          </p>
          <p className="ink">
            <Pair then={then.over30} now={now?.over30} /> {t('việc trên 30 ngày')}
          </p>
        </div>
        <div className="rcol">
          <b className="rfig" data-figure="due-soon">
            <Pair then={then.dueSoon} now={now?.dueSoon} />
          </b>
          <p>
            {t('việc đến hạn trong')}
            <br />
            {t('7 ngày làm việc tới,')}
            <br />
            {t('{{n}} việc chưa cập nhật', { n: count(shown.dueSoonNoUpdate) })}
          </p>
        </div>
        <div className="rcol">
          <b className="rfig" data-figure="on-time">
            {percent(shown.onTime)}
          </b>
          <p>
            {shown.onTime.denominator === 0 ? (
              t('chưa có việc nào đến hạn hoặc đã xong')
            ) : (
              <>
                {t('đúng hạn: {{fraction}} việc', { fraction: fraction(shown.onTime) })}
                <br />
                {t('đã đến hạn hoặc đã xong')}
                {now && now.onTime.text !== then.onTime.text ? (
                  <>
                    ;<br />
                    <s>
                      {then.onTime.text} ({fraction(then.onTime)})
                    </s>
                  </>
                ) : since && then.sinceOnTime && then.sinceOnTime.denominator > 0 ? (
                  <>
                    ;<br />
                    {shortDay(local(since.asOf).day)}: {then.sinceOnTime.text} ({fraction(then.sinceOnTime)})
                  </>
                ) : null}
              </>
            )}
          </p>
        </div>
      </div>
      <div className="rwhole">
        <p className="rline">
          <span>
            <b>
              <Pair then={then.total} now={now?.total} />
            </b>{' '}
            {then.from
              ? t('việc trong kỳ, từ {{day}}', { day: `${shortDay(then.from)}/${then.from.slice(0, 4)}` })
              : t('việc trong kỳ')}
          </span>
          <span className="quiet2">
            {now
              ? t('số gạch ngang: mốc chốt {{at}}', { at: clockOf(around.cutOff) })
              : since
                ? t('thay đổi so với {{meeting}}', { meeting: meetingOf(since.asOf) })
                : ''}
          </span>
        </p>
        <RoomBar cells={shown.cells} />
        <dl className="rcells">
          {ROOM_KINDS.map((kind) => {
            const n = sum(then.cells, kind.cells);
            const delta = !now && then.sinceCells ? signed(n - sum(then.sinceCells, kind.cells)) : '';
            return (
              <div key={kind.key} data-cell={kind.key}>
                <dt>
                  <i className={`rsw rc-${kind.key}`} aria-hidden="true" />
                  <span>{kind.word}</span>
                </dt>
                <dd className={kind.key === 'overdue' ? 'rfig red' : 'rfig'}>
                  <Pair then={n} now={now ? sum(now.cells, kind.cells) : null} />
                </dd>
                {delta ? <dd className="rdelta">{delta}</dd> : null}
              </div>
            );
          })}
        </dl>
      </div>
    </>
  );
}
