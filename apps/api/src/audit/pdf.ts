import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EvidenceReport } from './evidence-report.ts';

/** One document at a time: the machine is there for those who work, and a document can wait. */
let before: Promise<unknown> = Promise.resolve();

/** Sets a document outside the thread that answers. */
export function pdfOf(report: EvidenceReport): Promise<Buffer> {
  const bytes = before.catch(() => undefined).then(() => inThread(report));
  before = bytes;
  return bytes;
}

async function inThread(report: EvidenceReport): Promise<Buffer> {
  // From its sources, as tests run it, there is no compiled file that a thread could begin with.
  if (import.meta.url.endsWith('.ts')) return (await import('./render-pdf.ts')).renderPdf(report);
  const worker = new Worker(new URL('./pdf-thread.js', import.meta.url), { workerData: report });
  try {
    const [bytes] = (await once(worker, 'message')) as [Uint8Array];
    return Buffer.from(bytes);
  } finally {
    await worker.terminate();
  }
}
