import { EMPTY_SCOPE, href, type Scope } from '../scope/scope.ts';

/** The replay of a task, from a page that may itself look back. */
export const replayHref = (code: string, scope: Scope): string =>
  href('/phat-lai', EMPTY_SCOPE, { doiTuong: code, a: scope.knownAt ?? scope.day });
