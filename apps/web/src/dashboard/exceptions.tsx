import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { get, type Page, type TaskItem } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { capital, count, due } from '../format.ts';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { useHeldOrder } from '../live/held-order.ts';
import { PrintedPart } from '../pager.tsx';
import { stateWords } from '../parts.tsx';
import { dashboardQuery, href, type Scope } from '../scope/scope.ts';
import { amongThem } from './only-link.tsx';
import { rulesOff, rulesOffQuery, SHOWN_EXCEPTIONS, useExceptions } from './ask.ts';
import { ASK, HAND_ON, JUDGE, RAISE, URGE, useCanAct, useRowActions } from './row-actions.tsx';
import { EXCEPTION_RULES, type Dashboard, type ExceptionItem, type ExceptionRule } from './types.ts';
import { RULE_WORDS } from './what-words.ts';

/** Which of the shown tasks have an extension to decide: only they offer it. */
function useToJudge(scope: Scope, wanted: boolean): ReadonlySet<string> {
  const query = { ...dashboardQuery(scope), what: 'waiting-extension', limit: '200' };
  const { data } = useQuery({
    queryKey: ['exceptions', 'to-judge', query],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/dashboard/list', query, signal),
    enabled: wanted,
  });
  return new Set((data?.items ?? []).map((item) => item.id));
}

/** What to do: at most twenty tasks, each saying first why it stands here. Rules, no score. */
export function Exceptions({ data, scope }: { data: Dashboard; scope: Scope }) {
  const [search] = useSearchParams();
  const location = useLocation();
  const off = rulesOff(search);
  const can = useCanAct();
  const asked = useExceptions(scope, off);
  const toJudge = useToJudge(scope, can && data.tiles.waiting.extensions > 0);
  const page = off.length === data.exceptions.rules.length ? null : asked.data;
  const [taken, setTaken] = useState(0);
  const [told, setTold] = useState<string | null>(null);
  // After a command of the reader's own everything is asked anew; what stands where it stood keeps its place.
  const items = useHeldOrder(page?.items ?? [], (item) => item.id, JSON.stringify([dashboardQuery(scope), off, taken]));
  const head = useRef<HTMLHeadingElement>(null);
  const toggled = (rule: ExceptionRule) => {
    const next = off.includes(rule) ? off.filter((one) => one !== rule) : [...off, rule];
    const kept = Object.fromEntries([...search].filter(([name]) => name !== 'tatQuyTac'));
    return href(location.pathname, { ...scope }, { ...kept, ...rulesOffQuery(next) });
  };
  const step = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp' && event.key !== 'e') return;
    const at = event.target instanceof HTMLElement ? event.target : null;
    const row = at?.closest<HTMLElement>('[data-exception]');
    if (!row || at?.closest('.rform, input, textarea, select')) return;
    if (event.key === 'e') {
      const ask = row.querySelector<HTMLButtonElement>('.racts button');
      if (ask && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        ask.click();
      }
      return;
    }
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-exception]')];
    event.preventDefault();
    rows[rows.indexOf(row) + (event.key === 'ArrowDown' ? 1 : -1)]?.querySelector<HTMLElement>('.tk a')?.focus();
  };
  return (
    <section aria-labelledby="h-exc" className={page && asked.isPlaceholderData ? 'b3 stale' : 'b3'} aria-busy={asked.isFetching && !page ? true : undefined}>
      <div className="hd">
        <h2 id="h-exc" ref={head} tabIndex={-1}>
          {page && page.total > 0
            ? t('{{n}} việc cần lãnh đạo chú ý.', { n: count(page.total) })
            : off.length === data.exceptions.rules.length
              ? t('Mọi quy tắc đang tắt.')
              : page
                ? amongThem(scope.only, t('Không việc nào cần lãnh đạo chú ý.'))
                : t('Việc cần lãnh đạo chú ý.')}
        </h2>
        <p className="quiet">
          {page && page.total > SHOWN_EXCEPTIONS
            ? t('Hiện {{n}} việc đầu: nhiều quy tắc nhất trước, rồi hạn cũ nhất.', { n: count(SHOWN_EXCEPTIONS) })
            : null}{' '}
          {page ? <PrintedPart shown={items.length} total={page.total} exported /> : null}{' '}
          {t('Mỗi dòng có mặt vì một quy tắc nêu rõ, không vì điểm số. Bật, tắt từng quy tắc:')}
        </p>
      </div>
      <ul className="rules" aria-label={t('Quy tắc')}>
        {data.exceptions.rules.map((rule) => (
          <li key={rule.code}>
            <Link
              to={toggled(rule.code)}
              replace
              preventScrollReset
              role="switch"
              aria-checked={!off.includes(rule.code)}
              data-rule={rule.code}
              onKeyDown={(event) => {
                if (event.key !== ' ') return;
                event.preventDefault();
                event.currentTarget.click();
              }}
            >
              {off.includes(rule.code) ? null : <IconCheck size={14} aria-hidden />}
              {RULE_WORDS[rule.code]} <b>{count(rule.count)}</b>
            </Link>
          </li>
        ))}
      </ul>
      {/* What was read stays as it is until its reader takes what is new. */}
      <ChangesPill
        position={page?.position}
        apply={() => {
          setTaken(taken + 1);
          return asked.refetch();
        }}
      />
      <p className="rdone" role="status">
        {told}
      </p>
      {asked.isError && !page ? <p role="alert">{asked.error.message}</p> : null}
      {items.length > 0 ? (
        <div className="exc" onKeyDown={step}>
          <div className="exch" aria-hidden="true">
            <span>{t('Vì sao ở đây')}</span>
            <span>{t('Nhiệm vụ, đơn vị chủ trì')}</span>
            <span className="num">{t('Hạn')}</span>
            {can ? <span>{t('Thao tác')}</span> : null}
          </div>
          <ul>
            {items.map((item) => (
              <Row key={item.id} item={item} scope={scope} can={can} judge={toJudge.has(item.id)} tell={(said) => { setTold(said); requestAnimationFrame(() => { if (document.activeElement === document.body) head.current?.focus(); }); }} />
            ))}
          </ul>
        </div>
      ) : null}
      {page && page.total > 0 ? (
        // Every row, of the moment and the rules that are seen.
        <ExportLinks
          path="/dashboard/exceptions"
          query={{ ...dashboardQuery(scope), asOf: scope.day ?? page.asOf, knownAt: scope.knownAt ?? `position:${page.position}`, rules: EXCEPTION_RULES.filter((rule) => !off.includes(rule)).join(',') }}
        />
      ) : null}
      {page && page.total === 0 ? <p className="quiet">{t('Theo các quy tắc đang bật, không có việc nào.')}</p> : null}
    </section>
  );
}

