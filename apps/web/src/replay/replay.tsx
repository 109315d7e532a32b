import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { ApiError, get, type Page, type TaskEvent, type TaskItem } from '../api.ts';
import { Frame } from '../frame.tsx';
import { Labelled } from '../forms/field.tsx';
import { TaskField } from '../forms/task-field.tsx';
import { UnitField } from '../forms/unit-field.tsx';
import { t } from '../i18n.ts';
import { type ReportStatus } from '../reports/types.ts';
import { STATUS_WORDS } from '../reports/words.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/replay.css';
import { isWide, subjectOfUnit, SYSTEM } from './audit.ts';
import { isLife, MEETING, REPORT } from './life.ts';
import { replayHref } from './link.ts';
import { ReplayLife } from './replay-life.tsx';
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
  if (isLife(name)) return <ReplayLife key={name} name={name} />;
  return isWide(name) ? <WideReplay key={name} name={name} /> : <Subject key={name} name={name} />;
}

/** The replay of what is no task. */
const subjectHref = (subject: string): string => href('/phat-lai', EMPTY_SCOPE, { doiTuong: subject });

/** One of a few dozens, by its name: a meeting, a report. */
function ChooseNamed({ kind, label, none, button, items, prefix }: { kind: string; label: string; none: string; button: string; items: readonly { id: string; name: string }[]; prefix: string }) {
  const navigate = useNavigate();
  const [picked, setPicked] = useState('');
  if (items.length === 0) return null;
  return (
    <form
      data-kind={kind}
      onSubmit={(event) => {
        event.preventDefault();
        if (picked !== '') void navigate(subjectHref(`${prefix}${picked}`));
      }}
    >
      <Labelled label={label} required>
        {(ids) => (
          <select {...ids} name={kind} value={picked} onChange={(event) => setPicked(event.target.value)}>
            <option value="">{none}</option>
            {items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      <p className="acts">
        <button className="btn" type="submit" disabled={picked === ''}>
          {button}
        </button>
      </p>
    </form>
  );
}

function ChooseMeeting() {
  const meetings = useQuery({
    queryKey: ['briefings', 'replay'],
    queryFn: ({ signal }) => get<Page<{ id: string; name: string }>>('/briefings', { limit: '52' }, signal),
  });
  return (
    <ChooseNamed
      kind="meeting"
      label={t('Một buổi giao ban')}
      none={t('chọn buổi giao ban')}
      button={t('Phát lại buổi này')}
      items={meetings.data?.items ?? []}
      prefix={MEETING}
    />
  );
}

function ChooseReport() {
  const reports = useQuery({
    queryKey: ['reports', 'replay'],
    queryFn: ({ signal }) => get<Page<{ id: string; unitName: string; periodWords: string; status: ReportStatus }>>('/reports', { limit: '100' }, signal),
  });
  const items = (reports.data?.items ?? []).map(({ id, unitName, periodWords, status }) => ({
    id,
    name: t('{{unit}}, {{period}} ({{status}})', { unit: unitName, period: periodWords, status: STATUS_WORDS[status] }),
  }));
  return <ChooseNamed kind="report" label={t('Một báo cáo')} none={t('chọn báo cáo')} button={t('Phát lại báo cáo này')} items={items} prefix={REPORT} />;
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
            'Trang này cho thấy một việc, một đơn vị, một buổi giao ban, một báo cáo hay toàn hệ thống đã như thế nào ở từng thời điểm, ai làm đổi điều gì, và điều ấy được ghi vào lúc nào.',
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
              if (unit !== null) void navigate(subjectHref(subjectOfUnit(unit)));
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
          <ChooseReport />
          <p className="acts" data-kind="system">
            <Link className="btn" to={subjectHref(SYSTEM)}>
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
