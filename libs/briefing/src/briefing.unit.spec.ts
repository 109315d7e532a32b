import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoInstant, parseInstant } from '#kernel';
import type { TaskFact } from '#tasks';
import {
  agendaTrouble, agendaWith, briefingReason, briefingSentence, CONCLUSION_KINDS, decideBriefing, foldBriefing, minutesMarkdown, minutesOf, NO_BRIEFING, PAGES, tickerWords, USUAL_AGENDA,
  type Briefing, type BriefingCommand, type BriefingContext, type BriefingEvent, type BriefingFact, type BriefingState,
} from './index.ts';

const now = parseInstant('2026-11-23T07:40:00+07:00')!;
const context: BriefingContext = { now };
const known = { position: '482113', eventId: '01890000-0000-7000-8000-000000000001' };
const opening = { type: 'OpenBriefing', name: 'Giao ban thứ Hai 23/11/2026', cutOff: now - 600_000, known } as const;
const said = (conclusionId: string, change: object = {}): BriefingCommand => ({ type: 'RecordConclusion', conclusionId, kind: 'decision', text: 'Rà soát việc quá hạn', made: [], ...change });

function facts(events: readonly BriefingEvent[]): BriefingFact[] {
  return events.map((event, n): BriefingFact => ({ ...event, eventId: `e${String(n)}`, revision: n, position: BigInt(n + 1), occurredAt: now + n, recordedAt: now + n }));
}
/** What becomes of commands one after the other; refused ones leave nothing. */
function told(...commands: readonly BriefingCommand[]): { readonly events: BriefingEvent[]; readonly state: BriefingState } {
  const events: BriefingEvent[] = [];
  for (const command of commands) {
    const decision = decideBriefing(command, foldBriefing(facts(events)), context);
    if (decision.ok) events.push(...decision.events);
  }
  return { events, state: foldBriefing(facts(events)) };
}
const opened = (...more: readonly BriefingCommand[]): Briefing => told(opening, ...more).state as Briefing;
const decide = (command: BriefingCommand, state: BriefingState, more: Partial<BriefingContext> = {}): unknown => decideBriefing(command, state, { ...context, ...more });
const refusal = (status: number, code: string, pointer?: string): object => ({ ok: false, rejection: { status, code, ...(pointer === undefined ? {} : { pointer }) } });

