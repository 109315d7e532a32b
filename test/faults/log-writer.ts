import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface WriterLine {
  readonly ready?: number;
  readonly id?: string;
  readonly position?: string;
  readonly repeated?: boolean;
  readonly stopped?: boolean;
  readonly notOpened?: boolean;
  readonly message?: string;
  readonly closed?: boolean;
}

export interface Writer {
  readonly child: ChildProcess;
  /** Grows as the writer speaks. */
  readonly lines: WriterLine[];
  /** Resolves when the process has gone and all it said has been read. */
  readonly gone: Promise<void>;
  acknowledged(): string[];
}

/**
 * Starts log-writer.child.ts; `maxFileKiB` is the largest file the system lets it write: its own full disk. `under` is a command to run it
 * under, with its arguments; what the behaviours mean stands there.
 */
export function startWriter(options: {
  file: string;
  prefix: string;
  count: number;
  width: number;
  maxFileKiB?: number;
  under?: readonly string[];
  behaviours?: readonly ('reopen' | 'killed' | 'normal')[];
  onLine?: (writer: Writer) => void;
}): Writer {
  const node = [
    ...(options.under ?? []),
    process.execPath,
    '--conditions=source',
    '--import',
    '@swc-node/register/esm-register',
    join(import.meta.dirname, 'log-writer.child.ts'),
    options.file,
    options.prefix,
    String(options.count),
    String(options.width),
    ...(options.behaviours ?? []),
  ];
  // `ulimit -f` counts blocks of 512 bytes in POSIX sh.
  const [command, args] =
    options.maxFileKiB === undefined
      ? [node[0]!, node.slice(1)]
      : ['sh', ['-c', `ulimit -f ${String(options.maxFileKiB * 2)}; exec "$@"`, 'sh', ...node]];
  const env = { ...process.env, NODE_OPTIONS: '', SWC_NODE_PROJECT: join(import.meta.dirname, '../../tsconfig.json') };
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env, cwd: join(import.meta.dirname, '../..') });
  const lines: WriterLine[] = [];
  const reader = createInterface({ input: child.stdout });
  const writer: Writer = {
    child,
    lines,
    gone: Promise.all([
      new Promise((resolve) => child.once('close', resolve)),
      new Promise((resolve) => reader.once('close', resolve)),
    ]).then(() => undefined),
    acknowledged: () => lines.flatMap((line) => (line.id !== undefined && line.position !== undefined ? [line.id] : [])),
  };
  reader.on('line', (text) => {
    // A killed process may leave half a line.
    if (!text.endsWith('}')) return;
    lines.push(JSON.parse(text) as WriterLine);
    options.onLine?.(writer);
  });
  return writer;
}

export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-fault-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
