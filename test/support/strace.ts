import { spawnSync } from 'node:child_process';

let able: boolean | undefined;

/** Whether this machine can run a program under strace: it is installed, and tracing is allowed (containers may forbid it). */
export function canTrace(): boolean {
  able ??=
    process.platform === 'linux' &&
    spawnSync('strace', ['-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO', 'true']).status === 0;
  return able;
}

/** Says on the terminal what a test that needs it could not do: a fault that was not tried must not look like one that was survived. */
export function notRun(title: string, why: string): void {
  process.stderr.write(`NOT RUN: ${title}: ${why}\n`);
}

export const NO_STRACE = 'strace is not installed or may not trace here (apt-get install strace; a container needs CAP_SYS_PTRACE)';

/** The words in front of a program whose system calls `calls` on just these files fail with `error`, as often as `when` says (strace(1): `5`, `5+`, `5+7`). */
export function failing({
  calls,
  error,
  when,
  files,
  trace = '/dev/null',
}: {
  calls: string;
  error: 'EIO' | 'ENOSPC';
  when: string;
  files: readonly string[];
  trace?: string;
}): readonly string[] {
  // Without -f only the main thread is looked at: SQLite runs there. With -D the program is the child, so that a signal to it reaches it.
  return [
    'strace',
    '-D',
    '-o',
    trace,
    '-e',
    'signal=none',
    ...files.flatMap((file) => ['-P', file]),
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${calls}:error=${error}:when=${when}`,
  ];
}
