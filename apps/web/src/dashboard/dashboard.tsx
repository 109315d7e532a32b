import { memo, startTransition, useEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ApiError, type Changes, type Figures } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { at, count } from '../format.ts';
import { Frame, usePast } from '../frame.tsx';
import { t } from '../i18n.ts';
import { useNewSince } from '../live/use-live.ts';
import { rememberTop } from '../opening.ts';
import { narrowingChips, sinceWords, usualSince, without } from '../scope/chips.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { compares, countsPlainly, dashboardQuery, EMPTY_SCOPE, href, onlyOf, useScope, wholeOf, type Scope } from '../scope/scope.ts';
import { useScopeName } from '../scope/units.ts';
import { Failure, Loading } from '../states.tsx';
import { POLICY_WORDS, RATE_WORDS } from '../words.ts';
import { Ageing } from './ageing.tsx';
import { behind, plainly, rulesOff, rulesOffQuery, useDashboard, useFigures, useMoves } from './ask.ts';
import { Board } from './board.tsx';
import { Exceptions } from './exceptions.tsx';
import { Flow } from './flow.tsx';
import { Rates } from './rates.tsx';
import { Sentence } from './sentence.tsx';
import { SendRegularly } from './send-regularly.tsx';
import { SidePanel } from './side-panel.tsx';
import { Sources } from './sources.tsx';
import { Strip } from './strip.tsx';
import { Tiles } from './tiles.tsx';
import { type Dashboard as Answer } from './types.ts';
import { reachesBack } from './what-words.ts';

/** A projection that follows is behind for a moment after every event; only longer than this is worth a word. */
const STALE_MS = 5_000;

/** The first figures have once been on the screen. */
let shown = false;
const LATEST_MS = 300;

/** Whether what is below the first figures is drawn too: thousands of cells, which they do not wait for when the page is opened. */
function useBelow(there: boolean): boolean {
  const [below, setBelow] = useState(shown);
  useEffect(() => {
    if (!there || below) return undefined;
    const draw = () => {
      shown = true;
      // In pieces, between which the page answers its reader.
      startTransition(() => setBelow(true));
    };
    let painted: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => (painted = setTimeout(draw)));
    // A page that nobody looks at has no frames.
    const latest = setTimeout(draw, LATEST_MS);
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
      clearTimeout(latest);
    };
  }, [there, below]);
  return below;
}

