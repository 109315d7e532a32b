import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useActor } from '../actor.ts';
import { ApiError } from '../api.ts';
import { useEscape } from '../escape.ts';
import { ExportLinks } from '../export-links.tsx';
import { count } from '../format.ts';
import { Frame, usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { chipsOf, ChipWords, EscapeHint } from '../scope/chips.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { href, scopeNow, useScope, wide, type Scope } from '../scope/scope.ts';
import { useScopeName } from '../scope/units.ts';
import { ViewsMenu } from '../scope/views-menu.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import { BulkDialog, RefusedList, type BulkDone, type Target } from './bulk.tsx';
import { chosenColumns, isUsual, keepColumns } from './columns.ts';
import { FilterBar } from './filter-bar.tsx';
import { dropped, filterBody, filterChips, filterParameters, listQuery, NO_FILTERS, readFilters, type Filters } from './filters.ts';
import { Grid } from './grid.tsx';
import { Undo } from './undo.tsx';
import { usePrintSheet } from './print-sheet.tsx';
import { useRows } from './use-rows.ts';

const PATH = '/viec';
const MOST = 500;
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const NONE: ReadonlySet<string> = new Set();

/** Every task, by filters that stand in the address; rows are picked and worked on many at a time. */
export function WorklistPage() {
  const given = useScope();
  const scope = useMemo(() => wide(given), [given]);
  const actor = useActor();
  const past = usePast();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const text = search.toString();
  const filters = useMemo(() => readFilters(new URLSearchParams(text)), [text]);
  const columns = useMemo(() => chosenColumns(new URLSearchParams(text)), [text]);
  const query = useMemo(() => listQuery(filters, scope), [filters, scope]);
  const [sight, setSight] = useState({ from: 0, to: 0 });
  const rows = useRows(query, sight.from, sight.to);
  const unitName = useScopeName(scope);
  const printing = usePrintSheet(rows, columns);
  const [chosen, setChosen] = useState(NONE);
  const [whole, setWhole] = useState(false);
  const [acting, setActing] = useState<Target | null>(null);
  const [done, setDone] = useState<BulkDone | null>(null);
  const notice = useRef<HTMLDivElement>(null);

  const extra = { ...filterParameters(filters), ...(search.get('cot') === null ? {} : { cot: columns.join(',') }) };
  const address = (change: Partial<Filters>, scoped: Partial<Scope> = {}, cot?: readonly string[]): string =>
    href(PATH, { ...scope, ...scoped }, { ...filterParameters({ ...filters, ...change }), ...(cot ? { cot: cot.join(',') } : search.get('cot') === null ? {} : { cot: columns.join(',') }) });
  // From what the address says at this moment, as the scope is changed: two choices soon after one another both stand.
  const change = (filter: Partial<Filters>, scoped: Partial<Scope>, replace = false) => {
    const now = new URLSearchParams(window.location.search);
    void navigate(href(PATH, { ...scopeNow(), ...scoped }, { ...filterParameters({ ...readFilters(now), ...filter }), cot: now.get('cot') }), { replace });
  };
  const go = (filter: Partial<Filters>, typing = false) => change(filter, {}, typing);
  // Another question has other rows: what was picked in it would no longer be seen.
  const question = JSON.stringify([filterBody(filters, scope), scope.day, scope.knownAt, actor]);
  useEffect(() => {
    setChosen(NONE);
    setWhole(false);
  }, [question]);
  useEffect(() => {
    if (done) notice.current?.focus();
  }, [done]);
  const inSight = useCallback((from: number, to: number) => setSight((old) => (old.from === from && old.to === to ? old : { from, to })), []);
  const choose = useCallback((ids: readonly string[], on: boolean) => {
    setWhole(false);
    setChosen((old) => {
      const next = new Set(old);
      for (const id of ids) {
        if (!on) next.delete(id);
        else if (next.size < MOST) next.add(id);
      }
      return next;
    });
  }, []);
  const act = () => {
    if (past) return;
    if (whole) setActing({ filter: filterBody(filters, scope) });
    else if (chosen.size > 0) setActing({ ids: [...chosen] });
  };

  const { first, total } = rows;
  const narrowing = filterChips(filters);
  const scoped = chipsOf(scope);
  const lastChip = narrowing.at(-1);
  useEscape(chosen.size === 0 && lastChip !== undefined, () => {
    if (lastChip) go(dropped(filters, lastChip.keys));
  });
  useEscape(chosen.size > 0, () => {
    setChosen(NONE);
    setWhole(false);
  });
  const title = filters.q.trim() ? t('Tìm “{{q}}”', { q: filters.q.trim() }) : t('Mọi việc');
  const picked = whole ? total : chosen.size;
  return (
    <Frame
      title={title}
      instant={first.data ? { asOf: first.data.asOf, position: first.data.position } : undefined}
      updatedAt={first.dataUpdatedAt || undefined}
      lost={first.error instanceof ApiError && first.error.status === 0}
    >
      <ScopeBar path={PATH} extra={extra} figures={false} />
      <ChangesPill position={first.data?.position} apply={() => first.refetch()} />
      <FilterBar
        filters={filters}
        scope={scope}
        columns={columns}
        go={go}
        goScope={(scoped) => change({}, scoped)}
        chooseColumns={(keys) => {
          keepColumns(keys);
          void navigate(address({}, {}, keys), { replace: true });
        }}
      >
        <ViewsMenu extra={isUsual(columns) ? {} : { cot: columns.join(',') }} />
      </FilterBar>
      {narrowing.length + scoped.length > 0 ? (
        <ul className="chips" aria-label={t('Đang lọc')}>
          {scoped.map((chip) => (
            <li key={chip.keys[0]}>
              <Link className="chip" data-chip={chip.keys[0]} to={address({}, Object.fromEntries(chip.keys.map((key) => [key, null])))}>
                <ChipWords text={chip.text} />
              </Link>
            </li>
          ))}
          {narrowing.map((chip) => (
            <li key={chip.keys[0]}>
              <button type="button" className="chip" data-chip={chip.keys[0]} onClick={() => go(dropped(filters, chip.keys))}>
                <ChipWords text={chip.text} />
              </button>
            </li>
          ))}
          <EscapeHint />
        </ul>
      ) : null}
      {first.isError && !first.data ? (
        <Failure error={first.error} retry={() => void first.refetch()}>
          <Link className="btn" to={href(PATH, scope)}>
            {t('Bỏ mọi bộ lọc')}
          </Link>
        </Failure>
      ) : !first.data ? (
        <Loading what={t('danh sách việc')} />
      ) : total === 0 ? (
        <Nothing
          title={filters.q.trim() ? t('Không thấy việc nào khớp “{{q}}”', { q: filters.q.trim() }) : narrowing.length + scoped.length > 0 ? t('Không có việc nào với bộ lọc này') : t('Chưa có việc nào')}
          advice={
            filters.q.trim()
              ? t('Đã tìm trong {{unit}}. Thử ít chữ hơn, gõ không dấu cũng được, hoặc gõ số văn bản.', { unit: unitName })
              : narrowing.length + scoped.length > 0
                ? t('Bỏ bớt điều kiện ở các nhãn phía trên, hoặc xem ở thời điểm khác.')
                : t('Vào thời điểm đang xem chưa có việc nào được ghi.')
          }
        >
          {filters.q.trim() && (scope.unitId ?? scope.unitKind) ? (
            <p>
              <Link to={address({}, { unitId: null, unitKind: null, tree: null })}>{t('Tìm trong toàn tỉnh')}</Link>
            </p>
          ) : null}
          {narrowing.length > 0 ? (
            <p>
              <Link to={address(NO_FILTERS)}>{t('Bỏ mọi bộ lọc')}</Link>
            </p>
          ) : null}
        </Nothing>
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={total}>
              {count(total)}
            </span>{' '}
            {filters.q.trim() ? t('việc khớp “{{q}}”, {{unit}}', { q: filters.q.trim(), unit: upper(unitName) }) : t('việc, {{unit}}', { unit: upper(unitName) })}
          </h1>
          <ExportLinks path="/tasks" query={query}>
            {printing.button}
          </ExportLinks>
          {done ? (
            <div ref={notice} className="wnotice" tabIndex={-1} data-done={done.answer.recorded}>
              <p role="status">
                <b>{t('Đã ghi “{{word}}” cho {{n}} việc.', { word: done.action.word, n: count(done.answer.recorded) })}</b>{' '}
                {done.answer.refused > 0 ? t('{{n}} việc không ghi được.', { n: count(done.answer.refused) }) : null}
              </p>
              <RefusedList items={done.answer.items.filter((item) => !item.ok)} />
              <Undo key={done.answer.position} facts={done.answer.items.flatMap((item) => (item.ok ? item.eventIds.map((eventId) => ({ taskId: item.id, eventId })) : []))} />
              <button type="button" className="btn plain" onClick={() => setDone(null)}>
                {t('Đóng thông báo')}
              </button>
            </div>
          ) : null}
          {printing.sheet}
          <Grid
            rows={rows}
            scope={scope}
            columns={columns}
            sort={filters.sort}
            chosen={chosen}
            sortBy={(sort) => go({ sort })}
            choose={choose}
            act={act}
            inSight={inSight}
          />
          <p className="quiet whint">{t('Phím ↑ ↓ chọn dòng, phím cách đánh dấu, Shift ↑ ↓ đánh dấu nhiều dòng, Enter mở việc, a làm với các việc đã chọn.')}</p>
        </>
      )}
      {picked > 0 ? (
        <div className="wtray" role="region" aria-label={t('Các việc đã chọn')}>
          <p role="status">
            <b data-picked={picked}>{t('Đã chọn {{n}} việc', { n: count(picked) })}</b>
            {!whole && chosen.size >= MOST ? <span className="quiet"> {t('(nhiều nhất {{n}})', { n: count(MOST) })}</span> : null}
          </p>
          {past ? (
            <span className="quiet">{t('Đang xem quá khứ: không ghi được từ đây.')}</span>
          ) : (
            <button type="button" className="btn primary" onClick={act}>
              {t('Làm với các việc này')} <kbd aria-hidden="true">A</kbd>
            </button>
          )}
          {!whole && total > chosen.size && total <= MOST ? (
            <button type="button" className="btn" onClick={() => setWhole(true)}>
              {t('Chọn cả {{n}} việc của bộ lọc', { n: count(total) })}
            </button>
          ) : null}
          <button
            type="button"
            className="btn plain"
            onClick={() => {
              setChosen(NONE);
              setWhole(false);
            }}
          >
            {t('Bỏ chọn')}
          </button>
        </div>
      ) : null}
      {acting ? (
        <BulkDialog
          target={acting}
          close={() => setActing(null)}
          finish={(what) => {
            setActing(null);
            setDone(what);
            setChosen(NONE);
            setWhole(false);
          }}
        />
      ) : null}
    </Frame>
  );
}
