import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notRun } from './strace.ts';

/**
 * The words of a PDF as pdftotext (poppler-utils) finds them, in the order in which they were drawn, a form feed after each page. Undefined where
 * it is not installed, which is told; where `CI` is set it has to be there: what was not read must not look like what was right.
 */
export function pdfText(title: string, pdf: Uint8Array): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-pdf-'));
  try {
    const file = join(folder, 'a.pdf');
    writeFileSync(file, pdf);
    return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const why = 'pdftotext is not installed (apt-get install poppler-utils)';
    if (process.env['CI']) throw new Error(`${title}: ${why}`, { cause: error });
    notRun(title, why);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
