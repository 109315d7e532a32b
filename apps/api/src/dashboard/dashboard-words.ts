import { countVi, type Day } from '#kernel';
import type { DashboardFilters } from '#views';
import type { Sources } from '../sources.ts';
import type { DashboardQuestion } from './dashboard-question.ts';

/* The dashboard in words, for what leaves the page: paper and mail. */

/** A rate never without its fraction. */
export const ofRate = ({ numerator, denominator, text }: { readonly numerator: number; readonly denominator: number; readonly text: string }): string => (denominator === 0 ? 'không phát sinh' : `${text} (${countVi(numerator)}/${countVi(denominator)})`);
export const change = (now: number, before: number): string => (now === before ? 'không đổi' : now > before ? `tăng ${countVi(now - before)}` : `giảm ${countVi(before - now)}`);

/** The question in words: whose tasks, which of them, how organised; then the two times. */
export function scopeWords({ question: { query, unitId, scope, organisedAs, starred, documentNumber }, point }: DashboardQuestion, { reference }: Pick<Sources, 'reference'>): readonly string[] {
  const unit = unitId === undefined ? 'Toàn tỉnh' : reference.unitName(unitId, point.day, point.known);
  const [whose, ...which] = wordsOf({ scope, organisedAs, ...(unitId === undefined ? {} : { unitId }), ...(query.authority === undefined ? {} : { authority: query.authority }), ...(query.field === undefined ? {} : { field: query.field }), ...(documentNumber === undefined ? {} : { documentNumber }), ...(starred === undefined ? {} : { starred: String(starred) }) }, unit, { reference });
  return [`Phạm vi: ${whose!}`, ...which];
}

/** The filters of an address in words, with units called as they are now. */
export const filterWords = (filters: DashboardFilters, { reference }: Pick<Sources, 'reference'>, on: Day): string => wordsOf(filters, filters.unitId === undefined ? 'Toàn tỉnh' : reference.unitName(filters.unitId, on), { reference }).join('; ');

function wordsOf({ unitId, scope, organisedAs, authority, field, starred, documentNumber }: DashboardFilters, unit: string, { reference }: Pick<Sources, 'reference'>): readonly string[] {
  return [
    `${unit}${unitId !== undefined && scope === 'tree' ? ', cả đơn vị trực thuộc' : ''}`,
    ...(authority === undefined ? [] : [`việc do ${reference.authorityName(authority)} giao`]),
    ...(field === undefined ? [] : [`lĩnh vực: ${field}`]),
    ...(documentNumber === undefined ? [] : [`văn bản ${documentNumber}`]),
    ...(starred === undefined ? [] : [starred === 'true' ? 'việc trọng tâm' : 'trừ việc trọng tâm']),
    ...(organisedAs === 'is' ? ['theo tổ chức hiện nay'] : []),
  ];
}
