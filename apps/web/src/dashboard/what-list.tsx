import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ApiError } from '../api.ts';
import { useEscape } from '../escape.ts';
import { ExportLinks } from '../export-links.tsx';
import { count } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { TaskPager } from '../pager.tsx';
import { TaskTable } from '../parts.tsx';
import { Chips } from '../scope/chips.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { dashboardQuery, href, useScope } from '../scope/scope.ts';
import { useScopeName } from '../scope/units.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import { LIST_PATH, useBehind } from './ask.ts';
import { NarrowTo } from './narrow-to.tsx';
import { whatWords } from './what-words.ts';
import { WhyWhat } from './why-what.tsx';

const PAGE = 100;

/** The tasks behind one number of the dashboard: same scope, same instant. */
export function WhatListPage() {
  const scope = useScope();
  const [search] = useSearchParams();
  const what = search.get('what') ?? '';
  const week = search.get('week');
  const extra: Record<string, string> = week === null ? { what } : { what, week };
  const tasks = useBehind({ path: '/dashboard/list', query: { ...dashboardQuery(scope), ...extra } }, PAGE);
  const unitName = useScopeName(scope);
  const [why, setWhy] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const closeWhy = () => {
    setWhy(false);
    opener.current?.focus();
  };
  useEscape(why, closeWhy);
  const { name } = whatWords(what, week);
  const first = tasks.data?.pages[0];
  const items = (tasks.data?.pages ?? []).flatMap((page) => page.items);
  const back = href('/', scope);
  return (
    <Frame
      title={name}
      instant={first ? { asOf: first.asOf, position: first.position } : undefined}
      updatedAt={tasks.dataUpdatedAt || undefined}
      lost={tasks.error instanceof ApiError && tasks.error.status === 0}
    >
      <ScopeBar path={LIST_PATH} extra={extra} figures={false} />
      <Chips scope={scope} path={LIST_PATH} extra={extra} filters />
      <ChangesPill position={first?.position} apply={() => tasks.refetch()} />
      <p className="crumb">
        <Link to={back}>{t('Bảng điều hành')}</Link> ▸ {unitName}
      </p>
      {tasks.isError && !tasks.data ? (
        <Failure error={tasks.error} retry={() => void tasks.refetch()}>
          <Link className="btn" to={back}>
            {t('Về bảng điều hành')}
          </Link>
        </Failure>
      ) : first === undefined ? (
        <Loading what={t('danh sách')} />
      ) : first.total === 0 ? (
        <Nothing
          title={t('0 việc: {{name}}', { name })}
          advice={t('Không có việc nào trong nhóm này, ở phạm vi và thời điểm đang xem.')}
        >
          <p>
            <Link to={back}>{t('Về bảng điều hành')}</Link>
          </p>
        </Nothing>
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={first.total}>
              {count(first.total)}
            </span>{' '}
            {t('việc: {{name}}', { name })}
          </h1>
          <div className="whylist">
            <button ref={opener} type="button" className="whyb" aria-expanded={why} aria-controls="vi-sao" onClick={() => setWhy(!why)}>
              {t('Vì sao số này?')}
            </button>
            <NarrowTo pick={extra} whose={scope} />
            <div id="vi-sao">
              {why ? (
                <WhyWhat
                  title={t('{{name}}: {{n}} việc', { name, n: count(first.total) })}
                  what={what}
                  week={week ?? undefined}
                  scope={scope}
                  unitName={unitName}
                  counted={{ asOf: first.asOf ?? '', knownAt: first.knownAt ?? null, position: first.position }}
                  close={closeWhy}
                />
              ) : null}
            </div>
          </div>
          <ExportLinks path="/dashboard/list" query={{ ...dashboardQuery(scope), ...extra }} />
          <TaskTable items={items} scope={scope} />
          <TaskPager pages={tasks} shown={items.length} total={first.total} by={PAGE} exported />
        </>
      )}
    </Frame>
  );
}
