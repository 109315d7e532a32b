import { namedIn, type ExceptionsFound } from '#oversight';
import type { Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';

/** Codes never change, so whose they are is asked once. */
const idsByCode = new WeakMap<Sources, Map<string, string>>();

/** Of those that wait for something: which wait for a task that is open and overdue at (A, K), whoever leads it. */
export async function tellBlocked(found: ExceptionsFound, { at, known }: Point, runtime: Sources): Promise<void> {
  const ids = idsByCode.get(runtime) ?? new Map<string, string>();
  idsByCode.set(runtime, ids);
  for (const one of found.hindered) {
    for (const name of namedIn(runtime.marks.obstacle(one.number, one.fact) ?? '')) {
      const id = await idOf(name, ids, runtime);
      if (id === undefined || id === one.task.taskId || runtime.columns.ofTask(id, at, known).at(-1)?.cell !== 'O2') continue;
      const code = (await runtime.board.byId(id, known))?.code;
      if (code === undefined) continue;
      found.blocked(one, code);
      break;
    }
  }
}

async function idOf(name: string, ids: Map<string, string>, { board }: Sources): Promise<string | undefined> {
  if (!name.toUpperCase().startsWith('NV-')) return name.toLowerCase();
  const code = name.toUpperCase();
  const known = ids.get(code);
  if (known !== undefined) return known;
  for (const task of await board.byIds([...(await board.search(code))])) {
    if (task.code !== code) continue;
    ids.set(code, task.id);
    return task.id;
  }
  return undefined;
}
