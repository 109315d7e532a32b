import { cleanText, foldText } from '#kernel';
import { hasSecrecyMark } from './secrecy.ts';
import { AUTHORITIES } from './words.ts';

/** Who gives tasks, by code, in the order in which lists name them. */
export type AuthorityNames = Readonly<Record<string, string>>;

/** Letters first, so that no code is a number, by which an object would order its keys. */
const CODE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const CODE_LIMIT = 100;
const NAME_LIMIT = 200;
const MOST = 100;
/** What an office adds stands behind these, before the Government and its head. */
const LAST_OF_PROVINCE = 'pho-chu-tich';

export type AuthoritiesReading = { readonly ok: true; readonly names: AuthorityNames } | { readonly ok: false; readonly pointer: string; readonly detail: string };

/** The name of an authority; one that nobody has named goes by its code, as in what was recorded before it was taken off the list. */
export const authorityName = (code: string, names: AuthorityNames): string => (Object.hasOwn(names, code) ? names[code]! : code);

/**
 * Reads what an office says of its own authorities, a list of `{ code, name }`: new ones join the five that every province has, and one of these
 * can be called otherwise. Names of people stand in this list and not in the log.
 */
export function readAuthorities(given: unknown): AuthoritiesReading {
  const wrong = (pointer: string, detail: string): AuthoritiesReading => ({ ok: false, pointer, detail });
  if (!Array.isArray(given) || given.length > MOST) return wrong('', `cần một danh sách tối đa ${String(MOST)} cơ quan giao {code, name}`);
  const own = new Map<string, string>();
  for (const [n, one] of (given as readonly unknown[]).entries()) {
    const at = `/${String(n)}`;
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return wrong(at, 'cần một nhóm trường {code, name}');
    const { code, name, ...more } = one as Readonly<Record<string, unknown>>;
    const [unknown] = Object.keys(more);
    if (unknown !== undefined) return wrong(`${at}/${unknown}`, `không có trường “${unknown.slice(0, 80)}”; có: code, name`);
    if (typeof code !== 'string' || code.length > CODE_LIMIT || !CODE.test(code) || code === 'all') return wrong(`${at}/code`, 'mã cần bắt đầu bằng chữ cái, gồm chữ thường không dấu, số, gạch nối, và khác “all”');
    const clean = typeof name === 'string' ? cleanText(name) : '';
    if (clean === '' || clean.length > NAME_LIMIT || hasSecrecyMark(clean)) return wrong(`${at}/name`, `tên cần từ 1 đến ${String(NAME_LIMIT)} ký tự, không có dấu chỉ độ mật`);
    if (own.has(code)) return wrong(`${at}/code`, `mã “${code}” có hai lần`);
    own.set(code, clean);
  }
  const names: Record<string, string> = {};
  for (const [code, name] of Object.entries(AUTHORITIES)) {
    names[code] = own.get(code) ?? name;
    if (code === LAST_OF_PROVINCE) for (const [added, word] of own) if (!Object.hasOwn(AUTHORITIES, added)) names[added] = word;
  }
  // A list that comes in names authorities by their names: each has to mean one of them.
  const known = new Map<string, string>();
  for (const [code, name] of Object.entries(names)) {
    const other = known.get(foldText(name));
    if (other !== undefined) return wrong(`/${String([...own.keys()].indexOf(own.has(code) ? code : other))}/name`, `tên “${name}” là của cả “${other}” và “${code}”`);
    known.set(foldText(name), code);
  }
  return { ok: true, names };
}
