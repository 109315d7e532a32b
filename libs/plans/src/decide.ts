import { cleanText, dayOf, dayVi, isDay, slug, startOfDay, type Day, type Instant } from '#kernel';
import type { Plan, PlanDocument, PlanEvent, PlanItem, PlanState } from './plans.ts';

const TITLE_LIMIT = 500;
const NOTE_LIMIT = 2_000;
const MOST_ITEMS = 2_000;

export type PlanCommand =
  | ({ readonly type: 'IssuePlan' } & Plan)
  | ({ readonly type: 'DeclarePlanNotApplicable'; readonly reason: string; readonly on?: Day } & Omit<Plan, 'issuedOn' | 'document'>)
  | /** Without a day the item belongs to the plan as issued. */ ({ readonly type: 'AddPlanItem'; readonly on?: Day } & PlanItem)
  | { readonly type: 'CompletePlanItem'; readonly itemId: string; readonly doneOn: Day; readonly evidence?: PlanDocument; readonly fileIds?: readonly string[]; readonly note?: string }
  | { readonly type: 'ReopenPlanItem'; readonly itemId: string; readonly reason: string }
  | { readonly type: 'RemovePlanItem'; readonly itemId: string; readonly reason: string }
  | { readonly type: 'CorrectPlan'; readonly title?: string; readonly issuedOn?: Day; readonly document?: PlanDocument; readonly reason: string }
  | { readonly type: 'NotePlan'; readonly note: string; readonly on?: Day };

/** Why nothing happens to a plan. `status` 409: the state stands in the way; 422: the content does. */
export interface PlanRejection {
  readonly status: 404 | 409 | 422;
  readonly code: 'plan-unknown' | 'plan-already-there' | 'plan-not-applicable' | 'plan-code-invalid' | 'year-invalid' | 'text-missing' | 'text-too-long' | 'date-does-not-exist' | 'in-the-future' | 'before-the-plan'
    | 'item-unknown' | 'item-already-there' | 'item-already-done' | 'item-not-done' | 'too-many-items' | 'evidence-missing' | 'nothing-changed' | 'after-a-completion';
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}

export type PlanDecision = { readonly ok: true; readonly events: readonly (PlanEvent & { readonly occurredAt: Instant })[] } | { readonly ok: false; readonly rejection: PlanRejection };

export interface PlanContext {
  readonly now: Instant;
  /** The plan of the same unit, year and code, if there is one. */
  readonly namesake?: PlanState;
}

