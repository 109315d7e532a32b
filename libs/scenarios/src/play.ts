import { dayOf, endOfDay } from '#kernel';
import type { Answer, Driver } from './driver.ts';
import type { Check, Expectation, Place, Scenario, Step, Template, TemplateObject } from './scenario.ts';
import { EVENT_WORDS, wordOf } from './words.ts';

/** One thing that came out otherwise than the file says. */
export interface Difference extends Place {
  /** “kết quả 2 › ô › D1” */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  /** Names of the tasks that the program counted behind the number. */
  readonly tasks?: readonly string[];
}

export interface Outcome {
  readonly file: string;
  readonly title: string;
  /** Name of the driver. */
  readonly way: string;
  /** How many things were compared: each step's answer and each expected value. */
  readonly checks: number;
  readonly differences: readonly Difference[];
}

/** Steps for groups are posted side by side in portions of this size: a store that commits in groups then does so. */
const PORTION = 100;
/** Lists are read page by page; the names behind a number of a difference are shown up to here. */
const PAGE = 200;
const NAMED = 20;

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const shown = (value: unknown): string => (value === undefined ? 'không có' : value === null ? 'null' : typeof value === 'string' ? value : JSON.stringify(value));

/** Plays the story on the driver and compares every figure; a step that does not come out as told ends the story there, for what follows would only repeat it. */
export async function playScenario(scenario: Scenario, driver: Driver): Promise<Outcome> {
  const play = new Play(scenario, driver);
  await play.run();
  return { file: scenario.file, title: scenario.title, way: driver.name, checks: play.checks, differences: play.differences };
}

class Play {
  checks = 0;
  readonly differences: Difference[] = [];
  private readonly scenario: Scenario;
  private readonly driver: Driver;
  private readonly ids = new Map<string, string>();
  private readonly names = new Map<string, string>();
  /** What was answered at the time to the checks that name a time of knowledge. */
  private readonly asKnown = new Map<Check, string>();
  /** By label, then by task: the revision at which the labelled step left its event. */
  private readonly labels = new Map<string, Map<string, number>>();

  constructor(scenario: Scenario, driver: Driver) {
    this.scenario = scenario;
    this.driver = driver;
  }

  async run(): Promise<void> {
    const { units, steps, checks, until } = this.scenario;
    await this.driver.advance(steps[0]!.recordedAt);
    for (const { line, column, id, name, shortName, kind, parentId, establishedOn } of units) {
      const answer = await this.driver.post('/units', { id, name, shortName, kind, establishedOn, ...(parentId === undefined ? {} : { parentId }) }, 'admin');
      if (answer.status >= 400) {
        this.differ({ line, column, path: `đơn vị “${name}”` }, 'lập được', refusalOf(answer));
        return;
      }
    }
    for (const step of steps) {
      await this.askAsKnown(step.recordedAt);
      if (!(await this.step(step))) return;
    }
    await this.driver.advance(until);
    for (const check of checks) await this.check(check);
  }

  /** Figures as known at a moment are asked when it has just gone by, to be compared with the answer of the end byte for byte. */
  private async askAsKnown(before: number): Promise<void> {
    const due = this.scenario.checks.filter((check) => check.knownUntil !== undefined && check.knownUntil < before && check.kind === 'figures' && !this.asKnown.has(check));
    for (const check of due.sort((a, b) => a.knownUntil! - b.knownUntil!)) {
      await this.driver.advance(Math.max(check.knownUntil!, this.scenario.steps[0]!.recordedAt));
      this.asKnown.set(check, bytesOf(await this.driver.get('/figures', check.query)));
    }
  }

  private differ(at: Place & { readonly path: string }, expected: string, got: string, tasks?: readonly string[]): void {
    this.differences.push({ line: at.line, column: at.column, path: at.path, expected, got, ...(tasks === undefined ? {} : { tasks }) });
  }

  private async step(step: Step): Promise<boolean> {
    await this.driver.advance(step.recordedAt);
    if (step.path === undefined) return true;
    const together = step.path.includes('{task}') || step.gives ? step.tasks : [''];
    for (let from = 0; from < together.length; from += PORTION) {
      const held = await Promise.all(together.slice(from, from + PORTION).map((task) => this.give(step, task)));
      if (held.includes(false)) return false;
    }
    return true;
  }

