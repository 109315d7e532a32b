import { type Query } from '../api.ts';

/** What the reader is looking at and how it is counted: carried by the address, and by every link. `null` is the default of the server. */
export interface Scope {
  day: string | null;
  /** What was known when: a day, an instant, `position:<n>` or `event:<uuid>`; null is everything known now. */
  knownAt: string | null;
  unitId: string | null;
  /** A block of units: their kinds, with commas. */
  unitKind: string | null;
  period: string | null;
  tree: string | null;
  cohort: string | null;
  basis: string | null;
  policy: string | null;
  organisedAs: string | null;
  authority: string | null;
  field: string | null;
  /** `co`: the starred tasks alone. */
  starred: string | null;
  /** The number of the document that the tasks come from, however it was typed. */
  documentNumber: string | null;
  /** The numbers of the dashboard whose tasks alone are looked at, with commas, in the order in which they were chosen. */
  only: string | null;
  rounding: string | null;
  /** The rate that stands in front. */
  rate: string | null;
  /** The other point of a comparison. */
  sinceDay: string | null;
  sinceKnownAt: string | null;
}
export type ScopeKey = keyof Scope;

const NAMES: Readonly<Record<ScopeKey, string>> = {
  day: 'ngay',
  knownAt: 'bietDen',
  unitId: 'donVi',
  unitKind: 'khoi',
  period: 'kyBaoCao',
  tree: 'trucThuoc',
  cohort: 'tapViec',
  basis: 'hanTinh',
  policy: 'ngayNghi',
  organisedAs: 'toChuc',
  authority: 'coQuanGiao',
  // As the list of all tasks names the same filters: they stay when one goes from one page to the other.
  field: 'linhVuc',
  starred: 'sao',
  documentNumber: 'soVanBan',
  only: 'chiXem',
  rounding: 'lamTron',
  rate: 'tyLe',
  sinceDay: 'soVoi',
  sinceKnownAt: 'soVoiBietDen',
};
const KEYS = Object.keys(NAMES) as ScopeKey[];

export const EMPTY_SCOPE = Object.fromEntries(KEYS.map((key) => [key, null])) as unknown as Scope;

export function readScope(search: URLSearchParams): Scope {
  return Object.fromEntries(KEYS.map((key) => [key, search.get(NAMES[key]) || null])) as unknown as Scope;
}

/** As the address says at this moment: what is drawn may still be the choice before, and the next one must not take it back. */
export const scopeNow = (): Scope => readScope(new URLSearchParams(window.location.search));

/** The two times alone: what a task or a list of tasks is asked with. */
export const pointQuery = (scope: Scope): Query => ({ asOf: scope.day, knownAt: scope.knownAt });

/** Which tasks a figure or a list is asked about, beside whose. */
export const narrowQuery = ({ field, starred, documentNumber, only }: Scope): Query => ({ field, starred: starred === null ? null : 'true', documentNumber, only });

/** Without what narrows the scope: for the list of all tasks, which has these filters of its own. */
export const wide = (scope: Scope): Scope => ({ ...scope, field: null, starred: null, documentNumber: null, only: null });

/** The whole of what is looked at: for numbers that do not follow `only`, and the lists behind them. */
export const wholeOf = (scope: Scope): Scope => (scope.only === null ? scope : { ...scope, only: null });

export const onlyOf = (scope: Scope): readonly string[] => scope.only?.split(',').filter((one) => one !== '') ?? [];

/** With the tasks of one number alone, beside what was chosen before. */
export const withOnly = (scope: Scope, what: string): Scope => (onlyOf(scope).includes(what) ? scope : toggleOnly(scope, what));

/** With the tasks of one number alone, beside what was chosen before; chosen again it is taken away. */
export function toggleOnly(scope: Scope, what: string): Scope {
  const chosen = onlyOf(scope);
  const next = chosen.includes(what) ? chosen.filter((one) => one !== what) : [...chosen, what];
  return { ...scope, only: next.length === 0 ? null : next.join(',') };
}

/** Everything a figure is asked with. */
export const asQuery = (scope: Scope): Query => ({
  ...pointQuery(scope),
  unitId: scope.unitId,
  unitKind: scope.unitKind,
  scope: scope.tree === null ? null : 'tree',
  period: scope.period,
  cohort: scope.cohort,
  deadlineBasis: scope.basis,
  fixedDatePolicy: scope.policy,
  organisedAs: scope.organisedAs,
  authority: scope.authority,
  ...narrowQuery(scope),
  rounding: scope.rounding,
});

/** What an address says beside the scope: kept by a link that only changes this. */
export const besides = (search: URLSearchParams): Query => Object.fromEntries([...search].filter(([name]) => !Object.values(NAMES).includes(name)));

export const compares = (scope: Scope): boolean => scope.sinceDay !== null || scope.sinceKnownAt !== null;

/** A comparison at two states of knowledge only keeps the instant of the view. */
export const sinceQuery = (scope: Scope): Query => ({ sinceAsOf: scope.sinceDay ?? scope.day, sinceKnownAt: scope.sinceKnownAt });

/** Where and when, as the dashboard takes it: the period is the one that contains the instant, the tasks are those of C2. */
export const dashboardQuery = (scope: Scope): Query => ({
  asOf: scope.day,
  knownAt: scope.knownAt,
  unitId: scope.unitId,
  unitKind: scope.unitKind,
  scope: scope.tree === null ? null : 'tree',
  authority: scope.authority,
  ...narrowQuery(scope),
  organisedAs: scope.organisedAs,
  ...(compares(scope) ? sinceQuery(scope) : {}),
});

export function href(path: string, scope: Scope, extra: Query = {}): string {
  const search = new URLSearchParams();
  for (const key of KEYS) if (scope[key]) search.set(NAMES[key], scope[key]);
  for (const [name, value] of Object.entries(extra)) if (value) search.set(name, value);
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

/** Back to the present, as known now; how figures are counted stays. */
export const toPresent = (scope: Scope): Scope => ({ ...scope, day: null, knownAt: null });

/** Whether figures are counted as the dashboard counts: nothing of the way of counting was chosen otherwise. */
export const countsPlainly = (scope: Scope): boolean => scope.period === null && scope.cohort === null && scope.basis === null && scope.policy === null;