/** Decides about one plan. Pure and total; whether the unit exists is asked where the directory is at hand. */
export function decidePlan(command: PlanCommand, state: PlanState | undefined, { now, namesake }: PlanContext): PlanDecision {
  if (command.type === 'IssuePlan' || command.type === 'DeclarePlanNotApplicable') return begin(command, state ?? namesake, now);
  if (state === undefined) return no(404, 'plan-unknown', 'Không có kế hoạch này.');
  if (command.type === 'NotePlan') return text(command.note, 'note', NOTE_LIMIT) ?? on(command.on, now) ?? yes(instantOn(command.on, now), { type: 'PlanNoted', data: { note: cleanText(command.note) } });
  if (!state.applicable) return no(409, 'plan-not-applicable', `“${state.title}” đã ghi là không áp dụng: không có mục nào.`);
  if (command.type === 'CorrectPlan') return correct(command, state, now);
  if (command.type === 'AddPlanItem') {
    const { itemId, content, product, dueOn } = command;
    const wrong = text(content, 'content', NOTE_LIMIT) ?? (product === undefined ? undefined : text(product, 'product', NOTE_LIMIT)) ?? day(dueOn, 'dueOn') ?? on(command.on, now);
    if (wrong) return wrong;
    if (state.items.some((item) => item.itemId === itemId)) return no(409, 'item-already-there', `Mục “${itemId}” đã có trong kế hoạch.`, '/itemId', itemId);
    if (state.items.length >= MOST_ITEMS) return no(409, 'too-many-items', `Kế hoạch đã có ${String(MOST_ITEMS)} mục: không thêm được nữa.`);
    return yes(instantOn(command.on ?? state.issuedOn, now), { type: 'PlanItemAdded', data: { itemId, content: cleanText(content), ...(product === undefined ? {} : { product: cleanText(product) }), ...(dueOn === undefined ? {} : { dueOn }) } });
  }
  const item = state.items.find((one) => one.itemId === command.itemId);
  if (!item) return no(404, 'item-unknown', `Kế hoạch “${state.title}” không có mục “${command.itemId}”.`, '/itemId', command.itemId);
  if (command.type === 'CompletePlanItem') {
    const { itemId, doneOn, evidence, fileIds = [], note } = command;
    const wrong = day(doneOn, 'doneOn') ?? future(doneOn, now) ?? documentOf(evidence, 'evidence') ?? (note === undefined ? undefined : text(note, 'note', NOTE_LIMIT));
    if (wrong) return wrong;
    if (item.done) return no(409, 'item-already-done', `Mục “${item.content}” đã ghi hoàn thành ngày ${dayVi(dayOf(item.done.at))}.`, '/itemId', itemId);
    if (state.issuedOn !== undefined && doneOn < state.issuedOn) return no(422, 'before-the-plan', `Ngày hoàn thành ${dayVi(doneOn)} trước ngày ban hành kế hoạch ${dayVi(state.issuedOn)}.`, '/doneOn', doneOn);
    if (evidence === undefined && fileIds.length === 0) return no(422, 'evidence-missing', 'Ghi hoàn thành cần minh chứng: số, ngày văn bản hoặc tệp.', '/evidence');
    const data = { itemId, ...(evidence === undefined ? {} : { evidence: { number: cleanText(evidence.number), date: evidence.date } }), ...(fileIds.length === 0 ? {} : { fileIds }), ...(note === undefined ? {} : { note: cleanText(note) }) };
    return yes(instantOn(doneOn, now), { type: 'PlanItemDone', data });
  }
  const wrong = text(command.reason, 'reason', NOTE_LIMIT);
  if (wrong) return wrong;
  const data = { itemId: item.itemId, reason: cleanText(command.reason) };
  if (command.type === 'RemovePlanItem') return yes(now, { type: 'PlanItemRemoved', data });
  return item.done ? yes(now, { type: 'PlanItemReopened', data }) : no(409, 'item-not-done', `Mục “${item.content}” chưa ghi hoàn thành.`, '/itemId', item.itemId);
}

function begin(command: Extract<PlanCommand, { type: 'IssuePlan' | 'DeclarePlanNotApplicable' }>, there: PlanState | undefined, now: Instant): PlanDecision {
  const { planId, unitId, year, code, title } = command;
  if (code === '' || code.length > 60 || code !== slug(code)) return no(422, 'plan-code-invalid', `Mã kế hoạch “${code}” phải gồm chữ thường không dấu, số và gạch nối, dài tối đa 60 ký tự.`, '/code', code);
  if (!Number.isInteger(year) || year < 2000 || year > 2100) return no(422, 'year-invalid', `Năm ${String(year)}: cần từ 2000 đến 2100.`, '/year', year);
  const wrong = text(title, 'title', TITLE_LIMIT);
  if (wrong) return wrong;
  if (there) return no(409, 'plan-already-there', `Đã có kế hoạch “${there.title}” (mã ${there.code}) của đơn vị này cho năm ${String(there.year)}.`);
  const plan = { planId, unitId, year, code, title: cleanText(title) };
  if (command.type === 'DeclarePlanNotApplicable') {
    return text(command.reason, 'reason', NOTE_LIMIT) ?? on(command.on, now) ?? yes(instantOn(command.on, now), { type: 'PlanDeclaredNotApplicable', data: { ...plan, reason: cleanText(command.reason) } });
  }
  const { issuedOn, document } = command;
  const refused = day(issuedOn, 'issuedOn') ?? (issuedOn === undefined ? undefined : future(issuedOn, now)) ?? documentOf(document, 'document');
  if (refused) return refused;
  return yes(instantOn(issuedOn, now), {
    type: 'PlanIssued', data: { ...plan, ...(issuedOn === undefined ? {} : { issuedOn }), ...(document === undefined ? {} : { document: { number: cleanText(document.number), date: document.date } }) },
  });
}

