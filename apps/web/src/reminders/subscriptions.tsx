import { IconMailOff, IconPencil } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, get, newKey, send, type Page } from '../api.ts';
import { at, count, longDay } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { PrintedPart } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import '../styles/reminders.css';
import { DashboardFault, DeliveryWords, Tabs, when } from './parts.tsx';
import { SubscriptionForm, WEEKDAY_WORDS } from './subscription-form.tsx';
import { type SentDashboard, type Subscription } from './types.ts';

const PAGE = 50;

/** Days in a row as a span, others one by one. */
function weekdayWords(days: readonly number[]): string {
  const first = days[0] ?? 1;
  const last = days.at(-1) ?? first;
  const word = (day: number): string => WEEKDAY_WORDS[day - 1] ?? '';
  return days.length > 2 && last - first === days.length - 1 ? t('{{from}} đến {{to}}', { from: word(first), to: word(last) }) : days.map(word).join(', ');
}

/** What became of one day's dashboard. */
function Sent({ message }: { message: SentDashboard }) {
  return (
    <>
      {longDay(message.slot)}
      {message.late && message.silent === null ? ` · ${t('gửi muộn')}` : ''}
      {message.silent === null ? (
        message.deliveries.map((delivery) => <DeliveryWords key={delivery.channel} delivery={delivery} />)
      ) : (
        <span className="rdel">
          <IconMailOff size={16} aria-hidden /> {t('Không gửi')}: <span lang={saidIn()}>{message.silentName}</span>
        </span>
      )}
      {!message.dashboard || message.silent !== null ? null : message.dashboard.fault !== null ? (
        <DashboardFault fault={message.dashboard.fault} />
      ) : (
        <Link className="more" to={message.dashboard.path}>
          {t('Bảng điều hành lúc ấy')}
          <span className="vh"> {longDay(message.slot)}</span>
        </Link>
      )}
    </>
  );
}

