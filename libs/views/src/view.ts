import { cleanText, foldText } from '#kernel';

/** A named address of the page. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** One of `VIEW_PATHS`. */
  readonly path: string;
  /** What stands behind the question mark, without it. */
  readonly query: string;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** The pages that an address can say all of. */
export const VIEW_PATHS = ['/', '/viec', '/danh-sach', '/so-sanh', '/ban-lam-viec'] as const;

const MOST_NAME = 100;
const MOST_QUERY = 2_000;
const MOST_PARAMETERS = 40;

export interface ViewFault {
  readonly pointer: '/name' | '/path' | '/query';
  readonly code: string;
  readonly detail: string;
  /** The very part of it that is wrong, where there is one. */
  readonly given?: string;
}

/** The same name for people: case and tone marks count, forms of writing and spaces do not. */
export const nameKey = (name: string): string => cleanText(name).toLocaleLowerCase('vi');

export function readName(given: string): { readonly name: string } | ViewFault {
  const name = cleanText(given);
  if (foldText(name) === '') return { pointer: '/name', code: 'view-name-empty', detail: 'Góc nhìn cần một tên.' };
  if (name.length > MOST_NAME) return { pointer: '/name', code: 'view-name-too-long', detail: `Tên góc nhìn dài ${String(name.length)} ký tự; tối đa ${String(MOST_NAME)}.` };
  return { name };
}

/** An address of the page itself, never of another place: a known path, and parameters as the page writes them. */
export function readAddress(path: string, given: string): { readonly path: string; readonly query: string } | ViewFault {
  if (!(VIEW_PATHS as readonly string[]).includes(path)) return { pointer: '/path', code: 'view-path-unknown', detail: `Đường dẫn “${path.slice(0, 100)}” không phải trang có góc nhìn; cần một trong: ${VIEW_PATHS.join(', ')}.` };
  const parameters = [...new URLSearchParams(given.replace(/^\?/, ''))];
  const strange = parameters.find(([name]) => !/^[a-zA-Z][a-zA-Z0-9]{0,29}$/.test(name));
  if (strange) return { pointer: '/query', code: 'view-query-invalid', detail: `Tham số “${strange[0].slice(0, 40)}” không phải của trang.` };
  // Written anew, so that one address is kept in one form.
  const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value.normalize('NFC')])).toString();
  if (parameters.length > MOST_PARAMETERS || query.length > MOST_QUERY) return { pointer: '/query', code: 'view-query-too-long', detail: `Địa chỉ dài quá: tối đa ${String(MOST_QUERY)} ký tự và ${String(MOST_PARAMETERS)} lựa chọn.` };
  return { path, query };
}
