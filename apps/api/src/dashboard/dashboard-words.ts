import { countVi, type Day } from '#kernel';
import { unitKindVi } from '#organisation';
import { onlyWords } from '#oversight';
import type { DashboardFilters } from '#views';
import type { Sources } from '../sources.ts';
import type { DashboardQuestion } from './dashboard-question.ts';

/* The dashboard in words, for what leaves the page: paper and mail. */

/** A rate never without its fraction. */
export const ofRate = ({ numerator, denominator, text }: { readonly numerator: number; readonly denominator: number; readonly text: string }): string => (denominator === 0 ? 'không phát sinh' : `${text} (${countVi(numerator)}/${countVi(denominator)})`);
export const change = (now: number, before: number): string => (now === before ? 'không đổi' : now > before ? `tăng ${countVi(now - before)}` : `giảm ${countVi(before - now)}`);

/** The question in words: whose tasks, which of them, how organised; then the two times. */
export function scopeWords({ question: { query, unitId, unitKind, scope, organisedAs, starred, documentNumber, only }, point }: DashboardQuestion, { reference }: Pick<Sources, 'reference'>): readonly string[] {
  const unit = unitId === undefined ? 'Toàn tỉnh' : reference.unitName(unitId, point.day, point.known);
  const [whose, ...which] = wordsOf({ scope, organisedAs, ...(unitId === undefined ? {} : { unitId }), ...(unitKind === undefined ? {} : { unitKind }), ...(query.authority === undefined ? {} : { authority: query.authority }), ...(query.field === undefined ? {} : { field: query.field }), ...(documentNumber === undefined ? {} : { documentNumber }), ...(starred === undefined ? {} : { starred: String(starred) }), ...(only === undefined ? {} : { only: only.join(',') }) }, unit, { reference });
  return [`Phạm vi: ${whose!}`, ...which];
}

/** The filters of an address in words, with units called as they are now. */
export const filterWords = (filters: DashboardFilters, { reference }: Pick<Sources, 'reference'>, on: Day): string => wordsOf(filters, filters.unitId === undefined ? 'Toàn tỉnh' : reference.unitName(filters.unitId, on), { reference }).join('; ');

function wordsOf({ unitId, unitKind, scope, organisedAs, authority, field, starred, documentNumber, only }: DashboardFilters, unit: string, { reference }: Pick<Sources, 'reference'>): readonly string[] {
  return [
    `${unitKind === undefined ? unit : `${unitId === undefined ? '' : `${unit}, `}khối ${unitKind.split(',').map(unitKindVi).join(', ')}`}${(unitId ?? unitKind) !== undefined && scope === 'tree' ? ', cả đơn vị trực thuộc' : ''}`,
    ...(authority === undefined ? [] : [`việc do ${reference.authorityName(authority)} giao`]),
    ...(field === undefined ? [] : [`lĩnh vực: ${field}`]),
    ...(documentNumber === undefined ? [] : [`văn bản ${documentNumber}`]),
    ...(starred === undefined ? [] : [starred === 'true' ? 'việc trọng tâm' : 'trừ việc trọng tâm']),
    ...(only === undefined ? [] : [`chỉ việc ${onlyWords(only.split(','))} (tỷ lệ và các tuần là của cả phạm vi)`]),
    ...(organisedAs === 'is' ? ['theo tổ chức hiện nay'] : []),
  ];
}
