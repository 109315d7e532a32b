/** True in `npm run test:full`. */
export const FULL = process.env['NHACVIEC_FULL'] !== undefined;

/** Prints what a campaign went through, also where nothing failed: a number that nobody sees is not a claim. */
export function told(title: string, numbers: Readonly<Record<string, number | string>>): void {
  process.stderr.write(
    `${title}: ${Object.entries(numbers)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}\n`,
  );
}

/** A seeded source of numbers in [0, 1): a failing round can be drawn again (mulberry32). */
export function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
