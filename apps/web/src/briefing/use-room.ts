import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError, get, type System } from '../api.ts';
import { liveState, subscribeLive } from '../live/line.ts';
import { briefingPath, getAs, type Asker } from './ask.ts';
import { type Briefing, type PageKey, type ScreenAnswer, type Show, type Ticker } from './types.ts';

/** What is asked of a page of the room; every part of it is in the key, so that a page once seen is there at once when it is gone back to. */
export interface PageAsked {
  page: PageKey;
  n: number;
  unitId: string | null;
  live: boolean;
}

export const ROOM = 'room';
const COLLECT_MS = 100;
/** Pages whose content follows the meeting, also while the figures stand at the cut-off. */
const FOLLOWING: ReadonlySet<string> = new Set<PageKey>(['conclusions', 'requests', 'raised']);

const screenKey = (id: string, asked: PageAsked) => [ROOM, id, 'screen', asked.page, asked.live, asked.n, asked.unitId] as const;

/** What changed in the log changes these; frozen figures stay as they are. */
export function refreshRoom(client: QueryClient, id: string, what: 'task' | 'briefing' | 'all'): void {
  void client.invalidateQueries({
    predicate: ({ queryKey: [room, of, part, page, live] }) =>
      room === ROOM &&
      of === id &&
      (what === 'all' ||
        part === 'ticker' ||
        (part === 'screen' && (live === true || FOLLOWING.has(page as string))) ||
        (what === 'briefing' && (part === 'briefing' || part === 'show'))),
  });
}

/** What is recorded, here or elsewhere, is shown at once: by the stream that all tabs of a browser share. */
export function useRefreshedRoom(client: QueryClient, id: string): void {
  useEffect(() => {
    let { position, line: before } = liveState();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let what: 'task' | 'briefing' | 'all' = 'task';
    const unsubscribe = subscribeLive(() => {
      const state = liveState();
      const back = state.line.up && !before.up;
      if (state.position === position && !back) {
        before = state.line;
        return;
      }
      if (back) what = 'all';
      else if (what === 'task' && state.heard.some((news) => news.event === 'briefing' && (position === null || BigInt(news.position) > BigInt(position)))) what = 'briefing';
      ({ position, line: before } = state);
      timer ??= setTimeout(() => {
        timer = undefined;
        refreshRoom(client, id, what);
        what = 'task';
      }, COLLECT_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [client, id]);
}

const refused = (error: Error): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;
/** Whatever is not a refusal is asked again, for as long as it takes: nobody stands at the screen to do so. */
const retry = (_: number, error: Error): boolean => !refused(error);
const retryDelay = (failures: number): number => Math.min(8_000, 700 * 1.6 ** failures) * (0.7 + Math.random() * 0.3);
const LASTING = { retry, retryDelay, staleTime: Infinity, refetchOnWindowFocus: false } as const;

export const useBriefing = (id: string, as: Asker) =>
  useQuery({ ...LASTING, queryKey: [ROOM, id, 'briefing', as], queryFn: ({ signal }) => getAs<Briefing>(as, briefingPath(id), {}, signal) });

/** A task put on the agenda from outside is told with the changes: the agenda then has a page for it. */
export function useAgendaFollows(client: QueryClient, id: string, briefing: Briefing | undefined, ticker: Ticker | undefined): void {
  const behind = briefing !== undefined && ticker !== undefined && briefing.raised !== ticker.raised && BigInt(ticker.position) > BigInt(briefing.position);
  useEffect(() => {
    if (behind) refreshRoom(client, id, 'briefing');
  }, [behind, client, id, ticker?.raised]);
}

/** Asked every few seconds beside what the stream tells: several servers need not tell each other at once. */
export const useShow = (id: string, as: Asker, everyMs: number) =>
  useQuery({
    ...LASTING,
    queryKey: [ROOM, id, 'show'],
    queryFn: async ({ signal }) => ({ show: await getAs<Show | null>(as, `${briefingPath(id)}/show`, {}, signal) }),
    refetchInterval: everyMs,
    refetchIntervalInBackground: true,
  });

export const useTicker = (id: string, as: Asker, limit: number) =>
  useQuery({
    ...LASTING,
    queryKey: [ROOM, id, 'ticker', limit],
    queryFn: ({ signal }) => getAs<Ticker>(as, `${briefingPath(id)}/ticker`, { limit: String(limit) }, signal),
  });

const askScreen = (id: string, as: Asker, { page, n, unitId, live }: PageAsked, signal: AbortSignal) =>
  getAs<ScreenAnswer>(as, `${briefingPath(id)}/screen`, { page, n: n > 1 ? String(n) : null, unitId, live: live ? 'true' : null }, signal);

/** The page that is asked for; until it is there, the last good one. `next` is fetched ahead, so that turning the page takes no time. */
export function useScreen(id: string, as: Asker, asked: PageAsked, next: readonly PageAsked[]) {
  const client = useQueryClient();
  const found = useQuery({
    ...LASTING,
    queryKey: screenKey(id, asked),
    queryFn: ({ signal }) => askScreen(id, as, asked, signal),
    placeholderData: keepPreviousData,
  });
  const ready = found.data !== undefined && !found.isPlaceholderData;
  const wanted = JSON.stringify(next);
  useEffect(() => {
    if (!ready) return;
    for (const one of JSON.parse(wanted) as PageAsked[])
      client
        .query({ queryKey: screenKey(id, one), queryFn: ({ signal }) => askScreen(id, as, one, signal), staleTime: Infinity, retry: false })
        .catch(() => undefined);
  }, [client, id, wanted, ready]);
  return found;
}

/** The server's clock, which the cut-off and the timers are told by; this machine's may be wrong, or the server's simulated. */
export function useServerClock(): { offset: number; now: number } {
  const system = useQuery({
    ...LASTING,
    queryKey: [ROOM, 'clock'],
    queryFn: async ({ signal }) => {
      const asked = Date.now();
      // Nothing of the meeting, so no right to read it is shown.
      const { now } = await get<System>('/system', {}, signal);
      // Half of the way there and back.
      return { offset: Date.parse(now) - (asked + Date.now()) / 2 };
    },
    refetchInterval: 60_000,
    refetchIntervalInBackground: true,
  });
  const offset = system.data?.offset ?? 0;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return { offset, now: now + offset };
}
