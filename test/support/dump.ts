import type { Runtime } from '../../apps/api/src/runtime.ts';

/** Every row of every read model that serves, in a fixed order: two that are equal print the same. */
export async function readModelRows({ projector }: Pick<Runtime, 'projector'>): Promise<string> {
  const rows: string[] = [];
  for await (const row of projector.dump()) rows.push(row);
  return rows.join('\n');
}
