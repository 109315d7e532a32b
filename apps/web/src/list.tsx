import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ApiError, get, type Page, type Query, type TaskItem } from './api.ts';
import { NarrowTo } from './dashboard/narrow-to.tsx';
import { useEscape } from './escape.ts';
import { Explain } from './explain.tsx';
import { ExportLinks } from './export-links.tsx';
import { count } from './format.ts';
import { Frame } from './frame.tsx';
import { t } from './i18n.ts';
import { ChangesPill } from './live/changes-pill.tsx';
import { TaskPager } from './pager.tsx';
import { TaskTable } from './parts.tsx';
import { ScopeBar } from './scope/scope-bar.tsx';
import { asQuery, href, useScope, type Scope } from './scope/scope.ts';
import { useScopeName } from './scope/units.ts';
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

function Rows({ tasks }: { tasks: Tasks }) {
  const scope = useScope();
  const pages = tasks.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const total = pages[0]?.total ?? 0;
  return (
    <>
      <TaskTable items={items} scope={scope} />
      <TaskPager pages={tasks} shown={items.length} total={total} by={100} exported />
    </>
  );
}

const instantOf = (tasks: Tasks) => {
  const first = tasks.data?.pages[0];
  return first ? { asOf: first.asOf, position: first.position } : undefined;
};
const lostOf = (tasks: Tasks) => tasks.error instanceof ApiError && tasks.error.status === 0;

const PICKS = ['cell', 'part', 'flow', 'out', 'rate', 'side'] as const;

const RATE_SIDE_WORDS: Record<string, string> = { numerator: t('Tử số'), denominator: t('Mẫu số'), excluded: t('Không tính vào mẫu số') };

function pickWords(pick: Record<string, string>): string {
  const { cell, part, flow, out, rate, side } = pick;
  if (cell)
    return cell
      .split(',')
      .map((one) => CELL_WORDS[one] ?? one)
      .join('; ');
  if (part) return PART_WORDS[part] ?? part;
  if (flow) return FLOW_WORDS[flow] ?? flow;
  if (out) return t('Ngoài tổng số: {{reason}}', { reason: (OUT_WORDS[out] ?? out).toLowerCase() });
  if (rate === 'R3' && side === 'denominator') return t('Tổng số được giao');
  if (rate) return t('{{side}} của tỷ lệ {{name}} ({{code}})', { side: RATE_SIDE_WORDS[side ?? ''] ?? t('Mẫu số'), name: RATE_WORDS[rate] ?? rate, code: rate });
  return t('Việc được tính trong số liệu');
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
  const unitName = useScopeName(scope);
  const words = pickWords(pick);
  const total = tasks.data?.pages[0]?.total;
  return (
    <Frame title={words} instant={instantOf(tasks)} updatedAt={tasks.dataUpdatedAt || undefined} lost={lostOf(tasks)}>
      <ScopeBar path="/danh-sach" extra={pick} comparable={false} />
      <ChangesPill position={tasks.data?.pages[0]?.position} apply={() => tasks.refetch()} />
      <p className="crumb">
        <Link to={href('/', scope)}>{t('Bảng điều hành')}</Link> ▸ {unitName}
      </p>
      {tasks.isError && !tasks.data ? (
        <Failure error={tasks.error} retry={() => void tasks.refetch()}>
          <Link className="btn" to={href('/', scope)}>
            {t('Về bảng điều hành')}
          </Link>
        </Failure>
      ) : total === undefined ? (
        <Loading what={t('danh sách')} />
      ) : total === 0 ? (
        <Nothing title={t('0 việc: {{words}}', { words })} advice={t('Không có việc nào trong nhóm này, ở phạm vi và thời điểm đang xem.')}>
          <p>
            <Link to={href('/', scope)}>{t('Về bảng điều hành')}</Link>
          </p>
        </Nothing>
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={total}>
              {count(total)}
            </span>{' '}
            {t('việc: {{words}}', { words })}
          </h1>
          <WhyThis pick={pick} scope={scope} unitName={unitName} />
          <ExportLinks path="/figures/list" query={{ ...asQuery(scope), ...pick }} />
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
        {t('Vì sao số này?')}
      </button>
      <NarrowTo pick={pick} whose={scope} />
      <div id="vi-sao">{open ? <Explain pick={asked} scope={scope} unitName={unitName} close={close} /> : null}</div>
    </div>
  );
}
