import { mkdtempSync, rmSync } from 'node:fs';
import { benchReminders } from '/work/wt/reminders/apps/cli/src/bench/reminders.ts';
const dir = mkdtempSync('/tmp/bench-rem-');
await benchReminders(dir, Number(process.argv[2] ?? 50000));
rmSync(dir, { recursive: true });
process.exit(0);