export function Dashboard() {
  const scope = useScope();
  // Rows of the board are drawn again when what they are given is another object.
  const plain = useMemo(() => plainly(scope), [scope]);
  const [search] = useSearchParams();
  const figures = useFigures(scope);
  // Rates are those of all tasks in the scope: the same question where no number was clicked.
  const allTasks = useMemo(() => wholeOf(scope), [scope]);
  const whole = useFigures(allTasks).data;
  const dashboard = useDashboard(scope);
  const unitName = useScopeName(scope);
  const data = figures.data;
  const board = dashboard.data;
  const lost = [figures.error, dashboard.error].some((error) => error instanceof ApiError && error.status === 0);
  const refused = figures.isError && !(lost && data);
  const official = data?.officialRate ?? 'R2';
  const front = data?.rates.some((rate) => rate.code === scope.rate) ? (scope.rate ?? official) : official;
  const settled = !figures.isPlaceholderData && !dashboard.isPlaceholderData && (board !== undefined || dashboard.isError);
  // The point that is compared with is told by the numbers themselves, and they are not to wait for what moved since.
  const moves = useMoves(scope, settled ? (board?.since ?? (compares(scope) ? { asOf: '', knownAt: null } : undefined)) : undefined, false);
  const none = data?.total === 0 && (board === undefined || board.units.length === 0);
  const off = rulesOffQuery(rulesOff(search))['tatQuyTac'];
  const below = useBelow(data !== undefined && settled);
  // What is below stays as it was until its numbers are there: links beside old numbers lead to the tasks of these, and what it asks for itself comes after them.
  const asked = useMemo(() => ({ scope, plain, allTasks, data, board, whole, front, official, unitName }), [scope, plain, allTasks, data, board, whole, front, official, unitName]);
  const [stood, setStood] = useState(asked);
  if (settled && stood !== asked) setStood(asked);
  const bands = useRef<HTMLDivElement>(null);
  const present = !usePast();
  useEffect(() => {
    // At present nothing stands above the sentence that is not always there, but for the choices where they have been unfolded.
    const sentence = bands.current?.querySelector('.say');
    if (below && present && sentence && !document.querySelector('.scopesum[aria-expanded=true]')) rememberTop(sentence.getBoundingClientRect().top + window.scrollY);
  }, [below, present]);
  return (
    <Frame
      title={t('Bảng điều hành, {{unit}}', { unit: unitName })}
      instant={data && !refused ? { asOf: data.parameters.asOf, position: data.parameters.position } : undefined}
      updatedAt={figures.dataUpdatedAt || undefined}
      lost={lost}
    >
      <ScopeBar
        path="/"
        extra={off ? { tatQuyTac: off } : {}}
        from={data && !refused ? data.parameters.from : null}
        official={official}
        sinceNone={usualSince(board?.since.by)}
      />
      {refused ? (
        <Failure error={figures.error} retry={() => void figures.refetch()}>
          {scope.period ? (
            <Link className="btn primary" to={href('/', { ...scope, period: null })}>
              {t('Dùng kỳ chứa ngày đang xem')}
            </Link>
          ) : null}
          <DropAll scope={scope} />
        </Failure>
      ) : data ? (
        <WithPanel>
          <div ref={bands} className={settled ? 'bands' : 'bands stale'} data-ready={settled && (below || none) ? 'yes' : undefined}>
            {none ? (
              <NoTasks unitName={unitName} scope={scope} />
            ) : (
              <>
                <div className="b1">
                  {board ? <Sentence pieces={board.sentence} scope={plain} /> : <h1 className="vh">{t('Bảng điều hành')}</h1>}
                  {scope.only === null ? null : (
                    <p className="aside onlynote">
                      {t('Cả trang đang chỉ xem các việc ấy; tỷ lệ, dòng chảy từng tuần và mức thường ngày vẫn là của mọi việc trong phạm vi.')}
                      {backWords(scope)}
                    </p>
                  )}
                  <Notes data={data} front={front} official={official} />
                  <Stale position={data.parameters.position} />
                  {compares(scope) ? <Compared scope={scope} moves={moves} /> : null}
                  <Strip
                    data={data}
                    scope={scope}
                    unitName={unitName}
                    since={board?.since}
                    sinceText={compares(scope) || !board ? sinceWords(scope) : `${at(board.since.asOf)} (${usualSince(board.since.by)})`}
                    changes={moves.data}
                    soon={board && countsPlainly(scope) ? board.tiles.dueSoon.in3 : null}
                  />
                  {board ? <Tiles data={board} scope={plain} unitName={unitName} rate={whole?.rates.find(({ code }) => code === front)} asked={scope} /> : null}
                </div>
                {below ? <Below {...stood} error={dashboard.error} /> : null}
              </>
            )}
          </div>
        </WithPanel>
      ) : (
        <Loading what={t('số liệu')} />
      )}
    </Frame>
  );
}

interface Stood {
  readonly scope: Scope;
  readonly plain: Scope;
  readonly allTasks: Scope;
  readonly data: Figures | undefined;
  readonly board: Answer | undefined;
  readonly whole: Figures | undefined;
  readonly front: string;
  readonly official: string;
  readonly unitName: string;
  readonly error: Error | null;
}

/** What lies below the first figures: scoreboard, course, exceptions, and how the rates came about. */
const Below = memo(function Below({ scope, plain, allTasks, data, board, whole, front, official, unitName, error }: Stood) {
  return (
    <>
      {board ? <Bands data={board} scope={plain} unitName={unitName} /> : <Missing error={error} />}
      <div className="b4">
        {whole ? (
          <>
            <Answered data={whole} front={front} />
            <Rates data={whole} scope={allTasks} unitName={unitName} front={front} official={official} />
          </>
        ) : null}
        {data ? <Sources data={data} scope={scope} /> : null}
      </div>
    </>
  );
});

