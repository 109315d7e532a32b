/**
 * `npm run suites`: runs every behaviour suite on every store and says what ran against what. Nothing is listed here: a suite is an exported
 * `…Features(name, …)` of a `*.features.ts` whose outermost title holds the name of the store; what it runs on are the specs that call it.
 * Ends with 1 when a test failed or was skipped, or a suite ran on nothing. KURRENTDB_URL and MONGODB_URL name real servers; a spec whose
 * title does not say which server it used prints a line "… servers used: …", repeated here.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const ROOMS = ['libs', 'apps', 'test'];

interface Suite {
  readonly call: string;
  readonly file: string;
  /** What stands around the store's name in the outermost title. */
  readonly before: string;
  readonly after: string;
}

interface Test {
  readonly ancestorTitles: readonly string[];
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface Results {
  readonly numFailedTestSuites: number;
  readonly testResults: readonly { readonly name: string; readonly message: string; readonly assertionResults: readonly Test[] }[];
}

interface Row {
  readonly suite: string;
  readonly store: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const sources = new Map(
  ROOMS.flatMap((room) => readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => join(ROOT, room, name)))
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => [file, readFileSync(file, 'utf8')]),
);

const suites = [...sources].filter(([file]) => file.endsWith('.features.ts')).flatMap(([file, text]) => suitesOf(file, text));
const specs = [...sources]
  .filter(([file, text]) => file.endsWith('.spec.ts') && suites.some(({ call }) => new RegExp(`^\\s*${call}[<(]`, 'm').test(text)))
  .map(([file]) => file);
process.stdout.write(`${String(suites.length)} behaviour suites, called by ${String(specs.length)} specs …\n`);
const results = run(specs);
for (const { message, assertionResults } of results.testResults) {
  if (assertionResults.length === 0) process.stdout.write(`${message}\n`);
  for (const { fullName, failureMessages } of assertionResults)
    if (failureMessages.length > 0) process.stdout.write(`failed: ${fullName}\n${failureMessages.join('\n')}\n`);
}
const rows = suites.flatMap((suite) => rowsOf(suite, results));
const unused = suites.filter((suite) => !rows.some((row) => row.suite === titleOf(suite) && row.passed > 0));
print(rows);
for (const suite of unused) process.stdout.write(`\n${titleOf(suite)} (${suite.call} in ${relative(ROOT, suite.file)}) ran on nothing.\n`);
const bad = rows.some(({ failed, skipped }) => failed + skipped > 0);
process.exitCode = unused.length > 0 || bad || suites.length === 0 || results.numFailedTestSuites > 0 ? 1 : 0;

function suitesOf(file: string, text: string): Suite[] {
  return [...text.matchAll(/export function (\w+Features)\b[^]*?\n}/g)].flatMap(([body, call]) => {
    const [, before, after] = /describe\(`([^`$]*)\$\{name\}([^`$]*)`/.exec(body) ?? [];
    if (before === undefined || after === undefined)
      throw new Error(`${relative(ROOT, file)}: ${call!} has no describe(\`…\${name}…\`), so nobody can tell what it ran on`);
    return [{ call: call!, file, before, after }];
  });
}

function run(files: readonly string[]): Results {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-suites-'));
  try {
    const output = join(folder, 'results.json');
    const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
    const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
    const { stderr } = spawnSync(process.execPath, [jest, '--json', `--outputFile=${output}`, '--runTestsByPath', ...files], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, NODE_OPTIONS: nodeOptions },
    });
    for (const line of new Set(stderr.split('\n').filter((text) => text.includes(' servers used: ')))) process.stdout.write(`${line}\n`);
    return JSON.parse(readFileSync(output, 'utf8')) as Results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function titleOf({ before, after }: Suite): string {
  return `${before}…${after}`.replace(/^…: |( (on|in) )?…$/g, '');
}

function rowsOf(suite: Suite, { testResults }: Results): Row[] {
  const stores = new Map<string, { passed: number; failed: number; skipped: number }>();
  for (const { assertionResults } of testResults) {
    for (const { ancestorTitles, status } of assertionResults) {
      const title = ancestorTitles[0] ?? '';
      if (!title.startsWith(suite.before) || !title.endsWith(suite.after) || title.length <= suite.before.length + suite.after.length)
        continue;
      const store = title.slice(suite.before.length, title.length - suite.after.length);
      const counts = stores.get(store) ?? { passed: 0, failed: 0, skipped: 0 };
      counts[status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped'] += 1;
      stores.set(store, counts);
    }
  }
  return [...stores].map(([store, counts]) => ({ suite: titleOf(suite), store, ...counts }));
}

function print(table: readonly Row[]): void {
  const lines = [
    ['suite', 'ran on', 'passed', 'failed', 'skipped'],
    ...table.map((row) => [row.suite, row.store, String(row.passed), String(row.failed), String(row.skipped)]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  process.stdout.write('\n');
  for (const line of lines)
    process.stdout.write(
      `${line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ')}\n`,
    );
}
