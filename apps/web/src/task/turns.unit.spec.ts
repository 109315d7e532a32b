import { describe, expect, it } from '@jest/globals';
import { type TaskEvent } from '../api.ts';
import { decidedOf } from './turns.ts';

const events = (...types: readonly (string | readonly [type: string, effective: boolean])[]): TaskEvent[] =>
  types.map((one, n) => {
    const [type, effective] = typeof one === 'string' ? [one, true] : one;
    return { id: `e${n}`, position: String(n + 1), type, effective, occurredAt: '2020-11-02T08:00:00+07:00' } as TaskEvent;
  });
const pairs = (all: readonly TaskEvent[]) => decidedOf(all).map(({ request, decision }) => [request.id, decision.id]);

describe('what was asked and decided', () => {
  it('stands together, the granted as the refused, each request with its own decision', () => {
    expect(pairs(events('ExtensionRequested', 'ReturnProposed', 'ExtensionRefused', 'ReturnAccepted', 'ExtensionRequested', 'ExtensionGranted'))).toEqual([['e0', 'e2'], ['e1', 'e3'], ['e4', 'e5']]);
  });
  it('leaves out what still waits, and a grant that nobody asked for', () => {
    expect(pairs(events('ExtensionGranted', 'ExtensionRequested'))).toEqual([]);
  });
  it('takes back a decision that was annulled: the request waits again, and the next decision is its answer', () => {
    expect(pairs(events('ExtensionRequested', ['ExtensionRefused', false], 'ExtensionGranted'))).toEqual([['e0', 'e2']]);
    expect(pairs(events('ExtensionRequested', ['ExtensionRefused', false]))).toEqual([]);
  });
});
