import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { ApiError, get, type Page, type TaskEvent, type TaskItem } from '../api.ts';
import { Frame } from '../frame.tsx';
import { TaskField } from '../forms/task-field.tsx';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/replay.css';
import { replayHref } from './link.ts';
import { ReplayTask } from './replay-task.tsx';

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The id of the task that is named by its code, or by the id itself; null where there is none. */
const useSubject = (name: string) =>
  useQuery({
    queryKey: ['replay-subject', name],
    queryFn: async ({ signal }): Promise<string | null> => {
      if (isId(name)) return name.toLowerCase();
      const found = await get<Page<TaskItem>>('/tasks', { q: name, limit: '200' }, signal);
      return found.items.find((task) => task.code.toLowerCase() === name.toLowerCase())?.id ?? null;
    },
    staleTime: 300_000,
  });

/** What was the state at A and at B, who made the difference, and what was known when. */
export function ReplayPage() {
  const [search] = useSearchParams();
  const name = (search.get('doiTuong') ?? '').trim();
  return name === '' ? <Choose /> : <Subject key={name} name={name} />;
}

function Choose() {
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <Frame title="Phát lại">
      <form
        className="state replay-pick"
        onSubmit={(event) => {
          event.preventDefault();
          if (picked !== null) void navigate(replayHref(picked, EMPTY_SCOPE));
        }}
      >
        <h1>Phát lại việc nào?</h1>
        <p>
          Trang này cho thấy một việc đã như thế nào ở từng thời điểm, ai làm đổi điều gì, và điều ấy được ghi vào lúc nào. Chọn một việc,
          hoặc mở một việc rồi bấm “Phát lại”.
        </p>
        <TaskField label="Việc" errors={[]} not="" value={picked} onChange={setPicked} />
        <p className="acts">
          <button className="btn primary" type="submit" disabled={picked === null}>
            Phát lại việc này
          </button>
        </p>
      </form>
    </Frame>
  );
}

function Subject({ name }: { name: string }) {
  const subject = useSubject(name);
  const id = subject.data ?? null;
  const events = useQuery({
    queryKey: ['replay-events', id],
    queryFn: ({ signal }) => get<Page<TaskEvent>>(`/tasks/${encodeURIComponent(id ?? '')}/events`, {}, signal),
    enabled: id !== null,
  });
  const error = events.data ? null : (subject.error ?? events.error);
  const lost = [subject.error, events.error].some((one) => one instanceof ApiError && one.status === 0);
  const unknown = subject.data === null || (error instanceof ApiError && error.status === 404);
  if (id !== null && events.data)
    return <ReplayTask id={id} name={name} events={events.data.items} readAt={events.dataUpdatedAt} lost={lost} />;
  return (
    <Frame title="Phát lại" lost={lost}>
      {unknown ? (
        <Nothing
          title={`Không có việc “${name.slice(0, 60)}”`}
          advice="Mã của một việc có dạng NV-2020-0031. Xem lại đường dẫn, hoặc chọn việc khác."
        >
          <p className="acts">
            <Link className="btn primary" to={href('/phat-lai', EMPTY_SCOPE)}>
              Chọn việc khác
            </Link>
            <Link className="btn" to={href('/viec', EMPTY_SCOPE, { q: name })}>
              Tìm “{name.slice(0, 30)}”
            </Link>
          </p>
        </Nothing>
      ) : error ? (
        <Failure
          error={error}
          retry={() => {
            void subject.refetch();
            if (id !== null) void events.refetch();
          }}
        >
          <Link className="btn" to={href('/phat-lai', EMPTY_SCOPE)}>
            Chọn việc khác
          </Link>
        </Failure>
      ) : (
        <Loading what="các sự kiện của việc này" />
      )}
    </Frame>
  );
}
