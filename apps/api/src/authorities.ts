import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#kernel';
import { AUTHORITIES, readAuthorities, type AuthorityNames } from '#tasks';
import { AUTHORITIES_FILE } from './data-files.ts';

/** Who gives tasks, by the file of the data folder; the five that every province has where there is none. @throws Problem `authorities-invalid` naming the file and the place in it. */
export function loadAuthorities(dataDir: string): AuthorityNames {
  const file = join(dataDir, AUTHORITIES_FILE);
  if (!existsSync(file)) return AUTHORITIES;
  const wrong = (place: string, detail: string): Problem => new Problem(422, 'authorities-invalid', 'Không đọc được danh sách cơ quan giao', `${file}${place}: ${detail}.`);
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong('', `không đọc được JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const reading = readAuthorities(given);
  if (!reading.ok) throw wrong(reading.pointer, reading.detail);
  return reading.names;
}
