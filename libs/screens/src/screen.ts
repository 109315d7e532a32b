import { createHash, timingSafeEqual } from 'node:crypto';
import type { Instant } from '#kernel';

/** Where secrets come from: a port, so that tests choose their own. */
export interface Secrets {
  /** Six digits, each as likely as the others. */
  code(): string;
  /** At least 256 bits, in letters that a header may carry. */
  secret(): string;
}

/**
 * A room screen, never a person: paired with a meeting's scope by a code that stands on it. Of its secrets only SHA-256 hashes are kept; they
 * stand outside the log, where they can be taken back and thrown away.
 */
export interface Screen {
  readonly id: string;
  /** Raised by one with every change: two who change at once do not overwrite each other. */
  readonly revision: number;
  readonly codeHash: string | null;
  readonly claimHash: string | null;
  readonly tokenHash: string | null;
  /** The token before the last renewal, for a moment: the answer with the new one may have been lost. */
  readonly formerTokenHash: string | null;
  readonly formerUntil: Instant | null;
  readonly codeExpiresAt: Instant;
  readonly name: string | null;
  readonly briefingId: string | null;
  readonly pairedAt: Instant | null;
  /** Of the token. */
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastSeenAt: Instant | null;
}

/** What the room shows now; steered from the console, no fact of the meeting. */
export interface Show {
  readonly briefingId: string;
  readonly page: string;
  readonly n: number;
  readonly unitId: string | null;
  readonly live: boolean;
  readonly blank: boolean;
  readonly revision: number;
  readonly startedAt: Instant;
  readonly at: Instant;
}

/** Keeps screens and shows; every store passes `screen-store.features.ts`. */
export interface ScreenStore {
  insert(screen: Screen): Promise<void>;
  get(id: string): Promise<Screen | undefined>;
  /** By one of its hashes; the former token too for `token`. */
  byHash(kind: 'code' | 'claim' | 'token', hash: string): Promise<Screen | undefined>;
  /** Paired ones, the last paired first. */
  paired(): Promise<readonly Screen[]>;
  /** Puts the changed screen in place of the one at the revision before it; false where that is no more. */
  replace(screen: Screen): Promise<boolean>;
  /** Forgets codes that nobody paired and screens whose token or revocation lies before the instant. */
  forget(before: Instant): Promise<void>;
  show(briefingId: string): Promise<Show | undefined>;
  /** Like `replace`; revision 1 begins. */
  putShow(show: Show): Promise<boolean>;
  close(): Promise<void>;
}

export const CODE_MS = 5 * 60_000;
export const TOKEN_MS = 24 * 3_600_000;
/** So long the token before a renewal goes on to be taken. */
export const FORMER_MS = 5 * 60_000;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Compares in a time that does not tell how much of it fits. */
function fits(given: string, hash: string | null): boolean {
  return hash !== null && timingSafeEqual(Buffer.from(hashOf(given), 'hex'), Buffer.from(hash, 'hex'));
}

/** A screen that shows a code and waits to be paired. */
export function waitingScreen(id: string, code: string, claim: string, now: Instant): Screen {
  return {
    id, revision: 0, codeHash: hashOf(code), claimHash: hashOf(claim), tokenHash: null, formerTokenHash: null, formerUntil: null, codeExpiresAt: now + CODE_MS, name: null, briefingId: null, pairedAt: null, expiresAt: null,
    revokedAt: null, lastSeenAt: null,
  };
}

const next = (screen: Screen, change: Partial<Screen>): Screen => ({ ...screen, ...change, revision: screen.revision + 1 });

/** Undefined where the code is not its, too old, or used. */
export function pairedScreen(screen: Screen, code: string, briefingId: string, name: string, now: Instant): Screen | undefined {
  if (!fits(code, screen.codeHash) || now >= screen.codeExpiresAt) return undefined;
  return next(screen, { codeHash: null, briefingId, name, pairedAt: now });
}

/** Whether the screen is who has the claim, and what comes of it: it gets its token once. */
export function claimedScreen(screen: Screen, claim: string, token: string, now: Instant): 'unknown' | 'waiting' | 'expired' | 'revoked' | Screen {
  if (!fits(claim, screen.claimHash)) return 'unknown';
  if (screen.revokedAt !== null) return 'revoked';
  if (now >= screen.codeExpiresAt) return 'expired';
  if (screen.pairedAt === null) return 'waiting';
  return next(screen, { claimHash: null, tokenHash: hashOf(token), expiresAt: now + TOKEN_MS, lastSeenAt: now });
}

/** Whether a token is good now. */
export function standing(screen: Screen, token: string, now: Instant): 'unknown' | 'revoked' | 'expired' | 'good' {
  const former = screen.formerUntil !== null && now < screen.formerUntil && fits(token, screen.formerTokenHash);
  if (!fits(token, screen.tokenHash) && !former) return 'unknown';
  if (screen.revokedAt !== null) return 'revoked';
  return screen.expiresAt === null || now >= screen.expiresAt ? 'expired' : 'good';
}

/** With a new token for another day, bound to the meeting that its scope holds now. */
export function renewedScreen(screen: Screen, token: string, briefingId: string, now: Instant): Screen {
  return next(screen, { tokenHash: hashOf(token), formerTokenHash: screen.tokenHash, formerUntil: now + FORMER_MS, expiresAt: now + TOKEN_MS, briefingId, lastSeenAt: now });
}

export const revokedScreen = (screen: Screen, now: Instant): Screen => next(screen, { revokedAt: now });
export const seenScreen = (screen: Screen, now: Instant): Screen => next(screen, { lastSeenAt: now });
