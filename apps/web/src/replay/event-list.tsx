import { IconDownload, IconEraser, IconPencil, IconRobot } from '@tabler/icons-react';
import { useState } from 'react';
import { type TaskEvent, type Unit } from '../api.ts';
import { LateBadge } from '../compare/changed-list.tsx';
import { local, longDay, moment, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { actorWords, Corrections, told } from '../task/story.tsx';
import { pointAt, pointWords, type Point } from './points.ts';
import { useRaw, type LogLine } from './raw.ts';
import { EventLink } from './state-table.tsx';
import { type Replaying } from './use-points.ts';

type Order = 'newest' | 'oldest' | 'happened';
const ORDERS: Readonly<Record<Order, string>> = {
  newest: t('mới ghi trước'),
  oldest: t('cũ ghi trước'),
  happened: t('theo lúc xảy ra'),
};

export const written = (instant: string): string => {
  const here = local(instant);
  return `${here.seconds} ${longDay(here.day)}`;
};

/** The hashes a fact names as its evidence. */
const evidenceOf = (data: unknown): string[] => {
  const list = typeof data === 'object' && data !== null && 'evidence' in data ? data.evidence : null;
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
};

interface Ties {
  readonly byId: ReadonlyMap<string, TaskEvent>;
  /** The corrections in force of the assignment. */
  readonly corrections: readonly TaskEvent[];
  readonly assigned: TaskEvent | null;
}

/** Every event as a sentence, nothing left out: what was not known at the points is marked, what no longer counts is struck and linked both ways. */
export function EventList({ id, events, replay }: { id: string; events: readonly TaskEvent[]; replay: Replaying }) {
  const { a, b } = replay;
  const units = useUnits();
  const [order, setOrder] = useState<Order>('newest');
  const [opened, setOpened] = useState(false);
  const raw = useRaw(id, events.at(-1)?.position ?? '', opened);
  const ties: Ties = {
    byId: new Map(events.map((event) => [event.id, event])),
    corrections: events.filter((event) => event.type === 'TaskCorrected'),
    assigned: events.find((event) => event.type === 'TaskAssigned') ?? null,
  };
  const numbered = events.map((event, at) => ({ event, n: at + 1 }));
  const shown =
    order === 'oldest'
      ? numbered
      : order === 'newest'
        ? [...numbered].reverse()
        : [...numbered].sort((x, y) => Date.parse(x.event.occurredAt) - Date.parse(y.event.occurredAt));
  const marks = [...(b ? [{ letter: 'B' as const, point: b }] : []), { letter: 'A' as const, point: a }];
  const markers = (n: number, after: number | null) =>
    order === 'happened'
      ? []
      : marks.filter(({ point }) => (order === 'newest' ? point.count >= n && (after === null || point.count < after) : point.count === n));
  return (
    <section aria-labelledby="h-events" className="eventsec">
      <div className="headrow">
        <h2 id="h-events">{t('Dòng sự kiện')}</h2>
        <label className="pick">
          <span>{t('Thứ tự')}</span>
          <select name="thuTu" value={order} onChange={(event) => setOrder(event.target.value as Order)}>
            {Object.entries(ORDERS).map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ol className="story events" reversed={order === 'newest'}>
        {shown.map(({ event, n }, at) => {
          const lines = markers(n, shown[at - 1]?.n ?? null);
          const line = (
            <EventLine
              key={event.id}
              event={event}
              n={n}
              of={events.length}
              ties={ties}
              replay={replay}
              units={units.data ?? []}
              raw={raw.data?.get(event.id) ?? null}
              rawError={raw.error}
              open={() => setOpened(true)}
              before={order === 'newest' ? lines : []}
              after={order === 'oldest' ? lines : []}
              point={pointAt(events, n)}
            />
          );
          return line;
        })}
      </ol>
    </section>
  );
}

export function Marker({ letter, point }: { letter: 'A' | 'B'; point: Point }) {
  return (
    <p className="marker">
      <b className={`flagword f${letter.toLowerCase()}`}>{letter}</b> {pointWords(point)}
    </p>
  );
}

function EventLine({
  event,
  n,
  of,
  ties,
  replay,
  units,
  raw,
  rawError,
  open,
  before,
  after,
  point,
}: {
  event: TaskEvent;
  n: number;
  of: number;
  ties: Ties;
  replay: Replaying;
  units: readonly Unit[];
  raw: LogLine | null;
  rawError: Error | null;
  open: () => void;
  before: readonly { letter: 'A' | 'B'; point: Point }[];
  after: readonly { letter: 'A' | 'B'; point: Point }[];
  point: Point;
}) {
  const { a, b, active } = replay;
  const end = b ?? a;
  const unknown = n > end.count;
  const unknownAtA = !unknown && n > a.count;
  const undoer = event.annulledBy === null ? null : (ties.byId.get(event.annulledBy) ?? null);
  // Undone only later than the points shown: at these it still counted.
  const gone =
    (event.annulledBy !== null || !event.effective) && (undoer === null || BigInt(undoer.position) <= BigInt(positionOf(end, ties)));
  const undone = event.repairs === null ? null : (ties.byId.get(event.repairs) ?? null);
  const files = evidenceOf(event.data);
  const corrected = event === ties.assigned ? ties.corrections : [];
  return (
    <li
      id={`su-kien-${event.id}`}
      tabIndex={-1}
      data-event={event.type}
      data-position={event.position}
      data-known={unknown ? 'no' : unknownAtA ? 'b' : 'yes'}
      data-gone={gone || undefined}
    >
      {before.map((mark) => (
        <Marker key={mark.letter} {...mark} />
      ))}
      <div className="body">
        <p className="note first">
          <b>{positionText(event.position)}</b> ·{' '}
          {t('ghi {{when}} · sự kiện {{n}} trên {{of}}', { when: written(event.recordedAt), n, of })}
          {event.actor ? <> · {actorWords(event.actor, units)}</> : null}
        </p>
        <p className="told">{gone ? <del>{told(event)}</del> : told(event)}</p>
        {event.type === 'TaskCorrected' ? <Corrections data={event.data} units={units} /> : null}
        <p className="badges">
          {unknown ? (
            <span className="badge dim">{b ? t('Chưa biết tại B') : t('Chưa biết tại A')}</span>
          ) : unknownAtA ? (
            <span className="badge dim">{t('Chưa biết tại A')}</span>
          ) : null}
          <LateBadge event={event} />
          {event.actor?.role === 'system' ? (
            <span className="badge dim">
              <IconRobot size={14} aria-hidden /> {t('Máy tự ghi')}
            </span>
          ) : null}
          {event.type === 'TaskCorrected' && ties.assigned ? (
            <span>
              <span className="badge">
                <IconPencil size={14} aria-hidden /> {t('Đính chính')}
              </span>{' '}
              {t('cho')} <EventLink event={ties.assigned} />
            </span>
          ) : null}
          {corrected.map((correction) => (
            <span key={correction.id}>
              <span className="badge">
                <IconPencil size={14} aria-hidden /> {t('Đã đính chính')}
              </span>{' '}
              {t('bởi')} <EventLink event={correction} />
            </span>
          ))}
          {undone ? (
            <span>
              <span className="badge">
                <IconEraser size={14} aria-hidden /> {t('Hủy ghi nhận')}
              </span>{' '}
              {t('bỏ')} <EventLink event={undone} />
            </span>
          ) : null}
          {event.annulledBy !== null ? (
            <span>
              <span className="badge">
                <IconEraser size={14} aria-hidden /> {gone ? t('Đã hủy ghi nhận') : t('Về sau bị hủy ghi nhận')}
              </span>{' '}
              {t('bởi')} {undoer ? <EventLink event={undoer} /> : event.annulledBy.slice(0, 8)}
            </span>
          ) : null}
        </p>
        {moment(event.occurredAt) === moment(event.recordedAt) ? null : (
          <p className="note">
            {t('Xảy ra')} <time dateTime={event.occurredAt}>{moment(event.occurredAt)}</time>
          </p>
        )}
        {files.length > 0 ? (
          <ul className="hashes">
            {files.map((sha, at) => (
              <li key={sha}>
                <a href={`/api/v1/files/${encodeURIComponent(sha)}`} download>
                  <IconDownload size={16} aria-hidden /> {t('Tệp chứng cứ {{n}}', { n: at + 1 })}
                </a>{' '}
                <span className="hash">SHA-256 {sha}</span>
              </li>
            ))}
          </ul>
        ) : null}
        <div className="tools">
          <details
            onToggle={(toggled) => {
              if (toggled.currentTarget.open) open();
            }}
          >
            <summary>
              {t('Bản gốc')}
              <span className="vh"> {t('của sự kiện {{position}}', { position: positionText(event.position) })}</span>
            </summary>
            {raw ? <Raw line={raw} /> : <p className="note">{rawError ? rawError.message : t('Đang lấy bản gốc…')}</p>}
          </details>
          <button className="btn plain here" type="button" onClick={() => replay.move(active, point)}>
            {active === 'a' ? t('Dời A tới đây') : t('Dời B tới đây')}
            <span className="vh">, {t('sự kiện {{position}}', { position: positionText(event.position) })}</span>
          </button>
        </div>
      </div>
      {after.map((mark) => (
        <Marker key={mark.letter} {...mark} />
      ))}
    </li>
  );
}

/** The position of the last event known at a point; '0' before the first. */
const positionOf = (point: Point, ties: Ties): string => [...ties.byId.values()][point.count - 1]?.position ?? '0';

function Raw({ line }: { line: LogLine }) {
  const { metadata } = line;
  const facts: [string, string | undefined][] = [
    [t('Xảy ra'), written(line.occurredAt)],
    [t('Ghi'), written(line.recordedAt)],
    [t('Loại, bản dữ liệu'), `${line.type}, ${line.schema}`],
    [
      t('Người ghi'),
      [metadata.actor?.id, metadata.actor?.role, metadata.actor?.unitId]
        .filter((part, at, all) => part && all.indexOf(part) === at)
        .join(', '),
    ],
    [t('Mã lệnh'), metadata.commandId],
    [t('Chuỗi việc'), metadata.$correlationId],
    [t('Do sự kiện'), metadata.$causationId],
  ];
  return (
    <>
      <dl className="meta">
        {facts.map(([word, text]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd className={text === undefined || text === '' ? 'quiet' : 'mono'}>
              {text === undefined || text === '' ? t('không ghi') : text}
            </dd>
          </div>
        ))}
      </dl>
      <pre tabIndex={0} aria-label={t('Bản gốc của sự kiện {{position}}', { position: positionText(line.position) })}>
        {JSON.stringify(line, null, 2)}
      </pre>
    </>
  );
}