function Row({ item, scope, can, judge, tell }: { item: ExceptionItem; scope: Scope; can: boolean; judge: boolean; tell: (said: string) => void }) {
  const actions = [ASK, URGE, ...(judge ? [JUDGE] : []), HAND_ON, RAISE];
  const { buttons, form } = useRowActions(item.id, item.code, can ? actions : [], null, tell);
  const [first, ...others] = item.why;
  const state = stateWords(item);
  const look = item.cell === 'O2' ? 't-overdue' : first?.rule === 'due-3-below-half' ? 't-soon' : '';
  return (
    <li data-exception={item.id}>
      <div className="excr">
        <div className="rs">
          <b className={look}>{capital(first?.words ?? state.word)}</b>
          {others.map((why) => (
            <span key={why.rule} className="sub">
              {why.words}
            </span>
          ))}
        </div>
        <div className="tk">
          <Link to={href(`/viec/${encodeURIComponent(item.id)}`, scope)}>{item.content}</Link>
          <span className="sub">
            <span className="code">{item.code}</span> <span>{item.leadUnitName}</span>
          </span>
        </div>
        <div className="dl num">
          <span className="ph">{t('Hạn')} </span>
          {due(item.dueOn, item.dueTime)}
        </div>
        {can ? <div className="act">{buttons}</div> : null}
      </div>
      {form}
    </li>
  );
}
