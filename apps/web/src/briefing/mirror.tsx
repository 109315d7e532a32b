import { t } from '../i18n.ts';
import { type ConsoleCommand } from './keys.ts';
import { pageNumber, Room } from './room.tsx';
import { type Briefing, type ScreenAnswer, type Show, type Ticker } from './types.ts';
import { type useScreen } from './use-room.ts';
import { type Shown } from './use-shown.ts';
import { clockOf, PAGE_WORDS } from './words.ts';

/** How many parts the page has that are shown one after another. */
export function partsOf(answer: ScreenAnswer | undefined): number {
  switch (answer?.page) {
    case 'overdue':
      return Math.max(1, answer.data.pages);
    case 'requests':
      return Math.max(1, answer.data.total);
    case 'raised':
    case 'conclusions':
      return Math.max(1, answer.data.rows.length);
    default:
      return 1;
  }
}

/** What stands in the room meanwhile, as a sentence goes on with it. */
const inTheRoom = (briefing: Briefing, show: Show | null): string =>
  show === null
    ? t('màn phòng họp đang tự lật trang')
    : show.blank
      ? t('màn phòng họp đang tắt')
      : t('màn phòng họp đang hiện {{n}} {{page}}', { n: pageNumber(briefing, show.page), page: PAGE_WORDS[show.page] });

function heading(briefing: Briefing, { show, asked, apart }: Shown): string {
  const [n, page] = [pageNumber(briefing, asked.page), PAGE_WORDS[asked.page]];
  if (briefing.state !== 'open') return t('Xem lại buổi họp, số liệu mốc chốt {{at}}: {{n}} {{page}}', { at: clockOf(briefing.cutOff.asOf), n, page });
  if (apart) return t('Đang xem riêng: {{n}} {{page}}; {{room}}', { n, page, room: inTheRoom(briefing, show) });
  if (show === null) return t('Chưa bắt đầu: màn phòng họp đang tự lật trang');
  return show.blank ? t('Màn phòng họp đang tắt') : t('Màn phòng họp đang hiện: {{n}} {{page}}', { n, page });
}

/** The middle of the operator's page: the room as it is, or one's own page, and the buttons that turn it. */
export function Mirror({
  briefing,
  shown,
  screen,
  leads,
  ticker,
  now,
  lostAt,
  act,
}: {
  briefing: Briefing;
  shown: Shown;
  screen: ReturnType<typeof useScreen>;
  leads: boolean;
  ticker: Ticker | null;
  now: number;
  lostAt: number | null;
  act: (command: ConsoleCommand) => void;
}) {
  const { show, asked, apart } = shown;
  const open = briefing.state === 'open';
  const mirrors = open && !apart;
  const at = briefing.pages.findIndex(({ key }) => key === asked.page);
  const parts = partsOf(screen.data);
  return (
    <>
      <div className="brch">
        <h2 id="h-soi">{heading(briefing, shown)}</h2>
        <p className="acts">
          {leads && show === null ? (
            <button type="button" className="btn primary" onClick={() => act({ do: 'page', by: 1 })}>
              {t('Bắt đầu')}
              <kbd aria-hidden="true">→</kbd>
            </button>
          ) : (
            <>
              <button type="button" className="btn" disabled={at <= 0} onClick={() => act({ do: 'page', by: -1 })}>
                <kbd aria-hidden="true">←</kbd>
                {t('Trang trước')}
              </button>
              <button type="button" className="btn" disabled={at >= briefing.pages.length - 1} onClick={() => act({ do: 'page', by: 1 })}>
                {t('Trang sau')}
                <kbd aria-hidden="true">→</kbd>
              </button>
            </>
          )}
          {leads && show !== null ? (
            <button type="button" className="btn" aria-pressed={show.blank} onClick={() => act({ do: 'blank' })}>
              {show.blank ? t('Bật màn') : t('Tắt màn')}
              <kbd aria-hidden="true">B</kbd>
            </button>
          ) : null}
          {!leads && parts > 1 ? (
            <>
              <button type="button" className="btn" disabled={asked.n <= 1} onClick={() => act({ do: 'part', by: -1 })}>
                {t('Phần trước')}
              </button>
              <button type="button" className="btn" disabled={asked.n >= parts} onClick={() => act({ do: 'part', by: 1 })}>
                {t('Phần sau')}
              </button>
            </>
          ) : null}
          {open && apart ? (
            <button type="button" className="btn" onClick={shown.follow}>
              {t('Theo màn phòng họp')}
            </button>
          ) : null}
        </p>
      </div>
      <div className={show?.blank && mirrors ? 'brmirror blank' : 'brmirror'} role="group" aria-label={mirrors ? t('Bản soi màn phòng họp') : t('Trang của buổi họp')}>
        <div className="rstage" data-theme="light" data-mirror="yes">
          {screen.data ? (
            <Room mirror view={{ briefing, answer: screen.data, page: asked.page, live: asked.live, ticker, now, lostAt }} />
          ) : (
            <p className="brwait">{screen.error ? screen.error.message : t('Đang lấy số liệu…')}</p>
          )}
        </div>
      </div>
    </>
  );
}
