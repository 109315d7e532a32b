/** One wrong place in what was sent. `pointer` is a JSON pointer (RFC 6901) or `?name` for a query parameter. */
export interface ProblemItem {
  pointer: string;
  code: string;
  detail: string;
  given?: unknown;
}

/**
 * An error a person can act on, as RFC 9457 problem details. Thrown at the doors only; deciders return rejections.
 * `status` is the HTTP status, `code` stable English kebab-case, `detail` Vietnamese; `extra` holds the values that caused it.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemItem[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    title: string,
    detail: string,
    more: { errors?: readonly ProblemItem[]; extra?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, { cause: more.cause });
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = more.errors ?? [];
    this.extra = more.extra ?? {};
  }
}
