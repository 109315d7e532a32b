import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ApiError, get, type Figures, type Query, type TaskEvent } from '../api.ts';
import { useSystem } from '../frame.tsx';
import { addDays, daysBetween, isDay, local, reportingYear } from '../format.ts';

/** The subject of a replay that is no task, as the address names it. */
export const SYSTEM = 'he-thong';
const UNIT = 'don-vi:';
export const subjectOfUnit = (unitId: string): string => `${UNIT}${unitId}`;
export const isWide = (name: string): boolean => name === SYSTEM || name.startsWith(UNIT);
export const unitOfSubject = (name: string): string | null => (name.startsWith(UNIT) ? name.slice(UNIT.length) : null);

interface About {
  unitId: string | null;
  unitName: string | null;
  from: string | null;
  to: string | null;
  position: string;
}
export interface Bucket {
  from: string;
  to: string;
  total: number;
  late: number;
  repairs: number;
}
export interface Density extends About {
  buckets: Bucket[];
  total: number;
  highest: number;
}
export interface AuditEvent extends Omit<TaskEvent, 'data'> {
  taskId: string;
  code: string | null;
  content: string | null;
  unitId: string;
  unitName: string;
  otherUnitName: string | null;
  lateDays: number;
}
export interface AuditPage<T> extends About {
  items: T[];
  nextCursor: string | null;
  total: number;
}
interface Due {
  dueOn: string | null;
  dueTime: string | null;
}
export interface DeadlineMove {
  id: string;
  position: string;
  type: string;
  name: string;
  occurredAt: string;
  recordedAt: string;
  taskId: string;
  code: string | null;
  content: string | null;
  unitName: string;
  original: Due;
  before: Due;
  after: Due;
  number: number;
  daysAdded: number | null;
  decidedBy: { id: string; role: string };
  document: string | null;
  reason: string | null;
  afterDeadline: boolean;
  annulled: boolean;
}
export interface DeadlinePage extends AuditPage<DeadlineMove> {
  summary: { changes: number; afterDeadline: number; daysAdded: number; tasks: number; moreThanOnce: number };
}
export interface Threshold {
  name: string;
  words: string;
  value: number | string | boolean;
  standard: number | string | boolean;
  min?: number;
  max?: number;
  choices?: { value: string; words: string }[];
}
export interface Rule {
  code: string;
  name: string;
  words: string;
  thresholds: Threshold[];
  total: number;
  groups: number | null;
}
export interface Rules extends About {
  rules: Rule[];
}
export interface RulePage extends AuditPage<AuditEvent> {
  rule: Rule;
  groups: { key: string; words: string; total: number; at: string; unitId: string | null }[] | null;
}

/** The names of all limits: each stands in the address under its own. */
export const LIMITS = ['proof', 'minutes', 'bulk', 'movedDays', 'nightFrom', 'nightTo', 'daysOff', 'hourly', 'lateDays'] as const;

export type Tab = 'su-kien' | 'thoi-han' | 'bat-thuong';

/** What the address says of the view of a unit or of the whole system. */
export interface WideView {
  readonly name: string;
  readonly unitId: string | null;
  /** Days, each meant to its 24:00. */
  readonly a: string;
  readonly b: string;
  readonly today: string;
  /** Seen with what is known now, and not as it was known at each of the points. */
  readonly knownNow: boolean;
  readonly from: string | null;
  readonly to: string | null;
  readonly tab: Tab;
  /** The two points as the address has them by now: keys come faster than the page is drawn. */
  readonly at: () => { readonly a: string; readonly b: string };
  readonly get: (name: string) => string | null;
  readonly set: (changes: Query) => void;
  /** Moves the points; the address follows once they rest. */
  readonly move: (to: { readonly a: string; readonly b: string }) => void;
  /** The address with these changes. */
  readonly link: (changes: Query) => string;
}

/** As long as the points of a task rest before their address is written. */
const WRITE_AFTER_MS = 250;

const dayOr = (text: string | null, other: string): string =>
  text !== null && isDay(text) && !Number.isNaN(Date.parse(text)) ? text : other;

function withChanges(search: string, changes: Query): string {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes))
    if (value) next.set(key, value);
    else next.delete(key);
  return `?${next.toString()}`;
}

