import { instantVi, Problem, type Clock, type Instant } from '#kernel';
import type { ProjectionStatus } from '#projections';

export interface Finding {
  /** Stable, English. */
  readonly code: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it; missing when there is nothing to do. */
  readonly advice?: string;
}

/** A clock is never exact, and the log stands still rather than go back. */
const CLOCK_AHEAD_MS = 5_000;
const CLOCK_FAR_MS = 3_600_000;
const LAG_SECONDS = 60;

export const ok = (code: string, detail: string): Finding => ({ code, state: 'ok', detail });
export const warn = (code: string, detail: string, advice: string): Finding => ({ code, state: 'warn', detail, advice });
export const fail = (code: string, detail: string, advice: string): Finding => ({ code, state: 'fail', detail, advice });
export const said = (error: unknown): string => (error instanceof Problem ? error.detail : error instanceof Error ? error.message : String(error));

/** The clock of this machine against the last event. */
export function clockFinding(head: { readonly count: number; readonly recordedAt: Instant }, clock: Clock): Finding {
  const ahead = head.count === 0 ? 0 : head.recordedAt - clock.now();
  if (ahead > CLOCK_FAR_MS)
    return fail('clock', `Đồng hồ máy ${instantVi(clock.now())} chậm hơn sự kiện cuối ${instantVi(head.recordedAt)}.`, 'Chỉnh đồng hồ máy (NTP); trước đó mọi việc mới mang giờ của sự kiện cuối.');
  if (ahead > CLOCK_AHEAD_MS) return warn('clock', `Đồng hồ máy chậm hơn sự kiện cuối ${String(Math.round(ahead / 1000))} giây.`, 'Bật đồng bộ giờ (NTP).');
  return ok('clock', `Đồng hồ máy ${instantVi(clock.now())}, không chậm hơn nhật ký.`);
}

export function projectionFinding({ name, version, position, lagEvents, lagSeconds, parked, lastError }: ProjectionStatus): Finding {
  const code = `projection-${name}`;
  const detail = `${name}@${String(version)} ở vị trí ${position}, chậm ${String(lagEvents)} sự kiện, ${String(Math.round(lagSeconds))} giây, ${String(parked)} sự kiện để riêng.`;
  if (lastError !== null) return fail(code, `${detail} Lỗi: ${lastError}`, 'Khởi động lại chương trình; nếu còn, “nhacviec projections rebuild”.');
  if (parked > 0) return warn(code, detail, 'Xem “nhacviec parked list”.');
  if (lagSeconds > LAG_SECONDS) return warn(code, detail, 'Chạy chương trình (hồ sơ scaled: các worker) để nó dựng tiếp; nếu đang chạy, xem lỗi ở /api/v1/health/ready.');
  return ok(code, detail);
}
