import { ask, type Query } from '../api.ts';

const PATIENCE_MS = 15_000;

/** Who asks: a person in a role, or a paired room screen, which can only read its own meeting. */
export type Asker = { actor: string } | { screenToken: string };

export const headersOf = (as: Asker): Record<string, string> => ('actor' in as ? { 'x-actor': as.actor } : { 'x-screen-token': as.screenToken });

export async function getAs<T>(as: Asker, path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const tail = search.size > 0 ? `?${search.toString()}` : '';
  // A request that hangs would keep the next one from being asked.
  const given = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(PATIENCE_MS)]);
  return (await ask(`${path}${tail}`, { headers: { accept: 'application/json', ...headersOf(as) }, signal: given })) as T;
}

/** What is not a command of the log: what the room shows, pairing, a preview. */
export async function postAs<T>(as: Asker | null, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...(as ? headersOf(as) : {}) };
  return (await ask(path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) })) as T;
}

export const briefingPath = (id: string): string => `/briefings/${encodeURIComponent(id)}`;
