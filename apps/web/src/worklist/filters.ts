import { type Query } from '../api.ts';
import { day, isDay } from '../format.ts';
import { t } from '../i18n.ts';
import { pointQuery, type Scope } from '../scope/scope.ts';
import { CELL_WORDS, OUT_WORDS } from '../words.ts';

/** What narrows the list, besides scope and time; all of it stands in the address. */
export interface Filters {
  q: string;
  cells: readonly string[];
  field: string;
  starred: boolean;
  documentNumber: string;
  dueFrom: string;
  dueTo: string;
  staleDays: string;
  sort: string;
}
export type FilterKey = keyof Filters;

export const NO_FILTERS: Filters = { q: '', cells: [], field: '', starred: false, documentNumber: '', dueFrom: '', dueTo: '', staleDays: '', sort: '' };
export const SORT_KEYS = ['code', 'due', 'assigned', 'unit'] as const;

const known = (cell: string): boolean => cell in CELL_WORDS || cell in OUT_WORDS;
const dayOrNone = (text: string | null): string => (text !== null && isDay(text) ? text : '');

export function readFilters(search: URLSearchParams): Filters {
  const sort = search.get('sapXep') ?? '';
  const stale = search.get('khongCapNhat') ?? '';
  return {
    q: search.get('q') ?? '',
    cells: (search.get('nhom') ?? '').split(',').filter(known),
    field: search.get('linhVuc') ?? '',
    starred: search.get('sao') === 'co',
    documentNumber: search.get('soVanBan') ?? '',
    dueFrom: dayOrNone(search.get('hanTu')),
    dueTo: dayOrNone(search.get('hanDen')),
    staleDays: /^\d{1,4}$/.test(stale) ? stale : '',
    sort: (SORT_KEYS as readonly string[]).includes(sort.replace('-', '')) ? sort : '',
  };
}

/** As the address carries them. */
export function filterParameters(filters: Filters): Record<string, string> {
  const all: Record<string, string> = {
    q: filters.q.trim(),
    nhom: filters.cells.join(','),
    linhVuc: filters.field.trim(),
    sao: filters.starred ? 'co' : '',
    soVanBan: filters.documentNumber.trim(),
    hanTu: filters.dueFrom,
    hanDen: filters.dueTo,
    khongCapNhat: filters.staleDays,
    sapXep: filters.sort,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The filter without its point, as a bulk request names it. */
export function filterBody(filters: Filters, scope: Scope): Record<string, string> {
  const all: Record<string, string | null> = {
    unitId: scope.unitId,
    unitKind: scope.unitKind,
    scope: scope.tree === null ? null : 'tree',
    organisedAs: scope.organisedAs,
    authority: scope.authority,
    q: filters.q.trim(),
    cell: filters.cells.join(','),
    field: filters.field.trim(),
    starred: filters.starred ? 'true' : null,
    documentNumber: filters.documentNumber.trim(),
    dueFrom: filters.dueFrom,
    dueTo: filters.dueTo,
    staleDays: filters.staleDays,
    sort: filters.sort,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''));
}

export const listQuery = (filters: Filters, scope: Scope): Query => ({ ...pointQuery(scope), ...filterBody(filters, scope) });

export interface FilterChip {
  keys: readonly FilterKey[];
  text: string;
}

/** Each filter that is set, in words, to be taken away one by one. */
export function filterChips(filters: Filters): FilterChip[] {
  const chips: FilterChip[] = [];
  if (filters.q.trim()) chips.push({ keys: ['q'], text: t('Chứa “{{q}}”', { q: filters.q.trim() }) });
  if (filters.cells.length > 0) chips.push({ keys: ['cells'], text: filters.cells.map((cell) => CELL_WORDS[cell] ?? OUT_WORDS[cell] ?? cell).join('; ') });
  if (filters.field.trim()) chips.push({ keys: ['field'], text: t('Lĩnh vực: {{field}}', { field: filters.field.trim() }) });
  if (filters.starred) chips.push({ keys: ['starred'], text: t('Việc trọng tâm') });
  if (filters.documentNumber.trim()) chips.push({ keys: ['documentNumber'], text: t('Văn bản {{number}}', { number: filters.documentNumber.trim() }) });
  if (filters.dueFrom && filters.dueTo) chips.push({ keys: ['dueFrom', 'dueTo'], text: t('Hạn từ {{from}} đến {{to}}', { from: day(filters.dueFrom), to: day(filters.dueTo) }) });
  else if (filters.dueFrom) chips.push({ keys: ['dueFrom'], text: t('Hạn từ {{from}}', { from: day(filters.dueFrom) }) });
  else if (filters.dueTo) chips.push({ keys: ['dueTo'], text: t('Hạn đến {{to}}', { to: day(filters.dueTo) }) });
  if (filters.staleDays) chips.push({ keys: ['staleDays'], text: t('Không cập nhật {{n}} ngày trở lên', { n: filters.staleDays }) });
  return chips;
}

export const dropped = (filters: Filters, keys: readonly FilterKey[]): Filters => ({ ...filters, ...Object.fromEntries(keys.map((key) => [key, NO_FILTERS[key]])) });
