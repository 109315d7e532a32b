import { Link } from 'react-router';
import { type Deadline, type TaskEvent, type Unit } from '../api.ts';
import { LateBadge } from '../compare/changed-list.tsx';
import { count, day, dayOf, isDay, local, longDay, moment, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { href, type Scope } from '../scope/scope.ts';
import { useUnits } from '../scope/units.ts';
import { AUTHORITY_WORDS, ROLE_WORDS } from '../words.ts';
import { dueWords } from './counting.tsx';
import { FIELD_WORDS } from './field-words.ts';

/** Who did it, as people say it. */
export function actorWords(actor: NonNullable<TaskEvent['actor']>, units: readonly Unit[]): string {
  const unit = units.find((one) => one.id === actor.unitId)?.name ?? actor.unitId;
  const role = ROLE_WORDS[actor.role] ?? actor.role;
  return unit ? (actor.role === 'unit' ? unit : `${role}, ${unit}`) : role;
}

/** Known today, but it had not happened at the instant shown. */
export const isLater = (event: TaskEvent, asOf: string | null): boolean =>
  asOf !== null && (isDay(asOf) ? dayOf(event.occurredAt) > asOf : Date.parse(event.occurredAt) > Date.parse(asOf));

/** The life of the task as sentences; what no longer counts stays, struck, and leads to what undid it. */
export function Story({ events, asOf, scope }: { events: readonly TaskEvent[]; asOf: string | null; scope: Scope }) {
  const units = useUnits();
  const byId = new Map(events.map((event) => [event.id, event]));
  const later = events.filter((event) => isLater(event, asOf));
  const line = (event: TaskEvent) => <Line key={event.id} event={event} byId={byId} later={later.includes(event)} units={units.data ?? []} scope={scope} />;
  // Who was led to one of them finds it open.
  const meant = later.some(({ id }) => window.location.hash === `#su-kien-${id}`);
  return (
    <ol className="story">
      {events.filter((event) => !later.includes(event)).map(line)}
      {later.length > 0 ? (
        <li className="afterwards">
          <details open={meant || undefined}>
            <summary>{t('{{n}} sự kiện sau thời điểm đang xem', { n: count(later.length) })}</summary>
            <ol className="story">{later.map(line)}</ol>
          </details>
        </li>
      ) : null}
    </ol>
  );
}

/** Also to one that is folded away. */
function goTo(id: string): void {
  const there = document.getElementById(id);
  there?.closest('details')?.setAttribute('open', '');
  there?.focus();
}

function EventLink({ id, byId, scope }: { id: string; byId: ReadonlyMap<string, TaskEvent>; scope: Scope }) {
  const event = byId.get(id);
  return event ? (
    <Link to={href('', scope) + `#su-kien-${id}`} onClick={() => goTo(`su-kien-${id}`)}>
      {event.name} {day(dayOf(event.occurredAt)).slice(0, 5)}, {positionText(event.position)}
    </Link>
  ) : (
    <span className="code">{id.slice(0, 8)}</span>
  );
}

function Line({
  event,
  byId,
  later,
  units,
  scope,
}: {
  event: TaskEvent;
  byId: ReadonlyMap<string, TaskEvent>;
  later: boolean;
  units: readonly Unit[];
  scope: Scope;
}) {
  const written = local(event.recordedAt);
  const gone = event.annulledBy !== null || !event.effective;
  return (
    <li
      id={`su-kien-${event.id}`}
      tabIndex={-1}
      data-event={event.type}
      data-gone={gone || undefined}
      className={later ? 'later' : undefined}
    >
      <time className="w" dateTime={event.occurredAt}>
        {moment(event.occurredAt)}
      </time>
      <div>
        <p lang={saidIn()}>
          {gone ? <del>{told(event)}</del> : told(event)} <LateBadge event={event} />
        </p>
        {event.type === 'TaskCorrected' ? <Corrections data={event.data} units={units} /> : null}
        {event.annulledBy ? (
          <p className="note">
            {t('Không còn tính, do')} <EventLink id={event.annulledBy} byId={byId} scope={scope} />
          </p>
        ) : gone ? (
          <p className="note">{t('Không còn tính.')}</p>
        ) : null}
        {event.repairs ? (
          <p className="note">
            {t('Hủy ghi nhận')} <EventLink id={event.repairs} byId={byId} scope={scope} />
          </p>
        ) : null}
        <p className="note">
          {later ? <b>{t('Sau thời điểm đang xem ·')} </b> : null}
          {t('Ghi {{seconds}} {{day}} · {{position}}', {
            seconds: written.seconds,
            day: longDay(written.day),
            position: positionText(event.position),
          })}
          {event.actor ? <> · {actorWords(event.actor, units)}</> : null}
        </p>
        <details>
          <summary>
            {t('Dữ liệu gốc')}
            <span className="vh"> {t('của sự kiện {{position}}', { position: positionText(event.position) })}</span>
          </summary>
          <pre tabIndex={0} lang={saidIn()}>
            {JSON.stringify({ id: event.id, type: event.type, revision: event.revision, data: event.data }, null, 2)}
          </pre>
        </details>
      </div>
    </li>
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A correction shows its old and new values as a list below, so its line says only why. */
export function told(event: TaskEvent): string {
  if (event.type !== 'TaskCorrected' || !isObject(event.data)) return event.sentence;
  const { reason } = event.data;
  return typeof reason === 'string' ? t('{{name}}; lý do: {{reason}}', { name: event.name, reason }) : event.name;
}

/** A value of an assignment as people read it. */
export function valueWords(field: string, value: unknown, units: readonly Unit[]): string {
  const unitName = (id: unknown) => units.find((unit) => unit.id === id)?.name ?? String(id);
  if (value === null || value === undefined || value === '') return t('không có');
  if (field === 'leadUnitId') return unitName(value);
  if (field === 'coordinatingUnitIds' && Array.isArray(value)) return value.length === 0 ? t('không có') : value.map(unitName).join('; ');
  if (field === 'deadline' && isObject(value)) return dueWords(value as unknown as Deadline);
  if (field === 'document' && isObject(value))
    return t('{{number}} ngày {{date}}, {{issuer}}; {{title}}', {
      number: String(value['number']),
      date: day(String(value['date'])),
      issuer: String(value['issuer']),
      title: String(value['title']),
    });
  if (field === 'authority' && typeof value === 'string') return AUTHORITY_WORDS[value] ?? value;
  if (typeof value === 'boolean') return value ? t('có') : t('không');
  if (typeof value === 'string') return isDay(value) ? longDay(value) : value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** What a correction changed: each field, the old value struck, the new one. */
export function Corrections({ data, units }: { data: unknown; units: readonly Unit[] }) {
  const changes = isObject(data) && isObject(data['changes']) ? Object.entries(data['changes']) : [];
  return (
    <ul className="corr">
      {changes.map(([field, change]) =>
        isObject(change) ? (
          <li key={field}>
            {FIELD_WORDS[field] ?? field}: <del>{valueWords(field, change['old'], units)}</del> →{' '}
            <ins>{valueWords(field, change['new'], units)}</ins>
          </li>
        ) : null,
      )}
    </ul>
  );
}
