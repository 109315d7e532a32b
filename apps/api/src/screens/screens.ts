import type { ServerResponse } from 'node:http';
import type { Clock, Ids, Instant } from '#kernel';
import { isoInstant, Problem } from '#kernel';
import { claimedScreen, hashOf, pairedScreen, renewedScreen, revokedScreen, seenScreen, standing, waitingScreen, type Screen, type ScreenStore, type Secrets, type Show } from '#screens';
import { Attempts } from './attempts.ts';

const LOOK_MS = 1_000;
const SEEN_MS = 10_000;
/** A screen asks every few seconds; one that was not heard of for so long is not there. */
const CONNECTED_MS = 30_000;
const KEPT_MS = 7 * 24 * 3_600_000;
const MOST_WAITING = 3;

/** Who a screen is, once its token is known to be good. */
export interface KnownScreen {
  readonly id: string;
  readonly name: string;
  readonly briefingId: string;
  readonly expiresAt: Instant;
}

export interface ScreensOptions {
  readonly store: ScreenStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The meeting that a screen of this one follows now: itself, or a newer open one of its scope. */
  readonly following: (briefingId: string) => string;
}

/** Pairing of room screens, their tokens, and what the rooms show. The program's clock counts: a simulated one too. */
export class Screens {
  private readonly options: ScreensOptions;
  private readonly starting: Attempts;
  private readonly pairing: Attempts;
  private readonly guessing: Attempts;
  private readonly streams = new Map<string, Set<ServerResponse>>();
  private readonly seen = new Map<string, Instant>();
  private readonly listeners = new Set<(show: Show) => void>();
  private readonly shown = new Map<string, number>();
  private looking: NodeJS.Timeout | undefined;
  private followed: () => Iterable<string> = () => [];

  constructor(options: ScreensOptions) {
    this.options = options;
    this.starting = new Attempts(options.clock, 10, 60_000);
    this.pairing = new Attempts(options.clock, 10, 5 * 60_000);
    this.guessing = new Attempts(options.clock, 20, 60_000);
  }

  private get now(): Instant {
    return this.options.clock.now();
  }

  /** A device asks to be paired. `from` is where it asks from. @throws Problem 429 */
  async start(from: string): Promise<{ readonly code: string; readonly claim: string; readonly expiresAt: Instant }> {
    const { store, secrets, ids } = this.options;
    this.starting.require(from);
    this.starting.count(from);
    await store.forget(this.now - KEPT_MS);
    const claim = secrets.secret();
    let code = secrets.code();
    for (let tries = 0; tries < MOST_WAITING; tries++) {
      const other = await store.byHash('code', hashOf(code));
      if (other === undefined || this.now >= other.codeExpiresAt) break;
      code = secrets.code();
    }
    const screen = waitingScreen(ids.next(), code, claim, this.now);
    await store.insert(screen);
    return { code, claim, expiresAt: screen.codeExpiresAt };
  }

  /** Somebody who holds the meeting types the code that stands on the screen. @throws Problem 422, 429 */
  async pair(code: string, briefingId: string, name: string, who: string): Promise<Screen> {
    const { store } = this.options;
    this.pairing.require(who);
    for (;;) {
      const found = await store.byHash('code', hashOf(code));
      const screen = found && pairedScreen(found, code, briefingId, name, this.now);
      if (!screen) {
        this.pairing.count(who);
        throw new Problem(422, 'screen-code-unknown', 'Mã ghép màn không đúng', 'Không có màn nào đang hiện mã này, hoặc mã đã quá 5 phút; hãy xem lại mã trên màn.', { errors: [{ pointer: '/code', code: 'screen-code-unknown', detail: 'mã không đúng hoặc đã hết hạn' }] });
      }
      if (await store.replace(screen)) return screen;
    }
  }

  /** The device asks whether it has been paired; once it has, it gets its token, once. @throws Problem 401, 410, 429 */
  async claim(claim: string, from: string): Promise<{ readonly token: string; readonly screenId: string; readonly briefingId: string; readonly expiresAt: Instant } | 'waiting'> {
    const { store, secrets, following } = this.options;
    this.guessing.require(from);
    for (;;) {
      const found = await store.byHash('claim', hashOf(claim));
      const token = secrets.secret();
      const screen = found === undefined ? 'unknown' : claimedScreen(found, claim, token, this.now);
      if (screen === 'unknown') {
        this.guessing.count(from);
        throw new Problem(401, 'screen-claim-unknown', 'Không rõ màn nào', 'X-Screen-Claim này không có, hoặc đã được dùng; hãy xin mã mới.');
      }
      if (screen === 'expired') throw new Problem(410, 'screen-code-expired', 'Mã ghép màn đã hết hạn', 'Mã trên màn đã quá 5 phút; hãy xin mã mới.');
      if (screen === 'revoked') throw revoked();
      if (screen === 'waiting') return 'waiting';
      if (await store.replace(screen)) return { token, screenId: screen.id, briefingId: following(screen.briefingId!), expiresAt: screen.expiresAt! };
    }
  }

  /** @throws Problem 401 */
  async known(token: string, from: string): Promise<KnownScreen> {
    const screen = await this.standing(token, from);
    const before = this.seen.get(screen.id) ?? screen.lastSeenAt ?? -Infinity;
    if (this.now - before >= SEEN_MS) {
      this.seen.set(screen.id, this.now);
      // Another change that was quicker says as much.
      await this.options.store.replace(seenScreen(screen, this.now));
    }
    return this.knownOf(screen);
  }

