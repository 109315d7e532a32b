import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Query } from './api.ts';

/** What the reader is looking at: carried by the address, and by every link. */
export interface Scope {
  day: string | null;
  unitId: string | null;
  period: string | null;
}

const NAMES: Record<keyof Scope, string> = { day: 'ngay', unitId: 'donVi', period: 'kyBaoCao' };

export function useScope(): Scope {
  const [search] = useSearchParams();
  const [day, unitId, period] = [search.get(NAMES.day), search.get(NAMES.unitId), search.get(NAMES.period)];
  return useMemo(() => ({ day: day || null, unitId: unitId || null, period: period || null }), [day, unitId, period]);
}

export const asQuery = (scope: Scope): Query => ({ asOf: scope.day, unitId: scope.unitId, period: scope.period });

export function href(path: string, scope: Scope, extra: Query = {}): string {
  const search = new URLSearchParams();
  for (const key of ['day', 'unitId', 'period'] as const) if (scope[key]) search.set(NAMES[key], scope[key]);
  for (const [name, value] of Object.entries(extra)) if (value) search.set(name, value);
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}
