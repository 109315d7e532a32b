import { IconAlertTriangle, IconCheck, IconClock, IconMailOff, IconQuestionMark } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { day, local, longDay } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { type Delivery } from './types.ts';

export const CHANNEL_WORDS: Readonly<Record<Delivery['channel'], string>> = { email: t('thư điện tử'), webhook: t('webhook (SMS, Zalo)') };

/** `07:00 30/11/2020` */
export const when = (instant: string): string => `${local(instant).time} ${day(local(instant).day)}`;

/** The pages of reminders beside one another. */
export function Tabs() {
  const { pathname } = useLocation();
  const tabs = [
    ['/nhac/so', t('Sổ nhắc')],
    ['/nhac/quy-tac', t('Quy tắc')],
    ['/nhac/dinh-ky', t('Gửi định kỳ')],
    ['/nhac/gui', t('Tình trạng gửi')],
    ['/nhac/danh-ba', t('Danh bạ')],
  ] as const;
  return (
    <nav className="rtabs" aria-label={t('Các trang về nhắc việc')}>
      {tabs.map(([path, word]) => (
        <Link key={path} to={path} aria-current={pathname === path ? 'page' : undefined}>
          {word}
        </Link>
      ))}
    </nav>
  );
}

/** How far a message is by one way out: icon, word, when, and why not. */
export function DeliveryWords({ delivery }: { delivery: Delivery }) {
  const { channel, state, at, nextAt, code, reasonName, unknown } = delivery;
  const name = CHANNEL_WORDS[channel];
  const unsure = unknown && state !== 'sent' ? ` · ${t('không rõ lần trước đã tới chưa')}` : '';
  switch (state) {
    case 'sent':
      return (
        <span className="rdel">
          <IconCheck size={16} aria-hidden /> {t('Đã gửi {{name}} {{at}}', { name, at: when(at) })}
        </span>
      );
    case 'dead':
      return (
        <span className="rdel d-overdue">
          <IconAlertTriangle size={16} aria-hidden /> {t('Gửi {{name}} hỏng, đã thôi thử ({{code}})', { name, code: code ?? '' })}
          {unsure}
        </span>
      );
    case 'failed':
      return (
        <span className="rdel d-soon">
          {unknown ? <IconQuestionMark size={16} aria-hidden /> : <IconClock size={16} aria-hidden />}{' '}
          {t('Chưa gửi được {{name}} ({{code}}), thử lại {{at}}', { name, code: code ?? '', at: nextAt === null ? '' : when(nextAt) })}
          {unsure}
        </span>
      );
    case 'suppressed':
      return (
        <span className="rdel">
          <IconMailOff size={16} aria-hidden /> {t('Không gửi {{name}}', { name })}: <span lang={saidIn()}>{reasonName}</span>
        </span>
      );
    default:
      return (
        <span className="rdel">
          <IconClock size={16} aria-hidden /> {state === 'claimed' ? t('Đang gửi {{name}}', { name }) : t('Chờ gửi {{name}} {{at}}', { name, at: nextAt === null ? '' : when(nextAt) })}
        </span>
      );
  }
}

/** Why a dashboard could not be made: its address is none any more, and somebody has to mend it. */
export function DashboardFault({ fault }: { fault: string }) {
  return (
    <span className="rdel d-overdue">
      <IconAlertTriangle size={16} aria-hidden /> {t('Không lập được bảng điều hành')}: <span lang={saidIn()}>{fault}</span>
    </span>
  );
}

export const slotWords = (slot: string): string => longDay(slot);
