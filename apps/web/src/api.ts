import { t } from './i18n.ts';
/** The answers of the HTTP API this page reads. The page formats them; it computes no figure of its own. */

export type Cell = 'D1' | 'D2' | 'D3' | 'V1' | 'V2' | 'V3' | 'O1' | 'O2' | 'O3' | 'X';
export type Counts = Readonly<Record<string, number>>;

export interface System {
  now: string;
  simulated: boolean;
  access: string;
  version?: string;
  events: number;
  position: string;
}

export interface Unit {
  id: string;
  name: string;
  shortName: string | null;
  kind: string;
  parentId?: string | null;
  status?: string;
  endedOn?: string | null;
}

export interface Rate {
  code: string;
  name: string;
  formula: string;
  numerator: number;
  denominator: number;
  text: string;
}

export interface Balance {
  identity: string;
  left: number;
  right: number;
  holds: boolean;
}

export type GroupRate = Pick<Rate, 'code' | 'numerator' | 'denominator' | 'text'>;

export interface FigureGroup {
  key: string;
  label: string;
  cells: Counts;
  parts: Counts;
  total: number;
  out: Counts;
  flow: Counts;
  /** Names and formulas stand once, with the rates of the whole. */
  rates: GroupRate[];
}

export interface FigureParameters {
  unitId: string | null;
  scope: string;
  cohort: string;
  from: string;
  to: string;
  asOf: string | null;
  knownAt: string | null;
  authority: string;
  deadlineBasis: string;
  fixedDatePolicy: string | null;
  organisedAs: string;
  rounding: string;
  position: string;
  lastEventId: string | null;
}

export interface Figures {
  parameters: FigureParameters;
  cells: Counts;
  parts: Counts;
  total: number;
  out: Counts;
  flow: Counts;
  rates: Rate[];
  balances: Balance[];
  sentence: string;
  officialRate?: string | null;
  secretCounts?: { assigned: number; completed: number; entries: number } | null;
  groups?: FigureGroup[];
}

export interface TaskItem {
  id: string;
  code: string;
  content: string;
  documentId: string | null;
  documentNumber: string | null;
  leadUnitId: string;
  leadUnitName: string;
  cell: string | null;
  dueOn: string | null;
  dueTime: string | null;
  assignedOn: string;
  submittedAt: string | null;
  daysLeft: number | null;
  daysLate: number | null;
  authority?: string;
  field?: string | null;
  starred?: boolean;
  countsWorkingDays?: boolean;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total: number;
  asOf: string | null;
  knownAt?: string | null;
  position: string;
}

export type Urgency = 'overdue' | 'today' | 'soon' | 'later' | 'none';
export type Wait =
  'explain' | 'redo' | 'receive' | 'coordinate' | 'extension-answer' | 'overdue' | 'due-soon' | 'extension' | 'return' | 'confirm';
/** One thing that waits in a task for the role that asks. */
export interface Waiting {
  kind: Wait;
  since: string;
  text: string | null;
  granted?: boolean;
}
export interface DeskItem extends TaskItem {
  authority?: string;
  group: Urgency;
  countsWorkingDays: boolean;
  waits: Waiting[];
}
/** `all` before the choice of a kind or group, `total` after; `groups` add up to `total`, `kinds` count as lists of a kind would. */
export interface DeskPage extends Page<DeskItem> {
  all: number;
  groups: Record<Urgency, number>;
  kinds: Record<Wait, number>;
}

export interface DocumentAnswer {
  id: string;
  document: { number: string; date: string; issuer: string; signerTitle?: string | null; title: string | null; urgency?: string | null };
  tasks: TaskItem[];
  total: number;
  asOf: string | null;
  position: string;
}

export interface Step {
  day?: string | null;
  text: string;
  source?: string | null;
}

export interface Deadline {
  kind: string;
  phrase?: string | null;
  dueOn?: string | null;
  dueTime?: string | null;
  literalDueOn?: string | null;
  basis?: string | null;
  steps?: readonly Step[] | null;
  countsWorkingDays?: boolean;
  calendarVersion?: string | null;
}

export interface DeadlineChange {
  eventId: string;
  type: string;
  occurredAt: string;
  recordedAt: string;
  deadline: Deadline | null;
}

export interface Assignment {
  unitId: string;
  unitName: string;
  from: string;
  to: string | null;
  endedBy: string | null;
}

