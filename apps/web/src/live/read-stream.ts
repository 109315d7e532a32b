import { DEAD_MS, takeFrames, type SseFrame } from './frames.ts';

const CHECK_MS = 2_000;

/** The stream was refused: trying again will not help before something else changes. */
export class StreamRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`stream: ${status}`);
    this.name = 'StreamRefused';
    this.status = status;
  }
}

/**
 * Reads one connection of an event stream to its end, frames as they come. It is read by `fetch`: an EventSource keeps heartbeats to itself and
 * sends no headers, and a line that is silent after sleep looks to it like a quiet one.
 * @throws whatever ends it.
 */
export async function readStream(
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onFrames: (frames: readonly SseFrame[], heardAt: number) => void,
): Promise<void> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), DEAD_MS);
  // After sleep timers begin where they stopped, so the clock on the wall is asked too.
  let last = Date.now();
  const awake = setInterval(() => {
    if (Date.now() - last > DEAD_MS) silent.abort();
  }, CHECK_MS);
  const online = () => silent.abort();
  window.addEventListener('online', online);
  try {
    const response = await fetch(`/api/v1${path}`, {
      headers: { accept: 'text/event-stream', ...headers },
      cache: 'no-store',
      signal: AbortSignal.any([signal, silent.signal]),
    });
    if (!response.ok || response.body === null) throw new StreamRefused(response.status);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      last = Date.now();
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), DEAD_MS);
      const { frames, rest } = takeFrames(text + value);
      text = rest;
      onFrames(frames, last);
    }
  } finally {
    clearTimeout(timer);
    clearInterval(awake);
    window.removeEventListener('online', online);
  }
}

const LONGEST_WAIT_MS = 15_000;

/** Waits before the next try: longer after every failure, never all screens at once; at once when the network is back. */
export async function waitToRetry(retryMs: number, failures: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(LONGEST_WAIT_MS, retryMs * 1.6 ** Math.min(failures, 8)) * (0.7 + Math.random() * 0.3);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(go, wait);
    function go(): void {
      clearTimeout(timer);
      window.removeEventListener('online', go);
      signal.removeEventListener('abort', go);
      resolve();
    }
    window.addEventListener('online', go);
    signal.addEventListener('abort', go);
  });
}
