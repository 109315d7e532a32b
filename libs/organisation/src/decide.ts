import { cleanText, dayVi, isDay, slug, type Day } from '#kernel';
import type { UnitCommand } from './commands.ts';
import type { Unit, UnitEvent, UnitFactReference } from './events.ts';
import type { Organisation } from './organisation.ts';
import type { UnitState } from './state.ts';
import { UNIT_EVENT_NAMES_VI, UNIT_STATUS_VI } from './words.ts';

export const SHORT_NAME_LIMIT = 16;
export const LEGAL_BASIS_LIMIT = 500;
const NAME_LIMIT = 200;
const ID_LIMIT = 100;

/** Why nothing happens to a unit. `status` 409: the state stands in the way; 422: the content does. */
export interface UnitRejection {
  readonly status: 409 | 422;
  /** Stable, English, kebab-case. */
  readonly code: string;
  /** One Vietnamese sentence. */
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
  /** The fact that stands in the way, with 409. */
  readonly fact?: UnitFactReference;
}

/** Something that is allowed and that a person should look at. */
export interface UnitWarning {
  readonly code: 'children-remain' | 'parent-ended-since' | 'name-in-use';
  readonly detail: string;
  readonly unitIds: readonly string[];
}

export type UnitDecision =
  | { readonly ok: true; readonly events: readonly UnitEvent[]; readonly warnings: readonly UnitWarning[] }
  | { readonly ok: false; readonly rejection: UnitRejection };

export interface UnitContext {
  /** The day of the system's now in Vietnam. */
  readonly today: Day;
  /** All facts of all units recorded so far. */
  readonly organisation: Organisation;
}

type Known = Extract<UnitState, { kind: 'unit' }>;
type Change = Exclude<UnitCommand, { type: 'EstablishUnit' }>;

/**
 * The decider of a unit: pure and total. Rules that concern two units look at `context.organisation`, so commands for units must be decided
 * one after the other, each with the facts of the one before; the revision of a single stream does not guard them.
 */
export function decideUnit(command: UnitCommand, state: UnitState, context: UnitContext): UnitDecision {
  if (command.type === 'EstablishUnit') return decideEstablished(command, state, context);
  if (state.kind === 'none') return invalid('unit-unknown', `Không có đơn vị “${command.unitId}” trong danh mục.`, '/unitId', command.unitId);
  if (!isDay(command.on)) return invalid('date-does-not-exist', `Ngày “${command.on}” không tồn tại.`, '/on', command.on);
  const future = refuseFuture(command.on, '/on', context.today);
  if (future) return future;
  const legalBasis = cleanText(command.legalBasis ?? '');
  const tooLong = refuseLegalBasis(legalBasis, command.legalBasis);
  if (tooLong) return tooLong;
  if (state.status !== 'active') {
    return refuse(`not-allowed-when-${state.status}`, `Không thể thực hiện: “${state.name}” ${UNIT_STATUS_VI[state.status]} ngày ${dayVi(state.lastFact.on)}.`, state.lastFact);
  }
  if (command.on < state.lastFact.on) {
    return refuse(
      'before-last-fact',
      `Ngày ${dayVi(command.on)} trước sự kiện “${UNIT_EVENT_NAMES_VI[state.lastFact.type]}” của “${state.name}” ngày ${dayVi(state.lastFact.on)}.`,
      state.lastFact, '/on', command.on,
    );
  }
  return decideChange(command, state, { id: state.id, on: command.on, ...(legalBasis !== '' && { legalBasis }) }, context);
}

