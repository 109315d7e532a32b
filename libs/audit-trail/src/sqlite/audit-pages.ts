import type { AuditRow, Mark } from '../audit-row.ts';

/*
 * Rows of a range of positions as one JSON text: a row of its own for every event of the log costs more time to write, and more room, than
 * all the rest of the trail. What a page says depends on its rows alone, never on how they came.
 */

/** Positions of a page: enough that the texts it names stand there once, few enough to be written again with every event that comes alone. */
const POSITIONS = 256;

export const pageOf = (position: number): number => Math.floor(position / POSITIONS);

interface StoredPage {
  readonly texts: readonly string[];
  /**
   * Of every row: its place in the page, milliseconds since the row before and of being late, then the places of its texts, counted from 1 (0:
   * none); where the last of them, the mark, is there, the deadlines before and after.
   */
  readonly cells: readonly (number | null)[];
}

/** The rows of one page, each at its place. */
export class AuditPage {
  readonly page: number;
  /** Whether it holds what is not written yet. */
  changed = false;
  private readonly rows: (AuditRow | undefined)[] = [];

  constructor(page: number, rows: readonly AuditRow[] = []) {
    this.page = page;
    for (const row of rows) this.put(row);
    this.changed = false;
  }

  put(row: AuditRow): void {
    this.rows[row.position % POSITIONS] = row;
    this.changed = true;
  }

  toStored(): string {
    const numbers = new Map<string, number>();
    const number = (text: string | null): number => {
      if (text === null) return 0;
      let n = numbers.get(text);
      if (n === undefined) numbers.set(text, (n = numbers.size + 1));
      return n;
    };
    const cells: (number | null)[] = [];
    let before = 0;
    this.rows.forEach((row, place) => {
      if (row === undefined) return;
      const { recordedAt } = row;
      cells.push(place, recordedAt - before, recordedAt - row.occurredAt, number(row.taskId), number(row.type), number(row.role), number(row.actorId));
      cells.push(number(row.unitId), number(row.otherUnitId), number(row.mark));
      if (row.mark !== null) cells.push(row.dueBefore, row.dueAfter);
      before = recordedAt;
    });
    const stored: StoredPage = { texts: [...numbers.keys()], cells };
    return JSON.stringify(stored);
  }
}

/** @throws SyntaxError, RangeError for a text that makes no sense. */
export function readPage(page: number, text: string): AuditRow[] {
  const { texts, cells } = JSON.parse(text) as StoredPage;
  let next = 0;
  const number = (): number => {
    const cell = cells[next++];
    if (typeof cell !== 'number') throw new RangeError(`page ${String(page)} ends in the middle of a row`);
    return cell;
  };
  const textOrNone = (): string | null => {
    const n = number();
    const found = n === 0 ? null : texts[n - 1];
    if (found === undefined) throw new RangeError(`page ${String(page)} names text ${String(n)} of ${String(texts.length)}`);
    return found;
  };
  const some = (): string => textOrNone() ?? '';
  const rows: AuditRow[] = [];
  for (let recordedAt = 0; next < cells.length; ) {
    const position = page * POSITIONS + number();
    recordedAt += number();
    const row = {
      position, recordedAt, occurredAt: recordedAt - number(), taskId: some(), type: some() as AuditRow['type'], role: some(), actorId: some(), unitId: some(), otherUnitId: textOrNone(),
    };
    const mark = textOrNone() as Mark | null;
    const dueBefore = mark === null ? null : cells[next++]!;
    const dueAfter = mark === null ? null : cells[next++]!;
    rows.push({ ...row, mark, dueBefore, dueAfter });
  }
  return rows;
}
