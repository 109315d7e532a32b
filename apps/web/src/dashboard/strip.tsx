import { useRef, useState } from 'react';
import { type Changes, type Figures } from '../api.ts';
import { ChangePanel, Delta } from '../compare/panel.tsx';
import { useEscape } from '../escape.ts';
import { count, day } from '../format.ts';
import { Bar, Figure, LookIcon } from '../parts.tsx';
import { type Scope } from '../scope/scope.ts';
import { CELL_WORDS, MAIN, REST, SHORT_WORDS, sum, type Kind } from '../words.ts';

/** The total as one bar, its cells in words, and, where two points are compared, what moved in each. */
export function Strip({ data, scope, unitName, changes }: { data: Figures; scope: Scope; unitName: string; changes: Changes | undefined }) {
  const { from, to } = data.parameters;
  const [open, setOpen] = useState<string | null>(null);
  const opener = useRef<HTMLButtonElement | null>(null);
  const close = () => {
    setOpen(null);
    opener.current?.focus();
  };
  useEscape(open !== null, close);
  const moves = (kind: Kind) =>
    changes !== undefined && kind.cells.some((cell) => (changes.cells[cell]?.entered ?? 0) + (changes.cells[cell]?.left ?? 0) > 0);
  const asked = [...MAIN, ...REST].find((kind) => kind.key === open);
  const delta = (kind: Kind) =>
    changes ? (
      <Delta
        changes={changes}
        kind={kind}
        open={open === kind.key}
        toggle={(button) => {
          opener.current = button;
          setOpen(open === kind.key ? null : kind.key);
        }}
      />
    ) : null;
  return (
    <section aria-labelledby="h-strip">
      <h2 id="h-strip" className="striph">
        <Figure value={data.total} scope={scope} pick={{ rate: 'R3', side: 'denominator' }} what="tổng số được giao" /> việc được giao,{' '}
        {unitName}
        <span className="quiet">
          {' '}
          · kỳ {day(from)}–{day(to)}
        </span>
      </h2>
      <Bar cells={data.cells} total={data.total} big />
      <ul className="key">
        {MAIN.map((kind) => {
          const cell = kind.cells[0] ?? '';
          const n = data.cells[cell] ?? 0;
          return (
            <li key={kind.key}>
              <span className="w">
                <i className={`sw c-${kind.look}`} aria-hidden="true" />
                <LookIcon look={kind.look} />
                {kind.word}
              </span>
              <Figure
                value={n}
                scope={scope}
                pick={{ cell }}
                what={kind.word.toLowerCase()}
                className={`v ${kind.key === 'overdue' && n > 0 ? 't-overdue' : ''}`}
              />
              {delta(kind)}
            </li>
          );
        })}
        <li className="rest">
          <ul>
            {REST.map((kind) => {
              const n = sum(data.cells, kind.cells);
              const some = kind.cells.filter((cell) => (data.cells[cell] ?? 0) > 0);
              return (
                <li key={kind.key}>
                  <span className="w">
                    <i className={`sw c-${kind.look}`} aria-hidden="true" />
                    <LookIcon look={kind.look} />
                    {kind.word}
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
                  {moves(kind) ? delta(kind) : null}
                </li>
              );
            })}
          </ul>
        </li>
      </ul>
      {changes && asked ? <ChangePanel id="thay-doi" changes={changes} kind={asked} scope={scope} close={close} /> : null}
    </section>
  );
}