export interface Task {
  id: string;
  code: string;
  revision: number;
  state: string;
  cell: string | null;
  content: string;
  product: string | null;
  document: {
    number: string;
    date: string;
    issuer: string;
    signerTitle?: string | null;
    title: string | null;
    urgency?: string | null;
  } | null;
  documentId: string | null;
  authority: string;
  field?: string | null;
  starred?: boolean;
  routine?: boolean;
  leadUnitId: string;
  leadUnitName: string;
  coordinatingUnits: { id: string; name: string; answeredAt: string | null }[];
  assignedOn: string;
  deadline: Deadline | null;
  originalDeadline: Deadline | null;
  extensions: number | readonly unknown[] | null;
  percent?: number | null;
  submittedAt: string | null;
  completedAt: string | null;
  daysLeft: number | null;
  daysLate: number | null;
  next: Record<string, string[]>;
  deadlineHistory: DeadlineChange[];
  assignments: Assignment[];
  pendingExtension: { eventId: string; occurredAt: string; deadline: Deadline; reason: string } | null;
  pendingReturn: { eventId: string; occurredAt: string; reason: string } | null;
  explanation: { question: string; askedAt: string; answer: string | null; answeredAt: string | null } | null;
  urged: { count: number; lastAt: string | null };
  objectiveCause: { document: string; reason: string; at: string } | null;
  evidence: string[];
  evidenceFiles: { id: string; state: 'kept' | 'missing' | 'damaged'; name?: string; type?: string; size?: number }[];
  duplicateOf: { id: string; code: string } | null;
  parentTaskId: string | null;
  subtasks: { id: string; code: string; content: string }[];
  approvalDelayDays: number | null;
  position: string;
}

export interface TaskEvent {
  id: string;
  type: string;
  name: string;
  revision: number;
  position: string;
  occurredAt: string;
  recordedAt: string;
  actor: { role: string; unitId?: string | null; id?: string | null } | null;
  sentence: string;
  backdated: boolean;
  annulledBy: string | null;
  repairs: string | null;
  effective: boolean;
  data: unknown;
}

export interface ChangedEvent {
  id: string;
  type: string;
  name: string;
  sentence: string;
  position: string;
  occurredAt: string;
  recordedAt: string;
  backdated: boolean;
}
export interface ChangedTask extends TaskItem {
  before: string | null;
  after: string | null;
  /** The unit it was counted under before, where it was. */
  beforeUnitId?: string | null;
  events: ChangedEvent[];
}
export interface ChangeGroup {
  total: number;
  items: ChangedTask[];
}
export interface ComparedPoint {
  asOf: string;
  knownAt: string | null;
  position: string;
  total: number;
}
/** Two points of the same question: what came in, what went out, what is counted elsewhere. */
export interface Changes {
  parameters: FigureParameters;
  since: ComparedPoint;
  now: ComparedPoint;
  cells: Record<string, { before: number; after: number; entered: number; left: number }>;
  entered: ChangeGroup;
  left: ChangeGroup;
  changed: ChangeGroup;
}

export interface Explanation {
  parameters: FigureParameters;
  name: string;
  definition: string | readonly string[];
  formula: string | null;
  value: { count: number } | { numerator: number; denominator: number; text: string };
  terms: { code: string; name: string; count: number; sign: 1 | -1; list: string }[];
  identities: readonly (Balance | string)[];
  officialFor: { authority: string; name: string }[];
  replay: { position: string; lastEventId: string | null };
}

export interface RateDefinition {
  code: string;
  name: string;
  formula: string;
}

export interface Warning {
  code: string;
  detail: string;
}

/** What a command answers. */
export interface Recorded {
  id: string;
  revision: number;
  position: string;
  events: string[];
  /** Of the same events: what an annulment names. */
  eventIds: string[];
  warnings: Warning[];
}

interface BulkNamed {
  id: string;
  code: string | null;
  content: string | null;
}
export interface BulkRefused extends BulkNamed {
  ok: false;
  status: number;
  problem: Problem;
}
export interface Foreseen extends BulkNamed {
  ok: true;
  revision: number;
  leadUnitName: string;
  warnings: Warning[];
  before: string | null;
  after: string | null;
  dueOn: string | null;
  newDueOn: string | null;
}
/** How many of the tasks allow each command, and which tasks these are. */
export interface BulkChoice {
  total: number;
  actions: Record<string, number>;
  tasks: { id: string }[];
}
export interface BulkPreview {
  action: string;
  total: number;
  accepted: number;
  refused: number;
  cells: { before: Counts; after: Counts };
  items: (Foreseen | BulkRefused)[];
}
export interface BulkAnswer {
  total: number;
  recorded: number;
  refused: number;
  repeated: number;
  position: string;
  items: ((Recorded & BulkNamed & { ok: true }) | BulkRefused)[];
}

export interface SavedView {
  id: string;
  name: string;
  path: string;
  query: string;
  savedAt: string;
}

export interface ProblemItem {
  pointer?: string;
  code?: string;
  detail?: string;
}
export interface Problem {
  title?: string;
  detail?: string;
  status?: number;
  code?: string;
  errors?: ProblemItem[];
  /** The fact in the way, of a refusal in this state. */
  fact?: { eventId: string; type: string; occurredAt: string };
  /** Phrases that are understood, beside a deadline that is not. */
  examples?: string[];
  occurrences?: string[];
}