/** All that was sent, and not sent, in the last hundred days; fetched when it is opened. */
function History({ id, name, actor }: { id: string; name: string; actor: string }) {
  const [open, setOpen] = useState(false);
  const one = useQuery({ queryKey: ['subscriptions', 'one', id, actor], queryFn: ({ signal }) => get<{ messages: SentDashboard[] }>(`/subscriptions/${encodeURIComponent(id)}`, {}, signal, actor), enabled: open });
  return (
    <details className="rhistory" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('Các lần gửi')}
        <span className="vh"> {name}</span>
      </summary>
      {one.isError ? <p role="alert">{one.error.message}</p> : !one.data ? <p className="quiet">{t('Đang tải…')}</p> : null}
      {one.data?.messages.length === 0 ? <p className="quiet">{t('Chưa tới giờ gửi nào.')}</p> : null}
      <ul>
        {(one.data?.messages ?? []).map((message) => (
          <li key={message.id}>
            <Sent message={message} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** `/nhac/dinh-ky`: who gets the dashboard at a stated hour, of which scope, and what became of it. */
export function SubscriptionsPage() {
  const actor = useActor();
  const client = useQueryClient();
  const may = ['office', 'leader', 'unit'].includes(roleOf(actor));
  const [from, setFrom] = useState(0);
  const [ended, setEnded] = useState(false);
  const [changing, setChanging] = useState<Subscription | null>(null);
  const [ending, setEnding] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useQuery({
    queryKey: ['subscriptions', actor, ended, from],
    queryFn: ({ signal }) => get<Page<Subscription> & { asOf: string; position: string }>('/subscriptions', { limit: String(PAGE), cursor: from === 0 ? null : from.toString(36), ended: ended ? 'true' : null }, signal, actor),
    placeholderData: keepPreviousData,
  });
  const data = list.data;
  const end = async (one: Subscription): Promise<void> => {
    try {
      await send(`/subscriptions/${encodeURIComponent(one.id)}/end`, {}, { actor, key: newKey() });
      setSaid(t('Đã thôi gửi “{{name}}”.', { name: one.name }));
    } catch (error) {
      setSaid(error instanceof ApiError ? error.message : String(error));
    }
    setEnding(null);
    void client.invalidateQueries({ queryKey: ['subscriptions'] });
  };
  return (
    <Frame title={t('Gửi định kỳ')} instant={data ? { asOf: data.asOf, position: data.position } : undefined} lost={list.error instanceof ApiError && list.error.status === 0}>
      <Tabs />
      {list.isError && !data ? (
        <Failure error={list.error} retry={() => void list.refetch()} />
      ) : !data ? (
        <Loading what={t('danh sách gửi định kỳ')} />
      ) : (
        <>
          <h1 className="listh">
            <span className="big" data-total={data.total}>
              {count(data.total)}
            </span>{' '}
            {t('bản gửi định kỳ')}
          </h1>
          <p className="quiet">
            {t('Đặt bản mới ở cuối bảng điều hành, nút Gửi định kỳ: thư theo đúng phạm vi đang xem.')} <Link to="/">{t('Mở bảng điều hành')}</Link>
          </p>
          <p role="status">{said}</p>
          <label className="check rended">
            <input
              type="checkbox"
              name="ended"
              checked={ended}
              onChange={(event) => {
                setEnded(event.target.checked);
                setFrom(0);
              }}
            />{' '}
            {t('Cả những bản đã thôi')}
          </label>
          {data.items.length === 0 ? (
            <p className="quiet" data-empty="yes">
              {t('Chưa có bản nào.')}
            </p>
          ) : (
            <div className="rtable rsubs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('Người nhận')}</th>
                    <th scope="col">{t('Bảng điều hành')}</th>
                    <th scope="col">{t('Lúc')}</th>
                    <th scope="col">{t('Lần gần nhất')}</th>
                    <th scope="col">
                      <span className="vh">{t('Thao tác')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.items.map((one) => (
                    <tr key={one.id} data-subscription={one.id}>
                      <td data-label={t('Người nhận')}>
                        {one.personName}
                        <span className="sub">
                          <span lang={saidIn()}>{one.roleName}</span> · {one.unitName}
                        </span>
                        {one.hasAddress ? null : <span className="sub d-soon">{t('chưa có thư điện tử: chỉ vào hộp nhắc')}</span>}
                      </td>
                      <td data-label={t('Bảng điều hành')}>
                        <Link to={one.query ? `/?${one.query}` : '/'}>{one.name}</Link>
                        <span className="sub" lang={saidIn()}>
                          {one.scopeWords}
                        </span>
                      </td>
                      <td data-label={t('Lúc')}>
                        {one.hour}
                        <span className="sub">{weekdayWords(one.weekdays)}</span>
                        <span className="sub">
                          {one.endedAt ? t('đã thôi {{at}}', { at: when(one.endedAt) }) : one.nextAt ? t('lần tới {{at}}', { at: at(one.nextAt) }) : t('các thứ đã chọn không có ngày làm việc')}
                        </span>
                      </td>
                      <td data-label={t('Lần gần nhất')}>
                        {one.last ? <Sent message={one.last} /> : <span className="quiet">{t('chưa tới giờ gửi nào')}</span>}
                        <History id={one.id} name={one.name} actor={actor} />
                      </td>
                      <td>
                        {!may || one.endedAt ? null : ending === one.id ? (
                          <span className="acts">
                            <button type="button" className="btn primary" autoFocus onClick={() => void end(one)}>
                              {t('Thôi gửi bản này')}
                            </button>
                            <button type="button" className="btn" onClick={() => setEnding(null)}>
                              {t('Giữ lại')}
                            </button>
                          </span>
                        ) : (
                          <span className="acts">
                            <button type="button" className="btn" aria-label={t('Đổi {{name}}', { name: one.name })} onClick={() => setChanging(one)}>
                              <IconPencil size={16} aria-hidden /> {t('Đổi')}
                            </button>
                            <button type="button" className="btn" aria-label={t('Thôi gửi {{name}}', { name: one.name })} onClick={() => setEnding(one.id)}>
                              <IconMailOff size={16} aria-hidden /> {t('Thôi gửi')}
                            </button>
                          </span>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {data.total > PAGE ? (
            <p className="acts">
              <PrintedPart shown={data.items.length} total={data.total} />
              <button type="button" className="btn" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - PAGE))}>
                {t('Trang trước')}
              </button>
              <button type="button" className="btn" disabled={from + PAGE >= data.total} onClick={() => setFrom(from + PAGE)}>
                {t('Trang sau')}
              </button>
            </p>
          ) : null}
          {changing ? (
            <SubscriptionForm
              former={changing}
              query={changing.query}
              name={changing.name}
              close={() => setChanging(null)}
              done={(words) => {
                setSaid(words);
                setChanging(null);
              }}
            />
          ) : null}
        </>
      )}
    </Frame>
  );
}
