import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, parseInstant } from '#kernel';
import { runWork, type Limits, type RunOptions } from './run-work.ts';
import type { Worked } from './work.ts';

// The thread is the built one: a thread is started from a built file.
const program = pathToFileURL('dist/program/import-thread.js');

describe('the thread that reads a file', () => {
  let dir: string;
  let upload: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'nhacviec-thread-'));
    upload = join(dir, 'upload-1');
    mkdirSync(join(dir, 'import'));
    // Below every limit of the reader.
    writeFileSync(upload, `Số văn bản;Nội dung\n${`a;${'b;'.repeat(40)}\n`.repeat(12_000)}`);
  });
  afterEach(() => { rmSync(dir, { recursive: true, force: true }); });

  const take = (limits: Limits, more: Partial<RunOptions> = {}): Promise<Worked> => {
    const clock = new ManualClock(parseInstant('2020-11-30T08:00:00+07:00')!);
    return runWork(
      { what: 'take', dir: join(dir, 'import'), upload },
      { dataDir: dir, log: new MemoryEventLog({ clock }), clock, authorities: {}, threads: { scaled: undefined }, program, limits, hold: (work) => work(), onProgress: () => undefined, signal: new AbortController().signal, ...more },
    );
  };

  it('that would hold more than it may is ended and says that the file is too heavy; the program goes on', async () => {
    expect(await take({ heap: 24, time: 60_000 })).toEqual({ ok: false, code: 'file-too-heavy', detail: 'Tệp cần nhiều bộ nhớ hơn mức cho phép; đề nghị tách tệp.' });
    expect(existsSync(upload)).toBe(true);
    // The same file with what it needs.
    expect(await take({ heap: 320, time: 60_000 })).toMatchObject({ ok: true });
  }, 60_000);

  it('that takes longer than it may is ended and says that the file took too long', async () => {
    expect(await take({ heap: 320, time: 1 })).toMatchObject({ ok: false, code: 'file-too-slow', detail: expect.stringContaining('đề nghị tách tệp') });
    expect(readdirSync(dir).sort()).toEqual(['import', 'upload-1']);
  }, 60_000);

  it('is ended when the program stops', async () => {
    const stop = new AbortController();
    const taken = take({ heap: 320, time: 60_000 }, { signal: stop.signal });
    stop.abort();
    await expect(taken).rejects.toThrow('ended without an answer');
  }, 60_000);
});
