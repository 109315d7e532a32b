import { dayVi, isDay, type Day } from '#kernel';
import { secretCountsInForce, type SecretCount, type SecretCountEntry, type SecretCountEvent } from './secret-counts.ts';

const MOST = 1_000_000;

/** Why a count is not recorded. `fact` is the recorded count in the way. */
export interface SecretCountRejection {
  readonly status: 409 | 422;
  readonly code: 'date-does-not-exist' | 'period-reversed' | 'in-the-future' | 'count-invalid' | 'completed-exceeds-assigned' | 'secret-count-overlaps' | 'secret-count-unchanged';
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
  readonly fact?: SecretCountEntry;
}

export type SecretCountDecision = { readonly ok: true; readonly events: readonly SecretCountEvent[] } | { readonly ok: false; readonly rejection: SecretCountRejection };

/**
 * Records a unit's count for a period, or replaces the one recorded for exactly that period. `recorded` are the unit's counts as the log holds them
 * (those of other units are left aside). Pure; whether the unit exists is asked where the directory is at hand.
 */
export function decideSecretCount(command: SecretCount, recorded: Iterable<SecretCountEntry>, { today }: { readonly today: Day }): SecretCountDecision {
  const { unitId, from, to, assigned, completed } = command;
  for (const [name, day] of [['from', from], ['to', to]] as const) {
    if (!isDay(day)) return invalid('date-does-not-exist', `Ngày “${day}” không tồn tại: cần dạng NĂM-THÁNG-NGÀY.`, name, day);
  }
  if (from > to) return invalid('period-reversed', `Kỳ từ ${dayVi(from)} đến ${dayVi(to)}: ngày đầu phải không sau ngày cuối.`, 'from', from);
  if (to > today) return invalid('in-the-future', `Kỳ kết thúc ${dayVi(to)} sau hôm nay (${dayVi(today)}): chỉ nhập số của kỳ đã kết thúc hoặc kết thúc hôm nay.`, 'to', to);
  for (const [name, count] of [['assigned', assigned], ['completed', completed]] as const) {
    if (!Number.isInteger(count) || count < 0 || count > MOST) return invalid('count-invalid', `${name} = ${String(count)}: cần số nguyên từ 0 đến ${String(MOST)}.`, name, count);
  }
  if (completed > assigned) return invalid('completed-exceeds-assigned', `Đã hoàn thành ${String(completed)} nhiều hơn được giao ${String(assigned)}.`, 'completed', completed);

  const ofUnit = secretCountsInForce(recorded, null).filter((entry) => entry.unitId === unitId);
  const other = ofUnit.find((entry) => entry.from <= to && entry.to >= from && !(entry.from === from && entry.to === to));
  if (other) {
    return { ok: false, rejection: { status: 409, code: 'secret-count-overlaps', detail: `Kỳ ${period(command)} chồng lên kỳ ${period(other)} đã nhập cho “${unitId}” (giao ${String(other.assigned)}, hoàn thành ${String(other.completed)}).`, fact: other } };
  }
  const same = ofUnit.find((entry) => entry.from === from && entry.to === to);
  if (same?.assigned === assigned && same.completed === completed) {
    return { ok: false, rejection: { status: 409, code: 'secret-count-unchanged', detail: `Số việc mật kỳ ${period(same)} của “${unitId}” đã là giao ${String(assigned)}, hoàn thành ${String(completed)}.`, fact: same } };
  }
  return { ok: true, events: [{ type: 'SecretCountRecorded', data: { unitId, from, to, assigned, completed } }] };
}

const period = ({ from, to }: { readonly from: Day; readonly to: Day }): string => `${dayVi(from)}–${dayVi(to)}`;

function invalid(code: SecretCountRejection['code'], detail: string, name: string, given: unknown): SecretCountDecision {
  return { ok: false, rejection: { status: 422, code, detail, pointer: `/${name}`, given } };
}
