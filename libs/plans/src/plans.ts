import { endOfDay, type Day, type Instant } from '#kernel';

/** The document that issued a plan, or that proves an item done. */
export interface PlanDocument {
  readonly number: string;
  readonly date: Day;
}

/** A plan of a unit for a year. `code` is what report templates call it by: `cchc`, `kiem-tra-cchc`; one plan per unit, year and code. */
export interface Plan {
  readonly planId: string;
  readonly unitId: string;
  readonly year: number;
  readonly code: string;
  readonly title: string;
  /** Left out while nobody has said when. */
  readonly issuedOn?: Day;
  readonly document?: PlanDocument;
}

export interface PlanItem {
  readonly itemId: string;
  readonly content: string;
  readonly product?: string;
  readonly dueOn?: Day;
}

interface Data {
  readonly PlanIssued: Plan;
  /** The unit has nothing for such a plan to be about: "-" in a report, which is not 0 and not blank. */
  readonly PlanDeclaredNotApplicable: Omit<Plan, 'issuedOn' | 'document'> & { readonly reason: string };
  readonly PlanItemAdded: PlanItem;
  readonly PlanItemDone: { readonly itemId: string; readonly evidence?: PlanDocument; readonly fileIds?: readonly string[]; readonly note?: string };
  /** Takes back a "done" that was not. */
  readonly PlanItemReopened: { readonly itemId: string; readonly reason: string };
  readonly PlanItemRemoved: { readonly itemId: string; readonly reason: string };
  /** Repairs the record and not the world: as known from then on, the plan is seen on every day as if it had been written so. */
  readonly PlanCorrected: { readonly title?: string; readonly issuedOn?: Day; readonly document?: PlanDocument; readonly reason: string };
  /** What the report says beside the plan; the last one stands. */
  readonly PlanNoted: { readonly note: string };
}

export type PlanEvent = { readonly [T in keyof Data]: { readonly type: T; readonly data: Data[T] } }[keyof Data];

/** An event with its two times, as the log holds it. */
export type PlanFact = PlanEvent & { readonly eventId: string; readonly position: bigint; readonly occurredAt: Instant };

export interface PlanItemState extends PlanItem {
  readonly done?: { readonly at: Instant; readonly evidence?: PlanDocument; readonly fileIds?: readonly string[]; readonly note?: string };
}

export interface PlanState extends Plan {
  readonly applicable: boolean;
  /** Why it does not apply, or the last remark. */
  readonly note?: string;
  readonly items: readonly PlanItemState[];
  readonly lastFact: { readonly eventId: string; readonly occurredAt: Instant };
}

export const PLAN_CATEGORY = 'plan';
export const planStream = (planId: string): string => `${PLAN_CATEGORY}-${planId}`;

export function evolvePlan(state: PlanState | undefined, fact: PlanFact): PlanState | undefined {
  const lastFact = { eventId: fact.eventId, occurredAt: fact.occurredAt };
  if (fact.type === 'PlanIssued') return { ...fact.data, applicable: true, items: [], lastFact };
  if (fact.type === 'PlanDeclaredNotApplicable') {
    const { reason, ...plan } = fact.data;
    return { ...plan, applicable: false, note: reason, items: [], lastFact };
  }
  if (state === undefined) return undefined;
  const change = (itemId: string, to: (item: PlanItemState) => PlanItemState): readonly PlanItemState[] => state.items.map((item) => (item.itemId === itemId ? to(item) : item));
  switch (fact.type) {
    case 'PlanItemAdded':
      return { ...state, items: [...state.items, fact.data], lastFact };
    case 'PlanItemDone': {
      const { itemId, ...done } = fact.data;
      return { ...state, items: change(itemId, (item) => ({ ...item, done: { at: fact.occurredAt, ...done } })), lastFact };
    }
    case 'PlanItemReopened':
      return { ...state, items: change(fact.data.itemId, ({ done: _, ...item }) => item), lastFact };
    case 'PlanItemRemoved':
      return { ...state, items: state.items.filter(({ itemId }) => itemId !== fact.data.itemId), lastFact };
    case 'PlanCorrected': {
      const { reason: _, ...changes } = fact.data;
      return { ...state, ...changes, lastFact };
    }
    case 'PlanNoted':
      return { ...state, note: fact.data.note, lastFact };
  }
}

export function foldPlan(facts: Iterable<PlanFact>): PlanState | undefined {
  let state: PlanState | undefined;
  for (const fact of facts) state = evolvePlan(state, fact);
  return state;
}

/** All plans, as they stood at the end of day A by what was known at K. Facts of a plan are kept in the order of the log. */
export class Plans {
  private readonly facts = new Map<string, PlanFact[]>();

  /** Takes in the next fact of a plan's stream; `planId` is what the stream is named after. */
  apply(planId: string, fact: PlanFact): void {
    const facts = this.facts.get(planId);
    if (facts) facts.push(fact);
    else this.facts.set(planId, [fact]);
  }

  plan(planId: string, { asOf, known = null }: { readonly asOf?: Day; readonly known?: bigint | null } = {}): PlanState | undefined {
    const until = asOf === undefined ? Infinity : endOfDay(asOf);
    // A fact of an earlier day may be keyed after one of a later day: what counts is the order in which things happened.
    const facts = (this.facts.get(planId) ?? []).filter(({ occurredAt, position, type }) => (occurredAt < until || type === 'PlanCorrected') && (known === null || position <= known));
    // A correction reaches back to the beginning, so it is laid over everything else.
    const last = ({ type }: PlanFact): number => (type === 'PlanCorrected' ? 1 : 0);
    return foldPlan(facts.map((fact, n) => [fact, n] as const).sort(([a, n], [b, m]) => last(a) - last(b) || a.occurredAt - b.occurredAt || n - m).map(([fact]) => fact));
  }

  all(at: { readonly asOf?: Day; readonly known?: bigint | null } = {}): readonly PlanState[] {
    return [...this.facts.keys()].flatMap((id) => this.plan(id, at) ?? []).sort((a, b) => (a.unitId < b.unitId ? -1 : a.unitId > b.unitId ? 1 : a.year - b.year || (a.code < b.code ? -1 : 1)));
  }
}
