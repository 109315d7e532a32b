import { REPAIRS, type TaskFact } from '#tasks';
import type { BelievedRow, FigureRow } from './rows.ts';
import { advance, isRelevant, lifeOf, type Life } from './timeline.ts';

/** A task as a projection follows it: relevant facts in log order, every row ever believed in the order in which it was. */
export interface KnownTask {
  readonly facts: TaskFact[];
  readonly rows: BelievedRow[];
  /** The life those facts make; undefined where it has to be made anew. */
  life: Life | undefined;
}

export const newTask = (): KnownTask => ({ facts: [], rows: [], life: undefined });

/**
 * Takes one more fact; only ★ facts and repairs change anything. What still holds stays believed; what does not is closed at the fact's position, what is new begins there.
 * ★ facts come in the order in which they happened, so usually only stretches are added; a repair makes the whole life anew.
 */
export function learn(known: KnownTask, fact: TaskFact): void {
  const position = Number(fact.position);
  known.facts.push(fact);
  if (!isRelevant(fact.type)) return;
  const { life } = known;
  if (life && life.state !== 'voided' && !REPAIRS.has(fact.type) && fact.type !== 'TaskAssigned' && fact.occurredAt >= life.lastAt) {
    apply(known, (row, added) => added.some((next) => next.number === row.number && next.from === row.from), advance(life, fact), position);
    return;
  }
  known.life = lifeOf(known.facts);
  const next = known.life?.rows ?? [];
  const believed = known.rows.filter((row) => row.knownTo === Infinity);
  const fresh = next.filter((row) => !believed.some((old) => same(old, row)));
  apply(known, (row) => !next.some((one) => same(row, one)), fresh, position);
}

function apply(known: KnownTask, ends: (row: BelievedRow, added: readonly FigureRow[]) => boolean, added: readonly FigureRow[], position: number): void {
  known.rows.forEach((row, n) => {
    if (row.knownTo === Infinity && ends(row, added)) known.rows[n] = { ...row, knownTo: position };
  });
  known.rows.push(...added.map((row): BelievedRow => ({ ...row, knownFrom: position, knownTo: Infinity })));
}

/** Object.is compares NaN and Infinity as a reader expects. */
function same(a: FigureRow, b: FigureRow): boolean {
  const [x, y] = [a.assignment, b.assignment];
  return (
    a.number === b.number && a.state === b.state && a.from === b.from && Object.is(a.submittedAt, b.submittedAt) && Object.is(a.reopenedAt, b.reopenedAt) && a.flags === b.flags && sameDues(a.due, b.due) &&
    x.unitId === y.unitId && x.authority === y.authority && x.field === y.field && x.counted === y.counted && x.begunAt === y.begunAt && x.byTransfer === y.byTransfer && sameDues(x.original, y.original)
  );
}

function sameDues(a: FigureRow['due'], b: FigureRow['due']): boolean {
  return a === b || (a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]);
}