/** Establishes a unit whose id was never used. Pure; whether the parent exists is asked where the directory is at hand, as `decideUnit` does. */
export function establishUnit(command: Unit, exists: boolean): UnitDecision {
  const name = cleanText(command.name);
  const shortName = cleanText(command.shortName);
  const kind = cleanText(command.kind);
  const legalBasis = cleanText(command.legalBasis ?? '');
  if (command.id === '' || command.id.length > ID_LIMIT || command.id !== slug(command.id)) {
    return invalid('unit-id-invalid', `Mã đơn vị “${command.id}” phải gồm chữ thường không dấu, số và gạch nối, dài tối đa ${String(ID_LIMIT)} ký tự.`, '/id', command.id);
  }
  const named = refuseName(name, command.name) ?? refuseShortName(shortName, command.shortName);
  if (named) return named;
  if (kind === '') return invalid('unit-kind-missing', 'Thiếu loại đơn vị.', '/kind', command.kind);
  if (!isDay(command.establishedOn)) return invalid('date-does-not-exist', `Ngày thành lập “${command.establishedOn}” không tồn tại.`, '/establishedOn', command.establishedOn);
  const tooLong = refuseLegalBasis(legalBasis, command.legalBasis);
  if (tooLong) return tooLong;
  if (command.parentId === command.id) return invalid('unit-parent-self', 'Đơn vị không thể là cấp trên của chính mình.', '/parentId', command.parentId);
  if (exists) return { ok: false, rejection: { status: 409, code: 'unit-already-established', detail: `Đơn vị “${command.id}” đã có trong danh mục.`, pointer: '/id', given: command.id } };
  const { id, parentId, establishedOn } = command;
  return accept({ type: 'UnitEstablished', data: { id, name, shortName, kind, ...(parentId !== undefined && { parentId }), ...(legalBasis !== '' && { legalBasis }), establishedOn } });
}

function decideEstablished({ type: _, unitId: id, ...rest }: Extract<UnitCommand, { type: 'EstablishUnit' }>, state: UnitState, { today, organisation }: UnitContext): UnitDecision {
  const decision = establishUnit({ id, ...rest }, state.kind === 'unit');
  if (!decision.ok) return state.kind === 'unit' && decision.rejection.status === 409 ? { ok: false, rejection: { ...decision.rejection, fact: state.lastFact } } : decision;
  const refused = refuseFuture(rest.establishedOn, '/establishedOn', today) ?? (rest.parentId === undefined ? undefined : refuseTarget(rest.parentId, rest.establishedOn, '/parentId', organisation));
  if (refused) return refused;
  return { ...decision, warnings: [...nameInUse(id, cleanText(rest.name), organisation), ...parentEnded(rest.parentId, organisation)] };
}