function Bands({ data, scope, unitName }: { data: Answer; scope: Scope; unitName: string }) {
  const [search] = useSearchParams();
  const off = rulesOff(search);
  // What is seen: the instant of these very numbers, and what was known to them.
  const seen = { ...dashboardQuery(scope), asOf: scope.day ?? data.asOf, knownAt: scope.knownAt ?? `position:${data.position}` };
  const rules = off.length === 0 || off.length === data.exceptions.rules.length ? null : data.exceptions.rules.flatMap(({ code }) => (off.includes(code) ? [] : [code])).join(',');
  return (
    <>
      {data.units.length > 0 ? <Board data={data} scope={scope} unitName={unitName} question={JSON.stringify(dashboardQuery(scope))} /> : null}
      <div className="two">
        <Flow data={data} scope={scope} />
        <Ageing data={data} scope={scope} />
      </div>
      <Exceptions data={data} scope={scope} />
      <ExportLinks path="/dashboard" query={{ ...seen, rules }} formats={['docx', 'pdf', 'xlsx']}>
        <SendRegularly unitName={unitName} />
      </ExportLinks>
    </>
  );
}

/**
 * A number that is clicked shows its tasks beside the page, the same number again (or Enter, or a click for a new tab) their whole list.
 * It is done here for every number, wherever it stands.
 */
function WithPanel({ children }: { children: React.ReactNode }) {
  const [link, setLink] = useState<string | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const [search] = useSearchParams();
  const where = search.toString();
  useEffect(() => setLink(null), [where]);
  const close = () => {
    setLink(null);
    opener.current?.focus();
  };
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const plain = event.button === 0 && event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const number = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-count], a[data-list]') : null;
    const to = number?.getAttribute('href');
    if (!plain || !number || !to || to === link || !behind(to)) return;
    event.preventDefault();
    opener.current = number;
    setLink(to);
  };
  return (
    <div onClickCapture={click}>
      {children}
      {link === null ? null : <SidePanel link={link} close={close} />}
    </div>
  );
}

/** A week that has gone by may have had tasks that are not of the period any more. */
const backWords = (scope: Scope): string =>
  onlyOf(scope).some(reachesBack) ? ` ${t('Trong số việc của một thời gian đã qua, chỉ còn những việc thuộc tổng số của kỳ.')}` : '';

function NoTasks({ unitName, scope }: { unitName: string; scope: Scope }) {
  const filters = narrowingChips(scope);
  if (filters.length > 0) {
    const all = without(
      scope,
      filters.flatMap(({ keys }) => keys),
    );
    return (
      <div className="state">
        <h1>{t('Không có việc nào khớp bộ lọc.')}</h1>
        <p>
          {t('Đang lọc: {{filters}}. Bỏ bộ lọc để thấy mọi việc của {{unit}}; đơn vị, kỳ và thời điểm giữ nguyên.', {
            filters: filters.map(({ text }) => `“${text}”`).join(', '),
            unit: unitName,
          })}
          {backWords(scope)}
        </p>
        <p className="acts">
          <Link className="btn primary" to={href('/', all)}>
            {filters.length === 1 ? t('Bỏ bộ lọc') : t('Bỏ cả {{n}} bộ lọc', { n: count(filters.length) })}
          </Link>
          <DropAll scope={all} />
        </p>
      </div>
    );
  }
  return (
    <div className="state">
      <h1>{t('Chưa có việc nào trong phạm vi này.')}</h1>
      <p>{t('Phạm vi đang xem: {{unit}}. Chọn đơn vị, kỳ hoặc thời điểm khác ở hàng phía trên.', { unit: unitName })}</p>
      <p className="acts">
        {(scope.unitId ?? scope.unitKind) ? (
          <Link className="btn" to={href('/', { ...scope, unitId: null, unitKind: null })}>
            {t('Xem toàn tỉnh')}
          </Link>
        ) : null}
        <DropAll scope={scope} />
      </p>
    </div>
  );
}

/** The way back to where everybody begins, where this is not it. */
function DropAll({ scope }: { scope: Scope }) {
  return href('/', scope) === '/' ? null : (
    <Link className="btn" to={href('/', EMPTY_SCOPE)}>
      {t('Bỏ mọi lựa chọn')}
    </Link>
  );
}

function Missing({ error }: { error: Error | null }) {
  return error ? (
    <p className="aside" role="alert">
      {t('Chưa lấy được các phần còn lại của bảng điều hành: {{why}}', { why: error.message })}
    </p>
  ) : (
    <Loading what={t('bảng điều hành')} />
  );
}