  /** True when the answer is the one told. */
  private async give(step: Step, task: string): Promise<boolean> {
    const at = { line: step.line, column: step.column, path: task === '' ? step.title : `${step.title}, việc “${task}”` };
    const id = this.ids.get(task);
    if (!step.gives && task !== '' && id === undefined) {
      this.differ(at, 'việc đã được giao', 'việc chưa giao được ở bước trên');
      return false;
    }
    const filled = await this.fill(step.body, task);
    const answer = await this.driver.post(step.path!.replace('{task}', id ?? ''), filled as object, step.actor);
    this.checks++;
    const body = object(answer.body);
    if (answer.status >= 400) {
      if (step.refused === undefined) this.differ(at, 'được ghi nhận', refusalOf(answer));
      else if (body['code'] !== step.refused.code) this.differ({ ...at, ...step.refused }, `bị từ chối: ${step.refused.code}`, refusalOf(answer));
      else if (step.refused.fact !== undefined && object(body['fact'])['type'] !== step.refused.fact) {
        this.differ({ ...at, ...step.refused }, `vướng “${wordOf(EVENT_WORDS, step.refused.fact)}”`, `vướng “${wordOf(EVENT_WORDS, shown(object(body['fact'])['type']))}”`);
      } else return true;
      return false;
    }
    if (step.refused !== undefined) {
      this.differ({ ...at, ...step.refused }, `bị từ chối: ${step.refused.code}`, 'được ghi nhận');
      return false;
    }
    if (step.gives) {
      this.ids.set(task, String(body['id']));
      this.names.set(String(body['id']), task);
    }
    if (step.label !== undefined) this.labels.set(step.label, (this.labels.get(step.label) ?? new Map<string, number>()).set(task, Number(body['revision'])));
    if (step.warnings !== undefined) {
      const codes = array(body['warnings']).map((w) => String(object(w)['code']));
      this.checks++;
      const missing = step.warnings.codes.filter((code) => !codes.includes(code));
      if (missing.length > 0) this.differ({ ...step.warnings, path: `${at.path} › cảnh báo` }, missing.join(', '), codes.length === 0 ? 'không cảnh báo gì' : codes.join(', '));
    }
    return true;
  }

