import { namedIn, type ExceptionsFound } from '#oversight';
import type { Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';

/** Of those that wait for something: which wait for a task that is open and overdue at (A, K), whoever leads it. Two questions to the board, however many wait. */
export async function tellBlocked(found: ExceptionsFound, { at, known }: Point, { board, columns, marks }: Sources): Promise<void> {
  const waiting = found.hindered.map((one) => ({ one, names: namedIn(marks.obstacle(one.number, one.fact) ?? '').map((name) => (isCode(name) ? name.toUpperCase() : name.toLowerCase())) }));
  const codes = [...new Set(waiting.flatMap(({ names }) => names.filter(isCode)))];
  const idOf = codes.length === 0 ? new Map<string, string>() : await board.withCodes(codes);
  const late = waiting.flatMap(({ one, names }) => {
    const ids = names.flatMap((name) => (isCode(name) ? (idOf.get(name) ?? []) : name));
    const ofThem = ids.filter((id) => id !== one.task.taskId && columns.ofTask(id, at, known).at(-1)?.cell === 'O2');
    return ofThem.length === 0 ? [] : [{ one, ids: ofThem }];
  });
  if (late.length === 0) return;
  const codeOf = await board.codesOf(late.flatMap(({ ids }) => ids), known);
  for (const { one, ids } of late) {
    const code = ids.map((id) => codeOf.get(id)).find((known) => known !== undefined);
    if (code !== undefined) found.blocked(one, code);
  }
}

const isCode = (name: string): boolean => name.toUpperCase().startsWith('NV-');
