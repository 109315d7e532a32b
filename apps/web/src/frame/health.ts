import { useQuery } from '@tanstack/react-query';
import { get, ApiError } from '../api.ts';

interface Health {
  status: string;
  error?: string;
  projections: { state: string; position: string; lagEvents: number; lagSeconds: number; lastError: string | null }[];
}
/** Figures and lists are behind the log: still coming, or standing. */
export type Behind = { kind: 'late'; events: number; seconds: number } | { kind: 'standing'; position: string };

const ASK_MS = 15_000;
/** Less is what any command takes. */
const LATE_S = 5;

export function behindOf(health: Health): Behind | null {
  const serving = health.projections.filter(({ state }) => state === 'active');
  const broken = serving.find(({ lastError }) => lastError !== null);
  if (broken) return { kind: 'standing', position: broken.position };
  const seconds = Math.max(0, ...serving.map(({ lagSeconds }) => lagSeconds));
  return seconds < LATE_S
    ? null
    : { kind: 'late', events: Math.max(...serving.map(({ lagEvents }) => lagEvents)), seconds: Math.round(seconds) };
}

/** Whether what is shown lags behind what was recorded, as the program itself says. */
export function useBehind(): Behind | null {
  const health = useQuery({
    queryKey: ['health'],
    queryFn: async ({ signal }) => {
      try {
        return await get<Health>('/health/ready', {}, signal);
      } catch (error) {
        // Not ready is an answer.
        if (error instanceof ApiError && error.status === 503 && 'projections' in error.problem) return error.problem as unknown as Health;
        throw error;
      }
    },
    refetchInterval: ASK_MS,
    retry: false,
  });
  return health.data ? behindOf(health.data) : null;
}
