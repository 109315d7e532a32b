import { readAddress, type ViewFault } from './view.ts';

/** Parameters of the dashboard's address that say whose numbers and which tasks, and what each is called where the dashboard is asked. */
const FILTERS = [
  ['donVi', 'unitId'],
  ['khoi', 'unitKind'],
  ['trucThuoc', 'scope'],
  ['toChuc', 'organisedAs'],
  ['coQuanGiao', 'authority'],
  ['linhVuc', 'field'],
  ['sao', 'starred'],
  ['soVanBan', 'documentNumber'],
  ['chiXem', 'only'],
] as const;
/** The rules of exception that are switched off. */
const OFF = 'tatQuyTac';

/** What the dashboard is asked, but for the two times. */
export interface DashboardFilters {
  readonly unitId?: string;
  readonly unitKind?: string;
  readonly scope?: string;
  readonly organisedAs?: string;
  readonly authority?: string;
  readonly field?: string;
  readonly starred?: string;
  readonly documentNumber?: string;
  readonly only?: string;
}

/**
 * What of the dashboard's address says whose numbers they are: judged as the address of a saved view, in one form. Times, comparisons and
 * other ways of counting fall away: they are said anew whenever the dashboard is asked.
 */
export function readDashboardAddress(given: string): { readonly query: string } | ViewFault {
  const address = readAddress('/', given);
  if ('detail' in address) return address;
  const asked = new URLSearchParams(address.query);
  // Whoever writes it as the dashboard is asked would be told of the whole province: what the page does not know falls away.
  const mistaken = FILTERS.find(([, parameter]) => asked.has(parameter));
  if (mistaken) return { pointer: '/query', code: 'view-query-invalid', detail: `Tham số “${mistaken[1]}” là của API; địa chỉ của trang viết là ${mistaken[0]}.`, given: mistaken[1] };
  const kept = [...FILTERS.map(([name]) => name), OFF].flatMap((name): [string, string][] => {
    const value = asked.get(name)?.trim() ?? '';
    return value === '' ? [] : [[name, value]];
  });
  return { query: new URLSearchParams(kept).toString() };
}

/** An address as the dashboard is asked. */
export function filtersOf(query: string): DashboardFilters {
  const asked = new URLSearchParams(query);
  const values = FILTERS.flatMap(([name, parameter]): [keyof DashboardFilters, string][] => {
    const value = asked.get(name);
    // That subordinate units are in, and that tasks are starred, the address says by naming it at all.
    return value === null || value === '' ? [] : [[parameter, parameter === 'scope' ? 'tree' : parameter === 'starred' ? 'true' : value]];
  });
  return Object.fromEntries(values);
}

/** What the page's address calls a parameter of the dashboard. */
export const addressNameOf = (parameter: string): string => (parameter === 'rules' ? OFF : (FILTERS.find(([, asked]) => asked === parameter)?.[0] ?? parameter));

/** The rules of exception that an address switches off. */
export const rulesOffIn = (query: string): readonly string[] => (new URLSearchParams(query).get(OFF) ?? '').split(',').filter((rule) => rule !== '');
