/** Round steps for the axis: at most five of them between the lowest and the highest thing drawn. */
export function stepsFor(lowest: number, highest: number): number[] {
  const span = Math.max(1, highest - lowest);
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000].find((size) => span / size <= 5) ?? 10_000;
  const first = Math.ceil(lowest / step) * step;
  return Array.from({ length: Math.floor((highest - first) / step) + 1 }, (_, n) => first + n * step);
}

/** Text that would lie on its neighbours is moved apart, keeping the order. */
export function apart(ys: readonly number[], least: number): number[] {
  const order = ys.map((_, n) => n).sort((a, b) => (ys[a] ?? 0) - (ys[b] ?? 0));
  const out = [...ys];
  for (const [n, at] of order.entries()) {
    const before = order[n - 1];
    if (before !== undefined) out[at] = Math.max(out[at] ?? 0, (out[before] ?? 0) + least);
  }
  return out;
}