/** A refusal of the API, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? t('Không đọc được số liệu.'));
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

export type Query = Readonly<Record<string, string | null | undefined>>;

/** Where this page's last command stands in the log: what is read afterwards has seen it. */
let written: string | null = null;

/** One request as it is given. @throws ApiError */
export async function ask(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, { title: t('Mất kết nối'), detail: t('Không tới được máy chủ.') });
  }
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json') ? await response.json().catch(() => undefined) : undefined;
  if (!response.ok) throw new ApiError(response.status, body ?? {});
  if (body === undefined) throw new ApiError(response.status, { title: t('Trả lời lạ'), detail: t('Máy chủ trả lời không đúng dạng.') });
  return body;
}

function addressOf(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  if (written !== null && /^\/(tasks|figures|dashboard|desk|documents)/.test(path)) search.set('atLeast', written);
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

interface Ahead {
  readonly answer: Promise<unknown>;
  /** Once it has come. */
  value?: unknown;
}
const ahead = new Map<string, Ahead>();
const AHEAD_MS = 10_000;
/** Asks what somebody is going to `get`: the first who does is given this answer, if it is soon. */
export function askAhead(path: string, query: Query): void {
  const address = addressOf(path, query);
  const one: Ahead = { answer: ask(address, { headers: { accept: 'application/json' } }) };
  // Whoever asks for it hears of a failure.
  one.answer.then((value) => (one.value = value)).catch(() => undefined);
  ahead.set(address, one);
  setTimeout(() => ahead.delete(address), AHEAD_MS);
}

/** What was asked ahead, left for whoever asks for it. */
export const askedAhead = (path: string, query: Query): Promise<unknown> => ahead.get(addressOf(path, query))?.answer ?? Promise.resolve(undefined);

/** What was asked ahead, if it has come: then the page is drawn with it at once. */
export function answeredAhead(path: string, query: Query): unknown {
  const address = addressOf(path, query);
  const value = ahead.get(address)?.value;
  if (value !== undefined) ahead.delete(address);
  return value;
}

/** `actor`: for what depends on who asks. */
export async function get<T>(path: string, query: Query, signal?: AbortSignal, actor?: string): Promise<T> {
  const address = addressOf(path, query);
  const asked = actor ? undefined : ahead.get(address);
  if (asked) {
    ahead.delete(address);
    return (await asked.answer) as T;
  }
  return (await ask(address, {
    headers: { accept: 'application/json', ...(actor ? { 'x-actor': actor } : {}) },
    ...(signal ? { signal } : {}),
  })) as T;
}

/** A question that needs a body, or what is kept outside the log; nothing is recorded. `actor`: for what depends on who asks. */
export async function read<T>(path: string, body: unknown, signal?: AbortSignal, actor?: string): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json', ...(actor ? { 'x-actor': actor } : {}) };
  return (await ask(path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) })) as T;
}

/** A command: who gives it, the key that makes a repeat harmless, and the revision it was decided on. */
export async function send<T extends { position: string } = Recorded>(
  path: string,
  body: unknown,
  by: { actor: string; key: string; revision?: number },
): Promise<T> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/json',
    'x-actor': by.actor,
    'idempotency-key': by.key,
    ...(by.revision === undefined ? {} : { 'if-match': `"${by.revision}"` }),
  };
  const recorded = (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })) as T;
  if (written === null || BigInt(recorded.position) > BigInt(written)) written = recorded.position;
  return recorded;
}

export const remove = (path: string, actor: string): Promise<unknown> =>
  ask(path, { method: 'DELETE', headers: { accept: 'application/json', 'x-actor': actor } });

export interface StoredFile {
  /** SHA-256 of what is in it. */
  id: string;
  name: string;
  size: number;
}

/** Sends a file, telling how much of it has left; `fetch` does not say that of what it sends. */
export function upload<T = StoredFile>(
  file: File,
  actor: string,
  { path = '/files', onSent, signal }: { path?: string; onSent?: (part: number) => void; signal?: AbortSignal } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const away = () => reject(new ApiError(0, { title: t('Mất kết nối'), detail: t('Không tới được máy chủ.') }));
    request.open('POST', `/api/v1${path}`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('x-actor', actor);
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onSent?.(event.loaded / event.total);
    };
    request.onload = () => {
      const body: unknown = request.response;
      if (request.status >= 200 && request.status < 300 && body !== null) resolve(body as T);
      else reject(new ApiError(request.status, (body as Problem | null) ?? {}));
    };
    request.onerror = away;
    request.onabort = away;
    signal?.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.set('file', file);
    request.send(form);
  });
}

/** A UUID also where the page is not served over TLS, where `crypto.randomUUID` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
