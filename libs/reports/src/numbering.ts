const ROMAN = [['X', 10], ['IX', 9], ['V', 5], ['IV', 4], ['I', 1]] as const;

/** 1 → "I", 14 → "XIV". */
export function romanNumber(n: number): string {
  let text = '';
  for (let left = n; left > 0; ) {
    const [sign, value] = ROMAN.find(([, one]) => one <= left)!;
    text += sign;
    left -= value;
  }
  return text;
}
