import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { ManualClock, parseInstant } from '#kernel';
import { REPORT_FORMATS, writeFormat } from '#reports/files/write-files';
import { DEMO_NOW, playDemo } from '../../../cli/src/demo.ts';
import { openRuntime } from '../runtime.ts';
import { composeReport } from './report-service.ts';
test('x', async () => {
  const dataDir = join(mkdtempSync('/tmp/rp-'), 'demo');
  await playDemo(dataDir);
  const runtime = await openRuntime({ dataDir, clock: new ManualClock(parseInstant(DEMO_NOW)!), simulated: true });
  const { report } = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' }, runtime);
  for (const f of REPORT_FORMATS) { const t = Date.now(); const b = await writeFormat(report, f); console.log(f, b.length, Date.now() - t); writeFileSync(`/tmp/rb/bc.${f}`, b); const c = await writeFormat(report, f); console.log(f, Date.now()-t, Buffer.compare(Buffer.from(b), Buffer.from(c))); }
  await runtime.close();
});
