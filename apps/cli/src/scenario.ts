import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reorganisation } from '#scenarios';

const DATA = join('libs', 'organisation', 'data');

/** The reorganisations that ship with the program, by file name without its ending; found from source and from the build alike. */
export function loadReorganisations(): ReadonlyMap<string, Reorganisation> {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, DATA);
    if (existsSync(folder)) {
      const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
      return new Map(names.map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Reorganisation]));
    }
    if (dirname(at) === at) return new Map();
  }
}
