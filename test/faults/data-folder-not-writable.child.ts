/** Opens a good folder, gives root's rights away when it has them (root may write everywhere), then says what each of the named folders answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { openRuntime } from '../../apps/api/src/runtime.ts';

const NOBODY = 65_534;
// First everything that is loaded when needed: afterwards the program's own files may not be readable.
const good = mkdtempSync(join(tmpdir(), 'nhacviec-good-'));
await (await openRuntime({ dataDir: good, clock: systemClock })).close();
rmSync(good, { recursive: true, force: true });
if (process.getuid?.() === 0) {
  process.setgid!(NOBODY);
  process.setuid!(NOBODY);
}
for (const dataDir of process.argv.slice(2)) {
  try {
    await (await openRuntime({ dataDir, clock: systemClock })).close();
    process.stdout.write(`${JSON.stringify({ opened: dataDir })}\n`);
  } catch (error) {
    const { code, detail } = error as { code?: string; detail?: string };
    process.stdout.write(`${JSON.stringify({ code, detail: detail ?? String(error) })}\n`);
  }
}
