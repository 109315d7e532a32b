import { IconArrowDown, IconArrowUp, IconStar } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { type TaskItem } from '../api.ts';
import { count, day, due } from '../format.ts';
import { t } from '../i18n.ts';
import { LookIcon, stateWords } from '../parts.tsx';
import { href, type Scope } from '../scope/scope.ts';
import { lookOf, OUT_WORDS } from '../words.ts';
import { shownColumns, type Column } from './columns.ts';
import type { useRows } from './use-rows.ts';

type Room = 'wide' | 'middle' | 'narrow';
const NARROW = window.matchMedia('(max-width: 760px)');
const MIDDLE = window.matchMedia('(max-width: 1100px)');
const subscribe = (changed: () => void) => {
  for (const query of [NARROW, MIDDLE]) query.addEventListener('change', changed);
  return () => {
    for (const query of [NARROW, MIDDLE]) query.removeEventListener('change', changed);
  };
};
const useRoom = (): Room => useSyncExternalStore(subscribe, () => (NARROW.matches ? 'narrow' : MIDDLE.matches ? 'middle' : 'wide'));
/** What there is room for; the rest of the chosen columns waits for a wider window. */
const FITTING: Readonly<Record<Room, readonly string[] | null>> = { wide: null, middle: ['ma', 'noiDung', 'han', 'hienTrang'], narrow: ['noiDung', 'hienTrang'] };

/** Rows are of one height, so that fifty thousand of them need not be measured. */
const HEIGHT = { wide: 58, narrow: 128 };
const MOST = 500;

