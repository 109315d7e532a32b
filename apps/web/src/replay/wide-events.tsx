import { IconDownload, IconEraser, IconFileTypePdf, IconPencil, IconRobot } from '@tabler/icons-react';
import { Link } from 'react-router';
import { LateBadge } from '../compare/changed-list.tsx';
import { type Query } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, local, longDay, moment, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { useUnits } from '../scope/units.ts';
import { Failure, Loading } from '../states.tsx';
import { actorWords } from '../task/story.tsx';
import { ROLE_WORDS } from '../words.ts';
import { fileHref, subjectQuery, usePages, type AuditEvent, type AuditPage, type WideView } from './audit.ts';
import { eventTypes } from './event-types.ts';

const pickedOf = (view: WideView): Query => ({
  ...subjectQuery(view),
  from: view.from,
  to: view.to,
  type: view.get('loai'),
  actorRole: view.get('vaiTro'),
  late: view.get('muon') === '1' ? 'true' : null,
  repairs: view.get('suaGhi') === '1' ? 'true' : null,
});

/** Every event of the subject as a sentence, newest first, page after page. */
export function WideEvents({ view }: { view: WideView }) {
  const query = pickedOf(view);
  const pages = usePages<AuditPage<AuditEvent>>('/audit/events', query);
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.total;
  const types = Object.entries(eventTypes()).sort(([, one], [, other]) => one.localeCompare(other, 'vi'));
  const check = (name: string, words: string) => (
    <label className="pick check">
      <input
        type="checkbox"
        name={name}
        checked={view.get(name) === '1'}
        onChange={(event) => view.set({ [name]: event.target.checked ? '1' : null })}
      />
      <span>{words}</span>
    </label>
  );
  return (
    <section aria-labelledby="h-events" className="eventsec">
      <h2 id="h-events">
        {t('Dòng sự kiện')}{' '}
        <span className="quiet">{total === undefined ? '' : t('{{n}} sự kiện, mới ghi trước', { n: count(total) })}</span>
      </h2>
      <div className="controls" role="group" aria-label={t('Lọc sự kiện')}>
        <label className="pick">
          <span>{t('Loại')}</span>
          <select name="loai" value={view.get('loai') ?? ''} onChange={(event) => view.set({ loai: event.target.value })}>
            <option value="">{t('Mọi loại')}</option>
            {types.map(([type, word]) => (
              <option key={type} value={type}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label className="pick">
          <span>{t('Người ghi')}</span>
          <select name="vaiTro" value={view.get('vaiTro') ?? ''} onChange={(event) => view.set({ vaiTro: event.target.value })}>
            <option value="">{t('Mọi vai')}</option>
            {Object.entries(ROLE_WORDS).map(([role, word]) => (
              <option key={role} value={role}>
                {word}
              </option>
            ))}
          </select>
        </label>
        {check('muon', t('Chỉ ghi muộn'))}
        {check('suaGhi', t('Chỉ đính chính, hủy ghi nhận'))}
        <ExportLinks path="/audit/events" query={query}>
          <a className="btn" data-do="export" href={fileHref('/audit/events', { ...query, format: 'jsonl' })} download>
            <IconDownload size={16} aria-hidden /> {t('Tải các sự kiện này (JSON Lines)')}
          </a>
        </ExportLinks>
      </div>
      {pages.error && items.length === 0 ? (
        <Failure error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.isLoading ? (
        <Loading what={t('các sự kiện')} />
      ) : (
        <EventLines items={items} />
      )}
      <More pages={pages} shown={items.length} total={total ?? 0} exported />
    </section>
  );
}

/** The foot of a list, while there is more of it. */
export function More(list: Omit<Parameters<typeof Pager>[0], 'more' | 'children'>) {
  if (!list.pages.hasNextPage) return null;
  return (
    <Pager {...list}>
      {t('Đang hiện {{shown}} trong {{total}}.', { shown: count(list.shown), total: count(list.total) })}
    </Pager>
  );
}

/** Where the event stands in the replay of its task. */
export const atEvent = (item: { code: string | null; taskId: string; position: string }): string =>
  `/phat-lai?doiTuong=${encodeURIComponent(item.code ?? item.taskId)}&a=position:${item.position}`;

export function EventLines({ items }: { items: readonly AuditEvent[] }) {
  const units = useUnits();
  if (items.length === 0) return <p className="quiet">{t('Không có sự kiện nào như vậy.')}</p>;
  return (
    <ol className="story events wide" reversed>
      {items.map((event) => {
        const here = local(event.recordedAt);
        return (
          <li key={event.id} data-event={event.type} data-position={event.position}>
            <div className="body">
              <p className="note first">
                <b>{positionText(event.position)}</b> · {t('ghi {{when}}', { when: `${here.seconds} ${longDay(here.day)}` })}
                {moment(event.occurredAt) === moment(event.recordedAt) ? null : (
                  <> · {t('xảy ra {{when}}', { when: moment(event.occurredAt) })}</>
                )}
                {event.actor ? <> · {actorWords(event.actor, units.data ?? [])}</> : null}
              </p>
              <p className="told">{event.effective ? event.sentence : <del>{event.sentence}</del>}</p>
              <p className="badges">
                <Link to={atEvent(event)} data-task={event.code ?? event.taskId}>
                  {event.code ?? event.taskId}
                  <span className="vh">{t(', phát lại việc này ở sự kiện {{position}}', { position: positionText(event.position) })}</span>
                </Link>
                <span className="quiet">{event.content}</span>
                {event.lateDays > 0 ? <LateBadge event={event} /> : null}
                {event.actor?.role === 'system' ? (
                  <span className="badge dim">
                    <IconRobot size={14} aria-hidden /> {t('Máy tự ghi')}
                  </span>
                ) : null}
                {event.type === 'TaskCorrected' ? (
                  <span className="badge">
                    <IconPencil size={14} aria-hidden /> {t('Đính chính')}
                  </span>
                ) : null}
                {event.annulledBy !== null ? (
                  <span className="badge">
                    <IconEraser size={14} aria-hidden /> {t('Đã hủy ghi nhận')}
                  </span>
                ) : null}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** The printed evidence of the view. */
export function PdfLink({ query, words }: { query: Query; words: string }) {
  return (
    <a className="btn" data-do="pdf" href={fileHref('/audit/report', query)} download>
      <IconFileTypePdf size={16} aria-hidden /> {words}
    </a>
  );
}
