import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join('libs', 'reports', 'data');

/** Where the data of this room lies, for source and build alike. */
export function reportData(...path: readonly string[]): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let at = start; ; at = dirname(at)) {
    const folder = join(at, FOLDER);
    if (existsSync(folder)) return join(folder, ...path);
    if (dirname(at) === at) throw new Error(`Report data not found: expected ${FOLDER} in ${start} or a folder above it.`);
  }
}

/** The template files of a folder, by name; the shipped ones where none is named. */
export function templateFiles(folder: string = reportData('templates')): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}
