import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowNarrowRight,
  IconCheck,
  IconChecks,
  IconClock,
  IconHourglassHigh,
  IconMessageX,
  IconQuote,
} from '@tabler/icons-react';
import { count, local } from '../format.ts';
import { t } from '../i18n.ts';
import { placeWords, sum } from '../words.ts';
import { Pair, ROOM_KINDS, RoomBar, RoomNothing } from './room-parts.tsx';
import { SignalsChart } from './signals-chart.tsx';
import {
  type Conclusion,
  type ConclusionsPage,
  type DueWeekPage,
  type LateRow,
  type OverduePage,
  type OverviewPage,
  type PreviousPage,
  type PromiseRow,
  type RaisedPage,
  type RateText,
  type RequestRow,
  type RequestsPage,
  type ScreenAnswer,
  type SignalsPage,
  type UnitPage,
  type UnitsPage,
} from './types.ts';
import { clockOf, dayHead, inDays, KIND_WORDS, meetingOf, shortDay, signed } from './words.ts';

/** What every page of the room is told beside its own data. */
export interface Around {
  cutOff: string;
  /** Those of this meeting: what was decided a minute ago shows, though the figures stand at the cut-off. */
  conclusions: readonly Conclusion[];
}

const fraction = (rate: RateText): string => `${count(rate.numerator)}/${count(rate.denominator)}`;
const NO_RATE = '–';
const percent = (rate: RateText): string => (rate.denominator === 0 ? NO_RATE : rate.text);

