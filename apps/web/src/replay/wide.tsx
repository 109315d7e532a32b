import { Link } from 'react-router';
import { Frame } from '../frame.tsx';
import { day } from '../format.ts';
import { t } from '../i18n.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { useUnits } from '../scope/units.ts';
import { Loading, Nothing } from '../states.tsx';
import '../styles/audit.css';
import { isAway, sameYear, subjectQuery, useDensity, useWideView, type Tab, type WideView } from './audit.ts';
import { PdfLink, WideEvents } from './wide-events.tsx';
import { WideDeadlines } from './wide-deadlines.tsx';
import { WidePatterns } from './wide-patterns.tsx';
import { WideRail } from './wide-rail.tsx';
import { WideState } from './wide-state.tsx';

/** A unit with what stands under it, or the whole system: when what was recorded, the figures at A and B, and every event. */
export function WideReplay({ name }: { name: string }) {
  const view = useWideView(name);
  const units = useUnits();
  if (view === null || (view.unitId !== null && units.data === undefined && !units.isError))
    return (
      <Frame title={t('Phát lại')}>
        <Loading what={t('đối tượng phát lại')} />
      </Frame>
    );
  const unit = units.data?.find((one) => one.id === view.unitId);
  if (view.unitId !== null && unit === undefined)
    return (
      <Frame title={t('Phát lại')}>
        <Nothing
          title={t('Không có đơn vị “{{id}}”', { id: view.unitId.slice(0, 60) })}
          advice={t('Đơn vị không có trong danh mục. Xem lại đường dẫn, hoặc chọn đối tượng khác.')}
        >
          <p className="acts">
            <Link className="btn primary" to={href('/phat-lai', EMPTY_SCOPE)}>
              {t('Chọn đối tượng khác')}
            </Link>
          </p>
        </Nothing>
      </Frame>
    );
  return <Shown view={view} called={unit?.name ?? t('toàn hệ thống')} />;
}

function Shown({ view, called }: { view: WideView; called: string }) {
  const known = useDensity(view, 'recorded', null);
  const tabs: readonly { tab: Tab; words: string }[] = [
    { tab: 'su-kien', words: t('Dòng sự kiện') },
    { tab: 'thoi-han', words: t('Lịch sử thời hạn') },
    { tab: 'bat-thuong', words: t('Bất thường') },
  ];
  const printed = {
    ...subjectQuery(view),
    from: view.from ?? view.a,
    to: view.to ?? view.b,
    asOf: view.b,
    ...(view.knownNow ? {} : { knownAt: view.b }),
  };
  return (
    <Frame
      title={t('Phát lại {{name}}', { name: called })}
      instant={{ asOf: view.b, position: known.data?.position ?? null, past: true }}
      updatedAt={known.dataUpdatedAt || undefined}
      lost={isAway(known.error)}
    >
      <div className="replay wide" data-a={view.a} data-b={view.b}>
        <p className="eyebrow">
          <span>{view.unitId === null ? t('Phát lại toàn hệ thống') : t('Phát lại một đơn vị, cả đơn vị trực thuộc')}</span>
          <Link to={href('/phat-lai', EMPTY_SCOPE)}>{t('Đổi đối tượng')}</Link>
          {view.unitId === null ? null : <Link to={view.link({ doiTuong: 'he-thong' })}>{t('Xem toàn hệ thống')}</Link>}
        </p>
        <h1>
          {t('{{name}} từ hết {{a}} đến hết {{b}}', {
            name: called.charAt(0).toUpperCase() + called.slice(1),
            a: day(view.a),
            b: day(view.b),
          })}
        </h1>
        <WideRail view={view} />
        <WideState view={view} />
        <nav className="tabs" aria-label={t('Xem gì')}>
          {tabs.map(({ tab, words }) => (
            <Link
              key={tab}
              to={view.link({ muc: tab === 'su-kien' ? null : tab })}
              aria-current={view.tab === tab ? 'true' : undefined}
              preventScrollReset
              replace
              data-tab={tab}
            >
              {words}
            </Link>
          ))}
        </nav>
        {view.tab === 'su-kien' ? (
          <WideEvents view={view} />
        ) : view.tab === 'thoi-han' ? (
          <WideDeadlines view={view} />
        ) : (
          <WidePatterns view={view} />
        )}
        <section aria-labelledby="h-take" className="take">
          <h2 id="h-take">{t('Mang đi làm chứng cứ')}</h2>
          <p className="acts">
            <PdfLink
              query={{
                ...printed,
                ...(sameYear(view.a, view.b) ? { sinceAsOf: view.a, ...(view.knownNow ? {} : { sinceKnownAt: view.a }) } : {}),
              }}
              words={t('Tải bản in các sự kiện ghi từ {{from}} đến {{to}} (PDF)', { from: day(printed.from), to: day(printed.to) })}
            />
          </p>
          <p className="quiet">
            {t(
              'Bản in ghi hai mốc, vị trí nhật ký, số liệu ở hai mốc và từng sự kiện thành câu. Dài quá thì lấy JSON Lines ở dòng sự kiện.',
            )}
          </p>
        </section>
      </div>
    </Frame>
  );
}
