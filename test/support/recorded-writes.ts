import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What a program did to the files of a folder, and what it said meanwhile, in order. Files are numbered: a name may stand for several in turn. */
export type RecordedStep =
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'unlink'; readonly path: string; readonly file: number }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: number; readonly size: number }
  /** `path` is a folder: its names are made sure of, not what its files hold. */
  | { readonly kind: 'sync'; readonly file: number | undefined; readonly path: string; readonly failed: boolean }
  | { readonly kind: 'said'; readonly line: string };

const CALLS =
  'openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,mkdir,rename,renameat,renameat2,pwritev,fallocate,sync_file_range,unlinkat';
/** These would change files in a way that is not replayed here. */
const UNKNOWN = new Set(['rename', 'renameat', 'renameat2', 'pwritev', 'fallocate', 'sync_file_range', 'unlinkat', 'fdatasync']);

/** The words in front of a program whose writes are to be recorded in the file `trace`; `more` are further arguments of strace. */
export function recording(trace: string, more: readonly string[] = []): readonly string[] {
  return ['strace', '-o', trace, '-e', 'signal=none', '-y', '-xx', '-s', '100000', '-e', `trace=${CALLS}`, ...more];
}

/** Reads what strace has recorded of one or more processes that ran one after another. What is not under `folder` is left out. */
export function readRecording(traces: readonly string[], folder: string): readonly RecordedStep[] {
  const steps: RecordedStep[] = [];
  const files = new Map<string, number>();
  let next = 0;
  const inFolder = (path: string): string | undefined => {
    const inside = relative(folder, path);
    // Shared memory of running processes: made anew by the first that opens the file.
    return inside.startsWith('..') || path.endsWith('-shm') ? undefined : inside;
  };
  for (const trace of traces) {
    let said = '';
    for (const line of readFileSync(trace, 'latin1').split('\n')) {
      const m = /^(\w+)\((.*)\) += (-?\d+)/.exec(line);
      if (!m) continue;
      const [, call = '', args = '', answer = ''] = m;
      const failed = answer.startsWith('-');
      const text = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex');
      const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)];
      if (strings.some(([, , cut]) => cut !== undefined)) throw new Error(`${trace}: a write longer than what was recorded of it`);
      const open = /^(\d+)<((?:\\x[0-9a-f]{2})+)>/.exec(args);
      const descriptor = open?.[1];
      if (call === 'write' && descriptor === '1') {
        said += text(strings[0]![1]!).toString('utf8');
        const lines = said.split('\n');
        said = lines.pop()!;
        for (const one of lines) steps.push({ kind: 'said', line: one });
        continue;
      }
      const named =
        strings.length > 0 && !open ? text(strings[0]![1]!).toString('utf8') : open ? text(open[2]!).toString('utf8') : undefined;
      const path = named === undefined ? undefined : inFolder(named);
      if (path === undefined) continue;
      const file = files.get(path);
      if (UNKNOWN.has(call)) throw new Error(`${trace}: ${call} on ${path} is not replayed`);
      if (call === 'fsync') steps.push({ kind: 'sync', file, path, failed });
      else if (failed) continue;
      else if (call === 'openat' && args.includes('O_TRUNC')) throw new Error(`${trace}: O_TRUNC on ${path} is not replayed`);
      else if (call === 'mkdir') steps.push({ kind: 'mkdir', path });
      else if (call === 'openat' && args.includes('O_CREAT') && file === undefined) {
        next += 1;
        files.set(path, next);
        steps.push({ kind: 'create', path, file: next });
      } else if (call === 'unlink' && file !== undefined) {
        files.delete(path);
        steps.push({ kind: 'unlink', path, file });
      } else if ((call === 'pwrite64' || call === 'write') && file !== undefined) {
        if (call === 'write') throw new Error(`${trace}: a write without a place on ${path} is not replayed`);
        const [length, at] = /, (\d+), (\d+)$/.exec(args)!.slice(1).map(Number);
        const bytes = text(strings[0]![1]!);
        if (bytes.length !== length) throw new Error(`${trace}: ${bytes.length} bytes recorded of ${length}`);
        steps.push({ kind: 'write', file, at: at!, bytes: bytes.subarray(0, Number(answer)) });
      } else if (call === 'ftruncate' && file !== undefined)
        steps.push({ kind: 'truncate', file, size: Number(/, (\d+)$/.exec(args)![1]) });
    }
  }
  return steps;
}

