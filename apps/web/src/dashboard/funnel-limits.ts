const Z = 1.96;

/** Where a rate of so many tasks lies 95 times in 100 if nothing but chance sets it apart from `mean` (both in per cent): Wilson's interval about it. */
export function limitsAt(mean: number, size: number): [number, number] {
  const p = mean / 100;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * size)) / (1 + z2 / size);
  const half = (Z * Math.sqrt((p * (1 - p)) / size + z2 / (4 * size * size))) / (1 + z2 / size);
  return [Math.max(0, (middle - half) * 100), Math.min(100, (middle + half) * 100)];
}

export type Place = 'below' | 'within' | 'above';
export function placeIn(mean: number, size: number, rate: number): Place {
  const [low, high] = limitsAt(mean, size);
  return rate < low ? 'below' : rate > high ? 'above' : 'within';
}
