import { type Dashboard } from './types.ts';

export type Piece = Dashboard['sentence'][number];

/** The first clause is the answer, in the largest type; what follows its first full stop or comma-closed part stands under it. */
export function splitSentence(pieces: readonly Piece[]): [Piece[], Piece[]] {
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