describe('opening a meeting', () => {
  it('keeps the cut-off, what was known, and the usual agenda where none is given', () => {
    expect(told(opening).events).toEqual([{ type: 'BriefingOpened', data: { name: opening.name, cutOff: '2026-11-23T07:30:00.000+07:00', known, pages: USUAL_AGENDA } }]);
    expect(USUAL_AGENDA.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(45);
  });
  it('names the last meeting of the scope, and begins no earlier than it did', () => {
    const previous = { id: 'b0', name: 'Giao ban trước', cutOff: opening.cutOff };
    expect(decide(opening, NO_BRIEFING, { previous })).toMatchObject({ ok: true, events: [{ data: { previousId: 'b0' } }] });
    expect(decide(opening, NO_BRIEFING, { previous: { ...previous, cutOff: opening.cutOff + 1 } })).toMatchObject(refusal(422, 'cut-off-before-previous', '/cutOff'));
  });
  it.each([
    [{ cutOff: now + 1 }, 'cut-off-in-the-future', '/cutOff'],
    [{ name: ' \u200b ' }, 'name-missing', '/name'],
    [{ name: 'x'.repeat(201) }, 'too-long', '/name'],
    [{ name: 'Giao ban [Mật]' }, 'secrecy-mark', '/name'],
    [{ agenda: [] }, 'agenda-empty', '/agenda'],
    [{ agenda: [{ key: 'khac', minutes: 3 }] }, 'page-unknown', '/agenda/0/key'],
    [{ agenda: [{ key: 'overview', minutes: 3 }, { key: 'overview', minutes: 2 }] }, 'page-twice', '/agenda/1/key'],
    [{ agenda: [{ key: 'overview', minutes: 2.5 }] }, 'minutes-invalid', '/agenda/0/minutes'],
  ])('refuses %j: %s', (change, code, pointer) => {
    expect(decide({ ...opening, ...change }, NO_BRIEFING)).toMatchObject(refusal(422, code, pointer));
  });
  it('refuses a second meeting of the scope while one is open, and one that was opened', () => {
    expect(decide(opening, NO_BRIEFING, { open: { id: 'b0', name: 'Đang họp' } })).toMatchObject({ ok: false, rejection: { status: 409, code: 'briefing-open', extra: { briefing: { id: 'b0' } } } });
    expect(decide(opening, opened())).toMatchObject(refusal(409, 'briefing-exists'));
  });
});

describe('concluding', () => {
  it('numbers conclusions in their order and keeps what each made in a task', () => {
    const { events } = told(opening, said('a', { short: ' Rà  soát ' }), said('b', { kind: 'urge', taskId: 't1', unitId: 'so-y-te', made: [{ id: 'm', type: 'TaskUrged' }] }));
    expect(events.slice(1)).toEqual([
      { type: 'ConclusionRecorded', data: { conclusionId: 'a', number: 1, kind: 'decision', text: 'Rà soát việc quá hạn', short: 'Rà soát', made: [] } },
      { type: 'ConclusionRecorded', data: { conclusionId: 'b', number: 2, kind: 'urge', text: 'Rà soát việc quá hạn', taskId: 't1', unitId: 'so-y-te', made: [{ id: 'm', type: 'TaskUrged' }] } },
    ]);
  });
  it.each([
    [{ kind: 'bỏ qua' }, 'kind-unknown', '/kind'],
    [{ text: '  ' }, 'text-missing', '/text'],
    [{ text: 'x'.repeat(501) }, 'too-long', '/text'],
    [{ short: 'x'.repeat(49) }, 'too-long', '/short'],
    [{ text: 'Độ mật: Tối mật' }, 'secrecy-mark', '/text'],
  ])('refuses %j: %s', (change, code, pointer) => {
    expect(decide(said('a', change), opened())).toMatchObject(refusal(422, code, pointer));
  });
  it('amends and strikes with a reason, once struck no more', () => {
    const amend: BriefingCommand = { type: 'AmendConclusion', conclusionId: 'a', text: 'Mới', reason: 'nói rõ' };
    const strike: BriefingCommand = { type: 'StrikeConclusion', conclusionId: 'a', reason: 'nhầm' };
    expect(opened(said('a', { short: 'Cũ' }), amend).conclusions).toMatchObject([{ number: 1, text: 'Mới', short: null, amended: true, struck: null }]);
    const struck = opened(said('a'), strike, said('b'));
    expect(struck.conclusions).toMatchObject([{ struck: { reason: 'nhầm' } }, { number: 2 }]);
    expect([decide(amend, struck), decide(strike, struck)]).toMatchObject([refusal(409, 'conclusion-struck'), refusal(409, 'conclusion-struck')]);
    expect(decide({ ...strike, conclusionId: 'x' }, struck)).toMatchObject(refusal(404, 'conclusion-not-found'));
    expect(decide({ ...strike, reason: ' ' }, opened(said('a')))).toMatchObject(refusal(422, 'reason-missing', '/reason'));
  });
  it('takes nothing after the end, but for a conclusion whose fact stands in a task already', () => {
    const closed = opened(said('a'), { type: 'CloseBriefing', known });
    for (const command of [said('b'), { type: 'CloseBriefing', known }, { type: 'ArrangePages', pages: USUAL_AGENDA }, { type: 'StrikeConclusion', conclusionId: 'a', reason: 'x' }] as BriefingCommand[]) {
      expect(decide(command, closed)).toMatchObject({ ok: false, rejection: { status: 409, code: 'briefing-closed', extra: { fact: { type: 'BriefingClosed' } } } });
    }
    expect(decide(said('b', { begun: true }), closed)).toMatchObject({ ok: true, events: [{ data: { number: 2 } }] });
    expect(decide(said('a'), NO_BRIEFING)).toMatchObject(refusal(404, 'briefing-not-found'));
  });
});

describe('tasks put on the agenda from outside', () => {
  const keys = (pages: Parameters<typeof agendaWith>[0], raised: number): string[] => agendaWith(pages, raised).map(({ key }) => key);
  it('have a page of their own before the requests, where there are any and nobody arranged one', () => {
    expect(agendaWith(USUAL_AGENDA, 0)).toEqual(USUAL_AGENDA);
    expect(keys(USUAL_AGENDA, 2)).toEqual(['overview', 'previous', 'overdue', 'due-week', 'units', 'raised', 'requests', 'signals', 'conclusions']);
    expect(keys([{ key: 'overview', minutes: 3 }, { key: 'conclusions', minutes: 4 }], 1)).toEqual(['overview', 'raised', 'conclusions']);
    expect(keys([{ key: 'overview', minutes: 3 }], 1)).toEqual(['overview', 'raised']);
  });
  it('keep the place and the minutes that the meeting gave them', () => {
    const arranged = [{ key: 'raised', minutes: 12 }, { key: 'overview', minutes: 3 }] as const;
    expect(agendaWith(arranged, 0)).toEqual(arranged);
    expect(agendaWith(arranged, 5)).toEqual(arranged);
  });
  it('gives their page five minutes of the longest pages, so that the meeting takes no longer than was planned', () => {
    expect(agendaWith(USUAL_AGENDA, 2).map(({ key, minutes }) => [key, minutes])).toEqual([
      ['overview', 3], ['previous', 4], ['overdue', 8], ['due-week', 4], ['units', 8], ['raised', 5], ['requests', 7], ['signals', 2], ['conclusions', 4],
    ]);
    expect(agendaWith([{ key: 'overview', minutes: 3 }, { key: 'conclusions', minutes: 2 }], 1).map(({ minutes }) => minutes)).toEqual([2, 1, 2]);
    expect(agendaWith([{ key: 'overview', minutes: 1 }], 1).map(({ minutes }) => minutes)).toEqual([1, 0]);
    const minutes = fc.uniqueArray(fc.record({ key: fc.constantFrom(...PAGES), minutes: fc.nat({ max: 240 }) }), { selector: ({ key }) => key, minLength: 1 });
    fc.assert(fc.property(minutes, fc.nat({ max: 3 }), (pages, raised) => {
      const sum = (all: readonly { readonly minutes: number }[]): number => all.reduce((total, one) => total + one.minutes, 0);
      const seen = agendaWith(pages, raised);
      expect(sum(seen)).toBe(sum(pages));
      // Nobody who had time is left without.
      for (const { key, minutes: had } of pages) expect(had === 0 || seen.find((one) => one.key === key)!.minutes > 0).toBe(true);
    }));
  });
});

describe('any meeting, whatever is asked of it', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const words = fc.oneof(fc.constantFrom('Rà soát', '', 'x'.repeat(600), '[Mật]'), fc.string());
  const pages = fc.array(fc.record({ key: fc.oneof(fc.constantFrom(...PAGES), fc.string()), minutes: fc.oneof(fc.nat(300), fc.double()) }), { maxLength: 10 });
  const command: fc.Arbitrary<BriefingCommand> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant('RecordConclusion' as const), conclusionId: id, kind: fc.oneof(fc.constantFrom(...CONCLUSION_KINDS), fc.string()), text: words, short: words, made: fc.constant([]) }) },
    fc.record({ type: fc.constant('AmendConclusion' as const), conclusionId: id, text: words, reason: words }),
    fc.record({ type: fc.constant('StrikeConclusion' as const), conclusionId: id, reason: words }),
    fc.record({ type: fc.constant('ArrangePages' as const), pages }),
    fc.record({ type: fc.constant('CloseBriefing' as const), known: fc.constant(known) }),
    fc.record({ type: fc.constant('OpenBriefing' as const), name: words, cutOff: fc.integer({ min: now - 10, max: now + 10 }), known: fc.constant(known), agenda: pages }),
  );

  it('numbers without a gap, changes nothing that is struck, says nothing after its end, and can be told', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const { events, state } = told(opening, ...commands);
        if (state.kind === 'none') throw new Error('not opened');
        expect(state.conclusions.map(({ number }) => number)).toEqual(state.conclusions.map((_, n) => n + 1));
        expect(new Set(state.conclusions.map((one) => one.id)).size).toBe(state.conclusions.length);
        const closedAt = events.findIndex(({ type }) => type === 'BriefingClosed');
        expect(closedAt === -1 || closedAt === events.length - 1).toBe(true);
        expect(state.closed !== null).toBe(closedAt !== -1);
        for (const [n, event] of events.entries()) {
          if (event.type !== 'ConclusionStruck') continue;
          const { conclusionId } = event.data;
          expect(events.slice(n + 1).some((later) => (later.type === 'ConclusionAmended' || later.type === 'ConclusionStruck') && later.data.conclusionId === conclusionId)).toBe(false);
        }
        expect(agendaTrouble(state.pages)).toBeUndefined();
        for (const fact of facts(events)) expect(briefingSentence(fact, () => 1, (unit) => unit)).toMatch(/\S{2}/);
        const names = { unit: (unit: string) => unit, task: () => null };
        const minutes = minutesOf(state, names, { issuer: 'UBND tỉnh', symbol: 'TB-UBND', place: '…' });
        expect(minutes.items).toHaveLength(state.conclusions.filter(({ struck }) => struck === null).length);
        expect(minutesMarkdown(minutes)).toBe(minutesMarkdown(minutesOf(foldBriefing(facts(events)) as Briefing, names, { issuer: 'UBND tỉnh', symbol: 'TB-UBND', place: '…' })));
      }),
      { numRuns: 300, seed: 23_11 },
    );
  });
});