function decideChange(command: Change, state: Known, common: { readonly id: string; readonly on: Day; readonly legalBasis?: string }, { organisation }: UnitContext): UnitDecision {
  const { id, on } = common;
  const target = (unitId: string, pointer: string): UnitDecision | undefined => refuseTarget(unitId, on, pointer, organisation);
  switch (command.type) {
    case 'RenameUnit': {
      const name = cleanText(command.name);
      const shortName = command.shortName === undefined ? undefined : cleanText(command.shortName);
      const refused = refuseName(name, command.name) ?? (shortName === undefined ? undefined : refuseShortName(shortName, command.shortName));
      if (refused) return refused;
      if (name === state.name && (shortName ?? state.shortName) === state.shortName) {
        return refuse('name-unchanged', `Đơn vị đã mang tên “${name}” từ ngày ${dayVi(state.named.on)}.`, state.named, '/name', command.name);
      }
      return accept({ type: 'UnitRenamed', data: { ...common, name, ...(shortName !== undefined && { shortName }) } }, nameInUse(id, name, organisation));
    }
    case 'MoveUnit': {
      const { parentId } = command;
      if (parentId === id) return invalid('unit-parent-self', 'Đơn vị không thể là cấp trên của chính mình.', '/parentId', parentId);
      if (parentId === state.parentId) {
        const where = parentId === null ? 'không trực thuộc đơn vị nào' : `trực thuộc “${nameOf(parentId, organisation)}”`;
        return refuse('parent-unchanged', `“${state.name}” đã ${where} từ ngày ${dayVi(state.placed.on)}.`, state.placed, '/parentId', parentId);
      }
      const event: UnitEvent = { type: 'UnitMoved', data: { ...common, parentId } };
      if (parentId === null) return accept(event);
      return target(parentId, '/parentId') ?? refuseCircle(event, state, '/parentId', parentId, organisation) ?? accept(event, parentEnded(parentId, organisation));
    }
    case 'MergeUnit': {
      const { intoUnitId } = command;
      if (intoUnitId === id) return invalid('unit-itself', 'Đơn vị không thể sáp nhập vào chính mình.', '/intoUnitId', intoUnitId);
      const event: UnitEvent = { type: 'UnitMerged', data: { ...common, intoUnitId } };
      return target(intoUnitId, '/intoUnitId') ?? refuseNeeded(state, on, organisation) ?? refuseCircle(event, state, '/intoUnitId', intoUnitId, organisation) ?? accept(event, childrenRemain(id, organisation));
    }
    case 'SplitUnit': {
      const { into, heirUnitId } = command;
      if (into.includes(id)) return invalid('unit-itself', 'Đơn vị không thể chia tách thành chính mình.', '/into', into);
      if (new Set(into).size < into.length) return invalid('unit-repeated', 'Danh sách đơn vị sau chia tách nêu một đơn vị hai lần.', '/into', into);
      if (into.length < 2) return invalid('split-needs-two', 'Chia tách phải thành ít nhất hai đơn vị; nếu chỉ một thì dùng sáp nhập.', '/into', into);
      if (!into.includes(heirUnitId)) return invalid('heir-not-among-successors', `Đơn vị kế thừa “${heirUnitId}” phải là một trong các đơn vị sau chia tách.`, '/heirUnitId', heirUnitId);
      const event: UnitEvent = { type: 'UnitSplit', data: { ...common, into: [...into], heirUnitId } };
      for (const [n, unitId] of into.entries()) {
        const refused = target(unitId, `/into/${String(n)}`);
        if (refused) return refused;
      }
      return refuseNeeded(state, on, organisation) ?? refuseCircle(event, state, '/heirUnitId', heirUnitId, organisation) ?? accept(event, childrenRemain(id, organisation));
    }
    case 'DissolveUnit':
      return refuseNeeded(state, on, organisation) ?? accept({ type: 'UnitDissolved', data: common }, childrenRemain(id, organisation));
  }
}

const accept = (event: UnitEvent, warnings: readonly UnitWarning[] = []): UnitDecision => ({ ok: true, events: [event], warnings });

function refuse(code: string, detail: string, fact: UnitFactReference, pointer?: string, given?: unknown): UnitDecision {
  return { ok: false, rejection: { status: 409, code, detail, fact, ...(pointer !== undefined && { pointer, given }) } };
}

function invalid(code: string, detail: string, pointer: string, given: unknown): UnitDecision {
  return { ok: false, rejection: { status: 422, code, detail, pointer, given } };
}

const length = (text: string): number => Array.from(text).length;
const nameOf = (id: string, organisation: Organisation): string => organisation.unit(id)?.name ?? id;

function refuseName(name: string, given: unknown): UnitDecision | undefined {
  if (name === '' || length(name) > NAME_LIMIT) return invalid('unit-name-invalid', `Tên đơn vị phải có, dài tối đa ${String(NAME_LIMIT)} ký tự.`, '/name', given);
  return undefined;
}

function refuseShortName(shortName: string, given: unknown): UnitDecision | undefined {
  if (shortName !== '' && length(shortName) <= SHORT_NAME_LIMIT) return undefined;
  return invalid('unit-short-name-invalid', `Tên ngắn “${shortName}” phải có, dài tối đa ${String(SHORT_NAME_LIMIT)} ký tự (đang là ${String(length(shortName))}).`, '/shortName', given);
}

function refuseLegalBasis(legalBasis: string, given: unknown): UnitDecision | undefined {
  if (length(legalBasis) <= LEGAL_BASIS_LIMIT) return undefined;
  return invalid('legal-basis-too-long', `Căn cứ pháp lý dài tối đa ${String(LEGAL_BASIS_LIMIT)} ký tự (đang là ${String(length(legalBasis))}).`, '/legalBasis', given);
}

