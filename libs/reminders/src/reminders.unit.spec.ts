import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadDefaultCalendar, type WorkingCalendar } from '#deadlines';
import { addDays, atTime, dayOf, endOfDay, startOfDay, type Day, type Instant } from '#kernel';
import type { Person } from '#people';
import { slotIdOf, type ItemData } from './events.ts';
import { firedBy, lastWorkingDayBefore, slotsOf, WorkingDays, type OpenWork, type Stretch } from './ladder.ts';
import { evolveHead, mayClaim, retryAt, type MessageHead } from './message.ts';
import { deliveriesOf, MissedItems, missedItems, MorningPlan, type PlannedMessage } from './plan.ts';
import { Addressees } from './recipients.ts';
import { DEFAULT_RULES, readRules, type Rule } from './rules.ts';

const calendar = loadDefaultCalendar();
const runs = (reduced: number) => ({ seed: 20_201_130, numRuns: process.env['NHACVIEC_FULL'] === undefined ? reduced : reduced * 25 });
const morningOf = (day: Day): Instant => atTime(day, '07:00');
const work = (change: Partial<OpenWork> & { readonly dueOn?: Day } = {}): OpenWork => {
  const { dueOn = '2020-11-27', ...rest } = change;
  return { taskId: 't1', unitId: 'so-y-te', due: endOfDay(dueOn) - 1, begunAt: startOfDay('2020-10-30'), authority: 'chu-tich', field: null, starred: false, urgency: null, updatedAt: startOfDay('2020-10-30'), urgedAt: [], ...rest };
};
const LONG = DEFAULT_RULES.rules.find(({ id }) => id === 'viec-dai')!;

/* The slow way: every day looked at by counting days one by one, every step asked for itself. */
function naiveCount(cal: WorkingCalendar, from: Day, to: Day): number {
  if (to < from) return -naiveCount(cal, to, from);
  let n = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) if (cal.isWorkingDay(day)) n++;
  return n;
}
function naiveStep(cal: WorkingCalendar, rule: Rule, one: OpenWork, day: Day): string | undefined {
  if (!rule.on || !cal.isWorkingDay(day)) return undefined;
  const { when } = rule;
  const begun = dayOf(one.begunAt);
  if (when.starred !== undefined && when.starred !== one.starred) return undefined;
  if (when.authorities && !when.authorities.includes(one.authority)) return undefined;
  if (when.lengthFrom !== undefined || when.lengthTo !== undefined) {
    if (one.due === Infinity) return undefined;
    const length = naiveCount(cal, begun, dayOf(one.due));
    if ((when.lengthFrom !== undefined && length < when.lengthFrom) || (when.lengthTo !== undefined && length > when.lengthTo)) return undefined;
  }
  if (rule.kind === 'silence') {
    const silent = naiveCount(cal, dayOf(one.updatedAt), day);
    for (let n = rule.days; n <= silent; n += rule.every) if (n === silent) return `silent-${String(silent)}`;
    return undefined;
  }
  if (rule.kind === 'escalation') {
    const yesterday = lastWorkingDayBefore(day, cal);
    for (const [n, level] of [...rule.levels.entries()].reverse()) {
      const late = one.due === Infinity || dayOf(one.due) >= day ? 0 : naiveCount(cal, dayOf(one.due), day);
      if (level.overdueDays !== undefined && late === level.overdueDays) return `level-${String(n + 1)}-overdue-${String(late)}`;
      const [now, before] = [one.urgedAt.filter((at) => at <= morningOf(day)).length, one.urgedAt.filter((at) => at <= morningOf(yesterday)).length];
      if (level.urgings !== undefined && now >= level.urgings && before < level.urgings) return `level-${String(n + 1)}-urged-${String(level.urgings)}`;
    }
    return undefined;
  }
  if (one.due === Infinity) return undefined;
  const due = dayOf(one.due);
  if (due < day) {
    const late = naiveCount(cal, due, day);
    for (const step of rule.steps) if (step.kind === 'overdue') for (let n = step.first; n <= late; n += step.every) if (n === late) return `overdue-${String(late)}`;
    return undefined;
  }
  const left = naiveCount(cal, day, due);
  for (const step of rule.steps) if (step.kind === 'before' && step.days === left) return left === 0 ? 'due' : begun < day ? `before-${String(left)}` : undefined;
  const length = naiveCount(cal, begun, due);
  for (const step of rule.steps) if (step.kind === 'share' && begun < day && naiveCount(cal, begun, day) === Math.ceil((length * step.percent) / 100) && naiveCount(cal, begun, day) > 0) return `share-${String(step.percent)}`;
  return undefined;
}

