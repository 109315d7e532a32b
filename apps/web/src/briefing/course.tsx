import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { useActor } from '../actor.ts';
import { moment, positionText } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { Failure, Loading } from '../states.tsx';
import '../styles/briefing.css';
import { briefingPath, getAs, type Asker } from './ask.ts';
import { type Briefing } from './types.ts';
import { useBriefing } from './use-room.ts';
import { clockOf } from './words.ts';

interface ReplayItem {
  id: string;
  position: string;
  type: string;
  sentence: string;
  occurredAt: string;
  recordedAt: string;
  taskId: string | null;
  taskCode: string | null;
}

/** Everything the meeting recorded, in the order of the log, each with both of its times and the way to its task. */
function Course({ briefing, as }: { briefing: Briefing; as: Asker }) {
  const found = useQuery({
    queryKey: ['briefing-replay', briefing.id, briefing.position],
    queryFn: ({ signal }) => getAs<{ items: ReplayItem[] }>(as, `${briefingPath(briefing.id)}/replay`, {}, signal),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading what={t('diễn biến')} />;
  return (
    <div className="scrollx" role="region" aria-label={t('Các sự kiện của buổi họp')} tabIndex={0}>
      <table className="brcourse">
        <thead>
          <tr>
            <th scope="col">{t('Sự kiện')}</th>
            <th scope="col">{t('Ghi lúc')}</th>
            <th scope="col">{t('Điều gì')}</th>
            <th scope="col">{t('Việc')}</th>
          </tr>
        </thead>
        <tbody>
          {found.data.items.map((item) => (
            <tr key={item.id} data-event={item.type}>
              <td className="code">{positionText(item.position)}</td>
              <td className="w">
                {moment(item.recordedAt)}
                {item.occurredAt !== item.recordedAt ? <span className="sub">{t('xảy ra {{at}}', { at: moment(item.occurredAt) })}</span> : null}
              </td>
              <td>{item.sentence}</td>
              <td className="w">
                {item.taskId ? (
                  <Link to={`/phat-lai?doiTuong=${encodeURIComponent(item.taskCode ?? item.taskId)}`}>
                    {t('phát lại')} <span className="code">{item.taskCode ?? ''}</span>
                  </Link>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `/giao-ban/:id/dien-bien`: what the meeting recorded, for those who look at it afterwards. */
export function CoursePage() {
  const { id = '' } = useParams();
  const as: Asker = { actor: useActor() };
  const briefing = useBriefing(id, as);
  return (
    <Frame title={t('Diễn biến buổi họp')}>
      {briefing.data ? (
        <>
          <h1 className="listh">{t('Diễn biến: {{name}}', { name: briefing.data.name })}</h1>
          <p className="quiet">
            {t('Mốc chốt {{at}}.', { at: clockOf(briefing.data.cutOff.asOf) })}{' '}
            <Link to={`/giao-ban/${encodeURIComponent(id)}`}>{t('Kết luận và thông báo')}</Link>
            {' · '}
            <Link to={`/phat-lai?doiTuong=giao-ban:${encodeURIComponent(id)}`}>{t('Phát lại')}</Link>
            {' · '}
            <Link data-do="board" to={href('/', { ...EMPTY_SCOPE, day: briefing.data.cutOff.asOf, knownAt: briefing.data.cutOff.knownAt })}>
              {t('Bảng điều hành lúc chốt')}
            </Link>
            {briefing.data.closedAt === null ? null : (
              <>
                {' · '}
                <Link to={href('/so-sanh', { ...EMPTY_SCOPE, day: briefing.data.closedAt, sinceDay: briefing.data.cutOff.asOf })}>
                  {t('Số liệu đổi từ lúc chốt đến lúc bế mạc')}
                </Link>
              </>
            )}
          </p>
          <Course briefing={briefing.data} as={as} />
        </>
      ) : briefing.isError ? (
        <Failure error={briefing.error} retry={() => void briefing.refetch()} />
      ) : (
        <Loading what={t('buổi giao ban')} />
      )}
    </Frame>
  );
}
