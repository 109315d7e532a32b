import { cleanText } from '#kernel';
import { hasSecrecyMark } from '#tasks';

const NAME_LIMIT = 200;
const EXTENSION = /\.[^.\s]{1,10}$/u;

/**
 * The name as it is kept: NFC, without folders, control and direction characters (U+202E shows "gpj.exe" as "exe.jpg"), at most 200 characters with
 * the extension kept. A name with nothing left is "tep".
 */
export function cleanFileName(given: string): string {
  const name = cleanText(given.replace(/^.*[/\\]/su, '').replace(/\p{Cc}/gu, ' ').replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')).replace(/^\.+/, '').trim();
  if (name === '') return 'tep';
  const letters = Array.from(name);
  if (letters.length <= NAME_LIMIT) return name;
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  return letters.slice(0, NAME_LIMIT - Array.from(extension).length).join('').trim() + extension;
}

/** True when a file name carries a secrecy mark, as typed, without its extensions, or with `_`, `-` and `.` read as spaces. */
export function nameHasSecrecyMark(given: string): boolean {
  // Both with and without what stands before the last slash: a folder called "Mật" marks what lies in it.
  return given.split(/[/\\]/u).flatMap(readings).some(hasSecrecyMark);
}

function readings(name: string): string[] {
  const bare = [name.replace(/\p{Cc}/gu, ' ').replace(/\p{Cf}/gu, '')];
  for (let last = bare[0]!; EXTENSION.test(last); last = bare[bare.length - 1]!) bare.push(last.replace(EXTENSION, ''));
  return bare.flatMap((text) => [text, text.replace(/[_\-.–—]+/gu, ' ')]);
}