/** What the reader has to know before the numbers: another definition in front, a way of counting nobody decided, what is counted beside. */
function Notes({ data, front, official }: { data: Figures; front: string; official: string }) {
  const policy = data.parameters.fixedDatePolicy;
  return (
    <>
      {front !== official ? (
        <p className="aside">
          {t('Đang đặt trước định nghĩa {{front}}; định nghĩa chính thức là {{official}}, {{words}}.', {
            front,
            official,
            words: RATE_WORDS[official] ?? official,
          })}
        </p>
      ) : null}
      {policy ? (
        <p className="aside whatif">
          <b className="whatmark">{t('Giả định')}</b> {t('{{policy}}. Đây không phải số liệu chính thức.', { policy: POLICY_WORDS[policy] ?? policy })}
        </p>
      ) : null}
      {data.secretCounts && data.secretCounts.entries > 0 ? (
        <p className="aside">
          {t('Ngoài tổng số, việc mật chỉ ghi số lượng: {{assigned}} việc giao, {{completed}} việc hoàn thành.', {
            assigned: count(data.secretCounts.assigned),
            completed: count(data.secretCounts.completed),
          })}
        </p>
      ) : null}
    </>
  );
}

/** Numbers that do not follow the log any more say so. */
function Stale({ position }: { position: string }) {
  const past = usePast();
  const waiting = useNewSince(position);
  const behindNow = !past && waiting !== 0;
  const [stale, setStale] = useState(false);
  useEffect(() => {
    if (!behindNow) {
      setStale(false);
      return undefined;
    }
    const timer = setTimeout(() => setStale(true), STALE_MS);
    return () => clearTimeout(timer);
  }, [behindNow]);
  return stale ? (
    <p className="aside stalenote" role="status">
      {waiting === null
        ? t('Số liệu đang chậm so với nhật ký; trang tự lấy lại.')
        : t('Số liệu đang chậm {{n}} sự kiện so với nhật ký; trang tự lấy lại.', { n: count(waiting) })}
    </p>
  ) : null;
}

/** The report's own sentence: the rate in front with its fraction, and how the total is made up. */
function Answered({ data, front }: { data: Figures; front: string }) {
  const headline = data.rates.find((rate) => rate.code === front);
  return (
    <h2 className="answer">
      {headline && headline.denominator > 0 ? (
        <span className="ans">
          <span className="big">
            {count(headline.numerator)}/{count(headline.denominator)}
          </span>{' '}
          {front === 'R2'
            ? t('việc đúng hạn ({{text}})', { text: headline.text })
            : t('việc {{rate}} ({{text}})', { rate: RATE_WORDS[front] ?? headline.name.toLowerCase(), text: headline.text })}
        </span>
      ) : (
        <span className="ans">
          <span className="big">{count(data.total)}</span>{' '}
          {front === 'R1' ? t('việc, chưa việc nào hoàn thành') : t('việc, chưa việc nào đến hạn')}
        </span>
      )}{' '}
      <span className="more">
        {data.sentence.split(/([\d.,]+ %)/).map((piece, index) =>
          index % 2 === 1 ? (
            <span key={index} className="fr">
              {piece}
            </span>
          ) : (
            piece
          ),
        )}
      </span>
    </h2>
  );
}

/** One line: how many tasks differ from the other point, and the way to them. */
function Compared({ scope, moves }: { scope: Scope; moves: { data: Changes | undefined; isError: boolean; error: Error | null } }) {
  const since = sinceWords(scope);
  if (moves.isError) {
    return (
      <p className="aside" role="alert">
        {t('Không so được với {{since}}: {{why}}', { since, why: moves.error?.message ?? '' })}
      </p>
    );
  }
  const data = moves.data;
  return (
    <p className="aside" aria-live="polite">
      {data ? (
        <>
          {t('So với {{since}}: tổng số {{before}} → {{now}}; {{in}} việc vào nhóm, {{out}} việc ra khỏi nhóm, {{changed}} việc có thay đổi.', {
            since,
            before: count(data.since.total),
            now: count(data.now.total),
            in: count(data.entered.total),
            out: count(data.left.total),
            changed: count(data.changed.total),
          })}{' '}
          <Link to={href('/so-sanh', scope)}>{t('Xem từng việc')}</Link>
        </>
      ) : (
        t('So với {{since}}: đang so…', { since })
      )}
    </p>
  );
}
