/** What the stream says of one event of the log. */
export interface News {
  position: string;
  /** `task`, `unit`, `calendar`, `settings`, `secretcount` or `resync`. */
  event: string;
  type?: string;
  taskId?: string;
  code?: string;
  reason?: string;
}

export interface SseFrame {
  id: string | null;
  event: string;
  data: string;
  retry: number | null;
}

/** Takes whole frames off the front of what was received; the rest waits for more. A comment is a frame without anything in it. */
export function takeFrames(text: string): { frames: SseFrame[]; rest: string } {
  const pieces = text.split('\n\n');
  const rest = pieces.pop() ?? '';
  return { frames: pieces.map(frameOf), rest };
}

function frameOf(text: string): SseFrame {
  const frame: SseFrame = { id: null, event: 'message', data: '', retry: null };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const name = line.slice(0, colon);
    if (name === 'id') frame.id = value;
    else if (name === 'event') frame.event = value;
    else if (name === 'data') frame.data += value;
    else if (name === 'retry') frame.retry = Number(value);
  }
  return frame;
}

export const isAfter = (a: string, b: string): boolean => BigInt(a) > BigInt(b);

/** What is new since the answer on the screen: how many events of tasks (or of the kinds named), or of the one task; null when it cannot be counted any more. */
export function newSince(heard: readonly News[], lostUpTo: string | null, position: string, taskId?: string, of: readonly string[] = ['task']): number | null {
  if (lostUpTo !== null && isAfter(lostUpTo, position)) return null;
  return heard.filter(
    (news) => isAfter(news.position, position) && of.includes(news.event) && (taskId === undefined || news.taskId === taskId),
  ).length;
}

/** Heartbeats come every 15 seconds; one that is late is a word, two are a broken line. */
export const LATE_MS = 20_000;
export const DEAD_MS = 30_000;
/** A line that is made anew at once is not worth a word. */
const GRACE_MS = 3_000;

export interface Line {
  up: boolean;
  /** When anything was last heard, a heartbeat too; null before the first. */
  heardAt: number | null;
}

export type LineWords = 'starting' | 'live' | 'late' | 'lost';

/** What the head of the page says of the line, and after how many seconds of silence. */
export function lineWords({ up, heardAt }: Line, startedAt: number, now: number): { state: LineWords; seconds: number } {
  const silent = now - (heardAt ?? startedAt);
  const seconds = Math.max(0, Math.round(silent / 1_000));
  if (up) return { state: silent < LATE_MS ? 'live' : silent < DEAD_MS ? 'late' : 'lost', seconds };
  if (silent < GRACE_MS) return { state: heardAt === null ? 'starting' : 'live', seconds };
  return { state: heardAt !== null && silent < LATE_MS && silent < 2 * GRACE_MS ? 'late' : 'lost', seconds };
}
