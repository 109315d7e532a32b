import { IconChartDots, IconDownload, IconPrinter, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { dayOf } from '../format.ts';
import { t } from '../i18n.ts';
import { useHeldOrder } from '../live/held-order.ts';
import { href, onlyOf, toggleOnly, useScope, withOnly, type Scope } from '../scope/scope.ts';
import { rulesOff, rulesOffQuery } from './ask.ts';
import { BoardHead } from './board-head.tsx';
import { Line } from './board-line.tsx';
import { fold, nest, opened, type BoardLine } from './board-rows.ts';
import { QUIET, QuietRow, TotalRow } from './board-sums.tsx';
import { isStop, step, stopsIn } from './board-walk.ts';
import { finding, noteOf, subunitWords } from './board-words.ts';
import { scoreboardCsv } from './csv-rows.ts';
import { download } from './download.ts';
import { LateList } from './late-list.tsx';
import { scaleFrom } from './marks.tsx';
import { amongThem } from './only-link.tsx';
import { Pair } from './pair.tsx';
import { type PartLink } from './parts-bar.tsx';
import { useCanAct } from './row-actions.tsx';
import { type Dashboard } from './types.ts';
import { useStickBelowScope } from './use-stick-below-scope.ts';

const Funnel = lazy(() => import('./funnel.tsx').then(({ Funnel: plot }) => ({ default: plot })));

const COLUMNS = 20;
const EVERY = (lines: readonly BoardLine[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => [line.row.unitId, ...EVERY(line.below)]));

/** Narrows the page to a unit and a part of its bar, with all that is chosen beside; again, where it is that already, to the unit's other tasks too. */
function usePartLink(): PartLink {
  const page = useScope();
  const [search] = useSearchParams();
  const off = rulesOffQuery(rulesOff(search))['tatQuyTac'];
  return useMemo(
    () => (unitId, what) => {
      const own: Scope = { ...page, unitId, unitKind: null, tree: null };
      const chosen = page.unitId === unitId && page.tree === null && onlyOf(page).includes(what);
      return { to: href('/', chosen ? toggleOnly(own, what) : withOnly(own, what), { tatQuyTac: off }), chosen };
    },
    [page, off],
  );
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
  const link = usePartLink();
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
          link={link}
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
                if (!isStop(target)) return;
                for (const stop of stopsIn(event.currentTarget)) stop.tabIndex = -1;
                target.tabIndex = 0;
              }}
            >
              <BoardHead data={data} from={from} />
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
              {t('Phím ↑ ↓ ← → đi trong bảng, Enter mở danh sách, ở phần của thanh và tên tuần thì chỉ xem các việc ấy; e yêu cầu giải trình, c hoặc Shift-bấm để so hai đơn vị.')}
            </span>
          </p>
        </>
      )}
      {pair[0] && pair[1] ? <Pair rows={[pair[0], pair[1]]} scope={scope} link={link} close={() => setPicked([])} /> : null}
    </section>
  );
}