function refuseFuture(on: Day, pointer: string, today: Day): UnitDecision | undefined {
  return on > today ? invalid('in-the-future', `Ngày ${dayVi(on)} ở tương lai; hôm nay là ${dayVi(today)}.`, pointer, on) : undefined;
}

/** A unit that is to take over, or to stand above, must be there and at work on the day. */
function refuseTarget(id: string, on: Day, pointer: string, organisation: Organisation): UnitDecision | undefined {
  const known = organisation.unit(id);
  if (!known) return invalid('unit-unknown', `Không có đơn vị “${id}” trong danh mục.`, pointer, id);
  const then = organisation.unit(id, { on });
  if (!then) return invalid('unit-not-established-yet', `“${known.name}” thành lập ngày ${dayVi(known.establishedOn)}, sau ngày ${dayVi(on)}.`, pointer, id);
  if (then.status !== 'active') return invalid('unit-ended', `“${then.name}” ${UNIT_STATUS_VI[then.status]} ngày ${dayVi(then.endedOn!)}, không còn hoạt động vào ngày ${dayVi(on)}.`, pointer, id);
  return undefined;
}

/** A unit cannot end on a day after which another fact, recorded earlier, still needs it. */
function refuseNeeded(state: Known, on: Day, organisation: Organisation): UnitDecision | undefined {
  const fact = organisation.neededAfter(state.id, on);
  if (!fact) return undefined;
  const what = `“${UNIT_EVENT_NAMES_VI[fact.type]}” của “${nameOf(fact.unitId, organisation)}” ngày ${dayVi(fact.on)}`;
  return refuse('unit-needed-later', `“${state.name}” không thể kết thúc ngày ${dayVi(on)}: sự kiện ${what} còn dựa vào đơn vị này.`, fact, '/on', on);
}

function refuseCircle(event: UnitEvent, state: Known, pointer: string, given: string, organisation: Organisation): UnitDecision | undefined {
  const fact = organisation.circleWith(event);
  if (!fact) return undefined;
  const other = `“${nameOf(fact.unitId, organisation)}”`;
  const why =
    fact.type === 'UnitEstablished' || fact.type === 'UnitMoved'
      ? `${other} được đặt dưới đơn vị sẽ đứng trên nó từ ngày ${dayVi(fact.on)}; hãy chuyển ${other} ra trước`
      : `${other} đã ${UNIT_EVENT_NAMES_VI[fact.type]} ngày ${dayVi(fact.on)} và nay tính vào chính đơn vị này`;
  return refuse('unit-circle', `“${state.name}” sẽ thành cấp trên của chính mình: ${why}.`, fact, pointer, given);
}

function childrenRemain(id: string, organisation: Organisation): UnitWarning[] {
  const children = organisation.activeChildren(id);
  if (children.length === 0) return [];
  const names = children.map((unit) => `“${unit.name}”`).join(', ');
  return [{ code: 'children-remain', detail: `Còn ${String(children.length)} đơn vị trực thuộc đang hoạt động: ${names}. Hãy chuyển, sáp nhập hoặc giải thể các đơn vị này.`, unitIds: children.map((unit) => unit.id) }];
}

function parentEnded(parentId: string | undefined, organisation: Organisation): UnitWarning[] {
  const parent = parentId === undefined ? undefined : organisation.unit(parentId);
  if (!parent || parent.status === 'active') return [];
  return [{ code: 'parent-ended-since', detail: `Đơn vị cấp trên “${parent.name}” ${UNIT_STATUS_VI[parent.status]} ngày ${dayVi(parent.endedOn!)}; hãy ghi nhận việc chuyển đơn vị sau ngày đó.`, unitIds: [parent.id] }];
}

function nameInUse(id: string, name: string, organisation: Organisation): UnitWarning[] {
  const others = organisation.activeNamed(name).filter((other) => other !== id);
  if (others.length === 0) return [];
  return [{ code: 'name-in-use', detail: `Đơn vị khác đang hoạt động cũng mang tên “${name}” (mã ${others.join(', ')}).`, unitIds: others }];
}
