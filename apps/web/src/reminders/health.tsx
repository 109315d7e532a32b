import { IconAlertTriangle, IconCheck, IconMailOff, IconRefresh } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, get, newKey, send } from '../api.ts';
import { at, capital, count, day, longDay } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { PrintedPart } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import '../styles/reminders.css';
import { CHANNEL_WORDS, DashboardFault, DeliveryWords, Tabs, when } from './parts.tsx';
import { type Health } from './types.ts';

/** `/nhac/gui`: which ways out there are, what was given up, when the last morning was decided and the next one is. */
export function HealthPage() {
  const actor = useActor();
  const client = useQueryClient();
  const may = ['office', 'admin'].includes(roleOf(actor));
  const [said, setSaid] = useState('');
  const health = useQuery({ queryKey: ['reminder-health'], queryFn: ({ signal }) => get<Health>('/reminders/health', { limit: '100' }, signal, actor), refetchInterval: 15_000 });
  const data = health.data;
  const resend = async (id: string, channel: string): Promise<void> => {
    try {
      await send(`/reminders/${encodeURIComponent(id)}/resend`, { channel }, { actor, key: newKey() });
      setSaid(t('Đã xếp để gửi lại.'));
    } catch (error) {
      setSaid(error instanceof ApiError ? (error.problem.detail ?? error.message) : String(error));
    }
    void client.invalidateQueries({ queryKey: ['reminder-health'] });
  };
  return (
    <Frame title={t('Tình trạng gửi')} instant={data ? { asOf: data.asOf, position: data.position } : undefined} lost={health.error instanceof ApiError && health.error.status === 0}>
      <Tabs />
      {health.isError && !data ? (
        <Failure error={health.error} retry={() => void health.refetch()} />
      ) : !data ? (
        <Loading what={t('tình trạng gửi')} />
      ) : (
        <>
          <h1 className="listh">
            {data.dead > 0 ? (
              <>
                <span className="big d-overdue" data-total={data.dead}>
                  {count(data.dead)}
                </span>{' '}
                {t('thư hỏng, đang chờ gửi lại')}
              </>
            ) : data.people === 0 ? (
              t('Chưa nhắc ai: danh bạ còn trống')
            ) : (
              t('Mọi lời nhắc đều đã đi')
            )}
          </h1>
          <dl className="remfacts">
            <div>
              <dt>{t('Buổi nhắc gần nhất')}</dt>
              <dd>
                {data.lastRun
                  ? t('sáng {{slot}}, quyết định lúc {{at}}: {{messages}} lời nhắc, {{items}} lượt việc', { slot: longDay(data.lastRun.slot), at: when(data.lastRun.at), messages: count(data.lastRun.messages), items: count(data.lastRun.items) })
                  : t('chưa có')}
                {data.lastRun && data.lastRun.missed > 0 ? <span className="sub">{t('đã nhắc bù {{n}} buổi bị lỡ', { n: count(data.lastRun.missed) })}</span> : null}
              </dd>
            </div>
            <div>
              <dt>{t('Buổi nhắc tới')}</dt>
              <dd>{data.nextMorning ? at(data.nextMorning) : t('chưa có ai để nhắc')}</dd>
            </div>
            <div>
              <dt>{t('Bảng điều hành gửi định kỳ')}</dt>
              <dd>{data.nextDashboard ? t('lần tới {{at}}', { at: at(data.nextDashboard) }) : t('chưa có bản nào')}</dd>
            </div>
            <div>
              <dt>{t('Người trong danh bạ')}</dt>
              <dd>{count(data.people)}</dd>
            </div>
            <div>
              <dt>{t('Hộp nhắc trên trang')}</dt>
              <dd>
                <IconCheck size={16} aria-hidden /> {t('luôn có')}
              </dd>
            </div>
            {data.channels.map(({ name, on }) => (
              <div key={name} data-channel={name}>
                <dt>{capital(CHANNEL_WORDS[name])}</dt>
                <dd>
                  {on ? <IconCheck size={16} aria-hidden /> : <IconMailOff size={16} aria-hidden />} {on ? t('đang dùng') : t('chưa cấu hình')}
                </dd>
              </div>
            ))}
          </dl>
          <p role="status">{said}</p>
          {data.items.length > 0 ? (
            <section aria-labelledby="hong">
              <h2 id="hong">
                <IconAlertTriangle size={18} aria-hidden /> {t('Chưa gửi được')}
              </h2>
              <div className="rtable">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t('Sáng')}</th>
                      <th scope="col">{t('Người nhận')}</th>
                      <th scope="col">{t('Tình trạng')}</th>
                      <th scope="col">
                        <span className="vh">{t('Gửi lại')}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.items.map((head) => (
                      <tr key={head.id} data-message={head.id}>
                        <td data-label={t('Sáng')}>
                          {day(head.slot)}
                          <span className="sub" lang={saidIn()}>
                            {head.kindName}
                          </span>
                        </td>
                        <td data-label={t('Người nhận')}>
                          <Link to={`/nhac/so?nguoi=${encodeURIComponent(head.personId)}`}>{head.personName}</Link>
                          <span className="sub">{head.unitName}</span>
                        </td>
                        <td data-label={t('Tình trạng')}>
                          {head.deliveries.map((delivery) => (
                            <DeliveryWords key={delivery.channel} delivery={delivery} />
                          ))}
                          {head.dashboard?.fault ? <DashboardFault fault={head.dashboard.fault} /> : null}
                        </td>
                        <td>
                          {may
                            ? head.deliveries
                                .filter(({ state }) => state === 'dead' || state === 'failed')
                                .map(({ channel }) => (
                                  <button key={channel} type="button" className="btn" aria-label={t('Gửi lại cho {{name}}', { name: head.personName })} onClick={() => void resend(head.id, channel)}>
                                    <IconRefresh size={16} aria-hidden /> {t('Gửi lại')}
                                  </button>
                                ))
                            : null}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <PrintedPart shown={data.items.length} total={data.total} />
            </section>
          ) : null}
        </>
      )}
    </Frame>
  );
}