  /** The body with names turned into ids. */
  private async fill(template: Template | undefined, task: string): Promise<unknown> {
    if (Array.isArray(template)) return Promise.all((template as readonly Template[]).map((item) => this.fill(item, task)));
    if (typeof template !== 'object' || template === null) return template;
    const group = template as TemplateObject;
    if (group['$name'] !== undefined) return task;
    if (typeof group['$task'] === 'string') return this.ids.get(group['$task']) ?? group['$task'];
    if (group['$event'] !== undefined) return this.eventId(group['$event'] as TemplateObject, task);
    const filled: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(group)) if (value !== undefined) filled[key] = await this.fill(value, task);
    return filled;
  }

  private async eventId({ label, type, nth }: TemplateObject, task: string): Promise<string> {
    if (typeof label === 'string') {
      const labelled = this.labels.get(label) ?? new Map<string, number>();
      const [owner, revision] = labelled.has(task) ? [task, labelled.get(task)] : ([...labelled][0] ?? [task, undefined]);
      return shown((await this.events(owner, {})).items.find((item) => item['revision'] === revision)?.['id']);
    }
    const { items } = await this.events(task, {});
    const same = items.filter((item) => item['type'] === type);
    return shown((nth === undefined ? same.at(-1) : same[Number(nth) - 1])?.['id']);
  }

  private async events(task: string, query: Readonly<Record<string, string>>): Promise<{ readonly answer: Answer; readonly items: readonly Json[] }> {
    const answer = await this.driver.get(`/tasks/${this.ids.get(task) ?? task}/events`, query);
    return { answer, items: array(object(answer.body)['items']).map(object) };
  }

  private async check(check: Check): Promise<void> {
    if (check.kind === 'task') return this.checkTask(check, check.task);
    const answer = await this.driver.get(check.kind === 'coordination' ? '/figures/coordination' : '/figures', check.query);
    const then = this.asKnown.get(check);
    if (then !== undefined) {
      this.checks++;
      const now = bytesOf(answer);
      if (now !== then) this.differ({ ...check, path: `${check.title} › biết đến` }, `đúng như đã trả lời lúc ấy: ${around(then, now)}`, around(now, then));
    }
    const refusal = check.expectations.find((e) => e.of === 'refusal');
    if (refusal !== undefined) {
      this.checks++;
      if (answer.status < 400) this.differ(refusal, `bị từ chối: ${refusal.code}`, 'có số');
      else if (object(answer.body)['code'] !== refusal.code) this.differ(refusal, `bị từ chối: ${refusal.code}`, refusalOf(answer));
      return;
    }
    if (answer.status >= 400) {
      this.checks++;
      this.differ({ ...check, path: check.title }, 'có số', refusalOf(answer));
      return;
    }
    const figures = object(answer.body);
    for (const balance of array(figures['balances']).map(object)) {
      this.checks++;
      if (balance['holds'] !== true) this.differ({ ...check, path: check.title }, `cân: ${shown(balance['identity'])}`, `${shown(balance['left'])} ≠ ${shown(balance['right'])}`);
    }
    for (const expectation of check.expectations) await this.compare(expectation, figures, check);
  }

  private async compare(e: Expectation, figures: Json, check: Check): Promise<void> {
    this.checks++;
    const from = 'group' in e && e.group !== undefined ? groupOf(figures, e.group, check.kind) : figures;
    switch (e.of) {
      case 'count': {
        const got = from === undefined ? 0 : Number(object(from[e.section])[e.name]);
        if (got !== e.expected) this.differ(e, String(e.expected), String(got), await this.behind(e, check));
        else if ('group' in e || check.kind !== 'figures') return;
        else await this.listHasLength(e, got, check);
        return;
      }
      case 'total': {
        const got = from === undefined ? 0 : Number(from['total']);
        if (got !== e.expected) this.differ(e, String(e.expected), String(got), 'group' in e ? undefined : await this.behind(e, check));
        return;
      }
      case 'groups': {
        const got = array(figures['groups']).map(object).filter((group) => !isEmpty(group)).map((group) => String(group['key']));
        if (!same(got, e.keys)) this.differ(e, e.keys.join(', ') || 'không nhóm nào', got.join(', ') || 'không nhóm nào');
        return;
      }
      case 'rate': {
        const rate = check.kind === 'coordination' ? (e.group === undefined ? object(figures['total']) : from) : array(from?.['rates']).map(object).find((r) => r['code'] === e.code);
        const got = rate === undefined ? '0/0 = không phát sinh' : `${shown(rate['numerator'] ?? rate['answeredInTime'] ?? rate['answered'])}/${shown(rate['denominator'])} = ${shown(rate['text'])}`;
        if (got !== e.expected) this.differ(e, e.expected, got);
        return;
      }
      case 'sentence':
        if (figures['sentence'] !== e.expected) this.differ(e, e.expected, shown(figures['sentence']));
        return;
      case 'list': {
        const got = await this.list(e.selector, check);
        if (!same(got, e.tasks)) this.differ(e, namesIn(e.tasks), namesIn(got));
        return;
      }
      case 'secret': {
        const got = Number(object(figures['secretCounts'])[e.name]);
        if (got !== e.expected) this.differ(e, String(e.expected), String(got));
        return;
      }
      default:
    }
  }

  /** Every number can be opened to exactly as many tasks. */
  private async listHasLength(e: Extract<Expectation, { of: 'count' }>, n: number, check: Check): Promise<void> {
    if (n === 0) return;
    this.checks++;
    const answer = await this.driver.get('/figures/list', { ...check.query, ...selectorOf(e), limit: '1' });
    const total = Number(object(answer.body)['total']);
    if (total !== n) this.differ(e, `danh sách ${String(n)} việc`, answer.status >= 400 ? refusalOf(answer) : `danh sách ${String(total)} việc`);
  }

  private async behind(e: Extract<Expectation, { of: 'count' | 'total' }>, check: Check): Promise<readonly string[] | undefined> {
    if (check.kind !== 'figures') return undefined;
    return this.list(e.of === 'count' ? selectorOf(e) : {}, check);
  }

  private async list(selector: Readonly<Record<string, string>>, check: Check): Promise<readonly string[]> {
    const found: string[] = [];
    for (let cursor: unknown = null; ; ) {
      const { groupBy: _, ...query } = check.query;
      const answer = await this.driver.get('/figures/list', { ...query, ...selector, limit: String(PAGE), ...(typeof cursor === 'string' ? { cursor } : {}) });
      if (answer.status >= 400) return [`(${refusalOf(answer)})`];
      for (const item of array(object(answer.body)['items'])) found.push(this.names.get(String(object(item)['id'])) ?? String(object(item)['id']));
      cursor = object(answer.body)['nextCursor'];
      if (typeof cursor !== 'string') return found;
    }
  }

  private async checkTask(check: Check, task: string): Promise<void> {
    const id = this.ids.get(task) ?? task;
    const answer = await this.driver.get(`/tasks/${id}`, check.query);
    const view = object(answer.body);
    for (const e of check.expectations) {
      this.checks++;
      if (e.of === 'missing') {
        if (answer.status !== 404) this.differ(e, 'chưa có việc này', `có (${String(answer.status)})`);
      } else if (e.of === 'events') {
        const { items, answer: told } = await this.events(task, check.query['knownAt'] === undefined ? {} : { knownAt: check.query['knownAt'] });
        const got = items.map((item) => String(item['type']));
        if (got.join() !== e.types.join()) this.differ(e, wordsOf(e.types), told.status >= 400 ? refusalOf(told) : wordsOf(got));
      } else if (answer.status >= 400) {
        this.differ(e, 'có việc này', refusalOf(answer));
      } else if (e.of === 'field') {
        const got = e.name === 'deadline' ? deadlineText(object(view['deadline'])) : shown(view[e.name]);
        if (got !== e.expected) this.differ(e, e.expected, got);
      }
    }
  }
}

