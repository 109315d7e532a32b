import { parentPort, workerData } from 'node:worker_threads';
import type { EvidenceReport } from './evidence-report.ts';
import { renderPdf } from './render-pdf.ts';

/* Setting a document takes seconds of one processor: it has a thread of its own, so that nobody waits for it but who asked. See pdf.ts. */

const bytes = await renderPdf(workerData as EvidenceReport);
parentPort!.postMessage(bytes);