const dayArb = fc.integer({ min: 0, max: 45 }).map((n) => addDays('2020-08-25', n));
const stepArb = fc.oneof(
  fc.record({ kind: fc.constant('share' as const), percent: fc.integer({ min: 1, max: 99 }) }),
  fc.record({ kind: fc.constant('before' as const), days: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 })) }),
  fc.record({ kind: fc.constant('overdue' as const), first: fc.integer({ min: 1, max: 5 }), every: fc.integer({ min: 1, max: 6 }) }),
);
const whenArb = fc.record({ starred: fc.boolean(), authorities: fc.constant(['chu-tich']), lengthFrom: fc.integer({ min: 0, max: 20 }), lengthTo: fc.integer({ min: 10, max: 60 }) }, { requiredKeys: [] });
const ruleArb: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({ id: fc.constant('r'), name: fc.constant('r'), on: fc.constant(true), when: whenArb, kind: fc.constant('ladder' as const), steps: fc.array(stepArb, { minLength: 3, maxLength: 6 }), to: fc.constant(['unit' as const]) }),
  fc.record({ id: fc.constant('r'), name: fc.constant('r'), on: fc.constant(true), when: whenArb, kind: fc.constant('silence' as const), days: fc.integer({ min: 1, max: 20 }), every: fc.integer({ min: 1, max: 20 }), to: fc.constant(['unit' as const]) }),
  fc.record({ id: fc.constant('r'), name: fc.constant('r'), on: fc.constant(true), when: whenArb, kind: fc.constant('escalation' as const), levels: fc.array(fc.record({ overdueDays: fc.integer({ min: 1, max: 20 }), urgings: fc.integer({ min: 1, max: 4 }), to: fc.constant(['head' as const]) }, { requiredKeys: ['to', 'overdueDays'] }), { minLength: 1, maxLength: 4 }) }),
);
const workArb: fc.Arbitrary<OpenWork> = fc.record({ begun: dayArb, length: fc.option(fc.integer({ min: -3, max: 45 })), hour: fc.boolean(), starred: fc.boolean(), authority: fc.constantFrom('chu-tich', 'ubnd-tinh'), updated: fc.nat(40), urged: fc.array(fc.nat(60), { maxLength: 4 }) }).map(
  ({ begun, length, hour, starred, authority, updated, urged }) => ({
    taskId: 't1', unitId: 'u', authority, starred, field: null, urgency: null, begunAt: startOfDay(begun), due: length === null ? Infinity : hour ? atTime(addDays(begun, length), '16:00') : endOfDay(addDays(begun, length)) - 1,
    updatedAt: startOfDay(addDays(begun, updated)), urgedAt: urged.map((n) => startOfDay(addDays(begun, n)) + 9 * 3_600_000).sort((a, b) => a - b),
  }),
);

describe('the slots of a task', () => {
  it('are those of the slow way, day by day, whatever the rule, the deadlines and the calendar', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(ruleArb, fc.array(fc.tuple(dayArb, fc.option(workArb, { freq: 6 })), { minLength: 1, maxLength: 3 }), (rule, changes) => {
        const history: Stretch[] = changes.map(([day, one]) => ({ from: startOfDay(day) + 3_600_000, work: one })).sort((a, b) => a.from - b.from);
        const [from, to] = [addDays(dayOf(history[0]!.from), -2), addDays(dayOf(history.at(-1)!.from), 40)];
        const expected = [];
        for (let day = from; day <= to; day = addDays(day, 1)) {
          const one = history.filter((stretch) => stretch.from <= morningOf(day)).at(-1)?.work;
          const step = one ? naiveStep(calendar, rule, one, day) : undefined;
          if (step !== undefined) expected.push({ day, step });
        }
        for (const { step } of expected) seen.add(step.split('-')[0]!);
        expect(slotsOf(history, rule, calendar, from, to, morningOf)).toEqual(expected);
      }),
      runs(150),
    );
    expect([...seen].sort()).toEqual(['before', 'due', 'level', 'overdue', 'share', 'silent']);
  });

  it('of a long task: half of the time, five, three and one working days before, then every other day late', () => {
    const slots = slotsOf([{ from: startOfDay('2020-10-30'), work: work() }], LONG, calendar, '2020-10-30', '2020-12-04', morningOf);
    expect(slots).toEqual([
      { day: '2020-11-13', step: 'share-50' }, { day: '2020-11-20', step: 'before-5' }, { day: '2020-11-24', step: 'before-3' }, { day: '2020-11-26', step: 'before-1' },
      { day: '2020-11-30', step: 'overdue-1' }, { day: '2020-12-02', step: 'overdue-3' }, { day: '2020-12-04', step: 'overdue-5' },
    ]);
  });

  it('skip days off: what is due on a Sunday has its due day on the Friday before', () => {
    const answer = DEFAULT_RULES.rules.find(({ id }) => id === 'tra-loi')!;
    const slots = slotsOf([{ from: startOfDay('2020-10-30'), work: work({ dueOn: '2020-11-29' }) }], answer, calendar, '2020-11-20', '2020-12-04', morningOf);
    expect(slots).toEqual([{ day: '2020-11-27', step: 'due' }]);
  });

  it('follow the deadline in force: after an extension the old one says nothing more', () => {
    const history = [{ from: startOfDay('2020-10-30'), work: work() }, { from: startOfDay('2020-11-25') + 9 * 3_600_000, work: work({ dueOn: '2020-12-11' }) }, { from: startOfDay('2020-12-08'), work: null }];
    expect(slotsOf(history, LONG, calendar, '2020-11-19', '2020-12-30', morningOf).map(({ day }) => day)).toEqual(['2020-11-20', '2020-11-24', '2020-12-04']);
  });
});

