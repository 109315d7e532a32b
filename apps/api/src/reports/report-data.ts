import type { EventLog, JsonObject, NewEvent, StreamAppend } from '#event-log';
import { decideIndicator, indicatorStream, isAmount, type Amount, type Indicator, type IndicatorCommand, type IndicatorFact, type IndicatorState, type IndicatorValue, foldIndicator } from '#indicators';
import { derivedId, isDay, Problem, type Instant } from '#kernel';
import { decidePlan, foldPlan, planStream, type Plan, type PlanCommand, type PlanDocument, type PlanFact, type PlanState } from '#plans';
import type { ReferenceData } from '../reference/reference-data.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import { CATALOGUE } from '../understood-log.ts';

/** Plans and indicators as a file brings them (docs/reports.md). */
interface PlanLine extends Omit<Plan, 'planId'> {
  readonly notApplicable?: { readonly reason: string; readonly on?: string };
  readonly note?: { readonly text: string; readonly on?: string };
  readonly items?: readonly { readonly content: string; readonly product?: string; readonly dueOn?: string; readonly doneOn?: string; readonly evidence?: PlanDocument }[];
}
interface IndicatorLine extends Omit<Indicator, 'indicatorId'> {
  readonly value?: IndicatorValue;
  readonly values?: readonly IndicatorValue[];
  readonly targets?: Readonly<Record<string, Amount>>;
}

export interface ReportDataResult {
  readonly plans: number;
  readonly indicators: number;
  readonly events: number;
  /** Plans and indicators that were there already and are left as they are. */
  readonly unchanged: number;
}

const ACTOR = { id: 'office', role: 'office' } as const;
export const planIdOf = (unitId: string, year: number, code: string): string => derivedId('plan', unitId, String(year), code);
export const indicatorIdOf = (unitId: string, code: string): string => derivedId('indicator', unitId, code);

/**
 * Records the plans and indicators of a file: all of it or nothing. What is there already is left alone, so the same file again adds nothing.
 * @throws Problem 422 naming the place in the file.
 */
export async function importReportData(text: string, file: string, { log, reference, now }: { readonly log: EventLog; readonly reference: ReferenceData; readonly now: Instant }): Promise<ReportDataResult> {
  const { plans, indicators } = readLines(text, file);
  const appends: StreamAppend[] = [];
  let unchanged = 0;
  const unit = (unitId: string, pointer: string): void => {
    if (!reference.organisation.unit(unitId)) throw refused(file, pointer, 'unit-unknown', `Không có đơn vị “${unitId}” trong danh mục.`);
  };
  plans.forEach((line, n) => {
    const pointer = `/plans/${String(n)}`;
    unit(line.unitId, pointer);
    const planId = planIdOf(line.unitId, line.year, line.code);
    if (reference.plans.plan(planId)) {
      unchanged++;
      return;
    }
    const { notApplicable, note, items = [], ...plan } = line;
    const facts: PlanFact[] = [];
    let state: PlanState | undefined;
    const give = (command: PlanCommand): void => {
      const decision = decidePlan(command, state, { now });
      if (!decision.ok) throw refused(file, `${pointer}${decision.rejection.pointer ?? ''}`, decision.rejection.code, decision.rejection.detail);
      for (const event of decision.events) facts.push({ ...event, eventId: derivedId('plan', planId, String(facts.length)), position: 0n });
      state = foldPlan(facts);
    };
    if (notApplicable) give({ type: 'DeclarePlanNotApplicable', planId, ...plan, ...notApplicable });
    else give({ type: 'IssuePlan', planId, ...plan });
    items.forEach(({ doneOn, evidence, ...item }, k) => {
      const itemId = derivedId('plan-item', planId, String(k));
      give({ type: 'AddPlanItem', itemId, ...item });
      if (doneOn !== undefined) give({ type: 'CompletePlanItem', itemId, doneOn, ...(evidence === undefined ? {} : { evidence }) });
    });
    if (note && !notApplicable) give({ type: 'NotePlan', note: note.text, ...(note.on === undefined ? {} : { on: note.on }) });
    appends.push({ stream: planStream(planId), expectedRevision: -1, events: facts.map(toEvent) });
  });
  indicators.forEach((line, n) => {
    const pointer = `/indicators/${String(n)}`;
    unit(line.unitId, pointer);
    const indicatorId = indicatorIdOf(line.unitId, line.code);
    if (reference.indicators.indicator(indicatorId)) {
      unchanged++;
      return;
    }
    const { value, values = [], targets = {}, ...indicator } = line;
    const facts: IndicatorFact[] = [];
    let state: IndicatorState | undefined;
    const give = (command: IndicatorCommand): void => {
      const decision = decideIndicator(command, state, { now });
      if (!decision.ok) throw refused(file, `${pointer}${decision.rejection.pointer ?? ''}`, decision.rejection.code, decision.rejection.detail);
      for (const event of decision.events) facts.push({ ...event, eventId: derivedId('indicator', indicatorId, String(facts.length)), position: 0n, recordedAt: now });
      state = foldIndicator(facts);
    };
    give({ type: 'DefineIndicator', indicatorId, ...indicator });
    for (const one of [...(value ? [value] : []), ...values]) give({ type: 'RecordIndicatorValue', ...one });
    for (const [year, amount] of Object.entries(targets)) give({ type: 'SetIndicatorTarget', year: Number(year), amount });
    appends.push({ stream: indicatorStream(indicatorId), expectedRevision: -1, events: facts.map(toEvent) });
  });
  if (appends.length > 0) {
    const result = await log.appendMany(appends);
    if (!result.ok) throw new Problem(409, 'concurrent-change', 'Chưa ghi được', `Không ghi gì: “${result.stream}” vừa được ghi bởi người khác; hãy chạy lại.`);
    await reference.catchUp();
  }
  return { plans: plans.length, indicators: indicators.length, unchanged, events: appends.reduce((n, { events }) => n + events.length, 0) };
}

