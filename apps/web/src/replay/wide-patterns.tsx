import { useState } from 'react';
import { Link } from 'react-router';
import { type Query } from '../api.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { Failure, Loading } from '../states.tsx';
import { LIMITS, subjectQuery, usePages, useRules, type Rule, type RulePage, type Threshold, type WideView } from './audit.ts';
import { EventLines, More } from './wide-events.tsx';

const limitsOf = (view: WideView): Query => Object.fromEntries(LIMITS.map((name) => [name, view.get(name)]));

/** Named rules with their limits: facts to look at, each with its link. Nothing here is a charge. */
export function WidePatterns({ view }: { view: WideView }) {
  const query: Query = {
    ...subjectQuery(view),
    from: view.from,
    to: view.to,
    asOf: view.b,
    knownAt: view.knownNow ? null : view.b,
    ...limitsOf(view),
  };
  const rules = useRules(query);
  const open = view.get('quyTac');
  if (rules.error && !rules.data)
    return (
      <Failure error={rules.error} retry={() => void rules.refetch()}>
        <Link className="btn" to={view.link(Object.fromEntries(LIMITS.map((name) => [name, null])))}>
          {t('Về các ngưỡng mặc định')}
        </Link>
      </Failure>
    );
  if (!rules.data) return <Loading what={t('các quy tắc')} />;
  return (
    <section aria-labelledby="h-rules" data-ready={rules.isPlaceholderData ? undefined : 'yes'}>
      <h2 id="h-rules">
        {t('Điều khác thường, theo sáu quy tắc')}{' '}
        <span className="quiet">
          {t('ghi từ {{from}} đến {{to}}, xét tại B', { from: day(rules.data.from ?? view.a), to: day(rules.data.to ?? view.b) })}
        </span>
      </h2>
      <p>
        {t(
          'Mỗi con số là những sự kiện có thật trong nhật ký, để xem và hỏi thêm; tự nó không nói ai làm sai. Ngưỡng đổi được, và đi theo đường dẫn.',
        )}
      </p>
      <ul className="rules">
        {rules.data.rules.map((rule) => (
          <RuleRow key={rule.code} rule={rule} view={view} query={query} open={open === rule.code} />
        ))}
      </ul>
    </section>
  );
}

function RuleRow({ rule, view, query, open }: { rule: Rule; view: WideView; query: Query; open: boolean }) {
  return (
    <li data-rule={rule.code} data-total={rule.total}>
      <div className="rulehead">
        <div>
          <h3>{rule.name}</h3>
          <p className="quiet">{rule.words}</p>
        </div>
        <p className="rulecount">
          <Link
            to={view.link({ quyTac: open ? null : rule.code, nhom: null })}
            aria-expanded={open}
            preventScrollReset
            replace
            data-count={rule.total}
          >
            <span className="big">{count(rule.total)}</span>{' '}
            {rule.groups === null ? t('sự kiện') : t('sự kiện, trong {{n}} nhóm', { n: count(rule.groups) })}
            <span className="vh">{t(', {{name}}: xem danh sách', { name: rule.name })}</span>
          </Link>
        </p>
      </div>
      <div className="controls" role="group" aria-label={t('Ngưỡng của quy tắc: {{name}}', { name: rule.name })}>
        {rule.thresholds.map((one) => (
          <Limit key={one.name} limit={one} set={(value) => view.set({ [one.name]: value })} />
        ))}
      </div>
      {open ? <RuleList rule={rule} view={view} query={query} /> : null}
    </li>
  );
}

function Limit({ limit, set }: { limit: Threshold; set: (value: string | null) => void }) {
  const shown = String(limit.value);
  const [typed, setTyped] = useState<string | null>(null);
  const give = (value: string) => set(value === String(limit.standard) ? null : value);
  if (typeof limit.value === 'boolean')
    return (
      <label className="pick check">
        <input type="checkbox" name={limit.name} checked={limit.value} onChange={(event) => give(String(event.target.checked))} />
        <span>{limit.words}</span>
      </label>
    );
  if (limit.choices)
    return (
      <label className="pick">
        <span>{limit.words}</span>
        <select name={limit.name} value={shown} onChange={(event) => give(event.target.value)}>
          {limit.choices.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    );
  const { min = 0, max = 99_999 } = limit;
  const done = () => {
    if (typed === null) return;
    const value = Math.min(max, Math.max(min, Math.round(Number(typed))));
    setTyped(null);
    if (typed.trim() !== '' && Number.isFinite(value)) give(String(value));
  };
  return (
    <label className="pick">
      <span>{limit.words}</span>
      <input
        type="number"
        name={limit.name}
        min={min}
        max={max}
        value={typed ?? shown}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
        }}
      />
      {String(limit.standard) === shown ? null : <span className="sub">{t('mặc định {{n}}', { n: String(limit.standard) })}</span>}
    </label>
  );
}

function RuleList({ rule, view, query }: { rule: Rule; view: WideView; query: Query }) {
  const group = view.get('nhom');
  const pages = usePages<RulePage>(`/audit/patterns/${rule.code}`, { ...query, group: rule.groups === null ? null : group });
  const first = pages.data?.pages[0];
  if (pages.error && !first)
    return (
      <Failure error={pages.error} retry={() => void pages.refetch()}>
        <Link className="btn" to={view.link({ nhom: null })} replace preventScrollReset>
          {t('Về danh sách của quy tắc')}
        </Link>
      </Failure>
    );
  if (!first) return <Loading what={t('danh sách của quy tắc')} />;
  const groups = pages.data?.pages.flatMap((page) => page.groups ?? []) ?? [];
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="rulelist" data-list={rule.code}>
      {first.groups !== null ? (
        groups.length === 0 ? (
          <p className="quiet">{t('Không nhóm nào đạt ngưỡng.')}</p>
        ) : (
          <ul className="rulegroups">
            {groups.map((one) => (
              <li key={one.key}>
                <Link to={view.link({ nhom: one.key })} replace preventScrollReset>
                  {one.words}
                </Link>
              </li>
            ))}
          </ul>
        )
      ) : (
        <>
          {rule.groups !== null ? (
            <p>
              <Link to={view.link({ nhom: null })} replace preventScrollReset>
                {t('Về các nhóm của quy tắc')}
              </Link>
            </p>
          ) : null}
          <EventLines items={items} />
        </>
      )}
      <More pages={pages} shown={first.groups !== null ? groups.length : items.length} total={first.total} />
    </div>
  );
}
