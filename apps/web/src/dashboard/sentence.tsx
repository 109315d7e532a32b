import { type Scope } from '../scope/scope.ts';
import { Num } from './num.tsx';
import { splitSentence, type Piece } from './sentence-parts.ts';
import { type Dashboard } from './types.ts';

/** Digits at the head of a linked piece: what its list has to hold. */
const numberIn = (text: string): number => Number((/[\d.]+/.exec(text)?.[0] ?? '0').replace(/\./g, ''));

function Pieces({ pieces, scope }: { pieces: readonly Piece[]; scope: Scope }) {
  return pieces.map((piece, index) =>
    piece.what === undefined ? (
      piece.text
    ) : (
      <Num
        key={index}
        value={numberIn(piece.text)}
        scope={scope}
        what={piece.what}
        className={piece.what === 'overdue' && numberIn(piece.text) > 0 ? 't-overdue' : ''}
      >
        {piece.text}
      </Num>
    ),
  );
}

/** The page's title: what the province looks like in one sentence, each number a way to its tasks. */
export function Sentence({ pieces, scope }: { pieces: Dashboard['sentence']; scope: Scope }) {
  const [lead, rest] = splitSentence(pieces);
  return (
    <h1 className="say">
      <span className="lead">
        <Pieces pieces={lead} scope={scope} />
      </span>
      {rest.length > 0 ? (
        <span className="rest">
          {' '}
          <Pieces pieces={rest} scope={scope} />
        </span>
      ) : null}
    </h1>
  );
}
