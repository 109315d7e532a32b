import { count } from '../format.ts';

/** A part of the total in hundredths of a per cent, rounded half up as the rates are. */
export function share(part: number, whole: number): string {
  const hundredths = Math.floor((part * 20_000 + whole) / (2 * whole));
  const digits = `${count(Math.floor(hundredths / 100))},${String(hundredths % 100).padStart(2, '0')}`.replace(/,?0+$/, (tail) =>
    tail.startsWith(',') ? '' : tail.replace(/0+$/, ''),
  );
  return `${digits} %`;
}
