import { IconChartDots, IconDownload, IconPrinter, IconTable } from '@tabler/icons-react';
import { lazy, memo, Suspense, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type RefObject } from 'react';
import { Link } from 'react-router';
import { count, day, dayOf } from '../format.ts';
import { t } from '../i18n.ts';
import { useHeldOrder } from '../live/held-order.ts';
import { Bar, Figure } from '../parts.tsx';
import { href, wholeOf, type Scope } from '../scope/scope.ts';
import { addUp, fold, howMany, nest, opened, type BoardLine } from './board-rows.ts';
import { scoreboardCsv } from './csv-rows.ts';
import { download } from './download.ts';
import { LateList } from './late-list.tsx';
import { Interval, scaleFrom, Spark } from './marks.tsx';
import { Num } from './num.tsx';
import { amongThem } from './only-link.tsx';
import { Pair } from './pair.tsx';
import { useCanAct } from './row-actions.tsx';
import { type Dashboard, type UnitRow } from './types.ts';

const Funnel = lazy(() => import('./funnel.tsx').then(({ Funnel: plot }) => ({ default: plot })));

const COLUMNS = 20;
const short = (iso: string): string => day(iso).slice(0, 5).replace(/^0/, '');
const SMALL = 3;

/** What the board says, in one sentence: where the overdue tasks are, and which week will be heavy. */
function finding(data: Dashboard): string {
  const total = data.tiles.overdue.count;
  const late = data.units.filter((row) => row.overdue > 0);
  const three = late.slice(0, SMALL).reduce((sum, row) => sum + row.overdue, 0);
  const where =
    total === 0 || late.length === 0
      ? t('Không đơn vị nào có việc quá hạn')
      : late.length <= SMALL
        ? t('{{n}} việc quá hạn nằm ở {{units}} đơn vị', { n: count(total), units: count(late.length) })
        : t('{{n}} trong {{total}} việc quá hạn nằm ở ba đơn vị', { n: count(three), total: count(total) });
  const week = [...data.all.load].sort((a, b) => b.due - a.due)[0];
  return week && week.due > 0
    ? t('{{where}}; tuần {{week}} có {{n}} việc đến hạn.', { where, week: short(week.from), n: count(week.due) })
    : `${where}.`;
}

function noteOf(data: Dashboard): string {
  const busiest = data.all.load
    .map(({ from }, index) => ({ from, units: data.units.filter((row) => row.load[index]?.heavy).length }))
    .sort((a, b) => b.units - a.units)[0];
  return busiest && busiest.units > 0
    ? t('Xếp theo số việc quá hạn, rồi theo tuổi. {{n}} trong {{all}} đơn vị vượt sức làm thường ngày ở tuần {{week}}.', {
        n: count(busiest.units),
        all: count(data.units.length),
        week: short(busiest.from),
      })
    : t('Xếp theo số việc quá hạn, rồi theo tuổi.');
}

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
}

