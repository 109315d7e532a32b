import { Link } from 'react-router';
import { at, count, known, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { usualSince } from '../scope/chips.tsx';
import { compares, href, type Scope } from '../scope/scope.ts';
import { AUTHORITY_WORDS } from '../words.ts';
import { Num } from './num.tsx';
import { type Dashboard } from './types.ts';
import { WhichTasks } from '../scope/which-tasks.tsx';
import { whatWords } from './what-words.ts';

/** One line of a sum: a number with its list, or one without. */
export interface Term {
  value: number;
  what: string;
  week?: string;
}

/** Where a number of the dashboard stands: enough to count it again. */
export type CountedAt = Pick<Dashboard, 'asOf' | 'knownAt' | 'position'> & { since?: Dashboard['since'] };

/** What a number of the dashboard means, what it is made of, and where and when it was counted. */
export function WhyWhat({
  title,
  what,
  week,
  terms = [],
  total,
  more,
  scope,
  unitName,
  counted,
  close,
}: {
  title: string;
  what: string;
  week?: string | undefined;
  terms?: readonly Term[];
  /** The sum under the terms, where they add up to one. */
  total?: { word: string; value: number };
  more?: string;
  scope: Scope;
  unitName: string;
  counted: CountedAt;
  close?: () => void;
}) {
  const { means } = whatWords(what, week ?? null);
  const frozen: Scope = { ...scope, day: scope.day ?? counted.asOf, knownAt: scope.knownAt ?? `position:${counted.position}` };
  return (
    <div className="why" data-why={what}>
      <div>
        <h2 className="minor">{title}</h2>
        <p>{means}</p>
        {more ? <p>{more}</p> : null}
      </div>
      {terms.length > 0 ? (
        <div>
          <table className="sumt">
            <caption>{t('Gồm những số nào')}</caption>
            <tbody>
              {terms.map((term) => (
                <tr key={term.what}>
                  <th scope="row">{whatWords(term.what, term.week ?? null).name}</th>
                  <td className="num">
                    <Num value={term.value} scope={scope} what={term.what} {...(term.week ? { week: term.week } : {})} />
                  </td>
                </tr>
              ))}
              {total ? (
                <tr className="sum">
                  <th scope="row">{total.word}</th>
                  <td className="num">{count(total.value)}</td>
                </tr>
              ) : null}
            </tbody>
          </table>
        </div>
      ) : (
        <div />
      )}
      <dl>
        <dt>{t('Phạm vi')}</dt>
        <dd>
          {scope.tree ? t('{{unit}}, cả đơn vị trực thuộc', { unit: unitName }) : unitName}; {AUTHORITY_WORDS[scope.authority ?? 'all'] ?? scope.authority}
        </dd>
        <WhichTasks scope={scope} />
        <dt>{t('Tập việc')}</dt>
        <dd>{t('kỳ chứa thời điểm đang xem, tập C2, hạn hiện hành')}</dd>
        <dt>{t('Thời điểm')}</dt>
        <dd>
          {at(counted.asOf)},{' '}
          {counted.knownAt
            ? t('chỉ tính điều đã ghi nhận đến {{known}}', { known: known(counted.knownAt) })
            : t('theo mọi điều đã biết đến nay')}
        </dd>
        {counted.since ? (
          <>
            <dt>{t('So với')}</dt>
            <dd>{compares(scope) ? at(counted.since.asOf) : `${at(counted.since.asOf)} (${usualSince(counted.since.by)})`}</dd>
          </>
        ) : null}
        <dt>{t('Sự kiện')}</dt>
        <dd>
          {positionText(counted.position)} · <Link to={href('/', frozen)}>{t('Phát lại đến lúc này')}</Link>
        </dd>
      </dl>
      {close ? (
        <button type="button" className="btn closeb" onClick={close}>
          {t('Đóng')} <kbd>Esc</kbd>
        </button>
      ) : null}
    </div>
  );
}
