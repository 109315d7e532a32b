import { REPAIRS, type TaskFact } from '#tasks';
import type { BelievedRow, FigureRow } from './rows.ts';
import { KeptFacts } from './stored-facts.ts';
import { advance, isRelevant, lifeOf, type Life } from './timeline.ts';

/** A task as a projection follows it: relevant facts in log order, every row ever believed in the order in which it was. */
export interface KnownTask {
  readonly facts: KeptFacts;
  readonly rows: BelievedRow[];
  /** The life those facts make; undefined where it has to be made anew. */
  life: Life | undefined;
}

export const newTask = (): KnownTask => ({ facts: new KeptFacts(), rows: [], life: undefined });

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
    const added = advance(life, fact);
    // All that it adds begins when it happened, and takes the place of what began just then.
    for (let n = 0; n < known.rows.length; n++) {
      const row = known.rows[n]!;
      if (row.from !== fact.occurredAt || row.knownTo !== Infinity) continue;
      if (added.some((next) => next.number === row.number)) known.rows[n] = { ...row, knownTo: position };
    }
    for (const row of added) known.rows.push(believedFrom(row, position));
    keepLast(life);
    return;
  }
  known.life = lifeOf(known.facts.length === 1 ? [fact] : known.facts.all());
  const next = known.life?.rows ?? [];
  const believed = known.rows.filter((row) => row.knownTo === Infinity);
  const fresh = next.filter((row) => !believed.some((old) => same(old, row)));
  known.rows.forEach((row, n) => {
    if (row.knownTo === Infinity && !next.some((one) => same(row, one))) known.rows[n] = { ...row, knownTo: position };
  });
  for (const row of fresh) known.rows.push(believedFrom(row, position));
  if (known.life) keepLast(known.life);
}

/** The next fact looks at the last stretch only, and a rebuild holds thousands of lives. */
function keepLast({ rows }: Life): void {
  rows.splice(0, rows.length - 1);
}

/** The life that the rows believed of a task now make, with its last stretch; `dueBy` is the event that set the deadline in force, which no row tells. */
export function lifeFromRows(rows: readonly BelievedRow[], dueBy: string): Life | undefined {
  const believed = rows.filter((row) => row.knownTo === Infinity).sort((a, b) => a.number - b.number || a.from - b.from);
  const last = believed.at(-1);
  if (!last) return undefined;
  const { number, assignment, state, due, submittedAt, reopenedAt, flags, from } = last;
  return { rows: [last], number, assignment, state, due, dueBy, submittedAt, reopenedAt, flags, lastAt: from };
}

/** Written out, not spread: this runs for every ★ fact of a rebuild. */
const believedFrom = (row: FigureRow, position: number): BelievedRow => ({
  number: row.number, assignment: row.assignment, state: row.state, from: row.from, due: row.due, submittedAt: row.submittedAt, reopenedAt: row.reopenedAt, flags: row.flags, knownFrom: position, knownTo: Infinity,
});

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
