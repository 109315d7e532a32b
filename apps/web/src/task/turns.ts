import { type TaskEvent } from '../api.ts';

export type AskedKind = 'extension' | 'return' | 'explanation';

/** A request with what became of it. */
export interface Decided {
  readonly kind: AskedKind;
  readonly request: TaskEvent;
  readonly decision: TaskEvent;
}

const ASKS: Readonly<Record<string, AskedKind>> = { ExtensionRequested: 'extension', ReturnProposed: 'return', ExplanationRequested: 'explanation' };
const ANSWERS: Readonly<Record<string, AskedKind>> = { ExtensionGranted: 'extension', ExtensionRefused: 'extension', ReturnAccepted: 'return', ReturnRefused: 'return', ExplanationGiven: 'explanation' };

/** Requests that were decided, each with its decision, in the order in which they were asked. What was annulled is no answer, and no question. */
export function decidedOf(events: readonly TaskEvent[]): Decided[] {
  const waiting = new Map<AskedKind, TaskEvent>();
  const decided: Decided[] = [];
  const inOrder = events.filter(({ effective }) => effective).sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
  for (const event of inOrder) {
    const asked = ASKS[event.type];
    if (asked !== undefined) waiting.set(asked, event);
    const kind = ANSWERS[event.type];
    const request = kind === undefined ? undefined : waiting.get(kind);
    // A leader may grant what nobody asked for: then there is no conversation.
    if (kind === undefined || request === undefined) continue;
    waiting.delete(kind);
    decided.push({ kind, request, decision: event });
  }
  return decided;
}
