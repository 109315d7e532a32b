import { useQuery } from '@tanstack/react-query';
import { ApiError, type Problem } from '../api.ts';
import { t } from '../i18n.ts';

const NDJSON = 'application/x-ndjson';

/** One event as it stands in the log. */
export interface LogLine {
  id: string;
  stream: string;
  revision: number;
  position: string;
  type: string;
  schema: number;
  occurredAt: string;
  recordedAt: string;
  data: unknown;
  metadata: {
    actor?: { id?: string; role?: string; unitId?: string };
    commandId?: string;
    $correlationId?: string;
    $causationId?: string;
  };
}

/** The task's events as JSON Lines, in the form of `nhacviec log export`. @throws ApiError */
export async function fetchLines(id: string, signal?: AbortSignal): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/tasks/${encodeURIComponent(id)}/events`, {
      headers: { accept: NDJSON },
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { title: t('Mất kết nối'), detail: t('Không tới được máy chủ.') });
  }
  if (!response.ok) throw new ApiError(response.status, (await response.json().catch(() => ({}))) as Problem);
  return response.text();
}

/** Every event of the task by its id, as recorded; asked for when the first one is opened. `upTo` is the last position known. */
export const useRaw = (id: string, upTo: string, wanted: boolean) =>
  useQuery({
    queryKey: ['replay-raw', id, upTo],
    queryFn: async ({ signal }) => {
      const lines = (await fetchLines(id, signal)).split('\n').filter((line) => line !== '');
      return new Map(lines.map((line) => JSON.parse(line) as LogLine).map((event) => [event.id, event]));
    },
    enabled: wanted,
    staleTime: Infinity,
  });

/** Saves the events as a file; answers how many there are. @throws ApiError */
export async function saveLines(id: string, code: string): Promise<number> {
  const text = await fetchLines(id);
  const url = URL.createObjectURL(new Blob([text], { type: NDJSON }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${code}.jsonl`;
  link.click();
  // The browser has taken hold of it by then; at once would be too early for some.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return text.split('\n').filter((line) => line !== '').length;
}
