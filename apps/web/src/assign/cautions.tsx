import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { Link } from 'react-router';
import { get, type Page, type TaskItem } from '../api.ts';
import { addDays, count, day, mondayOf } from '../format.ts';
import { t } from '../i18n.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { useUnitName } from '../scope/units.ts';

const WORDS_COMPARED = 8;

function useAlike(content: string, unitId: string | null, documentNumber: string) {
  const words = useDeferredValue(content.trim()).split(/\s+/).slice(0, WORDS_COMPARED);
  const q = words.length >= 3 ? words.join(' ') : '';
  const number = useDeferredValue(documentNumber.trim());
  const byWords = useQuery({
    queryKey: ['alike', q],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { q, limit: '3' }, signal),
    enabled: q !== '',
  });
  const byDocument = useQuery({
    queryKey: ['same-document', number, unitId],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { documentNumber: number, unitId, limit: '3' }, signal),
    enabled: number.includes('/') && unitId !== null,
  });
  const all = [...(q ? (byWords.data?.items ?? []) : []), ...(byDocument.data?.items ?? [])];
  return all.filter((task, at) => all.findIndex((one) => one.id === task.id) === at).slice(0, 3);
}

/** What a careful clerk would say before the task is given: it may be there already, the week may be full. */
export function Cautions({
  content,
  unitId,
  dueOn,
  documentNumber,
}: {
  content: string;
  unitId: string | null;
  dueOn: string | null;
  documentNumber: string;
}) {
  const alike = useAlike(content, unitId, documentNumber);
  const unitName = useUnitName(unitId);
  const monday = dueOn ? mondayOf(dueOn) : null;
  const week = { unitId, cell: 'O1,O2', dueFrom: monday, dueTo: monday ? addDays(monday, 6) : null };
  const load = useQuery({
    queryKey: ['week', week],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { ...week, limit: '1' }, signal),
    enabled: unitId !== null && monday !== null,
  });
  const settings = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => get<{ fullWeekTasks?: number }>('/settings', {}, signal),
    staleTime: 300_000,
  });
  /** From this many tasks already due in the week on, the clerk is told. */
  const full = settings.data?.fullWeekTasks ?? Infinity;
  const due = unitId !== null && monday !== null ? (load.data?.total ?? 0) : 0;
  if (alike.length === 0 && due === 0) return null;
  return (
    <div className="cautions" aria-live="polite">
      {alike.length > 0 ? (
        <div className="warnt" data-caution="duplicate">
          <IconAlertTriangle size={16} aria-hidden /> {t('Có thể đã giao rồi:')}
          <ul>
            {alike.map((task) => (
              <li key={task.id}>
                <Link to={href(`/viec/${encodeURIComponent(task.id)}`, EMPTY_SCOPE)} target="_blank">
                  {task.code}
                </Link>{' '}
                {task.content} ({task.leadUnitName})
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {due > 0 && monday ? (
        <p className={due >= full ? 'warnt' : 'quiet'} data-caution="week">
          {due >= full ? <IconAlertTriangle size={16} aria-hidden /> : null}{' '}
          {t('Tuần {{from}}–{{to}} {{unitName}} đã có', {
            from: day(monday).slice(0, 5),
            to: day(addDays(monday, 6)).slice(0, 5),
            unitName,
          })}{' '}
          <Link
            to={href('/viec', { ...EMPTY_SCOPE, unitId }, { nhom: 'O1,O2', hanTu: monday, hanDen: addDays(monday, 6) })}
            target="_blank"
          >
            {t('{{due}} việc', { due: count(due) })}
          </Link>{' '}
          {due >= full ? t('đến hạn: tuần đã đầy.') : t('đến hạn.')}
        </p>
      ) : null}
    </div>
  );
}
