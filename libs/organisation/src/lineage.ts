import type { Day } from '#kernel';
import { dayOfUnitEvent, type UnitFact } from './events.ts';
import type { Snapshot } from './snapshot.ts';

/** A fact in the life of a unit, for people. */
export interface LineageEntry {
  readonly on: Day;
  /** One Vietnamese sentence, with the names of that day. */
  readonly sentence: string;
  readonly legalBasis?: string;
  readonly position: bigint;
}

/** The story of a unit: its own facts, and those of units that merged into it or were split into it; by day, then in log order. */
export function lineageOf(id: string, facts: readonly UnitFact[], snapshot: Snapshot): LineageEntry[] {
  const before = new Map<string, { name: string; parentId: string | null }>();
  const entries: LineageEntry[] = [];
  const told = [...facts].sort((a, b) => (dayOfUnitEvent(a) < dayOfUnitEvent(b) ? -1 : dayOfUnitEvent(a) > dayOfUnitEvent(b) ? 1 : 0));
  for (const fact of told) {
    const own = before.get(fact.data.id);
    if (fact.data.id === id || (fact.type === 'UnitMerged' && fact.data.intoUnitId === id) || (fact.type === 'UnitSplit' && fact.data.into.includes(id))) {
      const on = dayOfUnitEvent(fact);
      const name = (unit: string): string => `“${(before.get(unit)?.name ?? snapshot.unit(unit, on)?.name) ?? unit}”`;
      const { legalBasis } = fact.data;
      entries.push({ on, sentence: sentenceOf(fact, own?.parentId ?? null, name), ...(legalBasis !== undefined && { legalBasis }), position: fact.position });
    }
    if (fact.type === 'UnitEstablished') before.set(fact.data.id, { name: fact.data.name, parentId: fact.data.parentId ?? null });
    if (own && fact.type === 'UnitRenamed') own.name = fact.data.name;
    if (own && fact.type === 'UnitMoved') own.parentId = fact.data.parentId;
  }
  return entries;
}

function sentenceOf(fact: UnitFact, parentBefore: string | null, name: (id: string) => string): string {
  switch (fact.type) {
    case 'UnitEstablished':
      return `Thành lập “${fact.data.name}”${fact.data.parentId === undefined ? '' : `, trực thuộc ${name(fact.data.parentId)}`}.`;
    case 'UnitRenamed':
      return fact.data.name === name(fact.data.id).slice(1, -1)
        ? `${name(fact.data.id)} đổi tên ngắn thành “${fact.data.shortName ?? ''}”.`
        : `${name(fact.data.id)} đổi tên thành “${fact.data.name}”.`;
    case 'UnitMoved': {
      const from = parentBefore === null ? '' : ` (trước đó thuộc ${name(parentBefore)})`;
      return fact.data.parentId === null ? `${name(fact.data.id)} không còn trực thuộc đơn vị nào${from}.` : `${name(fact.data.id)} chuyển về trực thuộc ${name(fact.data.parentId)}${from}.`;
    }
    case 'UnitMerged':
      return `${name(fact.data.id)} sáp nhập vào ${name(fact.data.intoUnitId)}.`;
    case 'UnitSplit':
      return `${name(fact.data.id)} chia tách thành ${fact.data.into.map(name).join(', ')}; ${name(fact.data.heirUnitId)} kế thừa số liệu khi tính theo tổ chức hiện nay.`;
    case 'UnitDissolved':
      return `${name(fact.data.id)} giải thể, không có đơn vị kế thừa.`;
  }
}