const person = (id: string, change: Partial<Person> = {}): Person => ({ id, code: id, name: id, unitId: 'so-y-te', role: 'specialist', email: null, phone: null, channels: ['email'], quiet: null, dailyLimit: null, delegation: null, leftOn: null, ...change });
const reach = (people: readonly Person[], to: readonly ('unit' | Person['role'])[], day = '2020-11-30') => new Addressees(people, day).of(to, 'so-y-te').map(({ person: { id }, onBehalfOf }) => (onBehalfOf === null ? id : `${id} for ${onBehalfOf}`));

describe('who is reached', () => {
  const people = [person('h', { role: 'head' }), person('s'), person('t', { unitId: 'so-noi-vu' }), person('o', { role: 'office' }), person('l', { role: 'leader' })];
  it('is the people of the unit by their roles, the tracking office and the leadership', () => {
    expect(reach(people, ['specialist'])).toEqual(['s']);
    expect(reach(people, ['unit'])).toEqual(['h', 's']);
    expect(reach(people, ['head', 'office', 'leader'])).toEqual(['h', 'l', 'o']);
  });
  it('is everybody of the unit where nobody has the role', () => {
    expect(reach(people, ['responder'])).toEqual(['h', 's']);
    expect(reach(people, ['leader'])).toEqual(['l']);
  });
  it('is nobody who has left', () => {
    expect(reach([person('a', { leftOn: '2020-11-30' }), person('b', { leftOn: '2020-12-01' })], ['specialist'])).toEqual(['b']);
  });
  it('is the stand-in while a delegation lasts, once, and over a chain', () => {
    const stand = (id: string, toId: string, from = '2020-11-30', until = '2020-12-04'): Person => person(id, { delegation: { toId, from, until } });
    expect(reach([stand('a', 'b'), person('b', { role: 'clerk' })], ['specialist'])).toEqual(['b for a']);
    expect(reach([stand('a', 'b'), person('b')], ['specialist'])).toEqual(['b']);
    expect(reach([stand('a', 'b'), stand('b', 'c'), person('c', { role: 'clerk' })], ['specialist'], '2020-12-04')).toEqual(['c for a']);
    expect(reach([stand('a', 'b'), person('b', { role: 'clerk' })], ['specialist'], '2020-12-05')).toEqual(['a']);
  });
  it('is somebody, where delegations go in a circle or to nobody', () => {
    const stand = (id: string, toId: string): Person => person(id, { delegation: { toId, from: '2020-11-30', until: '2020-12-04' } });
    expect(reach([stand('a', 'b'), stand('b', 'a')], ['specialist']).length).toBeGreaterThan(0);
    expect(reach([stand('a', 'gone')], ['specialist'])).toEqual(['a']);
  });
});

