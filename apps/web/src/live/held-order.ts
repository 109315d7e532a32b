import { useRef } from 'react';

/** Rows in the order of `before`; those it does not know come after them, in their own. */
export function keepOrder<T>(rows: readonly T[], keyOf: (row: T) => string, before: readonly string[]): T[] {
  const place = new Map(before.map((key, index) => [key, index]));
  const at = (row: T): number => place.get(keyOf(row)) ?? before.length;
  return [...rows].sort((a, b) => at(a) - at(b));
}

/** Numbers in a table may tick, its rows stay where they are as long as the same question is asked. */
export function useHeldOrder<T>(rows: readonly T[], keyOf: (row: T) => string, question: string): T[] {
  const held = useRef<{ question: string; keys: readonly string[] }>({ question: '', keys: [] });
  const kept = held.current.question === question ? keepOrder(rows, keyOf, held.current.keys) : [...rows];
  held.current = { question, keys: kept.map(keyOf) };
  return kept;
}
