import { cleanText, isDay, slug } from '#kernel';
import type { Unit, UnitEvent } from './events.ts';

export const SHORT_NAME_LIMIT = 16;
const NAME_LIMIT = 200;
const ID_LIMIT = 100;

/** Why a unit is not established; the shape is that of a task's rejection, without a fact. */
export interface UnitRejection {
  readonly status: 409 | 422;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}

export type UnitDecision = { readonly ok: true; readonly events: readonly UnitEvent[] } | { readonly ok: false; readonly rejection: UnitRejection };

/** Establishes a unit whose id was never used. Pure; whether the parent exists is asked where the directory is at hand. */
export function establishUnit(command: Unit, exists: boolean): UnitDecision {
  const name = cleanText(command.name);
  const shortName = cleanText(command.shortName);
  const kind = cleanText(command.kind);
  if (command.id === '' || command.id.length > ID_LIMIT || command.id !== slug(command.id)) {
    return invalid('unit-id-invalid', `Mã đơn vị “${command.id}” phải gồm chữ thường không dấu, số và gạch nối, dài tối đa ${String(ID_LIMIT)} ký tự.`, '/id', command.id);
  }
  if (name === '' || Array.from(name).length > NAME_LIMIT) return invalid('unit-name-invalid', `Tên đơn vị phải có, dài tối đa ${String(NAME_LIMIT)} ký tự.`, '/name', command.name);
  if (shortName === '' || Array.from(shortName).length > SHORT_NAME_LIMIT) {
    return invalid('unit-short-name-invalid', `Tên ngắn “${shortName}” phải có, dài tối đa ${String(SHORT_NAME_LIMIT)} ký tự (đang là ${String(Array.from(shortName).length)}).`, '/shortName', command.shortName);
  }
  if (kind === '') return invalid('unit-kind-missing', 'Thiếu loại đơn vị.', '/kind', command.kind);
  if (!isDay(command.establishedOn)) return invalid('date-does-not-exist', `Ngày thành lập “${command.establishedOn}” không tồn tại.`, '/establishedOn', command.establishedOn);
  if (command.parentId === command.id) return invalid('unit-parent-self', 'Đơn vị không thể là cấp trên của chính mình.', '/parentId', command.parentId);
  if (exists) return { ok: false, rejection: { status: 409, code: 'unit-already-established', detail: `Đơn vị “${command.id}” đã có trong danh mục.`, pointer: '/id', given: command.id } };
  const { id, parentId, legalBasis, establishedOn } = command;
  return {
    ok: true,
    events: [
      {
        type: 'UnitEstablished',
        data: { id, name, shortName, kind, ...(parentId !== undefined && { parentId }), ...(legalBasis !== undefined && { legalBasis: cleanText(legalBasis) }), establishedOn },
      },
    ],
  };
}

function invalid(code: string, detail: string, pointer: string, given: unknown): UnitDecision {
  return { ok: false, rejection: { status: 422, code, detail, pointer, given } };
}
