import { type Changes, type Figures } from '../api.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { Figure, LookIcon } from '../parts.tsx';
import { type Scope } from '../scope/scope.ts';
import { CELL_WORDS, MAIN, REST, SHORT_WORDS, sum, type Kind } from '../words.ts';
import { Delta } from './delta.tsx';
import { Num } from './num.tsx';
import { OnlyLink } from './only-link.tsx';
import { share } from './share.ts';
import { type Dashboard } from './types.ts';

/** The bar for those who point at it: a part narrows the page, as the word below it does, so it is nothing to a reader of the page and no stop for Tab. */
function PointedBar({ data, soon }: { data: Figures; soon: number }) {
  const parts = [...MAIN, ...REST].flatMap((kind) => {
    const n = sum(data.cells, kind.cells);
    const part = { look: kind.look, what: kind.what, n };
    if (kind.key !== 'intime' || soon === 0 || soon > n) return [part];
    return [{ ...part, n: n - soon }, { look: 'soon', what: 'due-3', n: soon }];
  });
  return (
    <div className="bar big" aria-hidden="true">
      {parts.map(({ look, what, n }) =>
        n === 0 ? null : (
          <OnlyLink key={what} what={what} n={n} className={`c-${look}`} style={{ flexGrow: n }} pointed>
            {n / data.total > 0.04 ? <b>{count(n)}</b> : null}
          </OnlyLink>
        ),
      )}
    </div>
  );
}

/** The total as one bar, its cells in words, and what moved in each since the comparison point. */
export function Strip({
  data,
  scope,
  unitName,
  since,
  sinceText,
  changes,
  soon,
}: {
  data: Figures;
  scope: Scope;
  unitName: string;
  since: Dashboard['since'] | undefined;
  /** What the changes are measured from. */
  sinceText: string;
  changes: Changes | undefined;
  /** Of those in time, due within three working days; null where figures are counted in another way than the dashboard. */
  soon: number | null;
}) {
  const { from, to } = data.parameters;
  const delta = (kind: Kind, brief: boolean, right: boolean) =>
    changes && since ? <Delta kind={kind} scope={scope} since={since} changes={changes} brief={brief} right={right} /> : null;
  const before = changes?.since.total;
  return (
    <section aria-labelledby="h-strip" className="strip">
      <h2 id="h-strip" className="striph">
        {t('Tổng số')} <Figure value={data.total} scope={scope} pick={{ rate: 'R3', side: 'denominator' }} what={t('tổng số được giao')} />{' '}
        <span className="quiet">
          {t('việc được giao, {{unit}}, kỳ {{from}}–{{to}}', { unit: unitName, from: day(from), to: day(to) })}
          {before === undefined
            ? ''
            : before === data.total
              ? t(', không đổi so với {{since}}', { since: sinceText })
              : before < data.total
                ? t(', tăng {{n}} so với {{since}}', { n: count(data.total - before), since: sinceText })
                : t(', giảm {{n}} so với {{since}}', { n: count(before - data.total), since: sinceText })}
        </span>
      </h2>
      <PointedBar data={data} soon={soon ?? 0} />
      <ul className="key">
        {MAIN.map((kind, index) => {
          const cell = kind.cells[0] ?? '';
          const n = data.cells[cell] ?? 0;
          return (
            <li key={kind.key}>
              <span className="w">
                <i className={`sw c-${kind.look}`} aria-hidden="true" />
                <LookIcon look={kind.look} />
                <OnlyLink what={kind.what} n={n}>
                  {kind.word}
                </OnlyLink>
              </span>
              <span className="vv">
                <Figure
                  value={n}
                  scope={scope}
                  pick={{ cell }}
                  what={kind.word.toLowerCase()}
                  className={`v ${kind.key === 'overdue' && n > 0 ? 't-overdue' : ''}`}
                />
                {data.total > 0 ? <span className="quiet"> {share(n, data.total)}</span> : null}
              </span>
              {delta(kind, false, index > 2)}
              {kind.key === 'intime' && soon !== null && n > 0 ? (
                <span className="soonin">
                  <i className="sw c-soon" aria-hidden="true" />
                  <OnlyLink what="due-3" n={soon}>
                    {t('trong đó sắp đến hạn')}
                  </OnlyLink>{' '}
                  <Num value={soon} scope={scope} what="due-3" className={soon > 0 ? 't-soon' : ''} />
                </span>
              ) : null}
            </li>
          );
        })}
        <li className="rest">
          <ul>
            {REST.map((kind) => {
              const n = sum(data.cells, kind.cells);
              const some = kind.cells.filter((cell) => (data.cells[cell] ?? 0) > 0);
              const moved =
                changes && kind.cells.some((cell) => (changes.cells[cell]?.entered ?? 0) + (changes.cells[cell]?.left ?? 0) > 0);
              return (
                <li key={kind.key}>
                  <span className="w">
                    <i className={`sw c-${kind.look}`} aria-hidden="true" />
                    <LookIcon look={kind.look} />
                    <OnlyLink what={kind.what} n={n}>
                      {kind.word}
                    </OnlyLink>
                  </span>
                  {some.length === 0 ? (
                    <span className="v zero">0</span>
                  ) : some.length === 1 && some[0] !== undefined ? (
                    <Figure value={n} scope={scope} pick={{ cell: some[0] }} what={CELL_WORDS[some[0]] ?? kind.word} className="v" />
                  ) : (
                    <>
                      <span className="v">{count(n)}</span>
                      <span className="split">
                        {some.map((cell) => (
                          <span key={cell}>
                            {SHORT_WORDS[cell]}{' '}
                            <Figure value={data.cells[cell] ?? 0} scope={scope} pick={{ cell }} what={CELL_WORDS[cell] ?? cell} />
                          </span>
                        ))}
                      </span>
                    </>
                  )}
                  {moved ? delta(kind, true, true) : null}
                </li>
              );
            })}
          </ul>
        </li>
      </ul>
    </section>
  );
}