const bytesOf = ({ body }: Answer): string => JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** The text from shortly before the place where it departs from the other. */
function around(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return `…${text.slice(Math.max(0, at - 40), at + 40)}…`;
}

function groupOf(figures: Json, key: string, kind: Check['kind']): Json | undefined {
  return kind === 'coordination'
    ? array(figures['units']).map(object).find((unit) => unit['unitId'] === key)
    : array(figures['groups']).map(object).find((group) => group['key'] === key);
}

/** A group in which nothing stands is as good as none. */
function isEmpty(group: Json): boolean {
  return Number(group['total']) === 0 && ['out', 'flow'].every((section) => Object.values(object(group[section])).every((n) => n === 0));
}

const LIST_PARAMETERS = { cells: 'cell', parts: 'part', out: 'out', flow: 'flow' } as const;
function selectorOf(e: Extract<Expectation, { of: 'count' }>): Record<string, string> {
  return { [LIST_PARAMETERS[e.section]]: e.name };
}

function refusalOf({ status, body }: Answer): string {
  const { code, detail } = object(body);
  return `bị từ chối: ${shown(code)} (${String(status)}) ${detail === undefined ? '' : shown(detail)}`.trim();
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
}

function namesIn(names: readonly string[]): string {
  const sorted = [...names].sort();
  return names.length === 0 ? 'không việc nào' : `${sorted.slice(0, NAMED).join(', ')}${names.length > NAMED ? `, … (${String(names.length)} việc)` : ''}`;
}

const wordsOf = (types: readonly string[]): string => types.map((type) => wordOf(EVENT_WORDS, type)).join(', ') || 'không sự kiện nào';

function deadlineText(deadline: Json): string {
  if (deadline['kind'] === 'none') return 'không thời hạn';
  const time = deadline['dueTime'];
  return `${shown(deadline['dueOn'])}${typeof time === 'string' ? ` ${time}` : ''}`;
}

/** Midnights from `from` (exclusive) to `to` (exclusive), then `to`: where a clock stops on its way. A millisecond after midnight, for a deadline has passed only then. */
export function stops(from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = endOfDay(dayOf(from)) + 1; at < to; at += 86_400_000) found.push(at);
  return [...found, to];
}

/** A place in words, for people and editors: “tệp.yaml:12:5”. */
export function placeText(file: string, { line, column }: Place): string {
  return `${file}:${String(line)}:${String(column)}`;
}

