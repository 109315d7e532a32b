import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ApiError, get, type Page, type Query, type TaskItem } from './api.ts';
import { useEscape } from './escape.ts';
import { Explain } from './explain.tsx';
import { count, day, isDay } from './format.ts';
import { Frame } from './frame.tsx';
import { ChangesPill } from './live/changes-pill.tsx';
import { TaskTable } from './parts.tsx';
import { ScopeBar } from './scope/scope-bar.tsx';
import { asQuery, href, pointQuery, useScope, type Scope } from './scope/scope.ts';
import { useUnitName } from './scope/units.ts';
import { Failure, Loading, Nothing } from './states.tsx';
import { CELL_WORDS, FLOW_WORDS, OUT_WORDS, PART_WORDS, RATE_WORDS } from './words.ts';

function useTasks(path: string, query: Query) {
  return useInfiniteQuery({
    queryKey: ['tasks', path, query],
    queryFn: ({ pageParam, signal }) => get<Page<TaskItem>>(path, { ...query, limit: '100', cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    // Rows change when their reader says so.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
type Tasks = ReturnType<typeof useTasks>;

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function Rows({ tasks }: { tasks: Tasks }) {
  const scope = useScope();
  const pages = tasks.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const total = pages[0]?.total ?? 0;
  return (
    <>
      <TaskTable items={items} scope={scope} />
      <p className="pager" aria-live="polite">
        Đang hiện {count(items.length)} trong {count(total)} việc.
        {tasks.hasNextPage ? (
          <button className="btn" type="button" disabled={tasks.isFetchingNextPage} onClick={() => void tasks.fetchNextPage()}>
            {tasks.isFetchingNextPage ? 'Đang tải…' : `Xem thêm ${count(Math.min(100, total - items.length))} việc`}
          </button>
        ) : null}
      </p>
    </>
  );
}

const instantOf = (tasks: Tasks) => {
  const first = tasks.data?.pages[0];
  return first ? { asOf: first.asOf, position: first.position } : undefined;
};
const lostOf = (tasks: Tasks) => tasks.error instanceof ApiError && tasks.error.status === 0;

const PICKS = ['cell', 'part', 'flow', 'out', 'rate', 'side'] as const;

const RATE_SIDE_WORDS: Record<string, string> = { numerator: 'Tử số', denominator: 'Mẫu số', excluded: 'Không tính vào mẫu số' };

function pickWords(pick: Record<string, string>): string {
  const { cell, part, flow, out, rate, side } = pick;
  if (cell)
    return cell
      .split(',')
      .map((one) => CELL_WORDS[one] ?? one)
      .join('; ');
  if (part) return PART_WORDS[part] ?? part;
  if (flow) return FLOW_WORDS[flow] ?? flow;
  if (out) return `Ngoài tổng số: ${(OUT_WORDS[out] ?? out).toLowerCase()}`;
  if (rate === 'R3' && side === 'denominator') return 'Tổng số được giao';
  if (rate) return `${RATE_SIDE_WORDS[side ?? ''] ?? 'Mẫu số'} của tỷ lệ ${RATE_WORDS[rate] ?? rate} (${rate})`;
  return 'Việc được tính trong số liệu';
}

/** The tasks behind one number: same filter, same instant. */
export function ListPage() {
  const scope = useScope();
  const [search] = useSearchParams();
  const pick: Record<string, string> = {};
  for (const name of PICKS) {
    const value = search.get(name);
    if (value) pick[name] = value;
  }
  const tasks = useTasks('/figures/list', { ...asQuery(scope), ...pick });
  const unitName = useUnitName(scope.unitId);
  const words = pickWords(pick);
  const total = tasks.data?.pages[0]?.total;
  return (
    <Frame title={words} instant={instantOf(tasks)} updatedAt={tasks.dataUpdatedAt || undefined} lost={lostOf(tasks)}>
      <ScopeBar path="/danh-sach" extra={pick} comparable={false} />
      <ChangesPill position={tasks.data?.pages[0]?.position} apply={() => tasks.refetch()} />
      <p className="crumb">
        <Link to={href('/', scope)}>Bảng điều hành</Link> ▸ {unitName}
      </p>
      {tasks.isError && !tasks.data ? (
        <Failure error={tasks.error} retry={() => void tasks.refetch()}>
          <Link className="btn" to={href('/', scope)}>
            Về bảng điều hành
          </Link>
        </Failure>
      ) : total === undefined ? (
        <Loading what="danh sách" />
      ) : total === 0 ? (
        <Nothing title={`0 việc: ${words}`} advice="Không có việc nào trong nhóm này, ở phạm vi và thời điểm đang xem.">
          <p>
            <Link to={href('/', scope)}>Về bảng điều hành</Link>
          </p>
        </Nothing>
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={total}>
              {count(total)}
            </span>{' '}
            việc: {words}
          </h1>
          <WhyThis pick={pick} scope={scope} unitName={unitName} />
          <Rows tasks={tasks} />
        </>
      )}
    </Frame>
  );
}

/** The list stands behind one number: here is what that number means. */
function WhyThis({ pick, scope, unitName }: { pick: Record<string, string>; scope: Scope; unitName: string }) {
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  useEscape(open, close);
  const { side: _side, ...asked } = pick;
  if (Object.keys(asked).length !== 1 || asked['cell']?.includes(',')) return null;
  return (
    <div className="whylist">
      <button ref={opener} type="button" className="whyb" aria-expanded={open} aria-controls="vi-sao" onClick={() => setOpen(!open)}>
        Vì sao số này?
      </button>
      <div id="vi-sao">{open ? <Explain pick={asked} scope={scope} unitName={unitName} close={close} /> : null}</div>
    </div>
  );
}

export function SearchPage() {
  const scope = useScope();
  const [search] = useSearchParams();
  const q = search.get('q') ?? '';
  const [cell, from, to] = [search.get('nhom') ?? '', search.get('hanTu') ?? '', search.get('hanDen') ?? ''];
  const tasks = useTasks('/tasks', { ...pointQuery(scope), unitId: scope.unitId, q, cell, dueFrom: from, dueTo: to });
  const unitName = useUnitName(scope.unitId);
  const total = tasks.data?.pages[0]?.total;
  const filters = [
    ...(cell
      ? [
          cell
            .split(',')
            .map((one) => (CELL_WORDS[one] ?? one).toLowerCase())
            .join(' hoặc '),
        ]
      : []),
    ...(isDay(from) || isDay(to) ? [`hạn ${isDay(from) ? `từ ${day(from)} ` : ''}${isDay(to) ? `đến ${day(to)}` : ''}`.trim()] : []),
  ].join('; ');
  const extra = Object.fromEntries(Object.entries({ q, nhom: cell, hanTu: from, hanDen: to }).filter(([, value]) => value !== ''));
  const title = q ? `Tìm “${q}”` : 'Mọi việc';
  return (
    <Frame title={title} instant={instantOf(tasks)} updatedAt={tasks.dataUpdatedAt || undefined} lost={lostOf(tasks)}>
      <ScopeBar path="/viec" extra={extra} figures={false} />
      <ChangesPill position={tasks.data?.pages[0]?.position} apply={() => tasks.refetch()} />
      {tasks.isError && !tasks.data ? (
        <Failure error={tasks.error} retry={() => void tasks.refetch()} />
      ) : total === undefined ? (
        <Loading what="danh sách việc" />
      ) : total === 0 ? (
        <Nothing
          title={q ? `Không thấy việc nào khớp “${q}”` : 'Chưa có việc nào'}
          advice={
            q
              ? `Đã tìm trong ${unitName}. Thử ít chữ hơn, gõ không dấu cũng được, hoặc gõ số văn bản.`
              : 'Vào thời điểm đang xem chưa có việc nào được ghi.'
          }
        >
          {q && scope.unitId ? (
            <p>
              <Link to={href('/viec', { ...scope, unitId: null }, { q })}>Tìm trong toàn tỉnh</Link>
            </p>
          ) : null}
        </Nothing>
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={total}>
              {count(total)}
            </span>{' '}
            việc{q ? ` khớp “${q}”` : ''}, {upper(unitName)}
          </h1>
          {filters ? (
            <p className="aside">
              Chỉ việc {filters}. <Link to={href('/viec', scope, { q })}>Bỏ lọc</Link>
            </p>
          ) : null}
          <Rows tasks={tasks} />
        </>
      )}
    </Frame>
  );
}
