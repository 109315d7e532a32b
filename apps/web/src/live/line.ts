import { isAfter, type Line, type News } from './frames.ts';
import { readStream, waitToRetry } from './read-stream.ts';

/*
 * One event stream for all tabs of a browser: the tab that holds the lock has it and tells the others. A browser keeps a tab that holds a lock
 * awake. Where there are no locks (a page that is not served from this machine or over TLS), every tab has a stream of its own.
 */

const NAME = 'nhacviec-live';
const KEPT = 500;

type Message = { kind: 'hello' } | { kind: 'line'; line: Line; position: string | null } | { kind: 'news'; news: News; heardAt: number };

export interface LiveState {
  line: Line;
  startedAt: number;
  /** Everything up to here was heard. */
  position: string | null;
  heard: readonly News[];
  /** Answers from before this position may be out of date in ways that were not told. */
  lostUpTo: string | null;
  /** Counts the times the log itself was put back to an earlier state. */
  replaced: number;
}

let state: LiveState = {
  line: { up: false, heardAt: null },
  startedAt: Date.now(),
  position: null,
  heard: [],
  lostUpTo: null,
  replaced: 0,
};
const listeners = new Set<() => void>();

export const liveState = (): LiveState => state;
export function subscribeLive(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function change(part: Partial<LiveState>): void {
  state = { ...state, ...part };
  for (const listener of [...listeners]) listener();
}

let channel: BroadcastChannel | null = null;
let holding = false;
let running: AbortController | null = null;

const tell = (message: Message): void => channel?.postMessage(message);

function hear(news: News, heardAt: number): void {
  const line = { up: true, heardAt };
  if (news.event === 'resync') {
    const replaced = news.reason === 'beyond-log';
    change({
      line,
      position: news.position,
      heard: [],
      lostUpTo: replaced ? null : news.position,
      replaced: state.replaced + (replaced ? 1 : 0),
    });
    return;
  }
  if (state.position !== null && !isAfter(news.position, state.position)) {
    change({ line });
    return;
  }
  const heard = [...state.heard, news];
  // What is forgotten can only be told as "something changed" to answers from before it.
  const forgotten = heard.length > KEPT ? heard[heard.length - KEPT - 1] : undefined;
  change({ line, position: news.position, heard: heard.slice(-KEPT), ...(forgotten ? { lostUpTo: forgotten.position } : {}) });
}

/** The line as it is now; a position further on than what was heard says that something went by unheard. */
function hearLine(line: Line, position: string | null): void {
  const missed = position !== null && state.position !== null && isAfter(position, state.position);
  change({
    line,
    ...(position !== null && (state.position === null || missed) ? { position } : {}),
    ...(missed ? { lostUpTo: position } : {}),
  });
}

function onMessage({ data }: MessageEvent<Message>): void {
  if (data.kind === 'hello') {
    if (holding) tell({ kind: 'line', line: state.line, position: state.position });
  } else if (holding) return;
  else if (data.kind === 'news') hear(data.news, data.heardAt);
  else hearLine(data.line, data.position);
}

function lineIs(up: boolean, position: string | null = null): void {
  hearLine({ up, heardAt: up ? Date.now() : state.line.heardAt }, position);
  tell({ kind: 'line', line: state.line, position: state.position });
}

/** Reads one connection to its end. @throws whatever ends it. */
async function readOnce(signal: AbortSignal, asked: (ms: number) => void): Promise<void> {
  const query = state.position === null ? '' : `?lastEventId=${state.position}`;
  await readStream(`/stream${query}`, {}, signal, (frames, heardAt) => {
    let told = false;
    for (const frame of frames) {
      if (frame.retry !== null) asked(frame.retry);
      if (frame.data === '') continue;
      const news: News = { ...(JSON.parse(frame.data) as Omit<News, 'event'>), event: frame.event };
      hear(news, heardAt);
      tell({ kind: 'news', news, heardAt });
      told = true;
    }
    // Of a connection that begins now, the id says from where on events are told.
    if (!told) lineIs(true, frames.findLast(({ id }) => id !== null)?.id ?? null);
  });
}

/** Holds the stream until it is told to stop, and makes it anew whenever it breaks. */
async function hold(signal: AbortSignal): Promise<void> {
  holding = true;
  let retryMs = 1_000;
  let failures = 0;
  try {
    for (;;) {
      const heardBefore = state.line.heardAt;
      try {
        await readOnce(signal, (ms) => {
          retryMs = ms;
        });
      } catch {
        // A broken connection is the usual end of one.
      }
      if (signal.aborted) return;
      failures = state.line.heardAt === heardBefore ? failures + 1 : 0;
      lineIs(false);
      await waitToRetry(retryMs, failures, signal);
    }
  } finally {
    holding = false;
  }
}

function start(): void {
  if (running) return;
  const mine = (running = new AbortController());
  const shared = 'locks' in navigator && 'BroadcastChannel' in window;
  if (!shared) {
    void hold(mine.signal);
    return;
  }
  channel = new BroadcastChannel(NAME);
  channel.onmessage = onMessage;
  tell({ kind: 'hello' });
  navigator.locks
    .request(NAME, { signal: mine.signal }, () => hold(mine.signal))
    .catch(() => {
      // Stopped while waiting for its turn.
    });
}

function stop(): void {
  running?.abort();
  running = null;
  channel?.close();
  channel = null;
}

/**
 * Follows the log from `position`, that of the first answer on the screen. A page that is put aside for going back lets go, and follows again
 * from where it was.
 */
export function followFrom(position: string): void {
  if (state.position !== null || running) return;
  change({ position, startedAt: Date.now() });
  window.addEventListener('pagehide', stop);
  window.addEventListener('pageshow', start);
  start();
}