function toEvent({ eventId, type, data, occurredAt }: PlanFact | IndicatorFact): NewEvent {
  return { id: eventId, type, schema: CATALOGUE.schemaOf(type), data: data as unknown as JsonObject, occurredAt, metadata: { actor: ACTOR, $correlationId: eventId } };
}

const refused = (file: string, pointer: string, code: string, detail: string): Problem => new Problem(422, code, 'Chưa nhập được', `${file}${pointer}: ${detail} Không ghi gì.`, { errors: [{ pointer, code, detail }] });

type Shape = Readonly<Record<string, 'text' | 'day' | 'whole' | 'any' | 'text?' | 'day?' | 'any?'>>;
const PLAN_SHAPE: Shape = { unitId: 'text', year: 'whole', code: 'text', title: 'text', issuedOn: 'day?', document: 'any?', notApplicable: 'any?', note: 'any?', items: 'any?' };
const ITEM_SHAPE: Shape = { content: 'text', product: 'text?', dueOn: 'day?', doneOn: 'day?', evidence: 'any?' };
const DOCUMENT_SHAPE: Shape = { number: 'text', date: 'day' };
const INDICATOR_SHAPE: Shape = { unitId: 'text', code: 'text', name: 'text', measure: 'text', ownerUnitId: 'text?', value: 'any?', values: 'any?', targets: 'any?' };
const VALUE_SHAPE: Shape = { amount: 'any', parts: 'any?', note: 'text?', validFrom: 'day', evidence: 'any?' };
const EVIDENCE_SHAPE: Shape = { number: 'text?', date: 'day?', title: 'text?' };

/** Reads the file strictly: an unknown or wrong field refuses it, with its place. */
function readLines(text: string, file: string): { readonly plans: readonly PlanLine[]; readonly indicators: readonly IndicatorLine[] } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refused(file, '', 'not-json', `Không đọc được JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  refuseSecrecyMark(json);
  const top = shaped(json, { note: 'text?', plans: 'any?', indicators: 'any?' }, '', file);
  for (const [pointer, plan] of list(top['plans'], '/plans', file)) {
    const { document, notApplicable, note, items } = shaped(plan, PLAN_SHAPE, pointer, file);
    if (document !== undefined) shaped(document, DOCUMENT_SHAPE, `${pointer}/document`, file);
    if (notApplicable !== undefined) shaped(notApplicable, { reason: 'text', on: 'day?' }, `${pointer}/notApplicable`, file);
    if (note !== undefined) shaped(note, { text: 'text', on: 'day?' }, `${pointer}/note`, file);
    for (const [at, item] of list(items, `${pointer}/items`, file)) {
      const { evidence } = shaped(item, ITEM_SHAPE, at, file);
      if (evidence !== undefined) shaped(evidence, DOCUMENT_SHAPE, `${at}/evidence`, file);
    }
  }
  for (const [pointer, indicator] of list(top['indicators'], '/indicators', file)) {
    const { value, values, targets } = shaped(indicator, INDICATOR_SHAPE, pointer, file);
    for (const [at, one] of [...(value === undefined ? [] : [[`${pointer}/value`, value] as const]), ...list(values, `${pointer}/values`, file)]) {
      const { parts, evidence } = shaped(one, VALUE_SHAPE, at, file);
      if (parts !== undefined) shaped(parts, null, `${at}/parts`, file);
      if (evidence !== undefined) shaped(evidence, EVIDENCE_SHAPE, `${at}/evidence`, file);
    }
    if (targets !== undefined) for (const [year, amount] of Object.entries(shaped(targets, null, `${pointer}/targets`, file))) if (!isAmount(amount)) throw refused(file, `${pointer}/targets/${year}`, 'amount-invalid', 'Không phải một giá trị.');
  }
  return { plans: (top['plans'] ?? []) as readonly PlanLine[], indicators: (top['indicators'] ?? []) as readonly IndicatorLine[] };
}

function list(value: unknown, pointer: string, file: string): (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw refused(file, pointer, 'not-a-list', 'Cần một danh sách.');
  return value.map((one: unknown, n) => [`${pointer}/${String(n)}`, one] as const);
}

/** An object with these fields and no others; `null` takes any field. */
function shaped(value: unknown, shape: Shape | null, pointer: string, file: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(file, pointer, 'not-an-object', 'Cần một nhóm trường.');
  const fields = value as Readonly<Record<string, unknown>>;
  if (shape === null) return fields;
  for (const name of Object.keys(fields)) if (!Object.hasOwn(shape, name)) throw refused(file, `${pointer}/${name}`, 'field-unknown', `Không có trường “${name}”; có: ${Object.keys(shape).join(', ')}.`);
  for (const [name, kind] of Object.entries(shape)) {
    const given = fields[name];
    if (given === undefined && kind.endsWith('?')) continue;
    const right = { text: typeof given === 'string' && given !== '', day: typeof given === 'string' && isDay(given), whole: Number.isInteger(given), any: given !== undefined }[kind.replace('?', '') as 'text' | 'day' | 'whole' | 'any'];
    if (!right) throw refused(file, `${pointer}/${name}`, 'field-invalid', `Trường “${name}” cần ${{ text: 'một dòng chữ', day: 'một ngày YYYY-MM-DD', whole: 'một số nguyên', any: 'một giá trị' }[kind.replace('?', '') as 'text']}.`);
  }
  return fields;
}
