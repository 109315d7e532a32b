import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** Sources and pages that people write; data comes as it was given. */
const WRITTEN = /\.(?:ts|tsx|mts|mjs|cjs|js|css|html|md|yml|yaml)$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'fixtures', '.git', 'coverage']);

function* written(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* written(path);
    else if (entry.isFile() && WRITTEN.test(entry.name)) yield path;
  }
}

/** What `.editorconfig` asks of every file; the rest of the form is eslint's. */
const FAULTS: readonly [fault: string, found: (text: string, bytes: Buffer) => boolean][] = [
  ['is not UTF-8, or begins with a byte order mark', (text, bytes) => !Buffer.from(text, 'utf8').equals(bytes) || text.startsWith('\uFEFF')],
  ['has line ends other than LF', (text) => text.includes('\r')],
  ['does not end with a line end', (text) => !text.endsWith('\n')],
  ['has blanks at the end of a line', (text) => /[ \t]$/m.test(text)],
  ['is indented with tabs', (text) => /^ *\t/m.test(text)],
];

it('every file that people write has the form that .editorconfig asks for', () => {
  const settings = readFileSync('.editorconfig', 'utf8');
  for (const line of ['charset = utf-8', 'end_of_line = lf', 'insert_final_newline = true', 'trim_trailing_whitespace = true', 'indent_style = space']) expect(settings).toContain(line);
  const files = [...['apps', 'libs', 'test', 'docs', 'docker'].flatMap((folder) => [...written(folder)]), ...readdirSync('.').filter((name) => WRITTEN.test(name))];
  expect(files.length).toBeGreaterThan(500);
  const faults = files.flatMap((file) => {
    const bytes = readFileSync(file);
    const text = bytes.toString('utf8');
    return text === '' ? [] : FAULTS.filter(([, found]) => found(text, bytes)).map(([fault]) => `${file} ${fault}`);
  });
  expect(faults).toEqual([]);
});

it('docs/faults.md names every fault there is a test for, and no other', () => {
  const tested = readdirSync('test/faults').flatMap((name) => /^(.+)\.(?:unit|int|e2e)\.spec\.ts$/.exec(name)?.[1] ?? []);
  const named = new Set([...readFileSync('docs/faults.md', 'utf8').matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!));
  expect(tested.filter((name) => !named.has(name))).toEqual([]);
  // In the second column stand names of files; those of other folders have a slash.
  const inTable = readFileSync('docs/faults.md', 'utf8').split('\n').filter((line) => line.startsWith('| ')).slice(1).flatMap((line) => [...line.split('|')[2]!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!));
  expect(inTable.length).toBeGreaterThan(30);
  expect(inTable.filter((name) => !tested.includes(name) && name !== 'lease')).toEqual([]);
});