function pointsOf(params: URLSearchParams, today: string): { a: string; b: string } {
  const b = dayOr(params.get('b'), today);
  return { a: dayOr(params.get('a'), addDays(b, -7)), b };
}

export function useWideView(name: string): WideView | null {
  const [search, setSearch] = useSearchParams();
  const system = useSystem();
  const now = system.data?.now;
  const written = search.toString();
  const [moved, setMoved] = useState<{ a: string; b: string } | null>(null);
  // Browsers refuse a hundred addresses within seconds, and playing is faster.
  useEffect(() => {
    if (moved === null) return undefined;
    const timer = setTimeout(() => {
      setSearch(withChanges(written, moved), { replace: true, preventScrollReset: true });
      setMoved(null);
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [moved, written, setSearch]);
  const text = moved === null ? written : withChanges(written, moved).slice(1);
  const latest = useRef(moved);
  const move = useCallback((to: { a: string; b: string }) => {
    latest.current = to;
    setMoved(to);
  }, []);
  useEffect(() => {
    latest.current = null;
  }, [written]);
  const link = useCallback((changes: Query): string => withChanges(text, changes), [text]);
  const set = useCallback((changes: Query) => setSearch(link(changes), { replace: true, preventScrollReset: true }), [link, setSearch]);
  return useMemo(() => {
    if (now === undefined) return null;
    const params = new URLSearchParams(text);
    const today = local(now).day;
    const { a, b } = pointsOf(params, today);
    const tab = params.get('muc');
    return {
      name,
      unitId: unitOfSubject(name),
      today,
      b,
      a,
      at: () => latest.current ?? pointsOf(new URLSearchParams(window.location.search), today),
      knownNow: params.get('biet') === 'nay',
      from: params.get('tu') && isDay(params.get('tu') ?? '') ? params.get('tu') : null,
      to: params.get('den') && isDay(params.get('den') ?? '') ? params.get('den') : null,
      tab: tab === 'thoi-han' || tab === 'bat-thuong' ? tab : 'su-kien',
      get: (key: string) => params.get(key),
      set,
      move,
      link,
    };
  }, [name, now, text, set, move, link]);
}

/** The subject as the server is asked about it. */
export const subjectQuery = ({ unitId }: Pick<WideView, 'unitId'>): Query => (unitId === null ? {} : { unitId, scope: 'tree' });

export const bucketFor = (from: string, to: string): 'day' | 'week' | 'month' => {
  const span = daysBetween(from, to);
  return span <= 100 ? 'day' : span <= 730 ? 'week' : 'month';
};

export const useDensity = (view: WideView, by: 'recorded' | 'occurred', bucket: string | null) => {
  const query = { ...subjectQuery(view), by, from: view.from, to: view.to, bucket };
  return useQuery({
    queryKey: ['audit-density', query],
    queryFn: ({ signal }) => get<Density>('/audit/density', query, signal),
    placeholderData: keepPreviousData,
  });
};

/** Page after page by the position of the last one seen. */
export const usePages = <T extends { nextCursor: string | null }>(path: string, query: Query, enabled = true) =>
  useInfiniteQuery({
    queryKey: ['audit-pages', path, query],
    queryFn: ({ signal, pageParam }) => get<T>(path, { ...query, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled,
  });

export const useRules = (query: Query) =>
  useQuery({
    queryKey: ['audit-rules', query],
    queryFn: ({ signal }) => get<Rules>('/audit/patterns', query, signal),
    placeholderData: keepPreviousData,
  });

/** One reporting year holds both points: only then can their figures be compared (the later one's period holds for both). */
export const sameYear = (a: string, b: string): boolean => reportingYear(a) === reportingYear(b);

export const usePointFigures = (query: Query, enabled: boolean) =>
  useQuery({
    queryKey: ['figures', query],
    queryFn: ({ signal }) => get<Figures>('/figures', query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });

export const isAway = (...errors: readonly (Error | null)[]): boolean => errors.some((one) => one instanceof ApiError && one.status === 0);

/** A file that the browser fetches by itself, however long it is. */
export function fileHref(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  return `/api/v1${path}?${search.toString()}`;
}
