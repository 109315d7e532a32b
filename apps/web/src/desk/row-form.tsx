import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { roleOf, unitOf, useActor } from '../actor.ts';
import { get, type Page, type Recorded, type Task, type TaskEvent } from '../api.ts';
import { dayOf } from '../format.ts';
import { useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { href, useScope } from '../scope/scope.ts';
import { ActionForm } from '../task/action-form.tsx';
import { ACTIONS } from '../task/action-specs.ts';
import { allowedFor } from '../task/allowed.ts';

/** The form of a task's command under its row: the task is fetched when the form is opened, so that it is decided on what stands now. */
export function RowForm({
  taskId,
  segments,
  cancel,
  finish,
}: {
  taskId: string;
  segments: readonly string[];
  cancel: () => void;
  finish: (segment: string, recorded: Recorded) => void;
}) {
  const actor = useActor();
  const scope = useScope();
  const system = useSystem();
  const path = `/tasks/${encodeURIComponent(taskId)}`;
  const found = useQuery({
    queryKey: ['row-form', taskId],
    queryFn: async ({ signal }) => {
      const [task, events] = await Promise.all([get<Task>(path, {}, signal), get<Page<TaskEvent>>(`${path}/events`, {}, signal)]);
      return { task, events: events.items };
    },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  if (found.isError)
    return (
      <p role="alert">
        {found.error.message} {t('Đóng rồi mở lại để thử lại.')}
      </p>
    );
  if (!found.data) return <p role="status">{t('Đang lấy việc…')}</p>;
  const { task, events } = found.data;
  const allowed = allowedFor(task, roleOf(actor), unitOf(actor));
  const actions = segments.flatMap((segment) => ACTIONS.filter((action) => action.segment === segment && allowed.includes(segment)));
  const action = actions.find(({ segment }) => segment === chosen) ?? actions[0];
  const page = <Link to={href(`/viec/${encodeURIComponent(taskId)}`, scope)}>{t('Mở trang của việc')}</Link>;
  if (!action)
    return (
      <p>
        {t('Việc đã đổi từ lúc danh sách hiện ra, không còn ghi được ở đây.')} {page}
      </p>
    );
  return (
    <>
      <div className="alts" role="group" aria-label={t('Cách trả lời')}>
        {actions.length > 1
          ? actions.map((one) => (
              <button key={one.segment} type="button" className="btn" aria-pressed={one === action} onClick={() => setChosen(one.segment)}>
                {one.word}
              </button>
            ))
          : null}
        {page}
      </div>
      <ActionForm
        key={action.segment}
        action={action}
        task={task}
        events={events}
        actor={actor}
        today={system.data ? dayOf(system.data.now) : task.assignedOn}
        cancel={cancel}
        finish={(recorded) => finish(action.segment, recorded)}
      />
    </>
  );
}
