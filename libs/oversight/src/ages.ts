/** How long something is overdue, in calendar days: overdue since today's hour counts with the first days. */
export const AGES = ['1-7', '8-30', '31-90', 'over-90'] as const;
export type Age = (typeof AGES)[number];

export const ageOf = (days: number): Age => (days <= 7 ? '1-7' : days <= 30 ? '8-30' : days <= 90 ? '31-90' : 'over-90');

/** The middle one, or the lower of the two in the middle: always an age that a task has. Null of nothing. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? null;
}