/** Arrows lead to the numbers of a row; Tab enters the table once. */
const Line = memo(function Line({ row, scope, depth, subunits, open, chosen, from, all, most, first, toggle }: LineProps) {
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
        <Bar cells={row.cells} total={row.total} />
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

/** Moves the one place where Tab enters the table, and the focus with it. */
function step(table: HTMLElement, event: KeyboardEvent<HTMLElement>): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at.closest('.detail') || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = at.closest<HTMLElement>('tr[data-row]');
  if (!row) return;
  const stops = (one: HTMLElement) => [...one.querySelectorAll<HTMLElement>('a[data-count], button.tw')].filter((stop) => stop.checkVisibility());
  const rows = [...table.querySelectorAll<HTMLElement>('tr[data-row]')].filter((one) => one.checkVisibility());
  const mine = stops(row);
  const column = at.closest<HTMLTableCellElement>('td, th');
  const nearest = (one: HTMLElement | undefined): HTMLElement | undefined => {
    if (!one || !column) return undefined;
    const there = stops(one);
    const place = (stop: HTMLElement) => stop.closest<HTMLTableCellElement>('td, th')?.cellIndex ?? 0;
    return there.filter((stop) => place(stop) <= column.cellIndex).at(-1) ?? there[0];
  };
  const to: Record<string, () => HTMLElement | undefined> = {
    ArrowRight: () => mine[mine.indexOf(at) + 1],
    ArrowLeft: () => mine[mine.indexOf(at) - 1],
    ArrowDown: () => nearest(rows[rows.indexOf(row) + 1]),
    ArrowUp: () => nearest(rows[rows.indexOf(row) - 1]),
    Home: () => mine[0],
    End: () => mine.at(-1),
  };
  const go = to[event.key];
  if (!go) return;
  event.preventDefault();
  go()?.focus();
}

/** Where: one row a unit, what was given, what is late, what is coming; the most overdue first. */
export function Board({ data, scope, unitName, question }: { data: Dashboard; scope: Scope; unitName: string; question: string }) {
  const [plot, setPlot] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [quietOpen, setQuietOpen] = useState(false);
  const [asking, setAsking] = useState<string | null>(null);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const table = useRef<HTMLTableElement>(null);
  const can = useCanAct();
  const held = useHeldOrder(data.units, (row) => row.unitId, question);
  const lines = useMemo(() => nest(held), [held]);
  const { late, quiet } = fold(lines);
  const from = scaleFrom(data.units);
  const all = data.all.onTime.denominator > 0 ? (data.all.onTime.numerator * 10_000) / data.all.onTime.denominator : null;
  const most = Math.max(4, ...data.units.flatMap((row) => row.load.map(({ due }) => due)));
  const pair = picked.map((id) => data.units.find((row) => row.unitId === id));
  const latest = useRef(open);
  latest.current = open;
  const toggle = useMemo(
    () => (unitId: string) => {
      setAsking(null);
      const next = new Set(latest.current);
      if (!next.delete(unitId)) next.add(unitId);
      setOpen(next);
    },
    [],
  );
  useStickBelowScope(table, plot);
  const pick = (unitId: string) =>
    setPicked((before) => (before.includes(unitId) ? before.filter((id) => id !== unitId) : [...before, unitId].slice(-2)));
  const ask = (unitId: string) => {
    const row = data.units.find((one) => one.unitId === unitId);
    if (!can || !row || row.overdue === 0) return;
    setAsking(unitId);
    setOpen((before) => new Set([...before, unitId]));
  };
  const press = (event: KeyboardEvent<HTMLTableElement>) => {
    const at = event.target instanceof HTMLElement ? event.target : null;
    if (at?.closest('.detail, input, textarea, select')) return;
    const unitId = at?.closest<HTMLElement>('tr[data-row]')?.dataset['row'];
    if (unitId && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (event.key === 'e') {
        event.preventDefault();
        ask(unitId);
        return;
      }
      if (event.key === 'c') {
        event.preventDefault();
        pick(unitId);
        return;
      }
    }
    step(event.currentTarget, event);
  };
  /** A click with Shift chooses a unit to compare, wherever in its row. */
  const shiftClick = (event: MouseEvent<HTMLTableElement>) => {
    const unitId = event.shiftKey && event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('tr[data-row]')?.dataset['row'] : undefined;
    if (!unitId || unitId === QUIET) return;
    event.preventDefault();
    event.stopPropagation();
    pick(unitId);
  };
  const several = data.units.length > 1;
  const rowsOf = (list: readonly BoardLine[], leads: boolean) =>
    list.map((line, index) => {
      const { row } = line;
      const isOpen = open.has(row.unitId);
      return [
        <Line
          key={row.unitId}
          row={row}
          scope={scope}
          depth={line.depth}
          subunits={subunitWords(line)}
          open={isOpen}
          chosen={picked.includes(row.unitId)}
          from={from}
          all={all}
          most={most}
          first={leads && index === 0}
          toggle={toggle}
        />,
        isOpen ? (
          <tr key={`${row.unitId} more`} className="detail">
            <td colSpan={COLUMNS}>
              {row.overdue > 0 ? (
                <LateList
                  key={asking === row.unitId ? 'asking' : 'list'}
                  scope={{ ...scope, unitId: row.unitId, unitKind: null, tree: null }}
                  name={row.name}
                  overdue={row.overdue}
                  asking={asking === row.unitId}
                />
              ) : (
                <p className="quiet">{t('{{unit}} không có việc quá hạn.', { unit: row.name })}</p>
              )}
              <p>
                <Link to={href('/', { ...scope, unitId: row.unitId, unitKind: null, tree: row.hasSubunits ? 'tree' : null })}>
                  {t('Bảng điều hành của {{unit}}', { unit: row.name })}
                </Link>
              </p>
            </td>
          </tr>
        ) : null,
      ];
    });
  return (
    <section aria-labelledby="h-board" className="b2">
      <div className="hd">
        <h2 id="h-board">{amongThem(scope.only, finding(data))}</h2>
        <div className="tools">
          <span className="seg" role="group" aria-label={t('Cách xem')}>
            <button type="button" aria-pressed={!plot} onClick={() => setPlot(false)}>
              <IconTable size={16} aria-hidden /> {t('Bảng')}
            </button>
            <button type="button" aria-pressed={plot} onClick={() => setPlot(true)}>
              <IconChartDots size={16} aria-hidden /> {t('Biểu đồ phễu')}
            </button>
          </span>
          <button
            type="button"
            className="lk"
            onClick={() =>
              download(
                `bang-dieu-hanh-${dayOf(data.asOf)}.csv`,
                scoreboardCsv(data, [...opened(late, EVERY(late)), ...opened(quiet, EVERY(quiet))].map(({ row }) => row), unitName),
              )
            }
          >
            <IconDownload size={16} aria-hidden /> {t('Xuất CSV')}
          </button>
          <button type="button" className="lk" onClick={() => window.print()}>
            <IconPrinter size={16} aria-hidden /> {t('In')}
          </button>
        </div>
        <p className="quiet">{noteOf(data)}</p>
      </div>
      {plot ? (
        <Suspense fallback={<p role="status">{t('Đang vẽ biểu đồ…')}</p>}>
          <Funnel data={data} scope={scope} />
        </Suspense>
      ) : (
        <>
          {picked.length === 1 ? (
            <p className="quiet" role="status">
              {t('Đã chọn {{unit}}. Giữ Shift và bấm đơn vị thứ hai để so, hoặc phím c trên dòng của nó.', { unit: pair[0]?.name ?? '' })}{' '}
              <button type="button" className="lk" onClick={() => setPicked([])}>
                {t('Thôi so')}
              </button>
            </p>
          ) : null}
          <div className="scrollx boardx" role="group" aria-labelledby="h-board" tabIndex={-1}>
            <table
              className="board"
              ref={table}
              onKeyDown={press}
              onClickCapture={shiftClick}
              onMouseDown={(event) => {
                if (event.shiftKey) event.preventDefault();
              }}
              onFocus={(event) => {
                const { target } = event;
                if (!target.matches('tr[data-row] a[data-count], tr[data-row] button.tw')) return;
                for (const stop of event.currentTarget.querySelectorAll<HTMLElement>('tr[data-row] [tabindex="0"]')) stop.tabIndex = -1;
                target.tabIndex = 0;
              }}
            >
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
                <tr>
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
                  {data.all.load.map(({ from: week }, index) => (
                    <th key={week} scope="col" className="h">
                      {index === 0 || day(week).slice(3, 5) !== day(data.all.load[index - 1]?.from ?? week).slice(3, 5)
                        ? short(week)
                        : String(Number(week.slice(8)))}
                    </th>
                  ))}
                  <th scope="col" className="h">
                    {t('sau')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rowsOf(opened(late, open), true)}
                {quiet.length > 0 ? <QuietRow lines={quiet} data={data} open={quietOpen} toggle={() => setQuietOpen(!quietOpen)} /> : null}
                {quietOpen ? rowsOf(opened(quiet, open), false) : null}
              </tbody>
              {several ? (
                <tfoot>
                  <TotalRow data={data} scope={scope} unitName={unitName} from={from} />
                </tfoot>
              ) : null}
            </table>
          </div>
          <p className="bkey quiet">
            <span>
              <i className="ovk">7</i> {t('khung đậm: trên số việc đơn vị thường hoàn thành một tuần')}
            </span>
            <span className="w">
              {t('khoảng tin cậy 95 %')}
              {data.all.onTime.denominator > 0 ? t('; vạch đứng: chung {{text}}', { text: data.all.onTime.text }) : ''}
            </span>
            <span>{t('“ít dữ liệu”: dưới 10 việc đã đến hạn, không xếp hạng')}</span>
            <span className="w">
              {t('Phím ↑ ↓ ← → đi trong bảng, Enter mở danh sách, e yêu cầu giải trình, c hoặc Shift-bấm để so hai đơn vị.')}
            </span>
          </p>
        </>
      )}
      {pair[0] && pair[1] ? <Pair rows={[pair[0], pair[1]]} scope={scope} close={() => setPicked([])} /> : null}
    </section>
  );
}

const QUIET = '-';
const EVERY = (lines: readonly BoardLine[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => [line.row.unitId, ...EVERY(line.below)]));

function subunitWords(line: BoardLine): string | null {
  const n = howMany(line.below);
  if (n === 0) return null;
  const overdue = line.overdueInAll - line.row.overdue;
  return overdue > 0
    ? t('{{n}} đơn vị trực thuộc, {{overdue}} việc quá hạn', { n: count(n), overdue: count(overdue) })
    : t('{{n}} đơn vị trực thuộc', { n: count(n) });
}

/** Units without anything overdue in one row: they are fine, and there are many. */
function QuietRow({ lines, data, open, toggle }: { lines: readonly BoardLine[]; data: Dashboard; open: boolean; toggle: () => void }) {
  const n = howMany(lines);
  const sum = (of: (row: UnitRow) => number) => count(addUp(lines, of));
  const cells = Object.fromEntries(Object.keys(data.all.cells).map((cell) => [cell, addUp(lines, (row) => row.cells[cell as keyof typeof row.cells])]));
  return (
    <tr className="restrow" data-row={QUIET}>
      <th scope="row">
        <button type="button" className="tw" aria-expanded={open} tabIndex={-1} onClick={toggle}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> {t('{{n}} đơn vị không có việc quá hạn', { n: count(n) })}
        </button>
      </th>
      <td className="num n">{sum((row) => row.total)}</td>
      <td className="b">
        <Bar cells={cells} total={addUp(lines, (row) => row.total)} />
      </td>
      <td className="num o2">0</td>
      <td className="sp" />
      <td className="num age">
        <span className="z">–</span>
      </td>
      <td className="num soon">{sum((row) => row.dueSoon)}</td>
      <td className="num r">
        <small className="fr">
          {sum((row) => row.onTime.numerator)}/{sum((row) => row.onTime.denominator)}
        </small>
      </td>
      <td className="ivc" />
      <td className="num ex">{sum((row) => row.extended)}</td>
      <td className="num up" />
      {data.all.load.map(({ from }, index) => (
        <td key={from} className="h">
          {sum((row) => row.load[index]?.due ?? 0)}
        </td>
      ))}
      <td className="h aft">{sum((row) => row.later)}</td>
    </tr>
  );
}

function TotalRow({ data, scope, unitName, from }: { data: Dashboard; scope: Scope; unitName: string; from: number }) {
  const row = data.all;
  return (
    <tr data-total-row="yes">
      <th scope="row">{t('{{unit}}, {{n}} đơn vị', { unit: unitName, n: count(data.units.length) })}</th>
      <td className="num n">
        <Figure value={row.total} scope={scope} pick={{ rate: 'R3', side: 'denominator' }} what={t('tổng số')} />
      </td>
      <td className="b">
        <Bar cells={row.cells} total={row.total} />
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

/** The head of the table stands below the line of scope and time, however high that is. */
function useStickBelowScope(table: RefObject<HTMLElement | null>, away: boolean): void {
  useEffect(() => {
    const bar = document.querySelector<HTMLElement>('.scope');
    const one = table.current;
    if (!bar || !one) return undefined;
    const watch = new ResizeObserver(() => one.style.setProperty('--stick', `${String(bar.offsetHeight)}px`));
    watch.observe(bar);
    return () => watch.disconnect();
  }, [table, away]);
}