function correct({ title, issuedOn, document, reason }: Extract<PlanCommand, { type: 'CorrectPlan' }>, state: PlanState, now: Instant): PlanDecision {
  const wrong = text(reason, 'reason', NOTE_LIMIT) ?? (title === undefined ? undefined : text(title, 'title', TITLE_LIMIT)) ?? day(issuedOn, 'issuedOn') ?? (issuedOn === undefined ? undefined : future(issuedOn, now)) ?? documentOf(document, 'document');
  if (wrong) return wrong;
  const early = issuedOn === undefined ? undefined : state.items.find(({ done }) => done && dayOf(done.at) < issuedOn);
  if (early) return no(409, 'after-a-completion', `Mục “${early.content}” đã ghi hoàn thành ngày ${dayVi(dayOf(early.done!.at))}, trước ngày ban hành ${dayVi(issuedOn!)}.`, '/issuedOn', issuedOn);
  const changes = {
    ...(title === undefined || cleanText(title) === state.title ? {} : { title: cleanText(title) }), ...(issuedOn === undefined || issuedOn === state.issuedOn ? {} : { issuedOn }),
    ...(document === undefined || (cleanText(document.number) === state.document?.number && document.date === state.document.date) ? {} : { document: { number: cleanText(document.number), date: document.date } }),
  };
  if (Object.keys(changes).length === 0) return no(409, 'nothing-changed', 'Nội dung gửi lên bằng nội dung đang có; không có gì để đính chính.');
  return yes(now, { type: 'PlanCorrected', data: { ...changes, reason: cleanText(reason) } });
}

const on = (given: Day | undefined, now: Instant): PlanDecision | undefined => day(given, 'on') ?? (given === undefined ? undefined : future(given, now));
const instantOn = (given: Day | undefined, now: Instant): Instant => (given === undefined || given === dayOf(now) ? now : startOfDay(given));
const yes = (occurredAt: Instant, event: PlanEvent): PlanDecision => ({ ok: true, events: [{ ...event, occurredAt }] });

function no(status: PlanRejection['status'], code: PlanRejection['code'], detail: string, pointer?: string, given?: unknown): PlanDecision {
  return { ok: false, rejection: { status, code, detail, ...(pointer === undefined ? {} : { pointer }), ...(given === undefined ? {} : { given }) } };
}

function text(given: string, name: string, limit: number): PlanDecision | undefined {
  const clean = cleanText(given);
  if (clean === '') return no(422, 'text-missing', 'Thiếu nội dung.', `/${name}`, given);
  return clean.length > limit ? no(422, 'text-too-long', `Dài tối đa ${String(limit)} ký tự (đang là ${String(clean.length)}).`, `/${name}`) : undefined;
}

const day = (given: string | undefined, name: string): PlanDecision | undefined =>
  given === undefined || isDay(given) ? undefined : no(422, 'date-does-not-exist', `Ngày “${given}” không tồn tại: cần dạng NĂM-THÁNG-NGÀY.`, `/${name}`, given);

const future = (given: Day, now: Instant): PlanDecision | undefined =>
  given > dayOf(now) ? no(422, 'in-the-future', `Ngày ${dayVi(given)} ở tương lai; hôm nay là ${dayVi(dayOf(now))}.`, undefined, given) : undefined;

const documentOf = (given: PlanDocument | undefined, name: string): PlanDecision | undefined =>
  given === undefined ? undefined : text(given.number, `${name}/number`, TITLE_LIMIT) ?? day(given.date, `${name}/date`);
