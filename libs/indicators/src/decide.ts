import { cleanText, dayOf, dayVi, isDay, slug, startOfDay, type Instant } from '#kernel';
import { isAmount, type Amount } from './amount.ts';
import type { Indicator, IndicatorEvent, IndicatorEvidence, IndicatorState, IndicatorValue } from './indicators.ts';

const TEXT_LIMIT = 2_000;

export type IndicatorCommand =
  | ({ readonly type: 'DefineIndicator' } & Indicator)
  | ({ readonly type: 'RecordIndicatorValue' } & IndicatorValue)
  | { readonly type: 'SetIndicatorTarget'; readonly year: number; readonly amount: Amount; readonly document?: IndicatorEvidence };

export interface IndicatorRejection {
  readonly status: 404 | 409 | 422;
  readonly code: 'indicator-unknown' | 'indicator-already-there' | 'indicator-code-invalid' | 'text-missing' | 'text-too-long' | 'amount-invalid' | 'part-invalid' | 'year-invalid' | 'date-does-not-exist' | 'in-the-future' | 'evidence-missing' | 'value-unchanged';
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}

export type IndicatorDecision = { readonly ok: true; readonly events: readonly (IndicatorEvent & { readonly occurredAt: Instant })[] } | { readonly ok: false; readonly rejection: IndicatorRejection };

/** Decides about one indicator. Pure and total; `namesake` is the indicator of the same unit and code, if there is one. */
export function decideIndicator(command: IndicatorCommand, state: IndicatorState | undefined, { now, namesake }: { readonly now: Instant; readonly namesake?: IndicatorState }): IndicatorDecision {
  if (command.type === 'DefineIndicator') return define(command, state ?? namesake, now);
  if (state === undefined) return no(404, 'indicator-unknown', 'Không có chỉ tiêu này.');
  const { amount } = command;
  const wrong = amountOf(amount, 'amount', 'amount-invalid');
  if (wrong) return wrong;
  if (command.type === 'SetIndicatorTarget') {
    const { year, document } = command;
    if (!Number.isInteger(year) || year < 2000 || year > 2100) return no(422, 'year-invalid', `Năm ${String(year)}: cần từ 2000 đến 2100.`, '/year', year);
    return yes(now, { type: 'IndicatorTargetSet', data: { year, amount, ...(document === undefined ? {} : { document }) } });
  }
  const { validFrom, parts, note, evidence } = command;
  if (!isDay(validFrom)) return no(422, 'date-does-not-exist', `Ngày “${validFrom}” không tồn tại: cần dạng NĂM-THÁNG-NGÀY.`, '/validFrom', validFrom);
  if (validFrom > dayOf(now)) return no(422, 'in-the-future', `Ngày ${dayVi(validFrom)} ở tương lai; hôm nay là ${dayVi(dayOf(now))}.`, '/validFrom', validFrom);
  for (const [name, part] of Object.entries(parts ?? {})) {
    const refused = name === slug(name) ? amountOf(part, `parts/${name}`, 'part-invalid') : no(422, 'part-invalid', `Tên phần “${name}” phải là chữ thường không dấu.`, `/parts/${name}`, name);
    if (refused) return refused;
  }
  const long = note === undefined ? undefined : text(note, 'note');
  if (long) return long;
  if (evidence?.date !== undefined && !isDay(evidence.date)) return no(422, 'date-does-not-exist', `Ngày “${evidence.date}” không tồn tại.`, '/evidence/date', evidence.date);
  // A number needs its proof; that nobody has reported, or that it does not apply, needs none.
  const proven = amount.kind === 'blank' || amount.kind === 'not-applicable' || evidence?.number !== undefined || evidence?.title !== undefined || (evidence?.fileIds?.length ?? 0) > 0;
  if (!proven) return no(422, 'evidence-missing', 'Số liệu cần minh chứng: số hoặc tên văn bản, hoặc tệp.', '/evidence');
  const data: IndicatorValue = { amount, validFrom, ...(parts === undefined ? {} : { parts }), ...(note === undefined ? {} : { note: cleanText(note) }), ...(evidence === undefined ? {} : { evidence }) };
  const before = state.values.find((value) => value.validFrom === validFrom);
  if (before !== undefined) {
    const { recordedAt: _, eventId: __, ...same } = before;
    if (canonical(same) === canonical(data)) return no(409, 'value-unchanged', `Chỉ tiêu “${state.name}” từ ngày ${dayVi(validFrom)} đã có đúng giá trị này.`);
  }
  return yes(validFrom === dayOf(now) ? now : startOfDay(validFrom), { type: 'IndicatorValueRecorded', data });
}

function define(command: { readonly type: 'DefineIndicator' } & Indicator, there: IndicatorState | undefined, now: Instant): IndicatorDecision {
  const { indicatorId, unitId, code, name, measure, ownerUnitId } = command;
  if (code === '' || code.length > 60 || code !== slug(code)) return no(422, 'indicator-code-invalid', `Mã chỉ tiêu “${code}” phải gồm chữ thường không dấu, số và gạch nối, dài tối đa 60 ký tự.`, '/code', code);
  const wrong = text(name, 'name') ?? text(measure, 'measure');
  if (wrong) return wrong;
  if (there) return no(409, 'indicator-already-there', `Đơn vị này đã có chỉ tiêu mã “${code}”: ${there.name}.`, '/code', code);
  return yes(now, { type: 'IndicatorDefined', data: { indicatorId, unitId, code, name: cleanText(name), measure: cleanText(measure), ...(ownerUnitId === undefined ? {} : { ownerUnitId }) } });
}

const yes = (occurredAt: Instant, event: IndicatorEvent): IndicatorDecision => ({ ok: true, events: [{ ...event, occurredAt }] });

function no(status: IndicatorRejection['status'], code: IndicatorRejection['code'], detail: string, pointer?: string, given?: unknown): IndicatorDecision {
  return { ok: false, rejection: { status, code, detail, ...(pointer === undefined ? {} : { pointer }), ...(given === undefined ? {} : { given }) } };
}

function text(given: string, name: string): IndicatorDecision | undefined {
  const clean = cleanText(given);
  if (clean === '') return no(422, 'text-missing', 'Thiếu nội dung.', `/${name}`, given);
  return clean.length > TEXT_LIMIT ? no(422, 'text-too-long', `Dài tối đa ${String(TEXT_LIMIT)} ký tự.`, `/${name}`) : undefined;
}

function amountOf(amount: unknown, pointer: string, code: 'amount-invalid' | 'part-invalid'): IndicatorDecision | undefined {
  const day = isAmount(amount) && amount.kind === 'day' ? amount.day : undefined;
  if (isAmount(amount) && (day === undefined || isDay(day))) return undefined;
  return no(422, code, 'Giá trị phải là một trong: {kind: count, number}, {kind: percent, hundredths, comparison?}, {kind: day, day}, {kind: text, text}, {kind: not-applicable}, {kind: blank}.', `/${pointer}`, amount);
}

/** The same content in one order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one));
}
