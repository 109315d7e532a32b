/** The answers of the doors of reminders that these pages read. */
export interface Delivery {
  channel: 'email' | 'webhook';
  state: 'planned' | 'claimed' | 'sent' | 'failed' | 'dead' | 'suppressed';
  attempts: number;
  nextAt: string | null;
  at: string;
  code: string | null;
  reasonName: string | null;
  messageId: string | null;
  unknown: boolean;
}

export interface MessageHead {
  id: string;
  kind: 'urgent' | 'escalation' | 'digest' | 'test' | 'dashboard';
  kindName: string;
  slot: string;
  decidedAt: string;
  late: boolean;
  rulesVersion: number;
  personId: string;
  personName: string;
  roleName: string;
  unitName: string;
  onBehalfOfName: string | null;
  seenAt: string | null;
  told: number;
  merged: number;
  /** Of a dashboard at a stated hour: which one, where it is looked at as it was, and why it could not be made. */
  dashboard?: { subscriptionId: string; name: string; path: string; fault: string | null };
  deliveries: Delivery[];
}

/** What became of a dashboard that was to be sent. */
export interface SentDashboard extends MessageHead {
  silent: 'empty' | 'missed' | 'no-figures' | null;
  silentName: string | null;
}

/** Somebody gets the dashboard of an address at a stated hour. */
export interface Subscription {
  id: string;
  name: string;
  query: string;
  scopeWords: string;
  hour: string;
  /** 1 = Monday … 7 = Sunday. */
  weekdays: number[];
  personId: string;
  personName: string;
  roleName: string;
  unitName: string;
  hasAddress: boolean;
  endedAt: string | null;
  nextAt: string | null;
  last: SentDashboard | null;
}

export interface ReminderItem {
  taskId: string;
  code: string | null;
  content: string | null;
  rule: string;
  why: string;
  unitName: string;
  dueOn: string | null;
  cell: string | null;
  asksAnswer: boolean;
  /** Where in the page the draft letter to the unit is. */
  letter: string | null;
  suppressedName: string | null;
  answer: { answer: 'done' | 'not-done'; reason: string | null; proposedOn: string | null; at: string } | null;
}

export interface InboxMessage extends MessageHead {
  tasks: ReminderItem[];
  missed: (ReminderItem & { slot: string })[];
}

export interface InboxPage {
  person: { id: string; name: string; roleName: string; unitName: string; delegation: { toName: string; from: string; until: string } | null };
  items: InboxMessage[];
  snoozes: { taskId: string; until: string; code: string | null; content: string | null }[];
  unseen: number;
  total: number;
  nextCursor: string | null;
  asOf: string;
  position: string;
}

export interface InboxPerson {
  id: string;
  name: string;
  roleName: string;
  unitName: string;
  unseen: number;
}

export interface LedgerEntry extends ReminderItem {
  slotId: string;
  message: MessageHead;
}

export interface LedgerPage {
  items: LedgerEntry[];
  nextCursor: string | null;
  total: number;
  task?: { id: string; code: string | null; content: string | null };
  snoozes?: { personId: string; personName: string; until: string; at: string }[];
  asOf: string;
  position: string;
}

export interface NumberParts {
  slots: number;
  inTime: number;
  later: number;
  snoozed: number;
  closedMeanwhile: number;
  telling: number;
  seen: number;
  asked: number;
  answered: number;
}

export interface Numbers extends NumberParts {
  from: string;
  to: string;
}

/** The numbers of one person or unit. */
export interface NumberGroup extends NumberParts {
  key: string;
  name: string;
  unitName?: string | null;
}

export interface NumberGroups extends Numbers {
  groups: NumberGroup[];
  nextCursor: string | null;
  /** How many people or units there are. */
  total: number;
}

export type Step = { kind: 'share'; percent: number } | { kind: 'before'; days: number } | { kind: 'overdue'; first: number; every: number };
/** Which tasks a rule is about; what is left out does not matter. */
export interface When {
  authorities?: string[] | undefined;
  fields?: string[] | undefined;
  urgencies?: string[] | undefined;
  starred?: boolean | undefined;
  lengthFrom?: number | undefined;
  lengthTo?: number | undefined;
}
export interface Rule {
  id: string;
  name: string;
  kind: 'ladder' | 'silence' | 'escalation';
  on: boolean;
  when: When;
  steps?: Step[];
  to?: string[];
  urgent?: boolean;
  answer?: boolean;
  days?: number;
  every?: number;
  levels?: { overdueDays?: number; urgings?: number; to: string[] }[];
}

export interface Rules {
  version: number;
  morning: string;
  rules: Rule[];
  reason: string | null;
  setAt: string | null;
  versions: { version: number; reason: string | null; setAt: string | null; actorId: string | null; rules: number }[];
}

export interface Preview {
  morning: string;
  people: number;
  days: {
    day: string;
    messages: number;
    people: number;
    slots: number;
    most: number;
    rules: { id: string; name: string; tasks: number; people: number }[];
    sample: { personId: string; personName: string; unitName: string; kind: string; count: number; tasks: { taskId: string; code: string | null; content: string | null; why: string }[] }[];
  }[];
}

export interface Health {
  channels: { name: 'email' | 'webhook'; on: boolean }[];
  people: number;
  lastRun: { slot: string; at: string; messages: number; items: number; missed: number; rulesVersion: number } | null;
  nextMorning: string | null;
  nextDashboard: string | null;
  nextDelivery: string | null;
  items: MessageHead[];
  dead: number;
  total: number;
  asOf: string;
  position: string;
}
