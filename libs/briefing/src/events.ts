import type { Deadline } from '#deadlines';

/** A place in the log that stays findable: positions differ between stores and after a move, the event's id does not. */
export interface KnownPoint {
  readonly position: string;
  /** Null where the log was empty. */
  readonly eventId: string | null;
}

/** The pages of the room screen, in the order of a meeting (screens.md §2). */
export const PAGES = ['overview', 'previous', 'overdue', 'due-week', 'units', 'raised', 'requests', 'signals', 'conclusions'] as const;
export type PageKey = (typeof PAGES)[number];

export interface AgendaPage {
  readonly key: PageKey;
  readonly minutes: number;
}

/** `decision` and `speed-up` are words; every other kind is a command on a task besides. */
export const CONCLUSION_KINDS = ['decision', 'speed-up', 'assign', 'extend', 'refuse-extension', 'explain', 'urge', 'transfer', 'confirm', 'refuse-completion', 'accept-return', 'refuse-return'] as const;
export type ConclusionKind = (typeof CONCLUSION_KINDS)[number];

/** An event that a conclusion made in a task's stream. */
export interface MadeEvent {
  readonly id: string;
  readonly type: string;
}

export interface ConclusionData {
  readonly conclusionId: string;
  readonly number: number;
  readonly kind: ConclusionKind;
  readonly text: string;
  /** For the room screen, at most 48 characters. */
  readonly short?: string;
  readonly reason?: string;
  readonly taskId?: string;
  /** Who has to act: the lead of the task, or the unit that was named. */
  readonly unitId?: string;
  readonly deadline?: Deadline;
  readonly made: readonly MadeEvent[];
}

export interface BriefingEventData {
  BriefingOpened: {
    readonly name: string;
    /** The cut-off instant (mốc chốt), ISO 8601 with offset: figures of the meeting are as of it. */
    readonly cutOff: string;
    /** What was known when the meeting was opened: figures of the meeting know this much. */
    readonly known: KnownPoint;
    /** The unit with all below it; the whole province when left out. */
    readonly unitId?: string;
    readonly presiding?: string;
    readonly previousId?: string;
    readonly pages: readonly AgendaPage[];
  };
  BriefingPagesArranged: { readonly pages: readonly AgendaPage[] };
  ConclusionRecorded: ConclusionData;
  ConclusionAmended: { readonly conclusionId: string; readonly text: string; readonly short?: string; readonly reason: string };
  ConclusionStruck: { readonly conclusionId: string; readonly reason: string };
  /** `occurredAt` is the closing instant. */
  BriefingClosed: { readonly known: KnownPoint };
}

export type BriefingEventType = keyof BriefingEventData;
export type BriefingEvent = { [T in BriefingEventType]: { readonly type: T; readonly data: BriefingEventData[T] } }[BriefingEventType];

/** A fact of a meeting with its two times. */
export type BriefingFact = BriefingEvent & {
  readonly eventId: string;
  readonly revision: number;
  readonly position: bigint;
  readonly occurredAt: number;
  readonly recordedAt: number;
};

export const BRIEFING_CATEGORY = 'briefing';
export const briefingStream = (id: string): string => `${BRIEFING_CATEGORY}-${id}`;
export const briefingIdOf = (stream: string): string => stream.slice(BRIEFING_CATEGORY.length + 1);
