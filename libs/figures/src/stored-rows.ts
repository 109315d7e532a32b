import { STATES, type Assignment, type BelievedRow, type Dues } from './rows.ts';

/*
 * Rows of one task as JSON text for any storage: short, quick to read back (all of them are read at every start), and the same text for the
 * same rows. Infinity and NaN have no JSON; both are written as null and told apart by their place.
 */

type StoredDues = number | null | readonly (number | null)[];

const plain = (n: number): number | null => (Number.isFinite(n) ? n : null);
const dues = (d: Dues): StoredDues => (d[0] === d[3] && d[1] === d[3] && d[2] === d[3] ? plain(d[3]) : d.map(plain));

function readDues(stored: StoredDues): Dues {
  if (stored === null) return [Infinity, Infinity, Infinity, Infinity];
  if (typeof stored === 'number') return [stored, stored, stored, stored];
  return stored.map((n) => n ?? Infinity) as unknown as Dues;
}

type StoredAssignment = readonly [string, string, string, number, number, number, StoredDues];
type StoredRow = readonly [number, number, number, number, StoredDues, number | null, number | null, number, number, number | null];

export function writeRows(rows: readonly BelievedRow[]): string {
  const assignments: StoredAssignment[] = [];
  // By value: rows read back and rows of a life made anew hold equal assignments that are not the same object, and the text must not tell.
  const places = new Map<string, number>();
  let last: { readonly assignment: Assignment; readonly place: number } | undefined;
  const placeOf = (a: Assignment): number => {
    if (last?.assignment === a) return last.place;
    const stored: StoredAssignment = [a.unitId, a.authority, a.field, Number(a.counted), a.begunAt, Number(a.byTransfer), dues(a.original)];
    const key = JSON.stringify(stored);
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = assignments.push(stored) - 1));
    last = { assignment: a, place };
    return place;
  };
  const written = rows.map((row) => {
    const place = placeOf(row.assignment);
    return [row.number, place, STATES.indexOf(row.state), row.from, dues(row.due), plain(row.submittedAt), plain(row.reopenedAt), row.flags, row.knownFrom, plain(row.knownTo)];
  });
  return JSON.stringify([assignments, written]);
}

export function readRows(text: string): BelievedRow[] {
  const [assignments, rows] = JSON.parse(text) as readonly [readonly StoredAssignment[], readonly StoredRow[]];
  const read = assignments.map(([unitId, authority, field, counted, begunAt, byTransfer, original]): Assignment => ({
    unitId, authority, field, counted: counted === 1, begunAt, byTransfer: byTransfer === 1, original: readDues(original),
  }));
  return rows.map(([number, place, state, from, due, submittedAt, reopenedAt, flags, knownFrom, knownTo]) => ({
    number, assignment: read[place]!, state: STATES[state]!, from, due: readDues(due), submittedAt: submittedAt ?? NaN, reopenedAt: reopenedAt ?? NaN, flags, knownFrom, knownTo: knownTo ?? Infinity,
  }));
}
