import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Version of the program, from the package.json nearest above: the same from the sources and from dist. */
export const PROGRAM_VERSION = readVersion(dirname(fileURLToPath(import.meta.url)));

function readVersion(folder: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
    if (name === 'nhacviec' && version !== undefined) return version;
  } catch {
    // None here: one folder up.
  }
  return dirname(folder) === folder ? 'không rõ' : readVersion(dirname(folder));
}
