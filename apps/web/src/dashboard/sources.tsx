import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { type Counts, type Figures } from '../api.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { Figure } from '../parts.tsx';
import { type Scope } from '../scope/scope.ts';
import { FLOW_WORDS, OUT_WORDS, PART_GROUPS, PART_WORDS } from '../words.ts';

function Lines({
  counts,
  keys,
  words,
  by,
  scope,
}: {
  counts: Counts;
  keys: readonly string[];
  words: Record<string, string>;
  by: string;
  scope: Scope;
}) {
  return (
    <tbody>
      {keys
        .filter((key) => counts[key] !== undefined)
        .map((key) => (
          <tr key={key}>
            <th scope="row">{words[key] ?? key}</th>
            <td className="num">
              <Figure value={counts[key] ?? 0} scope={scope} pick={{ [by]: key }} what={words[key] ?? key} />
            </td>
          </tr>
        ))}
    </tbody>
  );
}

/** Where the total comes from, what moved in the period, what stands outside, and that it all adds up. */
export function Sources({ data, scope }: { data: Figures; scope: Scope }) {
  const broken = data.balances.filter((balance) => !balance.holds);
  return (
    <>
      <div className="cols3">
        <section aria-labelledby="h-parts">
          <h2 id="h-parts">{t('Tổng số từ đâu')}</h2>
          {PART_GROUPS.map((group) => (
            <table key={group.title} className="lines">
              <caption>{group.title}</caption>
              <Lines counts={data.parts} keys={group.keys} words={PART_WORDS} by="part" scope={scope} />
            </table>
          ))}
        </section>
        <section aria-labelledby="h-flow">
          <h2 id="h-flow">{t('Vào, ra trong kỳ')}</h2>
          <table className="lines">
            <caption>{t('Theo kỳ, tập việc C2')}</caption>
            <Lines counts={data.flow} keys={Object.keys(FLOW_WORDS)} words={FLOW_WORDS} by="flow" scope={scope} />
          </table>
        </section>
        <section aria-labelledby="h-out">
          <h2 id="h-out">{t('Ngoài tổng số')}</h2>
          <table className="lines">
            <caption>{t('Đã rút, hủy, chuyển, trả lại, trùng')}</caption>
            <Lines counts={data.out} keys={Object.keys(OUT_WORDS)} words={OUT_WORDS} by="out" scope={scope} />
          </table>
        </section>
      </div>
      <section aria-labelledby="h-bal">
        <h2 id="h-bal" className={broken.length > 0 ? 't-overdue' : ''}>
          {broken.length > 0 ? t('{{n}} đẳng thức không khớp, không dùng số liệu này', { n: count(broken.length) }) : t('Các đẳng thức đều khớp')}
        </h2>
        <table className="plain bal">
          <thead>
            <tr>
              <th scope="col">{t('Đẳng thức')}</th>
              <th scope="col" className="num">
                {t('Vế trái')}
              </th>
              <th scope="col" className="num">
                {t('Vế phải')}
              </th>
              <th scope="col">{t('Kết quả')}</th>
            </tr>
          </thead>
          <tbody>
            {data.balances.map((balance) => (
              <tr key={balance.identity}>
                <th scope="row">{balance.identity}</th>
                <td className="num">{count(balance.left)}</td>
                <td className="num">{count(balance.right)}</td>
                <td className="stt">
                  {balance.holds ? <IconCheck size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden className="t-overdue" />}
                  {balance.holds ? t('Khớp') : t('Lệch')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