describe('a morning', () => {
  const day = '2020-11-26';
  const morning = { day, at: morningOf(day), previous: morningOf('2020-11-25') };
  const plan = (people: readonly Person[], tasks: readonly OpenWork[], asleep: readonly string[] = []): readonly PlannedMessage[] => {
    const made = new MorningPlan(DEFAULT_RULES, morning, new Addressees(people, day), new WorkingDays(calendar), (recipientId, taskId) => asleep.includes(`${recipientId} ${taskId}`));
    for (const one of tasks) made.take(one);
    return [...made.messages()];
  };

  it('is one digest a person, the most pressing first, urgent ones apart, and nothing for whom there is nothing', () => {
    const messages = plan([person('s'), person('r', { role: 'responder' }), person('x', { unitId: 'so-noi-vu' })], [work({ taskId: 'b' }), work({ taskId: 'a', dueOn: '2020-12-01' }), work({ taskId: 'c', dueOn: '2020-11-26' })]);
    expect(messages.map(({ kind, recipientId, items }) => [kind, recipientId, items.map(({ taskId, step }) => `${taskId} ${step}`)])).toEqual([
      ['urgent', 'r', ['c due']],
      ['digest', 'r', ['b before-1', 'a before-3']],
      ['digest', 's', ['b before-1', 'a before-3']],
    ]);
  });

  it('records what somebody has put off, and says it to nobody else less', () => {
    const messages = plan([person('s'), person('t')], [work()], ['s t1']);
    expect(messages.map(({ recipientId, items }) => [recipientId, items.map(({ suppressed }) => suppressed)])).toEqual([['s', ['snoozed']], ['t', [undefined]]]);
  });

  it('has one slot for rule, task and person: ids of slots do not repeat over a year', () => {
    const ids = new Set<string>();
    let count = 0;
    for (let d = '2020-01-02'; d <= '2020-12-31'; d = addDays(d, 1)) {
      if (!calendar.isWorkingDay(d)) continue;
      const at = { day: d, at: morningOf(d), previous: morningOf(lastWorkingDayBefore(d, calendar)) };
      const made = new MorningPlan(DEFAULT_RULES, at, new Addressees([person('h', { role: 'head' }), person('s')], d), new WorkingDays(calendar), () => false);
      for (const due of ['2020-03-02', '2020-06-15', '2020-11-27']) made.take(work({ taskId: due, dueOn: due, begunAt: startOfDay('2020-01-02') }));
      for (const { recipientId, items } of made.messages()) for (const { rule, taskId } of items) { ids.add(slotIdOf(rule, taskId, recipientId, d)); count++; }
    }
    expect([ids.size, count > 200]).toEqual([count, true]);
  });
});

describe('missed mornings', () => {
  const item = (taskId: string, step: string, rule = 'r'): ItemData => ({ taskId, rule, step, unitId: 'u' });
  const message = (items: readonly ItemData[]): PlannedMessage => ({ recipientId: 'p', role: 'specialist', unitId: 'u', onBehalfOf: null, kind: 'digest', items });
  it('are told with the last one: each task and rule once, by its latest slot, and not what is closed or said anyway', () => {
    const missed = new MissedItems();
    const open = ({ taskId }: ItemData): boolean => taskId !== 'done';
    const take = (slot: Day, items: readonly ItemData[]): readonly ItemData[] => {
      const judged = missedItems(items, open);
      missed.note(message(items), slot, judged);
      return judged;
    };
    expect(take('2020-11-25', [item('a', 'before-5'), item('done', 'due'), item('b', 'due')]).map(({ suppressed }) => suppressed)).toEqual(['merged', 'closed-meanwhile', 'merged']);
    take('2020-11-26', [item('a', 'before-3'), { ...item('c', 'due'), suppressed: 'snoozed' }]);
    expect(missed.with('digest', 'p', [item('b', 'overdue-1')])).toEqual([{ ...item('a', 'before-3'), slot: '2020-11-26' }]);
    expect(missed.others([])).toEqual([message([])]);
    expect(missed.others([message([item('b', 'x')])])).toEqual([]);
  });
});