describe('words', () => {
  it('say where a fact comes from, and what happened', () => {
    expect(briefingReason('2026-11-22')).toBe('Kết luận giao ban 22/11');
    const deadline = { kind: 'due', dueOn: '2026-12-07', literalDueOn: '2026-12-07', basis: 'fixed', dueOnBy: { all: '2026-12-07', none: '2026-12-07', 'all-but-before': '2026-12-07' }, countsWorkingDays: false, ruleVersion: 1, calendarVersion: '1', steps: [] };
    expect(tickerWords({ type: 'ExtensionGranted', data: { deadline } } as unknown as TaskFact)).toBe('có hạn mới 07/12');
    expect(tickerWords({ type: 'CompletionSubmitted', data: {} } as unknown as TaskFact)).toBe('báo cáo hoàn thành');
  });
  it('of the notice number what was not struck anew, and name what was done', () => {
    const state = opened(said('a'), { type: 'StrikeConclusion', conclusionId: 'a', reason: 'nhầm' }, said('b', { kind: 'urge', taskId: 't', unitId: 'so-y-te', text: 'Đôn đốc *ngay*.', made: [{ id: 'm', type: 'TaskUrged' }] }));
    const minutes = minutesOf({ ...state, presiding: 'Chủ tịch UBND tỉnh' }, { unit: () => 'Sở Y tế', task: () => 'NV-2026-0001' }, { issuer: 'Ủy ban nhân dân tỉnh', symbol: 'TB-UBND', place: '…' });
    expect(minutes).toMatchObject({ abstract: 'Kết luận giao ban thứ Hai 23/11/2026', signer: 'TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG', recipients: ['- Sở Y tế;', '- Lưu: VT.'], basis: expect.stringContaining(known.eventId) });
    expect(minutesMarkdown(minutes)).toContain('\n1. Đôn đốc \\*ngay\\* (Đôn đốc; Sở Y tế; NV-2026-0001).\n');
    expect(minutesMarkdown(minutes)).toMatch(/^\*\*DỰ THẢO\*\*/);
    expect(minutes.opening[0]).toContain('chốt lúc 07:30 ngày 23/11/2026.');
    expect(isoInstant(state.cutOff)).toBe('2026-11-23T07:30:00.000+07:00');
  });
});
