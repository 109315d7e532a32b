#!/usr/bin/env node
/** Starts the command line from a checkout, building first what is older than its sources. `--build` builds everything and stops. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const bin = (name) => join(root, 'node_modules', name);
const parts = [
  { name: 'server', sources: ['apps/api', 'apps/cli', 'apps/worker', 'libs', 'tsconfig.json', 'tsconfig.build.json', 'package.json'], run: [[bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], ['apps/cli/bundle.mjs']] },
  { name: 'web', sources: ['apps/web', 'package.json'], run: [[bin('vite/bin/vite.js'), 'build', 'apps/web', '--logLevel', 'warn']] },
];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function build(part) {
  const stamp = join(root, 'dist', `.${part.name}-built`);
  if (existsSync(stamp) && part.sources.every((source) => newest(join(root, source)) < statSync(stamp).mtimeMs)) return;
  const startedAt = new Date();
  // An incremental build that finds its outputs gone emits nothing: forget what it knew.
  if (part.name === 'server') rmSync(join(root, 'dist/server.tsbuildinfo'), { force: true });
  process.stderr.write(`Đang dựng ${part.name === 'web' ? 'trang web' : 'chương trình'}…\n`);
  for (const step of part.run) {
    const result = spawnSync(process.execPath, step, { cwd: root, stdio: ['ignore', 2, 2] });
    if (result.status !== 0) process.exit(result.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, startedAt.toISOString());
}

const [, , ...args] = process.argv;
const wholly = args[0] === '--build';
const needsPage = wholly || ['serve', 'demo'].includes(args[0] ?? '');
for (const part of parts) if (part.name === 'server' || needsPage) build(part);
if (!wholly) {
  const { main } = await import('../../dist/program/nhacviec.js');
  await main(args);
}
