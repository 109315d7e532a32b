import { type Scope } from '../scope/scope.ts';
import { Num } from './num.tsx';
import { type Dashboard } from './types.ts';

/** Digits at the head of a linked piece: what its list has to hold. */
const numberIn = (text: string): number => Number((/[\d.]+/.exec(text)?.[0] ?? '0').replace(/\./g, ''));

type Piece = Dashboard['sentence'][number];

/** The first clause is the answer, in the largest type; what follows its first full stop or comma-closed part stands under it. */
function split(pieces: readonly Piece[]): [Piece[], Piece[]] {
  const lead: Piece[] = [];
  const rest: Piece[] = [];
  let over = false;
  for (const piece of pieces) {
    if (over) {
      rest.push(piece);
      continue;
    }
    const cut = piece.what === undefined ? /[,;.](?=\s|$)(?![^(]*\))/.exec(piece.text) : null;
    if (!cut) {
      lead.push(piece);
      continue;
    }
    over = true;
    const end = cut.index + 1;
    lead.push({ text: piece.text.slice(0, end).replace(/[,;]$/, '.') });
    const tail = piece.text.slice(end).trimStart();
    if (tail) rest.push({ text: rest.length === 0 ? tail.charAt(0).toUpperCase() + tail.slice(1) : tail });
  }
  return [lead, rest];
}

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
  const [lead, rest] = split(pieces);
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