/** The rows in sight first, then everything else a screen reader is told: how many there are, which one is meant, which are chosen. */
export function Grid({
  rows,
  scope,
  columns,
  sort,
  chosen,
  sortBy,
  choose,
  act,
  inSight,
}: {
  rows: ReturnType<typeof useRows>;
  scope: Scope;
  columns: readonly string[];
  sort: string;
  chosen: ReadonlySet<string>;
  sortBy: (sort: string) => void;
  choose: (ids: readonly string[], on: boolean) => void;
  act: () => void;
  inSight: (from: number, to: number) => void;
}) {
  const { total, rowAt, first } = rows;
  const room = useRoom();
  const narrow = room === 'narrow';
  const shown = useMemo(() => shownColumns(narrow ? [...columns, 'hienTrang'] : columns).filter(({ key }) => FITTING[room]?.includes(key) ?? true), [columns, room, narrow]);
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [active, setActive] = useState(0);
  /** Where a range of rows began. */
  const anchor = useRef(0);
  const navigate = useNavigate();
  useLayoutEffect(() => {
    const measure = () => setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    // What stands above may change its height with the filters.
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => (narrow ? HEIGHT.narrow : HEIGHT.wide),
    overscan: 10,
    scrollMargin: margin,
    scrollPaddingStart: 130,
    scrollPaddingEnd: 90,
  });
  useLayoutEffect(() => virtual.measure(), [narrow, virtual]);
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = items.at(-1)?.index ?? 0;
  useLayoutEffect(() => inSight(from, to), [from, to, inSight]);

  const idsBetween = (a: number, b: number): string[] => {
    const ids: string[] = [];
    for (let n = Math.min(a, b); n <= Math.max(a, b) && ids.length < MOST; n++) {
      const item = rowAt(n);
      if (item) ids.push(item.id);
    }
    return ids;
  };
  const moveTo = (index: number, ranging: boolean) => {
    const next = Math.max(0, Math.min(total - 1, index));
    setActive(next);
    if (ranging) choose(idsBetween(anchor.current, next), true);
    else anchor.current = next;
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const pick = (index: number, ranging: boolean) => {
    const item = rowAt(index);
    if (!item) return;
    setActive(index);
    if (ranging) choose(idsBetween(anchor.current, index), true);
    else {
      choose([item.id], !chosen.has(item.id));
      anchor.current = index;
    }
  };
  // The same function for every row and every scroll, so that rows in place are not drawn again.
  const latest = useRef(pick);
  latest.current = pick;
  const pickRow = useCallback((index: number, ranging: boolean) => latest.current(index, ranging), []);
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Math.min(active, total - 1);
    const pageful = Math.max(1, Math.floor(window.innerHeight / (narrow ? HEIGHT.narrow : HEIGHT.wide)) - 3);
    const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + pageful, PageUp: at - pageful, Home: 0, End: total - 1 };
    const next = steps[event.key];
    if (next !== undefined) moveTo(next, event.shiftKey);
    else if (event.key === ' ') pick(at, event.shiftKey);
    else if (event.key === 'a' || event.key === 'A') act();
    else if (event.key === 'Enter') {
      const item = rowAt(at);
      if (item) void navigate(href(`/viec/${encodeURIComponent(item.id)}`, scope));
    } else return;
    event.preventDefault();
  };
  const template = narrow ? '44px minmax(0, 1fr)' : `44px ${shown.map((column) => column.width).join(' ')}`;
  const at = Math.min(active, Math.max(0, total - 1));
  const allHere = items.length > 0 && items.every(({ index }) => chosen.has(rowAt(index)?.id ?? ''));
  return (
    <div
      className={first.isPlaceholderData ? 'wgrid waiting' : 'wgrid'}
      role="grid"
      tabIndex={0}
      aria-label={t('Danh sách việc: ↑ ↓ chọn dòng, phím cách đánh dấu, Enter mở, a làm việc với các dòng đã chọn')}
      aria-multiselectable="true"
      aria-rowcount={total + 1}
      aria-activedescendant={items.some(({ index }) => index === at) ? `dong-${String(at)}` : undefined}
      data-ready={first.isPlaceholderData ? undefined : 'yes'}
      onKeyDown={press}
    >
      <div role="rowgroup" className="whead">
        <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          <span role="columnheader">
            <span className="vh">{t('Chọn')}</span>
            <input
              type="checkbox"
              aria-label={t('Chọn mọi dòng đang thấy')}
              checked={allHere}
              onChange={(event) => choose(items.flatMap(({ index }) => rowAt(index)?.id ?? []), event.target.checked)}
            />
          </span>
          {shown.map((column) => (
            <Head key={column.key} column={column} sort={sort} sortBy={sortBy} />
          ))}
        </div>
      </div>
      <div role="rowgroup" ref={body} className="wbody" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, size }) => {
          const item = rowAt(index);
          return (
            <Row
              key={index}
              index={index}
              item={item}
              top={start - virtual.options.scrollMargin}
              height={size}
              template={template}
              shown={shown}
              scope={scope}
              on={index === at}
              chosen={item !== undefined && chosen.has(item.id)}
              pick={pickRow}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head({ column, sort, sortBy }: { column: Column; sort: string; sortBy: (sort: string) => void }) {
  const by = sort.replace('-', '') || 'code';
  const down = sort.startsWith('-');
  const here = column.sort !== undefined && by === column.sort;
  const Arrow = down ? IconArrowDown : IconArrowUp;
  return (
    <span role="columnheader" className={column.number ? 'num' : undefined} data-column={column.key} aria-sort={here ? (down ? 'descending' : 'ascending') : undefined}>
      {column.sort ? (
        <button type="button" onClick={() => sortBy(here && !down ? `-${column.sort!}` : column.sort === 'code' ? '' : column.sort!)}>
          {column.word}
          {here ? <Arrow size={14} aria-hidden /> : null}
        </button>
      ) : (
        column.word
      )}
    </span>
  );
}

interface RowProps {
  index: number;
  item: TaskItem | undefined;
  top: number;
  height: number;
  template: string;
  shown: readonly Column[];
  scope: Scope;
  on: boolean;
  chosen: boolean;
  pick: (index: number, ranging: boolean) => void;
}

const Row = memo(function Row({ index, item, top, height, template, shown, scope, on, chosen, pick }: RowProps) {
  const place = { height, transform: `translateY(${String(top)}px)`, gridTemplateColumns: template };
  if (!item)
    return (
      <div role="row" id={`dong-${String(index)}`} aria-rowindex={index + 2} className={on ? 'wrow on' : 'wrow'} style={place}>
        <span role="gridcell" className="wghost" aria-label={t('Đang tải dòng {{n}}', { n: count(index + 1) })} style={{ gridColumn: '1 / -1' }} />
      </div>
    );
  return (
    <div role="row" id={`dong-${String(index)}`} aria-rowindex={index + 2} aria-selected={chosen} className={`wrow${on ? ' on' : ''}${chosen ? ' chosen' : ''}`} data-task={item.id} style={place}>
      <span role="gridcell" className="wpick">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t('Chọn {{code}}', { code: item.code })}
          checked={chosen}
          onChange={() => undefined}
          onClick={(event) => pick(index, event.shiftKey)}
        />
      </span>
      {shown.map((column) => (
        <Cell key={column.key} column={column} item={item} scope={scope} />
      ))}
    </div>
  );
});

function Cell({ column, item, scope }: { column: Column; item: TaskItem; scope: Scope }) {
  if (column.key === 'noiDung')
    return (
      <span role="gridcell" className="wcontent">
        <Link to={href(`/viec/${encodeURIComponent(item.id)}`, scope)} tabIndex={-1}>
          {item.starred ? <IconStar size={14} aria-label={t('Việc trọng tâm')} /> : null}
          {item.content}
        </Link>
        <span className="wsub">
          <span className="code">{item.code}</span> · {item.leadUnitName} · {item.dueOn ? t('hạn {{day}}', { day: due(item.dueOn, item.dueTime) }) : t('không thời hạn')}
        </span>
      </span>
    );
  if (column.key === 'hienTrang') {
    const look = lookOf(item.cell);
    const words = stateWords(item);
    return (
      <span role="gridcell" className="wstate" data-column={column.key}>
        <LookIcon look={look} />
        <span>
          <span className={look === 'overdue' ? 't-overdue strong' : ''}>{look === 'out' ? (OUT_WORDS[item.cell ?? ''] ?? words.word) : words.word}</span>
          {words.more ? <span className="sub">{words.more}</span> : null}
        </span>
      </span>
    );
  }
  if (column.key === 'vanBan')
    return (
      <span role="gridcell" className="code" data-column={column.key}>
        {item.documentId && item.documentNumber ? (
          <Link to={href(`/van-ban/${encodeURIComponent(item.documentId)}`, scope)} tabIndex={-1} aria-label={t('Văn bản {{number}}', { number: item.documentNumber })}>
            {item.documentNumber}
          </Link>
        ) : null}
      </span>
    );
  const text = column.text?.(item) ?? '';
  return (
    <span role="gridcell" className={column.number ? 'num' : column.key === 'ma' ? 'code' : undefined} data-column={column.key} title={column.key === 'ngayGiao' ? t('giao ngày {{day}}', { day: day(item.assignedOn) }) : undefined}>
      {text}
    </span>
  );
}

