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

export interface FigureGroup {
  key: string;
  label: string;
  cells: Counts;
  parts: Counts;
  total: number;
  out: Counts;
  flow: Counts;
  rates: Rate[];
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
  groups?: FigureGroup[];
}

export interface TaskItem {
  id: string;
  code: string;
  content: string;
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
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total: number;
  asOf: string | null;
  position: string;
}

export interface Deadline {
  kind: string;
  phrase?: string | null;
  dueOn?: string | null;
  dueTime?: string | null;
  literalDueOn?: string | null;
  basis?: string | null;
  steps?: { day?: string | null; text: string; source?: string | null }[] | null;
}

export interface Task {
  id: string;
  code: string;
  revision: number;
  state: string;
  cell: string | null;
  content: string;
  product: string | null;
  document: { number: string; date: string; issuer: string; signerTitle: string | null; title: string | null } | null;
  authority: string;
  leadUnitId: string;
  leadUnitName: string;
  coordinatingUnits: { id: string; name: string }[];
  assignedOn: string;
  deadline: Deadline | null;
  originalDeadline: Deadline | null;
  extensions: number | readonly unknown[] | null;
  submittedAt: string | null;
  completedAt: string | null;
  daysLeft: number | null;
  daysLate: number | null;
  position: string;
}

export interface TaskEvent {
  id: string;
  type: string;
  revision: number;
  position: string;
  occurredAt: string;
  recordedAt: string;
  actor: { role: string; unitId?: string | null; id?: string | null } | null;
  sentence: string;
  backdated: boolean;
  data: unknown;
}

export interface Problem {
  title?: string;
  detail?: string;
  status?: number;
  code?: string;
  errors?: { pointer?: string; code?: string; detail?: string }[];
}

/** A refusal of the API, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? 'Không đọc được số liệu.');
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }
}

export type Query = Readonly<Record<string, string | null | undefined>>;

export async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const tail = search.size > 0 ? `?${search.toString()}` : '';
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${tail}`, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { title: 'Mất kết nối', detail: 'Không tới được máy chủ.' });
  }
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json') ? await response.json().catch(() => null) : null;
  if (!response.ok) throw new ApiError(response.status, body ?? {});
  if (body === null) throw new ApiError(response.status, { title: 'Trả lời lạ', detail: 'Máy chủ trả lời không đúng dạng.' });
  return body as T;
}
