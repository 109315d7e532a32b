import { Problem } from '#kernel';
import { keepHeapSmall } from '../../api/src/small-heap.ts';
import type { Settings } from '../../api/src/settings.ts';
import { createLogger, errorFields } from '../../api/src/watching/logger.ts';
import { startWorker } from './worker.ts';

/** Open connections must not hold the stop beyond ten seconds. */
const STOP_MS = 9_000;

/** Works until SIGTERM or SIGINT, then gives its leases back and ends. @throws Problem `profile-embedded` without the scaled-out profile. */
export async function workUntilStopped({ scaled, dataDir, clock, logLevel = 'warn', reminders }: Settings): Promise<void> {
  keepHeapSmall();
  if (!scaled) throw new Problem(409, 'profile-embedded', 'Không cần worker', 'Hồ sơ “embedded” tự dựng bảng trong “nhacviec serve”; worker chỉ dùng với NHACVIEC_PROFILE=scaled.');
  const logger = createLogger(logLevel);
  process.on('uncaughtExceptionMonitor', (error) => { logger.fatal(errorFields(error), 'uncaught'); });
  const worker = await startWorker({ scaled, dataDir, clock, ...(reminders && { reminders }) }, logger);
  process.stdout.write('Nhắc Việc: worker (scaled)\n');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { resolve(); });
  });
  setTimeout(() => { process.exit(0); }, STOP_MS).unref();
  await worker.stop();
}
