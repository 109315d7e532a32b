import { type Line, type News } from '../live/frames.ts';
import { readStream, StreamRefused, waitToRetry } from '../live/read-stream.ts';
import { headersOf, type Asker } from './ask.ts';
import { type Show } from './types.ts';

export interface StreamTold {
  /** The line went up or down, or was heard again. */
  line: (line: Line) => void;
  /** Something was recorded. */
  news: (event: string) => void;
  show: (show: Show) => void;
  /** Nothing is known of what was missed: everything is to be asked again. */
  resync: () => void;
  /** The screen may not listen any more. */
  refused: () => void;
}

/** Holds one stream of a meeting until it is told to stop, and makes it anew whenever it breaks; ends by itself only when it is refused. */
export async function holdStream(briefingId: string, as: Asker, signal: AbortSignal, told: StreamTold): Promise<void> {
  const at = { position: null as string | null, heardAt: null as number | null, retryMs: 1_000, failures: 0, up: false as boolean };
  const heard = (): boolean => at.up;
  const stopped = (): boolean => signal.aborted;
  while (!stopped()) {
    at.up = false;
    try {
      const query = new URLSearchParams({ briefing: briefingId });
      if (at.position !== null) query.set('lastEventId', at.position);
      await readStream(`/stream?${query.toString()}`, headersOf(as), signal, (frames, heardAt) => {
        at.heardAt = heardAt;
        if (!at.up) {
          // What happened between two connections is told by the log's positions, what was shown is not.
          Object.assign(at, { up: true, failures: 0 });
          told.resync();
        }
        told.line({ up: true, heardAt });
        for (const frame of frames) {
          if (frame.retry !== null) at.retryMs = frame.retry;
          if (frame.id !== null) at.position = frame.id;
          if (frame.data === '') continue;
          if (frame.event === 'show') told.show(JSON.parse(frame.data) as Show);
          else if (frame.event === 'resync') {
            at.position = (JSON.parse(frame.data) as News).position;
            told.resync();
          } else told.news(frame.event);
        }
      });
    } catch (error) {
      if (error instanceof StreamRefused && (error.status === 401 || error.status === 403)) {
        told.refused();
        return;
      }
      // A broken connection is the usual end of one.
    }
    if (stopped()) return;
    at.failures += heard() ? 0 : 1;
    told.line({ up: false, heardAt: at.heardAt });
    await waitToRetry(at.retryMs, at.failures, signal);
  }
}
