import { IconClipboard, IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { type TaskEvent } from '../api.ts';
import { at, count, day, dayOf, local, longDay } from '../format.ts';
import { EMPTY_SCOPE, href, type Scope } from '../scope/scope.ts';
import { t } from '../i18n.ts';
import { useUnits } from '../scope/units.ts';
import { dueWords } from '../task/counting.tsx';
import { actorWords } from '../task/story.tsx';
import { type TaskState } from './fields.ts';
import { useMeetingAt } from './happenings.ts';
import { knownWords, type Point } from './points.ts';
import { addedWords, deadlineSteps } from './rail-layout.ts';
import { saveLines } from './raw.ts';
import { subjectOfUnit, SYSTEM } from './audit.ts';
import { PdfLink } from './wide-events.tsx';
import { EventLink } from './state-table.tsx';

const scopeOf = (point: Point): Partial<Scope> => ({ day: dayOf(point.asOf), knownAt: point.knownAt });

/** The meeting of a point as it was: the way to its pages, beside the dashboard's. */
export function MeetingLine({ letter, asOf }: { letter: string; asOf: string }) {
  const meeting = useMeetingAt(asOf);
  if (meeting === null) return null;
  return (
    <li>
      <span>
        {t('Giao ban lúc {{letter}}', { letter })}
        <span className="sub">{t('buổi gần nhất đã mở, mốc chốt {{cut}}', { cut: at(meeting.cutOff.asOf) })}</span>
      </span>
      <Link data-meeting={letter} to={`/giao-ban/${encodeURIComponent(meeting.id)}`}>
        <span className="vh">{t('Giao ban lúc {{letter}}', { letter })}, </span>
        {meeting.name}
      </Link>
    </li>
  );
}

/** The whole system at the points: the dashboard as it was, and what differs between the two. */
export function Elsewhere({ a, b, unit }: { a: Point; b: Point | null; unit: { id: string; name: string } | null }) {
  const boards = [{ letter: 'A', point: a }, ...(b ? [{ letter: 'B', point: b }] : [])];
  const units: { id: string | null; name: string }[] = [{ id: null, name: t('toàn tỉnh') }, ...(unit ? [unit] : [])];
  const compare = (unitId: string | null) =>
    href('/so-sanh', { ...EMPTY_SCOPE, unitId, ...(b ? scopeOf(b) : {}), sinceDay: dayOf(a.asOf), sinceKnownAt: a.knownAt });
  return (
    <section aria-labelledby="h-else">
      <h2 id="h-else">{t('Cả hệ thống lúc ấy')}</h2>
      <ul className="links">
        {boards.map(({ letter, point }) => (
          <li key={letter}>
            <span>
              {t('Bảng điều hành lúc {{letter}}', { letter })}
              <span className="sub">{t('hết {{day}}, biết đến {{known}}', { day: day(dayOf(point.asOf)), known: knownWords(point) })}</span>
            </span>
            {units.map(({ id, name }) => (
              <Link key={id ?? ''} data-board={letter} to={href('/', { ...EMPTY_SCOPE, unitId: id, ...scopeOf(point) })}>
                <span className="vh">{t('Bảng điều hành lúc {{letter}}', { letter })}, </span>
                {name}
              </Link>
            ))}
          </li>
        ))}
        {boards.map(({ letter, point }) => (
          <MeetingLine key={`meeting-${letter}`} letter={letter} asOf={point.asOf} />
        ))}
        <li>
          <span>
            {t('So sánh hai thời điểm')}
            <span className="sub">{b ? t('A với B: việc nào vào, ra, đổi nhóm') : t('A với hiện tại: việc nào vào, ra, đổi nhóm')}</span>
          </span>
          {units.map(({ id, name }) => (
            <Link key={id ?? ''} data-compare to={compare(id)}>
              <span className="vh">{t('So sánh hai thời điểm')}, </span>
              {name}
            </Link>
          ))}
        </li>
        <li>
          <span>
            {t('Phát lại rộng hơn')}
            <span className="sub">{t('mọi sự kiện, lịch sử thời hạn, điều khác thường')}</span>
          </span>
          {units.map(({ id, name }) => (
            <Link
              key={id ?? ''}
              data-replay={id ?? SYSTEM}
              to={href('/phat-lai', EMPTY_SCOPE, {
                doiTuong: id === null ? SYSTEM : subjectOfUnit(id),
                a: dayOf(a.asOf),
                b: b ? dayOf(b.asOf) : null,
              })}
            >
              <span className="vh">{t('Phát lại')} </span>
              {name}
            </Link>
          ))}
        </li>
      </ul>
    </section>
  );
}

/** Every deadline the task has had, as known at the later of the points: what each added, and who decided. */
export function DeadlineHistory({ state, events }: { state: TaskState; events: readonly TaskEvent[] }) {
  const units = useUnits();
  const steps = deadlineSteps(state.deadlineHistory);
  const total = steps.reduce((all, { added }) => all + (added ?? 0), 0);
  const byId = new Map(events.map((event) => [event.id, event]));
  return (
    <section aria-labelledby="h-due">
      <h2 id="h-due">
        {t('Lịch sử thời hạn')}{' '}
        <span className="quiet">
          {steps.length < 2
            ? t('hạn chưa đổi lần nào')
            : t('đổi {{n}} lần, tất cả {{days}}', { n: count(steps.length - 1), days: addedWords(total) })}
        </span>
      </h2>
      <div className="scrollx" role="region" aria-label={t('Các hạn đã có, mỗi dòng một lần')} tabIndex={0}>
        <table className="duet">
          <thead>
            <tr>
              <th scope="col">{t('Sự kiện')}</th>
              <th scope="col">{t('Quyết ngày')}</th>
              <th scope="col">{t('Hạn')}</th>
              <th scope="col" className="num">
                {t('Thêm')}
              </th>
              <th scope="col">{t('Người ghi')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ change, added }, index) => {
              const event = byId.get(change.eventId);
              return (
                <tr key={change.eventId}>
                  <th scope="row">{event ? <EventLink event={event} /> : change.type}</th>
                  <td>
                    {longDay(dayOf(change.occurredAt))}
                    {dayOf(change.recordedAt) > dayOf(change.occurredAt) ? (
                      <span className="sub">{t('ghi {{day}}', { day: longDay(dayOf(change.recordedAt)) })}</span>
                    ) : null}
                  </td>
                  <td>{dueWords(change.deadline)}</td>
                  <td className="num">{index === 0 ? <span className="quiet">{t('hạn ban đầu')}</span> : addedWords(added)}</td>
                  <td>{event?.actor ? actorWords(event.actor, units.data ?? []) : ''}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The page on paper, and the link to exactly this view. */
export function PrintAndCopy({ link }: { link: string }) {
  const [told, setTold] = useState('');
  const copy = async () => {
    const whole = `${window.location.origin}${link}`;
    try {
      await navigator.clipboard.writeText(whole);
      setTold(t('Đã chép đường dẫn của đúng khung nhìn này.'));
    } catch {
      // Without TLS or leave the clipboard is closed.
      setTold(t('Trình duyệt không cho chép. Đường dẫn: {{link}}', { link: whole }));
    }
  };
  return (
    <>
      <button className="btn" type="button" onClick={() => window.print()}>
        <IconPrinter size={16} aria-hidden /> {t('In trang này')}
      </button>
      <button className="btn" type="button" data-do="copy" onClick={() => void copy()}>
        <IconClipboard size={16} aria-hidden /> {t('Chép đường dẫn')}
      </button>
      <span role="status" className="told">
        {told}
      </span>
    </>
  );
}

/** What can be taken away: the events as lines, the page on paper, the link to exactly this view. */
export function TakeAway({
  id,
  code,
  link,
  events,
  a,
  b,
}: {
  id: string;
  code: string;
  link: string;
  events: readonly TaskEvent[];
  a: Point;
  b: Point | null;
}) {
  const [told, setTold] = useState<{ text: string; bad: boolean } | null>(null);
  const last = events.at(-1);
  const save = async () => {
    try {
      setTold({ text: t('Đã tải {{n}} dòng, mỗi dòng một sự kiện.', { n: count(await saveLines(id, code)) }), bad: false });
    } catch (error) {
      setTold({ text: t('Chưa tải được: {{why}} Thử lại.', { why: error instanceof Error ? error.message : String(error) }), bad: true });
    }
  };
  return (
    <section aria-labelledby="h-take" className="take">
      <h2 id="h-take">{t('Mang đi làm chứng cứ')}</h2>
      <p>
        <Link to={`/nhac/so?viec=${encodeURIComponent(id)}`}>{t('Ai được nhắc việc này, khi nào, đã xem chưa')}</Link>
      </p>
      <p className="acts">
        <button className="btn" type="button" data-do="export" onClick={() => void save()}>
          <IconDownload size={16} aria-hidden /> {t('Tải {{n}} sự kiện (JSON Lines)', { n: count(events.length) })}
        </button>
        <PdfLink
          query={{
            taskId: id,
            asOf: (b ?? a).asOf,
            knownAt: (b ?? a).knownAt,
            ...(b ? { sinceAsOf: a.asOf, sinceKnownAt: a.knownAt } : {}),
          }}
          words={t('Tải bản in (PDF)')}
        />
        <PrintAndCopy link={link} />
      </p>
      <p role={told?.bad ? 'alert' : 'status'} className="told">
        {told?.text ?? ''}
      </p>
      {last ? (
        <p className="quiet">
          {t(
            'Mỗi dòng giữ nguyên dạng của lệnh nhacviec log export: hai mốc giờ, người ghi, mã lệnh, dữ liệu. Sự kiện cuối của việc ghi lúc {{when}}.',
            {
              when: `${local(last.recordedAt).seconds} ${longDay(dayOf(last.recordedAt))}`,
            },
          )}
        </p>
      ) : null}
    </section>
  );
}
