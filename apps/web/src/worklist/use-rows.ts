import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, type Page, type Query, type TaskItem } from '../api.ts';

export const PAGE = 100;
const AT_ONCE = 4;

/**
 * The list as it was at its first page: the pages that follow are of the same moment, fetched where the reader looks, so that no row moves, comes
 * twice or is missing whatever is recorded meanwhile. `from` and `to` are the rows in sight.
 */
export function useRows(query: Query, from: number, to: number) {
  const client = useQueryClient();
  const first = useQuery({
    queryKey: ['tasks', 'first', query],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { ...query, limit: String(PAGE) }, signal),
    placeholderData: keepPreviousData,
    // Rows change when their reader says so.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const total = first.data?.total ?? 0;
  const pin = first.data?.nextCursor ?? null;
  const keyOf = (page: number) => ['tasks', 'more', query, pin, page];
  const pageQuery = (page: number) => ({
    queryKey: keyOf(page),
    queryFn: ({ signal }: { signal: AbortSignal }) => get<Page<TaskItem>>('/tasks', { ...query, limit: String(PAGE), cursor: pin, row: String(page * PAGE) }, signal),
    staleTime: Infinity,
  });
  const asked: number[] = [];
  if (pin !== null && !first.isPlaceholderData)
    for (let page = Math.max(1, Math.floor(from / PAGE)); page <= Math.min(Math.floor(to / PAGE), Math.floor((total - 1) / PAGE)); page++) asked.push(page);
  useQueries({
    queries: asked.map((page) => ({ ...pageQuery(page), refetchOnWindowFocus: false, refetchOnReconnect: false })),
  });
  /** The row, where its page has come. */
  const rowAt = (index: number): TaskItem | undefined => {
    if (index < PAGE) return first.data?.items[index];
    return client.getQueryData<Page<TaskItem>>(keyOf(Math.floor(index / PAGE)))?.items[index % PAGE];
  };
  /** Reads the rows up to there that have not been read. @throws when one of their pages does not come */
  const load = async (upTo: number): Promise<void> => {
    if (pin === null) return;
    for (let page = 1; page * PAGE < upTo; page += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, n) => page + n)
          .filter((one) => one * PAGE < upTo)
          .map((one) => client.query(pageQuery(one))),
      );
  };
  return { first, total, rowAt, load };
}