describe('the way out', () => {
  it('waits for the end of quiet hours, and keeps to so many a day', () => {
    const at = morningOf('2020-11-30');
    expect(deliveriesOf(person('a', { quiet: { from: '20:00', until: '08:30' } }), at, ['email'], 0)).toEqual([{ channel: 'email', notBefore: '2020-11-30T08:30:00.000+07:00' }]);
    expect(deliveriesOf(person('a', { dailyLimit: 1 }), at, ['email'], 1)).toEqual([{ channel: 'email', suppressed: 'limit' }]);
    expect(deliveriesOf(person('a'), at, [], 0)).toEqual([]);
  });

  const decided = { kind: 'digest', slot: '2020-11-30', slotAt: '2020-11-30T07:00:00.000+07:00', recipientId: 'p', role: 'specialist', unitId: 'u', rules: 0, calendar: 'c', known: { position: '0', eventId: null }, deliveries: [{ channel: 'email' }], items: [] };
  const after = (...events: readonly (readonly [string, object, Instant])[]): MessageHead =>
    [['ReminderDecided', decided, 0] as const, ...events].reduce<MessageHead | undefined>((head, [type, data, occurredAt], n) => evolveHead(head, 'm', { type, data, revision: n, position: n + 1, occurredAt }), undefined)!;
  const claimed = ['ReminderClaimed', { channel: 'email', attempt: 1, by: 'one', until: '1970-01-01T07:02:00.000+07:00' }, 0] as const;

  it('is one’s own while a claim lasts, and another’s after it, or at once where nobody else can be there', () => {
    expect(mayClaim(after(), 'email', 'one', 0, false)).toBeUndefined();
    expect(mayClaim(after(claimed), 'email', 'two', 119_999, false)).toBe('held');
    expect(mayClaim(after(claimed), 'email', 'two', 120_000, false)).toBeUndefined();
    expect(mayClaim(after(claimed), 'email', 'two', 1, true)).toBeUndefined();
    expect(mayClaim(after(claimed), 'email', 'one', 1, true)).toBe('held');
    expect(mayClaim(undefined, 'email', 'one', 1, true)).toBe('unknown');
    expect(mayClaim(after(claimed, ['ReminderSent', { channel: 'email', attempt: 1, messageId: 'm' }, 5]), 'email', 'two', 1e9, true)).toBe('done');
  });

  it('is tried again after ever longer, and given up in the end; a refusal that stands is given up at once', () => {
    const tries = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryAt(attempt, true, 0));
    expect(tries.map((at) => (at === undefined ? undefined : at / 60_000))).toEqual([1, 5, 15, 60, 180, 360, 540, undefined]);
    expect(retryAt(1, false, 0)).toBeUndefined();
  });

  it('remembers that it may have arrived until somebody says that it has', () => {
    const unknown = ['ReminderFailed', { channel: 'email', attempt: 1, outcome: 'unknown', code: 'cut', messageId: 'm', retryAt: '1970-01-01T07:05:00.000+07:00' }, 1] as const;
    const refused = ['ReminderFailed', { channel: 'email', attempt: 2, outcome: 'refused', code: 'smtp-550', messageId: 'm' }, 2] as const;
    expect(after(claimed, unknown).deliveries[0]).toMatchObject({ state: 'failed', unknown: true });
    expect(after(claimed, unknown, claimed, refused).deliveries[0]).toMatchObject({ state: 'dead', unknown: true, nextAt: null });
  });
});

describe('rules as they are sent', () => {
  it('are taken as the program itself has them', () => {
    expect(readRules(DEFAULT_RULES as never)).toEqual({ ok: true, value: DEFAULT_RULES });
  });
  it.each([
    [{ morning: '7h', rules: [] }, '/morning'],
    [{ morning: '07:00', rules: [{ ...LONG, id: 'Có dấu' }] }, '/rules/0/id'],
    [{ morning: '07:00', rules: [LONG, LONG] }, '/rules/1/id'],
    [{ morning: '07:00', rules: [{ ...LONG, steps: [{ kind: 'share', percent: 100 }] }] }, '/rules/0/steps/0/percent'],
    [{ morning: '07:00', rules: [{ ...LONG, steps: [] }] }, '/rules/0/steps'],
    [{ morning: '07:00', rules: [{ ...LONG, to: ['everybody'] }] }, '/rules/0/to/0'],
    [{ morning: '07:00', rules: [{ ...LONG, when: { lengthFrom: 10, lengthTo: 5 } }] }, '/rules/0/when/lengthTo'],
    [{ morning: '07:00', rules: [{ ...LONG, strange: 1 }] }, '/rules/0/strange'],
    [{ morning: '07:00', rules: [{ id: 'a', name: 'a', kind: 'escalation', levels: [{ to: ['head'] }] }] }, '/rules/0/levels/0'],
    [{ morning: '07:00', rules: 'x' }, '/rules'],
  ])('are refused with the place: %j', (body, pointer) => {
    const read = readRules(body);
    expect(read.ok ? [] : read.faults.map((fault) => fault.pointer)).toContain(pointer);
  });
});

it('work given today has no steps of before today', () => {
  const at = morningOf('2020-11-26');
  const fired = (begun: Day) => firedBy(LONG, work({ begunAt: startOfDay(begun), dueOn: '2020-12-11' }), at, morningOf('2020-11-25'), new WorkingDays(calendar));
  expect(fired('2020-11-26')).toBeUndefined();
});
