import type { Instant } from '#kernel';

/** What a door answered: the HTTP status and the body, whichever way it was reached. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * The program as a scenario sees it: the doors of docs (paths under /api/v1, bodies and answers as over HTTP) and a clock set by hand.
 * One scenario plays on one driver, which starts empty.
 */
export interface Driver {
  /** For the report: “thuần”, “SQLite”, “HTTP”. */
  readonly name: string;
  /** Moves the clock forward, midnight by midnight; deadlines that pass on the way are recorded by the program itself. */
  advance(to: Instant): Promise<void>;
  /** `actor` as in `X-Actor`. A refusal is an answer and not an exception. */
  post(path: string, body: object, actor: string): Promise<Answer>;
  /** Sees everything posted before. */
  get(path: string, query: Readonly<Record<string, string>>): Promise<Answer>;
  close(): Promise<void>;
}
