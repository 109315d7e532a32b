import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readScope, type Scope } from './address.ts';

export * from './address.ts';

export function useScope(): Scope {
  const [search] = useSearchParams();
  const text = search.toString();
  return useMemo(() => readScope(new URLSearchParams(text)), [text]);
}