  /** A new token for another day; the old one holds a moment longer. @throws Problem 401 */
  async renew(token: string, from: string): Promise<KnownScreen & { readonly token: string }> {
    const { store, secrets, following } = this.options;
    for (;;) {
      const screen = await this.standing(token, from);
      const next = secrets.secret();
      const renewed = renewedScreen(screen, next, following(screen.briefingId!), this.now);
      if (await store.replace(renewed)) return { ...this.knownOf(renewed), token: next };
    }
  }

  /** Takes a screen's right back, at once on its open streams too. @throws Problem 404 */
  async revoke(id: string): Promise<Screen> {
    const { store } = this.options;
    for (;;) {
      const screen = await store.get(id);
      if (screen?.pairedAt == null) throw new Problem(404, 'screen-not-found', 'Không tìm thấy màn', `Không có màn mang mã “${id.slice(0, 80)}”.`, { extra: { id: id.slice(0, 80) } });
      if (screen.revokedAt !== null) return screen;
      const gone = revokedScreen(screen, this.now);
      if (!(await store.replace(gone))) continue;
      this.cut(id);
      return gone;
    }
  }

  async list(): Promise<readonly (Screen & { readonly connected: boolean })[]> {
    return (await this.options.store.paired()).map((screen) => {
      const lastSeenAt = Math.max(screen.lastSeenAt ?? -Infinity, this.seen.get(screen.id) ?? -Infinity);
      const heard = (this.streams.get(screen.id)?.size ?? 0) > 0 || this.now - lastSeenAt < CONNECTED_MS;
      return { ...screen, lastSeenAt: lastSeenAt === -Infinity ? null : lastSeenAt, connected: screen.revokedAt === null && heard };
    });
  }

  /** An open stream of a screen; it ends when the screen's right does. */
  watch(screenId: string, response: ServerResponse): void {
    const streams = this.streams.get(screenId) ?? new Set();
    this.streams.set(screenId, streams.add(response));
    response.once('close', () => {
      streams.delete(response);
      if (streams.size === 0 && this.streams.get(screenId) === streams) this.streams.delete(screenId);
    });
    this.look();
  }

  /** Hears what rooms are shown, also where another process was told. */
  onShow(briefings: () => Iterable<string>, listener: (show: Show) => void): void {
    this.listeners.add(listener);
    this.followed = briefings;
  }

  async show(briefingId: string, what: Pick<Show, 'page' | 'n' | 'unitId' | 'live' | 'blank'>): Promise<Show> {
    const { store } = this.options;
    for (;;) {
      const before = await store.show(briefingId);
      const now = this.now;
      const show: Show = { briefingId, ...what, revision: (before?.revision ?? 0) + 1, startedAt: before?.startedAt ?? now, at: now };
      if (!(await store.putShow(show))) continue;
      this.tell(show);
      return show;
    }
  }

  async shows(briefingId: string): Promise<Show | undefined> {
    return this.options.store.show(briefingId);
  }

  /** Begins to look once a second after what other processes have changed, while anybody is connected. */
  look(): void {
    this.looking ??= setInterval(() => { this.lookNow().catch(() => undefined); }, LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.options.store.close();
  }

  private async lookNow(): Promise<void> {
    const { store } = this.options;
    const followed = [...new Set(this.followed())];
    if (this.streams.size === 0 && followed.length === 0) {
      clearInterval(this.looking);
      this.looking = undefined;
      return;
    }
    for (const id of [...this.streams.keys()]) {
      const screen = await store.get(id);
      if (screen === undefined || screen.revokedAt !== null || (screen.expiresAt !== null && this.now >= screen.expiresAt)) this.cut(id);
      else this.seen.set(id, this.now);
    }
    for (const briefingId of followed) {
      const show = await store.show(briefingId);
      if (show && (this.shown.get(briefingId) ?? 0) < show.revision) this.tell(show);
    }
  }

  private tell(show: Show): void {
    this.shown.set(show.briefingId, Math.max(show.revision, this.shown.get(show.briefingId) ?? 0));
    for (const listener of this.listeners) listener(show);
  }

  private cut(id: string): void {
    for (const response of this.streams.get(id) ?? []) response.end();
    this.streams.delete(id);
  }

  private async standing(token: string, from: string): Promise<Screen> {
    this.guessing.require(from);
    const screen = await this.options.store.byHash('token', hashOf(token));
    const how = screen === undefined ? 'unknown' : standing(screen, token, this.now);
    if (how === 'good') return screen!;
    if (how === 'revoked') throw revoked();
    if (how === 'expired') throw new Problem(401, 'screen-expired', 'Quyền của màn đã hết hạn', 'Màn này quá 24 giờ không gia hạn quyền; hãy ghép lại bằng mã.');
    this.guessing.count(from);
    throw new Problem(401, 'screen-token-unknown', 'Không rõ màn nào', 'X-Screen-Token này không có; hãy ghép lại bằng mã.');
  }

  private knownOf({ id, name, briefingId, expiresAt }: Screen): KnownScreen {
    return { id, name: name!, briefingId: this.options.following(briefingId!), expiresAt: expiresAt! };
  }
}

/** What the room shows, as answers and the stream tell it. */
export function showItem({ startedAt, at, ...rest }: Show): object {
  return { ...rest, startedAt: isoInstant(startedAt), at: isoInstant(at) };
}

const revoked = (): Problem => new Problem(401, 'screen-revoked', 'Màn đã bị thu quyền', 'Văn phòng đã thu quyền của màn này; hãy ghép lại bằng mã.');
