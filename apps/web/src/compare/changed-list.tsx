import { IconArrowRight, IconHistoryToggle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type ChangedEvent, type ChangedTask } from '../api.ts';
import { count, dayOf, daysBetween, local, longDay, moment, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { LookIcon } from '../parts.tsx';
import { saidIn } from '../said.tsx';
import { href, type Scope } from '../scope/scope.ts';
import { useUnitName } from '../scope/units.ts';
import { lookOf, placeWords } from '../words.ts';

function Place({ cell }: { cell: string | null }) {
  return (
    <span className={lookOf(cell) === 'overdue' ? 'place t-overdue' : 'place'}>
      {cell === null ? null : <LookIcon look={lookOf(cell)} />}
      {placeWords(cell)}
    </span>
  );
}

export function LateBadge({ event }: { event: { occurredAt: string; recordedAt: string } }) {
  const [from, to] = [dayOf(event.occurredAt), dayOf(event.recordedAt)];
  if (from >= to) return null;
  return (
    <span className="badge">
      <IconHistoryToggle size={14} aria-hidden /> {t('Nhập muộn {{days}} ngày', { days: count(daysBetween(from, to)) })}
    </span>
  );
}

function FromUnit({ id, to }: { id: string; to: string }) {
  const name = useUnitName(id);
  return <span className="sub">{t('từ {{name}} sang {{to}}', { name, to })}</span>;
}

function Cause({ event, to }: { event: ChangedEvent; to: string }) {
  const written = local(event.recordedAt);
  return (
    <li>
      <Link to={`${to}#su-kien-${event.id}`} lang={saidIn()}>
        {event.sentence}
      </Link>{' '}
      {event.backdated ? <LateBadge event={event} /> : null}
      <span className="sub">
        {t('Xảy ra {{occurredAt}} · ghi {{time}} {{day}} · {{position}}', {
          occurredAt: moment(event.occurredAt),
          time: written.time,
          day: longDay(written.day),
          position: positionText(event.position),
        })}
      </span>
    </li>
  );
}

/** Each task that differs: where it stood, where it stands, and the events that did it. */
export function ChangedList({ items, scope }: { items: readonly ChangedTask[]; scope: Scope }) {
  return (
    <ul className="changed">
      {items.map((task) => {
        const to = href(`/viec/${encodeURIComponent(task.id)}`, { ...scope, sinceDay: null, sinceKnownAt: null });
        return (
          <li key={`${task.id} ${task.before ?? ''} ${task.leadUnitId}`} data-changed={task.id}>
            <p className="what">
              <Link to={to}>{task.content}</Link>
              <span className="sub">
                <span className="code">{task.code}</span>
                <span>{task.leadUnitName}</span>
                {task.documentNumber ? <span className="code">{task.documentNumber}</span> : null}
              </span>
            </p>
            <p className="move">
              <Place cell={task.before} />
              <IconArrowRight size={16} aria-hidden />
              <span className="vh"> {t('thành')} </span>
              <Place cell={task.after} />
              {task.beforeUnitId && task.beforeUnitId !== task.leadUnitId ? (
                <FromUnit id={task.beforeUnitId} to={task.leadUnitName} />
              ) : null}
            </p>
            {task.events.length > 0 ? (
              <ul className="causes">
                {task.events.map((event) => (
                  <Cause key={event.id} event={event} to={to} />
                ))}
              </ul>
            ) : (
              <p className="causes quiet">{t('Không có sự kiện mới: thời hạn trôi qua làm đổi nhóm.')}</p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
