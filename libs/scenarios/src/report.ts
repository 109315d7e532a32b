import type { Outcome } from './play.ts';
import type { Fault } from './scenario.ts';
import { placeText } from './play.ts';

/** What is wrong with a file, a line each: place, path, what it is, given and expected. */
export function faultsText(file: string, faults: readonly Fault[]): string {
  return faults.map((f) => `${placeText(file, f)}  ${f.path === '' ? '' : `${f.path}: `}${f.detail}${f.detail.endsWith('?') ? '' : '.'}${f.given === undefined ? '' : ` Nhận: ${f.given}.`}${f.expected === undefined ? '' : ` Cần: ${f.expected}.`}`).join('\n');
}

/** What came out otherwise than the file says, a line each, with the tasks behind the number. */
export function differencesText({ file, way, differences }: Outcome): string {
  return differences.map((d) => `${placeText(file, d)}  [${way}] ${d.path}: cần ${d.expected}; được ${d.got}${d.tasks === undefined ? '' : `; các việc đứng sau: ${d.tasks.length === 0 ? 'không việc nào' : d.tasks.slice(0, 20).join(', ')}`}`).join('\n');
}
