export type Phase = 'taken' | 'rehearsed' | 'committed' | 'undone';
export type Doing = 'rehearse' | 'commit' | 'undo';

export interface ImportCounts {
  tasks: number;
  accepted: number;
  warned: number;
  refused: number;
  skipped: number;
  secret: number;
  new: number;
  unchanged: number;
  extended: number;
  contradictions: number;
  events: number;
}
export type Columns = Partial<Record<string, number>>;

export interface ImportSheet {
  name: string;
  hidden: boolean;
  rows: number;
  header: number;
  headings: string[];
  guessed: Columns;
  remembered: Columns | null;
  sample: string[][];
  refusal?: { code: string; detail: string };
}

export interface ImportState {
  id: string;
  name: string;
  format: 'csv' | 'xlsx';
  size: number;
  unitId: string | null;
  uploadedAt: string;
  expiresAt: string;
  phase: Phase;
  doing: Doing | null;
  progress: { done: number; total: number } | null;
  failure: { doing: Doing; code: string; detail: string; tasks?: { id: string; taskCode: string | null; content: string | null }[] } | null;
  sheets: ImportSheet[];
  chosen: { sheet: number; header: number; columns: Columns } | null;
  rehearsed: { counts: ImportCounts; notices: string[]; at: string } | null;
  written: { tasks: number; events: number; at: string; position: string } | null;
  undone: { tasks: number; events: number; at: string; reason: string } | null;
  columns: { key: string; title: string; needed: boolean }[];
}

export interface ImportItem {
  id: string;
  name: string;
  format: string;
  uploadedAt: string;
  phase: Phase;
  doing: Doing | null;
  failed: boolean;
  counts: ImportCounts | null;
  written: { tasks: number; events: number } | null;
}

export interface ImportRow {
  record: number;
  line: number;
  label: string;
  outcome: 'new' | 'unchanged' | 'extended' | 'contradiction' | 'refused' | 'skipped';
  warned: boolean;
  secret: boolean;
  taskId: string | null;
  documentNumber: string | null;
  content: string | null;
  messages: { severity: 'refuse' | 'warning' | 'info'; column: string; code: string; message: string; given: string; expected?: string }[];
}
