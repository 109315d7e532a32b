import type { Day, Instant } from '#kernel';

/** A place in the file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A day, or an instant. */
export type Moment = { readonly day: Day } | { readonly at: Instant };

/**
 * A value of a request body. What is not known until the story is played stands as a group with one key: `$task` (the id of a task by its name),
 * `$event` (a label, or the type of an event and which one), `$name` (the name of the task at hand).
 */
export type Template = string | number | boolean | null | readonly Template[] | TemplateObject;
export interface TemplateObject {
  readonly [key: string]: Template | undefined;
}

export interface ScenarioUnit extends Place {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
  readonly parentId?: string;
  readonly establishedOn: Day;
}

/** One line of the story: a command (for each of `tasks`, or for none), or only the passing of time (`path` missing). */
export interface Step extends Place {
  /** “bước 3 (cho gia hạn)” */
  readonly title: string;
  readonly recordedAt: Instant;
  readonly actor: string;
  /** Names of single tasks; groups are already spelled out. */
  readonly tasks: readonly string[];
  /** Path under /api/v1; `{task}` stands for the task's id. */
  readonly path?: string;
  readonly body: TemplateObject;
  /** The step gives the tasks: their ids come from its answer. */
  readonly gives: boolean;
  readonly label?: string;
  readonly refused?: Place & { readonly code: string; readonly fact?: string };
  readonly warnings?: Place & { readonly codes: readonly string[] };
}

export type Section = 'cells' | 'parts' | 'out' | 'flow';

/** One expected value, with the place in the file where it was written. */
export type Expectation = Place & { readonly path: string } & (
    | { readonly of: 'count'; readonly section: Section; readonly name: string; readonly group?: string; readonly expected: number }
    | { readonly of: 'total'; readonly group?: string; readonly expected: number }
    | { readonly of: 'groups'; readonly keys: readonly string[] }
    | { readonly of: 'rate'; readonly code: string; readonly group?: string; readonly expected: string }
    | { readonly of: 'sentence'; readonly expected: string }
    | { readonly of: 'list'; readonly selector: Readonly<Record<string, string>>; readonly tasks: readonly string[] }
    | { readonly of: 'secret'; readonly name: 'assigned' | 'completed'; readonly expected: number }
    | { readonly of: 'field'; readonly name: string; readonly expected: string }
    | { readonly of: 'events'; readonly types: readonly string[] }
    | { readonly of: 'refusal'; readonly code: string }
    | { readonly of: 'missing' }
  );

/** What is asked at one point: figures, figures of coordination, or one task. */
export type Check = Place & {
  readonly title: string;
  readonly query: Readonly<Record<string, string>>;
  /** Last instant of `knownAt`, where one is asked. */
  readonly knownUntil?: Instant;
  readonly expectations: readonly Expectation[];
} & ({ readonly kind: 'figures' } | { readonly kind: 'coordination' } | { readonly kind: 'task'; readonly task: string });

/** A scenario: what happens, told as commands with their dates, and the figures expected from it. */
export interface Scenario {
  readonly file: string;
  readonly title: string;
  /** Numbers of the edge cases of the rules (domain.md §4.4) that it shows. */
  readonly cases: readonly number[];
  readonly why: string;
  readonly source: string;
  readonly units: readonly ScenarioUnit[];
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
  /** The clock is moved here before anything is asked: the latest cut-off of the checks, or the last recording. */
  readonly until: Instant;
}

/** What is wrong with a file, at its place. Vietnamese. */
export interface Fault extends Place {
  /** Where in words: “bước 3 › thời hạn”. */
  readonly path: string;
  readonly detail: string;
  readonly given?: string;
  readonly expected?: string;
}

export type ScenarioReading = { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly faults: readonly Fault[] };

/** A reorganisation as a data file has it (libs/organisation/data): the units before, and what happens to them in the order of recording. */
export interface Reorganisation {
  readonly before: readonly { readonly id: string; readonly name: string; readonly shortName: string; readonly kind: string; readonly parentId?: string; readonly establishedOn: Day }[];
  readonly facts: readonly {
    readonly command: 'EstablishUnit' | 'RenameUnit' | 'MoveUnit' | 'MergeUnit' | 'SplitUnit' | 'DissolveUnit';
    readonly unitId: string;
    /** Key of `legalBases`. */
    readonly legalBasis?: string;
  }[];
  readonly legalBases: Readonly<Record<string, string>>;
}
