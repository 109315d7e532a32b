import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import { ApiError, get, type Page, type Task, type TaskEvent } from '../api.ts';
import { dayOf } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { Pager } from '../pager.tsx';
import { href, pointQuery, toPresent, useScope } from '../scope/scope.ts';
import { Failure, Loading } from '../states.tsx';
import { Actions } from './actions.tsx';
import { Deadlines } from './deadlines.tsx';
import { Facts } from './facts.tsx';
import { isLater, Story } from './story.tsx';
import { Evidence, Hands, Talk } from './talk.tsx';

export function TaskPage() {
  const { id = '' } = useParams();
  const scope = useScope();
  const { hash } = useLocation();
  const system = useSystem();
  const point = pointQuery(scope);
  const path = `/tasks/${encodeURIComponent(id)}`;
  const task = useQuery({
    queryKey: ['task', id, point],
    queryFn: ({ signal }) => get<Task>(path, point, signal),
    refetchOnWindowFocus: false,
  });
  const story = useInfiniteQuery({
    queryKey: ['story', id, point],
    queryFn: ({ pageParam, signal }) => get<Page<TaskEvent>>(`${path}/events`, { ...point, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
  });
  const data = task.data;
  const first = story.data?.pages[0];
  const events = (story.data?.pages ?? []).flatMap((page) => page.items);
  const told = events.length > 0;
  useEffect(() => {
    if (told && hash.startsWith('#su-kien-')) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'center' });
  }, [hash, told]);
  return (
    <Frame
      title={data ? data.code : t('Việc')}
      instant={first ? { asOf: first.asOf, position: first.position } : undefined}
      updatedAt={task.dataUpdatedAt || undefined}
      lost={task.error instanceof ApiError && task.error.status === 0}
    >
      <ChangesPill position={data?.position} taskId={id} apply={() => Promise.all([task.refetch(), story.refetch()])} />
      {task.isError && !data ? (
        <Failure error={task.error} retry={() => void task.refetch()}>
          {scope.day || scope.knownAt ? (
            <Link className="btn" to={href(`/viec/${encodeURIComponent(id)}`, toPresent(scope))}>
              {t('Xem ở hiện tại')}
            </Link>
          ) : null}
          <Link className="btn" to={href('/viec', scope)}>
            {t('Tìm việc khác')}
          </Link>
        </Failure>
      ) : data ? (
        <>
          <Facts task={data} scope={scope} />
          <div className="cols">
            <Actions key={data.id} task={data} events={events} scope={scope} />
            <div className="mainc">
              <Deadlines task={data} today={scope.day ?? (system.data ? dayOf(system.data.now) : data.assignedOn)} />
              <section aria-labelledby="h-story">
                <h2 id="h-story">{t('Diễn biến')}</h2>
                {story.isError && !story.data ? (
                  <p role="alert">
                    {story.error.message} {t('Tải lại trang để thử lại.')}
                  </p>
                ) : (
                  <Story events={events} asOf={scope.day === null ? null : (first?.asOf ?? null)} scope={scope} />
                )}
                {first && story.hasNextPage ? <Pager pages={story} shown={events.length} total={first.total} more={t('Xem tiếp diễn biến')} /> : null}
              </section>
              <Evidence task={data} />
              <Talk task={data} events={scope.day === null ? events : events.filter((event) => !isLater(event, first?.asOf ?? null))} />
              <Hands task={data} scope={scope} />
            </div>
          </div>
        </>
      ) : (
        <Loading what={t('việc này')} />
      )}
    </Frame>
  );
}
