import { countVi, dayVi, proseCountVi, type Day } from '#kernel';
import type { Counts } from './counts.ts';
import { RATES, rateOf, type Rounding } from './rates.ts';

const R2 = RATES.find((rate) => rate.code === 'R2')!;

/** The sentence of domain.md §4.3; parts in square brackets there appear only when not zero. `until` is "hết ngày 28/11/2020" or an instant in words. */
export function sentence(counts: Counts, asOf: Day | { readonly words: string }, rounding: Rounding = 'half-up'): string {
  const { cells } = counts;
  const r2 = rateOf(R2, counts, rounding);
  const undecided = cells.V1 + cells.V2 + cells.V3;
  const when = (n: number, text: string): string => (n === 0 ? '' : `, ${text}`);
  return (
    `Hoàn thành đúng hạn ${countVi(r2.numerator)}/${countVi(r2.denominator)} việc đã đến hạn hoặc đã hoàn thành (${r2.text}); tổng số việc được giao ${proseCountVi(counts.total)}` +
    when(cells.D2, `hoàn thành quá hạn ${proseCountVi(cells.D2)}`) +
    when(cells.D3, `hoàn thành không thời hạn ${proseCountVi(cells.D3)}`) +
    when(undecided, `chờ xác nhận ${proseCountVi(undecided)}`) +
    when(cells.O1, `còn ${proseCountVi(cells.O1)} việc trong thời hạn xử lý`) +
    `, ${proseCountVi(cells.O2)} việc quá hạn` +
    when(cells.O3, `${proseCountVi(cells.O3)} việc chưa có thời hạn`) +
    when(cells.X, `${proseCountVi(cells.X)} việc tạm dừng`) +
    ` (tính đến ${typeof asOf === 'string' ? `hết ngày ${dayVi(asOf)}` : asOf.words}).`
  );
}

/** The bullet of the report's section II.4. */
export function bullet(text: string): string {
  return `- Trên phần mềm nhắc việc của UBND tỉnh: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
