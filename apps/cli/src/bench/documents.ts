import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildReport, readTemplate, type Report, type ReportTemplate } from '#reports';
import { reportData } from '#reports/files/shipped';
import { writeReport } from '../../../api/src/reports/report-writer.ts';
import { DEMO_NOW, playDemo } from '../demo.ts';
import { send, startServer } from './servers.ts';
import { median, ms, percentile, row, timed, whole } from './table.ts';

const ROWS = 2_000;
const COLUMNS = 8;

/** A report with one long table: the form that ships, its appendices replaced. */
function longReport(): Report {
  const reading = readTemplate(readFileSync(reportData('templates', 'bao-cao-cchc-2011-2020.yaml'), 'utf8'));
  if (!reading.ok) throw new Error('the shipped template cannot be read');
  const columns = Array.from({ length: COLUMNS }, (_, n) => ({ key: `c${String(n)}`, heading: `Cột ${String(n + 1)}`, width: 10, align: 'left' as const }));
  const template: ReportTemplate = {
    ...reading.template, sections: [],
    appendices: [{ key: 'PL', title: [{ kind: 'text', text: 'BẢNG DÀI' }], landscape: true, columns, footnotes: [], rows: Array.from({ length: ROWS }, (_, r) => ({ cells: Object.fromEntries(columns.map(({ key }, c) => [key, [{ kind: 'text' as const, text: c === 0 ? String(r + 1) : `Báo cáo kết quả thực hiện ${String(r * COLUMNS + c)}` }]])) })) }],
  };
  return buildReport({
    template, content: null, sources: { tasks: null, reports: null, plan: () => undefined, indicator: () => undefined },
    parameters: { unitId: 'u', unitName: 'Thanh tra tỉnh', period: '2020', periodWords: 'năm 2020', from: '2019-12-15', to: '2020-12-14', asOf: '2020-11-28', knownAt: null, position: '1', lastEventId: null },
  });
}

/** Writing documents, each in the thread that the server uses; then what people wait meanwhile. */
export async function benchDocuments(dir: string, rounds: number): Promise<void> {
  const long = longReport();
  const times = { docx: [] as number[], pdf: [] as number[], xlsx: [] as number[] };
  for (let round = 0; round < rounds; round++) for (const format of ['docx', 'pdf', 'xlsx'] as const) times[format].push(await timed(() => writeReport(long, [format])));
  for (const [format, list] of Object.entries(times)) row(`${whole(ROWS)} rows × ${String(COLUMNS)} columns as ${format}`, ms(median(list)));
  const folder = join(dir, 'report');
  mkdirSync(folder, { recursive: true });
  await playDemo(join(folder, 'demo'));
  const server = await startServer(join(folder, 'demo'), DEMO_NOW);
  const api = `${server.url}/api/v1`;
  try {
    const { id } = (await send(`${api}/reports`, { unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' })) as { id: string };
    const ask = (): Promise<number> => timed(() => send(`${api}/figures?unitId=thanh-tra-tinh&asOf=2020-11-28`));
    for (let n = 0; n < 50; n++) await ask();
    const alone = await asLongAs(ask, sleepOf(2_000));
    const whole2020: number[] = [];
    const meanwhile: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const written = (async () => {
        for (const format of ['docx', 'pdf', 'xlsx', 'md', 'json']) {
          const reply = await fetch(`${api}/reports/${id}/files/${format}`);
          if (!reply.ok) throw new Error(`${format}: ${String(reply.status)}`);
          await reply.arrayBuffer();
        }
        whole2020.push(performance.now() - started);
      })();
      meanwhile.push(...(await asLongAs(ask, written)));
    }
    row('the report of 2020 over HTTP, all five files one after the other', ms(median(whole2020)));
    row('  p99 of GET /figures alone', ms(percentile(alone, 0.99)));
    row('  p99 of GET /figures while they are written', ms(percentile(meanwhile, 0.99)), '50 ms');
  } finally {
    await server.stop();
  }
}

const sleepOf = (msecs: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, msecs); });

async function asLongAs(ask: () => Promise<number>, work: Promise<void>): Promise<number[]> {
  const ends = { done: false };
  const end = work.finally(() => { ends.done = true; });
  const times: number[] = [];
  while (!ends.done) times.push(await ask());
  await end;
  return times;
}
