import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '../api.ts';
import { isAfter, lineWords, newSince, type LineWords } from './frames.ts';
import { liveState, subscribeLive, type LiveState } from './line.ts';

const COLLECT_MS = 80;
const APART_MS = 400;
const TICK_MS = 1_000;

/** Numbers that tick in place. Lists, stories and forms wait for their reader. */
const COUNTERS: ReadonlySet<unknown> = new Set(['figures', 'system', 'explain']);
/** Answers that follow an event of another kind than a task's. */
const OF_REFERENCE: ReadonlySet<unknown> = new Set(['units', 'rates', 'inbox-people', 'reminder-health', 'subscriptions', 'reports', 'report-duties', 'plans', 'indicators']);

const useLive = (): LiveState => useSyncExternalStore(subscribeLive, liveState);

/** A refusal stays one; the server being away is over. */
const couldNotBeAsked = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** What was refused is not asked again behind the reader's back: the refusal would give way to "loading" at every event. */
const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status >= 400 && error.status < 500;

/** Whether an answer tells of everything up to a position; one that does not say where it stands does not. */
function tellsOf(answer: unknown, position: string): boolean {
  const { parameters, position: own } = (answer ?? {}) as { parameters?: { position?: unknown }; position?: unknown };
  const at = parameters?.position ?? own;
  return typeof at === 'string' && !isAfter(position, at);
}

/** Asks again what may have changed: not what was answered after `upTo`. */
function refresh(client: QueryClient, heads: ReadonlySet<unknown>, upTo: string | null = null): void {
  void client.invalidateQueries({
    predicate: ({ queryKey, state }) => heads.has(queryKey[0]) && !isRefused(state.error) && !(upTo !== null && state.error === null && tellsOf(state.data, upTo)),
  });
}

/**
 * Once a page: numbers are asked again soon after something was recorded, at most a few times a second; after a break, whatever failed meanwhile,
 * of the past too. `still` while the past, or what was known then, is shown: nothing ticks there.
 */
export function useTicking(still: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    let { line } = liveState();
    return subscribeLive(() => {
      const now = liveState();
      if (now.line.up && !line.up) void client.refetchQueries({ predicate: ({ state }) => couldNotBeAsked(state.error) });
      ({ line } = now);
    });
  }, [client]);
  useEffect(() => {
    if (still) return undefined;
    let { position, replaced, line } = liveState();
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = subscribeLive(() => {
      const now = liveState();
      if (now.replaced !== replaced) void client.invalidateQueries();
      if (now.heard.at(-1)?.event !== 'task' && now.position !== position) refresh(client, OF_REFERENCE);
      const due = now.position !== position || (now.line.up && !line.up);
      ({ position, replaced, line } = now);
      if (!due || timer !== undefined) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          last = Date.now();
          refresh(client, COUNTERS, position);
        },
        Math.max(COLLECT_MS, last + APART_MS - Date.now()),
      );
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [client, still]);
}

/** How the line is, as the head of the page says it. */
export function useLineWords(): { state: LineWords; seconds: number; heardAt: number | null } {
  const { line, startedAt } = useLive();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const words = lineWords(line, startedAt, Math.max(now, line.heardAt ?? 0));
  return { ...words, heardAt: line.heardAt };
}

/** Events since the answer that is shown; null: something, nobody knows how much. Undefined positions have nothing after them. */
export function useNewSince(position: string | undefined, taskId?: string, of?: readonly string[]): number | null {
  const { heard, lostUpTo } = useLive();
  return position === undefined ? 0 : newSince(heard, lostUpTo, position, taskId, of);
}