/** Of what is not made sure of: lost, there, or a part of it (of a write, some of its sectors). */
export type Fate = 'lost' | 'kept' | ((sector: number) => boolean);

const SECTOR = 512;

/**
 * From which step on each step is sure to be found again: that of the next sync of its file, or for names of its folder. A sync that failed
 * covers nothing, and what it did not cover no later one does: the system forgets that these pages were ever to be written.
 */
function coveredFrom(steps: readonly RecordedStep[]): readonly number[] {
  const covered = steps.map(() => Infinity);
  const waiting = new Map<string, number[]>();
  const wait = (what: string, n: number): void => void waiting.set(what, [...(waiting.get(what) ?? []), n]);
  steps.forEach((step, n) => {
    if (step.kind === 'write' || step.kind === 'truncate') wait(String(step.file), n);
    else if (step.kind === 'create' || step.kind === 'unlink' || step.kind === 'mkdir') wait(`folder ${folderOf(step.path)}`, n);
    else if (step.kind === 'sync') {
      const what = step.file === undefined ? `folder ${step.path}` : String(step.file);
      if (!step.failed) for (const one of waiting.get(what) ?? []) covered[one] = n;
      waiting.delete(what);
    }
  });
  return covered;
}

const folderOf = (path: string): string => (dirname(path) === '.' ? '' : dirname(path));

/** The files as a power loss just after a step may leave them. */
export function afterPowerLoss(steps: readonly RecordedStep[]): (last: number, fate: () => Fate) => ReadonlyMap<string, Buffer> {
  const covered = coveredFrom(steps);
  return (last, fate) => {
    const names = new Map<string, number>();
    const folders = new Set(['']);
    const contents = new Map<number, { bytes: Buffer; size: number }>();
    const put = (file: number, at: number, bytes: Buffer): void => {
      const content = contents.get(file) ?? { bytes: Buffer.alloc(64 * 1024), size: 0 };
      contents.set(file, content);
      const end = at + bytes.length;
      if (end > content.bytes.length)
        content.bytes = Buffer.concat([content.bytes, Buffer.alloc(Math.max(end, content.bytes.length * 2) - content.bytes.length)]);
      bytes.copy(content.bytes, at);
      content.size = Math.max(content.size, end);
    };
    for (let n = 0; n <= last; n++) {
      const step = steps[n]!;
      if (step.kind === 'sync' || step.kind === 'said') continue;
      const its: Fate = covered[n]! <= last ? 'kept' : fate();
      const whole = its === 'kept' || (typeof its === 'function' && its(-1));
      if (step.kind === 'write') {
        if (its === 'kept') put(step.file, step.at, step.bytes);
        else if (typeof its === 'function') {
          for (let sector = Math.floor(step.at / SECTOR); sector * SECTOR < step.at + step.bytes.length; sector++) {
            const from = Math.max(sector * SECTOR, step.at);
            if (its(sector)) put(step.file, from, step.bytes.subarray(from - step.at, (sector + 1) * SECTOR - step.at));
          }
        }
      } else if (!whole) continue;
      else if (step.kind === 'mkdir') folders.add(step.path);
      else if (step.kind === 'create') names.set(step.path, step.file);
      else if (step.kind === 'unlink') {
        if (names.get(step.path) === step.file) names.delete(step.path);
      } else {
        const content = contents.get(step.file);
        if (content && step.size < content.size) content.bytes.fill(0, step.size, content.size);
        put(step.file, step.size, Buffer.alloc(0));
        contents.get(step.file)!.size = step.size;
      }
    }
    return new Map(
      [...names]
        .filter(([path]) => folders.has(folderOf(path)))
        .map(([path, file]) => {
          const content = contents.get(file);
          return [path, content ? content.bytes.subarray(0, content.size) : Buffer.alloc(0)];
        }),
    );
  };
}

export function writeState(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
