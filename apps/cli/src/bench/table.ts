import { performance } from 'node:perf_hooks';

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
export const percentile = (values: readonly number[], p: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;
export const median = (values: readonly number[]): number => percentile(values, 0.5);
export const whole = (n: number): string => Math.round(n).toLocaleString('en');
export const perSecond = (n: number): string => `${whole(n)}/s`;
export const ms = (n: number): string => `${n.toFixed(n < 10 ? 1 : 0)} ms`;

/** A line of the table that the bench prints. */
export function row(what: string, value: string, target = ''): void {
  process.stdout.write(`| ${what.padEnd(74)} | ${value.padStart(14)} | ${target.padEnd(10)} |\n`);
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
