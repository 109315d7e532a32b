import { IconAdjustmentsHorizontal, IconFilter } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useActor } from '../actor.ts';
import { useEscape } from '../escape.ts';
import { addDays, at, capital, day, dayOf, isDay, known, reportingYear } from '../format.ts';
import { useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { blocksOf, blockWord, inBlock } from './blocks.ts';
import { Chips, sinceWords } from './chips.tsx';
import { DayBox } from './day-box.tsx';
import { useLastMeeting } from './last-meeting.ts';
import { Method } from './method.tsx';
import { beAuthority, minesOf, useMine } from './mine.ts';
import { MomentPick } from './moment-pick.tsx';
import { Narrow, narrowed } from './narrow.tsx';
import { compares, href, scopeNow, useScope, type Scope } from './scope.ts';
import { ScopeSummary } from './summary.tsx';
import { useUnits } from './units.ts';
import { ViewsMenu } from './views-menu.tsx';

const yearPeriods = (year: number): [string, string][] => [
  [`${year}`, t('Năm báo cáo {{year}}', { year })],
  [`${year}-H1`, t('6 tháng đầu năm {{year}}', { year })],
  [`${year}-H2`, t('6 tháng cuối năm {{year}}', { year })],
  [`${year}-9M`, t('9 tháng năm {{year}}', { year })],
  [`${year}-Q1`, t('Quý I/{{year}}', { year })],
  [`${year}-Q2`, t('Quý II/{{year}}', { year })],
  [`${year}-Q3`, t('Quý III/{{year}}', { year })],
  [`${year}-Q4`, t('Quý IV/{{year}}', { year })],
  [`${year}-cal`, t('Năm dương lịch {{year}}', { year })],
];

const OTHER = 'khac';
const NO_COMPARISON = t('không so');

const BLOCK = 'khoi:';

/** Whose: the whole province, a block of units, one of its units, or what the acting role is in charge of. */
function WhosePick({ scope, go }: { scope: Scope; go: (change: Partial<Scope>) => void }) {
  const units = useUnits();
  const actor = useActor();
  const mine = useMine(scope);
  const all = units.data ?? [];
  const { unitId, unitKind } = scope;
  const blocks = blocksOf(all);
  const inside = unitKind === null ? all : all.filter((unit) => inBlock(unitKind, unit));
  const mines = minesOf(actor, (id) => all.find((unit) => unit.id === id)?.name ?? id);
  const strayUnit = unitId !== null && !inside.some(({ id }) => id === unitId) ? all.find(({ id }) => id === unitId) ?? { id: unitId, name: unitId } : null;
  const strayBlock = unitKind !== null && !blocks.some((block) => block.unitKind === unitKind);
  const own = mine !== null && unitId === null && unitKind === null;
  // A unit in charge of itself is named by that; what a leader gave is told by its chip as well.
  const shown = mine !== null && (own || mine.be === undefined) ? mine.key : (unitId ?? (unitKind === null ? '' : `${BLOCK}${unitKind}`));
  const choose = (value: string) => {
    const chosen = mines.find(({ key }) => key === value);
    if (chosen?.be !== undefined) beAuthority(chosen.be);
    if (chosen) go(chosen.change);
    else if (value.startsWith(BLOCK)) go({ unitId: null, unitKind: value.slice(BLOCK.length) });
    else if (value === '') go({ unitId: null, unitKind: null, ...(own ? { authority: null } : {}) });
    else go({ unitId: value });
  };
  return (
    <label className="pick unit">
      <span>{t('Phạm vi')}</span>
      <select name="donVi" value={shown} onChange={(event) => choose(event.target.value)}>
        <option value="">{t('Toàn tỉnh')}</option>
        {mines.length > 0 ? (
          <optgroup label={t('Tôi phụ trách')}>
            {mines.map(({ key, words }) => (
              <option key={key} value={key}>
                {capital(words)}
              </option>
            ))}
          </optgroup>
        ) : null}
        {blocks.length > 0 || strayBlock ? (
          <optgroup label={t('Khối')}>
            {strayBlock ? <option value={`${BLOCK}${unitKind}`}>{blockWord(unitKind)}</option> : null}
            {blocks.map((block) => (
              <option key={block.unitKind} value={`${BLOCK}${block.unitKind}`}>
                {block.word}
              </option>
            ))}
          </optgroup>
        ) : null}
        <optgroup label={unitKind === null ? t('Đơn vị') : t('Đơn vị của khối {{block}}', { block: blockWord(unitKind) })}>
          {strayUnit ? <option value={strayUnit.id}>{strayUnit.name}</option> : null}
          {inside.map((unit) => (
            <option key={unit.id} value={unit.id}>
              {unit.name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

function KnownPick({ scope, today, go }: { scope: Scope; today: string | null; go: (change: Partial<Scope>) => void }) {
  const [other, setOther] = useState(false);
  useEffect(() => setOther(false), [scope.knownAt]);
  const stray = scope.knownAt !== null && scope.knownAt !== scope.day;
  return (
    <span className="pick">
      <label>
        <span>{t('Biết đến')}</span>
        <select
          name="bietDen"
          value={other ? OTHER : (scope.knownAt ?? '')}
          onChange={(event) => {
            if (event.target.value === OTHER) setOther(true);
            else go({ knownAt: event.target.value || null });
          }}
        >
          <option value="">{t('hiện tại')}</option>
          {scope.day ? <option value={scope.day}>{t('{{point}}, như lúc đó', { point: known(scope.day) })}</option> : null}
          {stray && scope.knownAt ? <option value={scope.knownAt}>{known(scope.knownAt)}</option> : null}
          <option value={OTHER}>{t('ngày khác…')}</option>
        </select>
      </label>
      {other ? (
        <DayBox
          name="bietDenNgay"
          label={t('Biết đến hết ngày')}
          value={scope.knownAt && isDay(scope.knownAt) ? scope.knownAt : null}
          max={today}
          focus
          go={(knownAt) => go({ knownAt })}
        />
      ) : null}
    </span>
  );
}

function SincePick({
  scope,
  today,
  from,
  none,
  go,
}: {
  scope: Scope;
  today: string | null;
  from: string | null;
  /** What is compared with where nothing was chosen. */
  none: string;
  go: (change: Partial<Scope>) => void;
}) {
  const [other, setOther] = useState(false);
  useEffect(() => setOther(false), [scope.sinceDay, scope.sinceKnownAt]);
  const base = scope.day === null ? today : dayOf(scope.day);
  const meeting = useLastMeeting(scope.unitId, scope.day);
  const quick: [string, Partial<Scope>, string][] = [];
  if (meeting !== null) quick.push(['giao-ban', { sinceDay: meeting, sinceKnownAt: null }, t('giao ban trước ({{at}})', { at: at(meeting) })]);
  if (base !== null) {
    const inside = (at: string) => from === null || at >= from;
    if (inside(addDays(base, -1)))
      quick.push([
        'hom-qua',
        { sinceDay: addDays(base, -1), sinceKnownAt: null },
        t('hôm qua ({{day}})', { day: day(addDays(base, -1)).slice(0, 5) }),
      ]);
    if (inside(addDays(base, -7)))
      quick.push([
        'tuan-truoc',
        { sinceDay: addDays(base, -7), sinceKnownAt: null },
        t('tuần trước ({{day}})', { day: day(addDays(base, -7)).slice(0, 5) }),
      ]);
    if (from !== null && from < base)
      quick.push(['dau-ky', { sinceDay: from, sinceKnownAt: null }, t('đầu kỳ ({{from}})', { from: day(from).slice(0, 5) })]);
    if (scope.day !== null && scope.knownAt === null)
      quick.push(['luc-do', { sinceDay: scope.day, sinceKnownAt: scope.day }, t('như đã biết lúc đó')]);
  }
  const current = compares(scope) ? 'dang-so' : '';
  return (
    <span className="pick">
      <label>
        <span>{t('So với')}</span>
        <select
          name="soVoi"
          value={other ? OTHER : current}
          onChange={(event) => {
            const value = event.target.value;
            const picked = quick.find(([name]) => name === value);
            if (value === OTHER) setOther(true);
            else if (picked) go(picked[1]);
            else if (value === '') go({ sinceDay: null, sinceKnownAt: null });
          }}
        >
          <option value="">{none}</option>
          {compares(scope) ? <option value="dang-so">{sinceWords(scope)}</option> : null}
          {quick.map(([name, , word]) => (
            <option key={name} value={name}>
              {word}
            </option>
          ))}
          <option value={OTHER}>{t('ngày khác…')}</option>
        </select>
      </label>
      {other ? (
        <DayBox
          name="soVoiNgay"
          label={t('So với hết ngày')}
          value={scope.sinceDay}
          max={base}
          focus
          go={(sinceDay) => go({ sinceDay, sinceKnownAt: null })}
        />
      ) : null}
    </span>
  );
}

/** On a small screen the choices are open as the reader left them, from page to page, until the pages are loaded anew. */
let unfolded = false;

/**
 * Scope and time on one line, on a small screen folded into what they come to; each choice goes into the address. `figures` says whether the page counts (then the way of counting can be chosen)
 * or only lists, `comparable` whether it shows a comparison.
 */
export function ScopeBar({
  path,
  extra,
  figures = true,
  comparable = true,
  from = null,
  official = 'R2',
  sinceNone = NO_COMPARISON,
}: {
  path: string;
  extra?: Record<string, string>;
  figures?: boolean;
  comparable?: boolean;
  from?: string | null;
  official?: string | null;
  sinceNone?: string;
}) {
  const scope = useScope();
  const navigate = useNavigate();
  const system = useSystem();
  const [open, setOpen] = useState<'method' | 'narrow' | null>(null);
  const openers = { method: useRef<HTMLButtonElement>(null), narrow: useRef<HTMLButtonElement>(null) };
  const [choosing, setChoosing] = useState(unfolded);
  const choicesId = useId();
  const methodId = useId();
  const narrowId = useId();
  const go = (change: Partial<Scope>) => void navigate(href(path, { ...scopeNow(), ...change }, extra));
  useEscape(open !== null, () => {
    if (open) openers[open].current?.focus();
    setOpen(null);
  });
  const narrow = narrowed(scope);
  const fold = () => {
    unfolded = !choosing;
    setChoosing(unfolded);
    // What was opened out of it goes with it.
    if (choosing) setOpen(null);
  };

  const today = system.data ? dayOf(system.data.now) : null;
  const base = scope.day === null ? today : dayOf(scope.day);
  const year = base !== null && isDay(base) ? reportingYear(base) : null;
  const periods = year === null ? [] : [...yearPeriods(year), ...yearPeriods(year - 1)];
  const strayPeriod = scope.period !== null && !periods.some(([value]) => value === scope.period);

  return (
    <>
      <div className="scope" role="group" aria-label={t('Phạm vi và thời điểm')}>
        <ScopeSummary
          scope={scope}
          more={[
            figures && scope.period !== null ? (periods.find(([value]) => value === scope.period)?.[1] ?? scope.period) : null,
            figures && comparable && (compares(scope) || sinceNone !== NO_COMPARISON) ? t('so với {{since}}', { since: compares(scope) ? sinceWords(scope) : sinceNone }) : null,
          ]}
          open={choosing}
          controls={choicesId}
          toggle={fold}
        />
        <div id={choicesId} className={choosing ? 'wrap' : 'wrap folded'}>
          <WhosePick scope={scope} go={go} />
          {figures ? (
            <label className="pick period">
              <span>{t('Kỳ')}</span>
              <select
                name="kyBaoCao"
                aria-label={t('Kỳ báo cáo')}
                value={scope.period ?? ''}
                onChange={(event) => go({ period: event.target.value || null })}
              >
                <option value="">{t('Năm của ngày xem')}</option>
                {strayPeriod ? <option value={scope.period ?? ''}>{scope.period}</option> : null}
                {periods.map(([value, word]) => (
                  <option key={value} value={value}>
                    {word}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <MomentPick scope={scope} now={system.data?.now ?? null} go={go} />
          <KnownPick scope={scope} today={today} go={go} />
          {figures ? (
            <>
              {comparable ? <SincePick scope={scope} today={today} from={from} none={sinceNone} go={go} /> : null}
              <button
                ref={openers.narrow}
                className="btn methodb"
                type="button"
                aria-expanded={open === 'narrow'}
                aria-controls={narrowId}
                onClick={() => setOpen(open === 'narrow' ? null : 'narrow')}
              >
                <IconFilter size={16} aria-hidden /> {narrow > 0 ? t('Lọc ({{n}})', { n: narrow }) : t('Lọc')}
              </button>
              <button
                ref={openers.method}
                className="btn methodb"
                type="button"
                aria-expanded={open === 'method'}
                aria-controls={methodId}
                onClick={() => setOpen(open === 'method' ? null : 'method')}
              >
                <IconAdjustmentsHorizontal size={16} aria-hidden /> {t('Cách tính')}
              </button>
              <ViewsMenu />
            </>
          ) : null}
        </div>
      </div>
      {open === 'narrow' && figures ? <Narrow id={narrowId} scope={scope} go={go} /> : null}
      {open === 'method' && figures ? <Method id={methodId} scope={scope} go={go} official={official ?? 'R2'} /> : null}
      {figures ? <Chips scope={scope} path={path} extra={extra} /> : null}
    </>
  );
}
