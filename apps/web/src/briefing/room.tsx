import { IconBroadcast, IconLock, IconWifiOff } from '@tabler/icons-react';
import { useState } from 'react';
import { count, local } from '../format.ts';
import { t } from '../i18n.ts';
import '../styles/room.css';
import { RoomPage } from './room-pages.tsx';
import { type Briefing, type PageKey, type ScreenAnswer, type Ticker } from './types.ts';
import { clockOf, PAGE_WORDS } from './words.ts';

export interface RoomView {
  briefing: Briefing;
  answer: ScreenAnswer;
  /** The page the operator asks for; the answer of the page before stands until the new one is there. */
  page: PageKey;
  live: boolean;
  ticker: Ticker | null;
  /** Wall clock of the server. */
  now: number;
  /** Since when nothing is heard of the server; null while the line is up. */
  lostAt: number | null;
}

/** Which page of how many, e.g. `3/8`. */
export const pageNumber = (briefing: Briefing, page: PageKey): string =>
  `${Math.max(1, briefing.pages.findIndex(({ key }) => key === page) + 1)}/${briefing.pages.length}`;

/**
 * What the room sees, at any size: everything is measured in hundred-and-twentieths of its width, so 1080p, 4K and the operator's mirror are the
 * same picture. `mirror`: inside another page, where it is a picture of the room and no page of its own.
 */
export function Room({ view, mirror = false }: { view: RoomView; mirror?: boolean }) {
  const { briefing, answer, page, live, ticker, now, lostAt } = view;
  const cutOff = clockOf(briefing.cutOff.asOf);
  const changes = ticker?.changesAfterCutOff ?? answer.changesAfterCutOff;
  // What has come since the screen was put up flashes once, when its line is drawn.
  const [from, setFrom] = useState<string | null>(null);
  if (from === null && ticker !== null) setFrom(ticker.items[0]?.position ?? '0');
  const isNew = (position: string): boolean => from !== null && BigInt(position) > BigInt(from);
  const Title = mirror ? 'p' : 'h1';
  const Body = mirror ? 'div' : 'main';
  return (
    <div className={lostAt === null ? 'rframe' : 'rframe lost'} data-page={answer.page} data-live={live ? 'yes' : 'no'} data-ready={answer.page === page ? 'yes' : 'no'}>
      <div className="rtop" role={mirror ? undefined : 'banner'}>
        <Title className="rtitle">
          <span className="rpg">{pageNumber(briefing, answer.page)}</span> {PAGE_WORDS[answer.page]}
        </Title>
        <p className="rmeet">{briefing.name}</p>
        {lostAt !== null ? (
          <p className="rcut k-none">
            <IconWifiOff className="ric" aria-hidden />
            <b>{t('Mất kết nối')}</b>
            <span>{t('mốc chốt {{at}}', { at: cutOff })}</span>
          </p>
        ) : briefing.closedAt !== null ? (
          <p className="rcut" data-state="closed">
            <IconLock className="ric" aria-hidden />
            <b>{t('Đã kết thúc lúc {{at}}', { at: clockOf(briefing.closedAt) })}</b>
            <span>{t('mốc chốt {{at}}', { at: cutOff })}</span>
          </p>
        ) : live ? (
          <p className="rcut islive" data-state="live">
            <IconBroadcast className="ric" aria-hidden />
            <b>{t('Trực tiếp, mốc chốt {{at}}', { at: cutOff })}</b>
            {changes > 0 ? <span>{t('{{n}} thay đổi', { n: count(changes) })}</span> : null}
          </p>
        ) : (
          <p className="rcut" data-state="frozen">
            <IconLock className="ric" aria-hidden />
            <b>{t('Mốc chốt {{at}}', { at: cutOff })}</b>
            {changes > 0 ? <span data-changes={changes}>{t('{{n}} thay đổi sau mốc', { n: count(changes) })}</span> : null}
          </p>
        )}
        <time className="rclock">{clockOf(now)}</time>
      </div>
      <Body className="rbody">
        <RoomPage answer={answer} around={{ cutOff: briefing.cutOff.asOf, conclusions: briefing.conclusions }} />
      </Body>
      <div className="rfoot">
        <ol className="rticker" aria-label={t('Ba thay đổi gần nhất')} aria-live={mirror ? 'off' : 'polite'}>
          {(ticker?.items ?? []).slice(0, 3).map((item) => (
            <li key={item.position} data-position={item.position} className={isNew(item.position) ? 'flash' : undefined}>
              <time>{clockOf(item.at)}</time>{' '}
              <b>
                <span className="runame">{item.unitShort ?? t('Chung')}</span>
                {item.code ? <span className="code">{item.code}</span> : null}
              </b>{' '}
              <span>{item.words}</span>
            </li>
          ))}
        </ol>
        {lostAt === null ? null : (
          <p className="rlost" role="status">
            <IconWifiOff className="ric" aria-hidden />
            <b>{t('Mất kết nối — số liệu lúc {{at}}', { at: local(lostAt).seconds })}</b>
            <span>{t('Đang nối lại. Số chốt {{at}} vẫn nguyên giá trị.', { at: cutOff })}</span>
          </p>
        )}
      </div>
    </div>
  );
}
