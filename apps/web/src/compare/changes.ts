import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, type Changes } from '../api.ts';
import { asQuery, compares, sinceQuery, type Scope } from '../scope/scope.ts';

/** The comparison the scope asks for, if it asks for one. `limit` is how many tasks of each group are told. */
export function useChanges(scope: Scope, limit = 50) {
  const query = { ...asQuery(scope), ...sinceQuery(scope), limit: String(limit) };
  return useQuery({
    queryKey: ['changes', query],
    queryFn: ({ signal }) => get<Changes>('/figures/changes', query, signal),
    enabled: compares(scope),
    placeholderData: keepPreviousData,
  });
}