function OverviewRoom({ then, now, around }: { then: OverviewPage; now: OverviewPage | null; around: Around }) {
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

function PreviousRoom({ then, now, around }: { then: PreviousPage; now: PreviousPage | null; around: Around }) {
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

function Reason({ row }: { row: LateRow }) {
  if (row.nowCell && row.nowCell !== 'O2') return <span className="rstate k-intime">{t('Nay {{place}}', { place: placeWords(row.nowCell).toLowerCase() })}</span>;
  return row.reason ? (
    <>{row.reason}</>
  ) : (
    <span className="rstate k-none">
      <IconMessageX className="ric" aria-hidden />
      {t('Chưa giải trình')}
    </span>
  );
}

const Late = ({ row }: { row: LateRow }) => (row.nowCell && row.nowCell !== 'O2' ? <s>{count(row.daysLate)}</s> : <>{count(row.daysLate)}</>);

function OverdueRoom({ then, now, n }: { then: OverduePage; now: OverduePage | null; n: number }) {
  if (then.total === 0 && (now === null || now.total === 0))
    return <RoomNothing title={t('Không có nhiệm vụ quá hạn')} more={t('Tại mốc chốt, mọi việc còn trong hạn hoặc đã xong.')} />;
  return (
    <>
      <div className="rhead">
        <p className="rfig red" data-figure="overdue">
          <Pair then={then.total} now={now?.total} />
        </p>
        <p className="rbig">
          {t('việc quá hạn ở {{units}} đơn vị, {{n}} việc trên 30 ngày;', { units: count(then.units), n: count(then.over30) })}
          <br />
          {n > 1
            ? t('tiếp theo, trang {{n}} trong {{all}}:', { n: count(n), all: count(then.pages) })
            : then.total > then.rows.length
              ? t('mười việc lâu nhất:')
              : t('lâu nhất trước:')}
        </p>
      </div>
      <table className="rt h10">
        <thead>
          <tr>
            <th scope="col" className="num w10">
              {t('Số ngày')}
            </th>
            <th scope="col" className="pl w28">
              {t('Đơn vị')}
            </th>
            <th scope="col">{t('Việc')}</th>
            <th scope="col" className="w25">
              {t('Lý do đơn vị nêu')}
            </th>
            <th scope="col" className="w13">
              {t('Trình bày')}
            </th>
          </tr>
        </thead>
        <tbody>
          {then.rows.map((row) => (
            <tr key={row.taskId} data-task={row.taskId}>
              <td className="num days">
                <Late row={row} />
              </td>
              <th scope="row" className="unit pl">
                {row.unitShort}
              </th>
              <td>{row.short}</td>
              <td>
                <Reason row={row} />
              </td>
              <td className="q">{row.speaks ?? NO_RATE}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function DueWeekRoom({ then, now }: { then: DueWeekPage; now: DueWeekPage | null }) {
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="due-week">
          <Pair then={then.total} now={now?.total} />
        </p>
        <p className="rbig">
          {t('việc đến hạn trong tuần;')}
          <br />
          {then.noUpdate > 0
            ? t('{{n}} việc chưa cập nhật suốt 14 ngày', { n: count(then.noUpdate) })
            : t('việc nào cũng có cập nhật trong 14 ngày')}
        </p>
      </div>
      <ol className="rweek" data-days={then.days.length}>
        {then.days.map((day, at) => (
          <li key={day.day}>
            <h2>
              {dayHead(day.day)} <span>{shortDay(day.day)}</span>
            </h2>
            <p className="rfig">
              <Pair then={day.total} now={now?.days[at]?.total} />
            </p>
            <ul>
              {day.rows.length === 0 ? <li className="nil">{t('Không có việc')}</li> : null}
              {day.rows.map((row) => (
                <li key={row.taskId}>
                  <b>{row.unitShort}</b>
                  <span>{row.nowCell && row.nowCell !== 'O1' ? <s>{row.short}</s> : row.short}</span>
                  {row.noUpdate ? (
                    <em>
                      <IconMessageX className="ric" aria-hidden />
                      {t('Chưa cập nhật')}
                    </em>
                  ) : null}
                </li>
              ))}
              {day.total > day.rows.length && day.rows.length > 0 ? (
                <li className="nil">{t('và {{n}} việc nữa', { n: count(day.total - day.rows.length) })}</li>
              ) : null}
            </ul>
          </li>
        ))}
      </ol>
    </>
  );
}

const changed = (n: number, since: number | null): string => (since === null ? '' : n === since ? t('không đổi') : signed(n - since));

function UnitsRoom({ then, now }: { then: UnitsPage; now: UnitsPage | null }) {
  const nowOf = (unitId: string): number | null => (now === null ? null : (now.rows.find((row) => row.unitId === unitId)?.overdue ?? null));
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="units">
          <Pair then={then.withOverdue} now={now?.withOverdue} />/{count(then.all)}
        </p>
        <p className="rbig">
          {t('đơn vị có việc quá hạn;')}
          <br />
          {t('{{n}} đơn vị không có', { n: count(then.all - then.withOverdue) })}
        </p>
      </div>
      {then.rows.length === 0 ? null : (
        <table className="rt h10">
          <thead>
            <tr>
              <th scope="col" className="c w6">
                {t('Phím')}
              </th>
              <th scope="col">{t('Đơn vị')}</th>
              <th scope="col" className="pl2 w26">
                {then.since ? t('Quá hạn, so với {{day}}', { day: shortDay(local(then.since).day) }) : t('Quá hạn')}
              </th>
              <th scope="col" className="num w16">
                {t('Lâu nhất, ngày')}
              </th>
              <th scope="col" className="num w28">
                {t('Đúng hạn')}
              </th>
            </tr>
          </thead>
          <tbody>
            {then.rows.map((row, at) => (
              <tr key={row.unitId}>
                <td className="c q">{at + 1}</td>
                <th scope="row" className="unit">
                  {row.shortName}
                </th>
                <td className={row.overdue > 0 || (nowOf(row.unitId) ?? 0) > 0 ? 'days' : 'days none'}>
                  <span className="n2">
                    <Pair then={row.overdue} now={nowOf(row.unitId)} />
                  </span>{' '}
                  <small className="w1">{changed(row.overdue, row.sinceOverdue)}</small>
                </td>
                <td className="num m">{row.oldestDays === null ? NO_RATE : count(row.oldestDays)}</td>
                <td className="num m">
                  {row.onTime.few ? <small>{t('ít dữ liệu')}</small> : percent(row.onTime)} <small className="w2">({fraction(row.onTime)})</small>
                </td>
              </tr>
            ))}
            {then.rest && then.rest.units > 0 ? (
              <tr className="rest">
                <td />
                <th scope="row" className="unit">
                  {t('{{n}} đơn vị khác', { n: count(then.rest.units) })}
                </th>
                <td className="days">
                  <span className="n2">{count(then.rest.overdue)}</span> <small className="w1">{changed(then.rest.overdue, then.rest.sinceOverdue)}</small>
                </td>
                <td className="num m">{then.rest.oldestDays === null ? NO_RATE : count(then.rest.oldestDays)}</td>
                <td className="num m">
                  {percent(then.rest.onTime)} <small className="w2">({fraction(then.rest.onTime)})</small>
                </td>
              </tr>
            ) : null}
          </tbody>
        </table>
      )}
    </>
  );
}

function UnitRoom({ then, now }: { then: UnitPage; now: UnitPage | null }) {
  const shown = now ?? then;
  return (
    <>
      <div className="rhead unitpage">
        <p className="rbig">
          <strong>{then.shortName}</strong>
          <span>
            {then.sinceOverdue === null
              ? t('{{n}} việc trong kỳ', { n: count(then.total) })
              : t('{{n}} việc trong kỳ; giao ban trước quá hạn {{since}}', { n: count(then.total), since: count(then.sinceOverdue) })}
          </span>
        </p>
        <p className={shown.overdue > 0 ? 'rfig red r' : 'rfig r'} data-figure="overdue">
          <Pair then={then.overdue} now={now?.overdue} />
        </p>
        <p className={shown.overdue > 0 ? 'rnear red' : 'rnear'}>
          {t('việc', { n: shown.overdue })}
          <br />
          {t('quá hạn')}
        </p>
        <p className="rfig pc">{percent(shown.onTime)}</p>
        <p className="rnear">
          {t('đúng hạn')}
          <br />({fraction(shown.onTime)})
        </p>
      </div>
      <div className="runit">
        <RoomBar cells={shown.cells} small />
        <ul className="rlegend">
          {ROOM_KINDS.map(({ key, short, cells }) => (
            <li key={key}>
              <i className={`rsw rc-${key}`} aria-hidden="true" />
              {short} <b>{count(sum(shown.cells, cells))}</b>
            </li>
          ))}
        </ul>
      </div>
      <div className="rtwo">
        {then.late.length === 0 ? (
          <p className="rbig">{t('Không có nhiệm vụ quá hạn.')}</p>
        ) : (
          <table className="rt h6">
            <thead>
              <tr>
                <th scope="col" className="num w8">
                  {t('Số ngày')}
                </th>
                <th scope="col" className="pl">
                  {t('Việc quá hạn')}
                </th>
                <th scope="col" className="w26">
                  {t('Lý do đơn vị nêu')}
                </th>
              </tr>
            </thead>
            <tbody>
              {then.late.map((row) => (
                <tr key={row.taskId}>
                  <td className="num days">
                    <Late row={row} />
                  </td>
                  <td className="pl w">{row.short}</td>
                  <td>
                    <Reason row={row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <ul className="rside">
          <li>
            <b className="rfig">{count(shown.extensions.tasks)}</b>
            <span>
              {t('việc đã gia hạn:')}
              <br />
              {t('{{times}} lần, {{days}} ngày', { times: count(shown.extensions.times), days: count(shown.extensions.days) })}
            </span>
          </li>
          <li>
            <b className="rfig">
              {count(shown.answers.answered)}/{count(shown.answers.asked)}
            </b>
            <span>
              {t('yêu cầu giải trình')}
              <br />
              {t('đã trả lời')}
            </span>
          </li>
          <li>
            <b className="rfig">{count(shown.dueWeek)}</b>
            <span>
              {t('đến hạn tuần này,')}
              <br />
              {t('{{n}} chưa cập nhật', { n: count(shown.dueWeekNoUpdate) })}
            </span>
          </li>
        </ul>
      </div>
    </>
  );
}

const DECIDES: ReadonlySet<string> = new Set(['extend', 'refuse-extension', 'transfer', 'confirm', 'refuse-completion', 'accept-return', 'refuse-return']);

/** Which of what is decided one by one stands in the middle: the operator's, kept within what there is. */
export const placeIn = (rows: readonly unknown[], n: number): number => Math.min(Math.max(1, n), Math.max(1, rows.length)) - 1;

function RequestsRoom({ then, now, around, n }: { then: RequestsPage; now: RequestsPage | null; around: Around; n: number }) {
  const current = placeIn(then.rows, n);
  const row = then.rows[current];
  if (!row) return <RoomNothing title={t('Không có đề nghị nào chờ quyết')} more={t('Đề nghị gia hạn, trả lại và báo cáo hoàn thành đều đã có trả lời.')} />;
  const decisionOn = (one: RequestRow): string | null => {
    const made = around.conclusions.findLast((conclusion) => !conclusion.struck && conclusion.taskId === one.taskId && DECIDES.has(conclusion.kind));
    if (made) return made.kind === 'extend' && made.dueOn ? t('Đã cho đến {{day}}', { day: shortDay(made.dueOn) }) : KIND_WORDS[made.kind];
    return now !== null && !now.rows.some((other) => other.taskId === one.taskId && other.kind === one.kind) ? t('Đã quyết') : null;
  };
  const decided = then.rows.filter((one) => decisionOn(one) !== null).length;
  const asks =
    row.kind === 'extension' ? t('đề nghị gia hạn') : row.kind === 'return' ? t('đề nghị trả lại') : t('báo cáo hoàn thành, chờ xác nhận');
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="requests">
          {count(then.total - decided)}
        </p>
        <p className="rbig">
          {decided > 0 ? t('đề nghị chờ quyết, {{n}} đã quyết.', { n: count(decided) }) : t('đề nghị chờ quyết.')}
          <br />
          {t('Đang xét đề nghị {{n}} trong {{all}}:', { n: count(current + 1), all: count(then.rows.length) })}
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

/** What somebody put on the agenda from outside, one by one: why, and who asked. */
function RaisedRoom({ then, around, n }: { then: RaisedPage; around: Around; n: number }) {
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

function SignalsRoom({ then, now }: { then: SignalsPage; now: SignalsPage | null }) {
  const last = then.weeks.at(-1)?.overdueStock ?? 0;
  const over = last > then.upper;
  return (
    <>
      <div className="rhead">
        <p className={over ? 'rfig red' : 'rfig'} data-figure="stock">
          <Pair then={last} now={now?.weeks.at(-1)?.overdueStock} />
        </p>
        <p className="rbig rclamp">{then.words}</p>
      </div>
      <SignalsChart page={then} />
    </>
  );
}

/** How many conclusions stand on one page of the room. */
export const CONCLUSIONS_A_PAGE = 10;

function ConclusionsRoom({ then, now, around, n }: { then: ConclusionsPage; now: ConclusionsPage | null; around: Around; n: number }) {
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

/** One page of the room from its answer. */
export function RoomPage({ answer, around }: { answer: ScreenAnswer; around: Around }) {
  switch (answer.page) {
    case 'overview':
      return <OverviewRoom then={answer.data} now={answer.now} around={around} />;
    case 'previous':
      return <PreviousRoom then={answer.data} now={answer.now} around={around} />;
    case 'overdue':
      return <OverdueRoom then={answer.data} now={answer.now} n={answer.n} />;
    case 'due-week':
      return <DueWeekRoom then={answer.data} now={answer.now} />;
    case 'units':
      return 'rows' in answer.data ? (
        <UnitsRoom then={answer.data} now={answer.now && 'rows' in answer.now ? answer.now : null} />
      ) : (
        <UnitRoom then={answer.data} now={answer.now && 'late' in answer.now ? answer.now : null} />
      );
    case 'raised':
      return <RaisedRoom then={answer.data} around={around} n={answer.n} />;
    case 'requests':
      return <RequestsRoom then={answer.data} now={answer.now} around={around} n={answer.n} />;
    case 'signals':
      return <SignalsRoom then={answer.data} now={answer.now} />;
    case 'conclusions':
      return <ConclusionsRoom then={answer.data} now={answer.now} around={around} n={answer.n} />;
  }
}
