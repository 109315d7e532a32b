import { ApiError, ask } from '../api.ts';
import { postAs } from './ask.ts';

/** What a paired screen keeps: never a person's login, only the right to read one meeting after another. */
export interface Paired {
  token: string;
  screenId: string;
  briefingId: string;
}

const KEPT = 'nhacviec.man-hinh';

export function keptPairing(): Paired | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (found === null || typeof found !== 'object') return null;
    const { token, screenId, briefingId } = found as Partial<Paired>;
    return token && screenId && briefingId ? { token, screenId, briefingId } : null;
  } catch {
    return null;
  }
}

export function keepPairing(paired: Paired | null): void {
  try {
    if (paired === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(paired));
  } catch {
    // Storage is closed: the pairing then lasts as long as the page.
  }
}

export interface Code {
  code: string;
  claim: string;
  expiresAt: string;
}

export const askCode = (signal: AbortSignal): Promise<Code> => postAs<Code>(null, '/screens', {}, signal);

/** The token, once somebody has entered the code; `waiting` before that, `expired` when it is too late. */
export async function claim(code: Code, signal: AbortSignal): Promise<Paired | 'waiting' | 'expired'> {
  try {
    const answer = (await ask('/screens/claim', { headers: { accept: 'application/json', 'x-screen-claim': code.claim }, signal })) as Partial<Paired>;
    const { token, screenId, briefingId } = answer;
    return token && screenId && briefingId ? { token, screenId, briefingId } : 'waiting';
  } catch (error) {
    // 202 without a body is still an answer.
    if (error instanceof ApiError && error.status === 202) return 'waiting';
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) return 'expired';
    throw error;
  }
}
