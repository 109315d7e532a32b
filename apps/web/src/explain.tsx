import { useQuery } from '@tanstack/react-query';
import { get, type Explanation, type Query } from './api.ts';
import { at, count, day, known, positionText } from './format.ts';
import { t } from './i18n.ts';
import { Figure } from './parts.tsx';
import { asQuery, type Scope } from './scope/scope.ts';
import { WhichTasks } from './scope/which-tasks.tsx';
import { AUTHORITY_WORDS, COHORT_WORDS, POLICY_WORDS } from './words.ts';

const PICKS = ['cell', 'part', 'flow', 'out', 'rate', 'side'] as const;

/** The list behind a term, in this page's own address: the same pick, the scope the reader is in. */
function pickOf(list: string): Query {
  const search = new URL(list, 'http://here').searchParams;
  return Object.fromEntries(PICKS.map((name) => [name, search.get(name)]));
}

const sentences = (definition: string | readonly string[]): readonly string[] =>
  typeof definition === 'string' ? [definition] : definition;

/** What a number means, what it is made of, and with which parameters it was counted. */
export function Explain({ pick, scope, unitName, close }: { pick: Query; scope: Scope; unitName: string; close?: () => void }) {
  const query = { ...asQuery(scope), ...pick };
  const explained = useQuery({
    queryKey: ['explain', query],
    queryFn: ({ signal }) => get<Explanation>('/figures/explain', query, signal),
  });
  const data = explained.data;
  return (
    <div className="why" aria-live="polite">
      {data ? (
        <>
          <Definition data={data} />
          <Terms data={data} scope={scope} />
          <Parameters data={data} scope={scope} unitName={unitName} />
        </>
      ) : explained.isError ? (
        <p role="alert">{explained.error.message}</p>
      ) : (
        <p>{t('Đang lấy cách tính…')}</p>
      )}
      {close ? (
        <button type="button" className="btn closeb" onClick={close}>
          {t('Đóng')} <kbd>Esc</kbd>
        </button>
      ) : null}
    </div>
  );
}

function Definition({ data }: { data: Explanation }) {
  const { value } = data;
  return (
    <div>
      <h2 className="minor">
        {data.name}: {'text' in value ? value.text : t('{{n}} việc', { n: count(value.count) })}
      </h2>
      {sentences(data.definition).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {data.formula ? <p>{t('Cách tính: {{formula}}', { formula: data.formula })}</p> : null}
      {'text' in value ? (
        <p>
          {value.denominator === 0
            ? t('Mẫu số bằng không nên ghi “không phát sinh”.')
            : t('Tử số {{numerator}}, mẫu số {{denominator}} việc.', {
                numerator: count(value.numerator),
                denominator: count(value.denominator),
              })}
        </p>
      ) : null}
      {data.officialFor.length > 0 ? <p>{t('Định nghĩa chính thức của {{names}}.', { names: data.officialFor.map((one) => one.name).join(', ') })}</p> : null}
    </div>
  );
}

function Terms({ data, scope }: { data: Explanation; scope: Scope }) {
  if (data.terms.length === 0 && data.identities.length === 0) return <div />;
  const shown = data.terms.filter((term) => term.count > 0 || data.terms.length <= 5);
  const rate = 'text' in data.value;
  const total = data.terms.reduce((all, term) => all + term.sign * term.count, 0);
  return (
    <div>
      {shown.length > 0 ? (
        <table className="sumt">
          <caption>{rate ? t('Mẫu số gồm') : t('Các số cùng loại')}</caption>
          <tbody>
            {shown.map((term) => (
              <tr key={`${term.code}${term.sign}`}>
                <th scope="row">
                  {rate && term.sign < 0 ? t('trừ {{name}}', { name: term.name }) : term.name}
                  {/^[A-Z]\d?$/.test(term.code) ? ` (${term.code})` : ''}
                </th>
                <td className="num">
                  {rate && term.sign < 0 ? '−' : ''}
                  <Figure value={term.count} scope={scope} pick={pickOf(term.list)} what={term.name} />
                </td>
              </tr>
            ))}
            {rate ? (
              <tr className="sum">
                <th scope="row">{t('Mẫu số')}</th>
                <td className="num">{count(total)}</td>
              </tr>
            ) : null}
          </tbody>
        </table>
      ) : null}
      {data.identities.length > 0 ? (
        <p className="ident">
          {t('Đẳng thức có số này:')}{' '}
          {data.identities
            .map((one) =>
              typeof one === 'string'
                ? one
                : one.holds
                  ? `${one.identity} (${count(one.left)} = ${count(one.right)})`
                  : t('{{identity}} ({{left}} = {{right}}, lệch)', { identity: one.identity, left: count(one.left), right: count(one.right) }),
            )
            .join('; ')}
        </p>
      ) : null}
    </div>
  );
}

function Parameters({ data, scope, unitName }: { data: Explanation; scope: Scope; unitName: string }) {
  const p = data.parameters;
  return (
    <dl>
      <dt>{t('Phạm vi')}</dt>
      <dd>
        {p.scope === 'tree' ? t('{{unit}}, cả đơn vị trực thuộc', { unit: unitName }) : unitName}; {AUTHORITY_WORDS[p.authority] ?? p.authority}
      </dd>
      <WhichTasks scope={scope} />
      <dt>{t('Tập việc')}</dt>
      <dd>{COHORT_WORDS[p.cohort] ?? p.cohort}</dd>
      <dt>{t('Kỳ')}</dt>
      <dd>
        {day(p.from)}–{day(p.to)}
      </dd>
      <dt>{t('Thời điểm')}</dt>
      <dd>
        {p.asOf ? at(p.asOf) : t('hiện tại')},{' '}
        {p.knownAt ? t('chỉ tính điều đã ghi nhận đến {{known}}', { known: known(p.knownAt) }) : t('theo mọi điều đã biết đến nay')}
      </dd>
      <dt>{t('Thời hạn')}</dt>
      <dd>
        {p.deadlineBasis === 'original' ? t('hạn ban đầu') : t('hạn hiện hành')}
        {p.fixedDatePolicy ? t('; giả định: {{policy}}', { policy: POLICY_WORDS[p.fixedDatePolicy] ?? p.fixedDatePolicy }) : ''}
      </dd>
      <dt>{t('Làm tròn')}</dt>
      <dd>{p.rounding === 'truncate' ? t('cắt bỏ, hai số lẻ') : t('nửa lên, hai số lẻ')}</dd>
      <dt>{t('Tổ chức')}</dt>
      <dd>{p.organisedAs === 'is' ? t('như hiện nay') : t('như vào lúc đó')}</dd>
      <dt>{t('Sự kiện')}</dt>
      <dd>
        {positionText(data.replay.position)}
        {data.replay.lastEventId ? <span className="code small"> {data.replay.lastEventId}</span> : null}
      </dd>
    </dl>
  );
}
