import { IconBroadcast, IconDeviceTv, IconLock } from '@tabler/icons-react';
import { Link } from 'react-router';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { type Asker } from './ask.ts';
import { useScreens } from './screens-dialog.tsx';
import { type Briefing } from './types.ts';
import { clockOf } from './words.ts';

/** The head of the operator's page: cut-off or present, the screens, the end of the meeting. */
export function ConsoleTop({
  briefing,
  as,
  may,
  live,
  changes,
  now,
  setLive,
  screens,
  close,
}: {
  briefing: Briefing;
  as: Asker;
  may: boolean;
  live: boolean;
  /** How many came after the cut-off. */
  changes: number;
  now: number;
  setLive: (live: boolean) => void;
  screens: () => void;
  close: () => void;
}) {
  const connected = (useScreens(as).data ?? []).filter((one) => one.connected && !one.revoked).length;
  const cutOff = clockOf(briefing.cutOff.asOf);
  return (
    <header className="brtop">
      <Link to="/giao-ban">{t('Giao ban')}</Link>
      <h1>{briefing.name}</h1>
      {briefing.state === 'open' ? (
        <>
          <div className="brseg" role="group" aria-label={may ? t('Số liệu trên màn phòng họp') : t('Số liệu của trang đang xem')}>
            <button type="button" aria-pressed={!live} onClick={() => setLive(false)}>
              <IconLock size={16} aria-hidden /> {t('Mốc chốt {{at}}', { at: cutOff })}
            </button>
            <button type="button" aria-pressed={live} onClick={() => setLive(true)}>
              <IconBroadcast size={16} aria-hidden /> {t('Trực tiếp')}
            </button>
          </div>
          <a className="brbadge" href="#sau-moc">
            {t('{{n}} thay đổi sau mốc', { n: count(changes) })}
          </a>
          <span className="brgap" />
          <button type="button" className="btn" disabled={!may} onClick={screens}>
            <IconDeviceTv size={16} aria-hidden />
            {connected === 0 ? t('Chưa nối màn nào') : t('Đang nối {{n}} màn', { n: connected })}
            <kbd aria-hidden="true">M</kbd>
          </button>
          <button type="button" className="btn" disabled={!may} onClick={close}>
            {t('Kết thúc và lập thông báo')}
          </button>
        </>
      ) : (
        <p className="brgap">{t('Đã kết thúc lúc {{at}}; mốc chốt {{cut}}', { at: briefing.closedAt ? clockOf(briefing.closedAt) : '', cut: cutOff })}</p>
      )}
      <time className="brclock">{clockOf(now)}</time>
    </header>
  );
}
