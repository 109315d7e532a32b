import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { ApiError, get, type Page, type TaskEvent, type TaskItem } from '../api.ts';
import { Frame } from '../frame.tsx';
import { Labelled } from '../forms/field.tsx';
import { TaskField } from '../forms/task-field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/replay.css';
import { isWide, subjectOfUnit, SYSTEM } from './audit.ts';
import { replayHref } from './link.ts';
import { ReplayTask } from './replay-task.tsx';
import { WideReplay } from './wide.tsx';

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
  if (name === '') return <Choose />;
  if (name.startsWith(MEETING)) return <Navigate replace to={courseHref(name.slice(MEETING.length))} />;
  return isWide(name) ? <WideReplay key={name} name={name} /> : <Subject key={name} name={name} />;
}

/** The replay of a unit or of the whole system. */
const wideHref = (subject: string): string => href('/phat-lai', EMPTY_SCOPE, { doiTuong: subject });

/** What a meeting recorded is gone through on its own page. */
const MEETING = 'giao-ban:';
const courseHref = (id: string): string => `/giao-ban/${encodeURIComponent(id)}/dien-bien`;

function ChooseMeeting() {
  const navigate = useNavigate();
  const [meeting, setMeeting] = useState('');
  const meetings = useQuery({
    queryKey: ['briefings', 'replay'],
    queryFn: ({ signal }) => get<Page<{ id: string; name: string }>>('/briefings', { limit: '52' }, signal),
  });
  const items = meetings.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <form
      data-kind="meeting"
      onSubmit={(event) => {
        event.preventDefault();
        if (meeting !== '') void navigate(courseHref(meeting));
      }}
    >
      <Labelled label={t('Một buổi giao ban')} required>
        {(ids) => (
          <select {...ids} name="meeting" value={meeting} onChange={(event) => setMeeting(event.target.value)}>
            <option value="">{t('chọn buổi giao ban')}</option>
            {items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <p className="acts">
        <button className="btn" type="submit" disabled={meeting === ''}>
          {t('Phát lại buổi này')}
        </button>
      </p>
    </form>
  );
}

function Choose() {
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  const [unit, setUnit] = useState<string | null>(null);
  return (
    <Frame title={t('Phát lại')}>
      <div className="state replay-pick">
        <h1>{t('Phát lại gì?')}</h1>
        <p>
          {t(
            'Trang này cho thấy một việc, một đơn vị, một buổi giao ban hay toàn hệ thống đã như thế nào ở từng thời điểm, ai làm đổi điều gì, và điều ấy được ghi vào lúc nào.',
          )}
        </p>
        <div className="replay-kinds">
          <form
            data-kind="task"
            onSubmit={(event) => {
              event.preventDefault();
              if (picked !== null) void navigate(replayHref(picked, EMPTY_SCOPE));
            }}
          >
            <TaskField label={t('Một việc')} errors={[]} not="" value={picked} onChange={setPicked} />
            <p className="acts">
              <button className="btn primary" type="submit" disabled={picked === null}>
                {t('Phát lại việc này')}
              </button>
            </p>
          </form>
          <form
            data-kind="unit"
            onSubmit={(event) => {
              event.preventDefault();
              if (unit !== null) void navigate(wideHref(subjectOfUnit(unit)));
            }}
          >
            <UnitField label={t('Một đơn vị')} value={unit} onChange={setUnit} />
            <p className="acts">
              <button className="btn" type="submit" disabled={unit === null}>
                {t('Phát lại đơn vị này')}
              </button>
            </p>
          </form>
          <ChooseMeeting />
          <p className="acts" data-kind="system">
            <Link className="btn" to={wideHref(SYSTEM)}>
              {t('Phát lại toàn hệ thống')}
            </Link>
          </p>
        </div>
      </div>
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
    <Frame title={t('Phát lại')} lost={lost}>
      {unknown ? (
        <Nothing
          title={t('Không có việc “{{name}}”', { name: name.slice(0, 60) })}
          advice={t('Mã của một việc có dạng NV-2020-0031. Xem lại đường dẫn, hoặc chọn việc khác.')}
        >
          <p className="acts">
            <Link className="btn primary" to={href('/phat-lai', EMPTY_SCOPE)}>
              {t('Chọn việc khác')}
            </Link>
            <Link className="btn" to={href('/viec', EMPTY_SCOPE, { q: name })}>
              {t('Tìm “{{name}}”', { name: name.slice(0, 30) })}
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
            {t('Chọn việc khác')}
          </Link>
        </Failure>
      ) : (
        <Loading what={t('các sự kiện của việc này')} />
      )}
    </Frame>
  );
}
