import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemIds } from '#kernel';
import { assignment, submission, unit } from '../support/bodies.ts';
import { FULL } from '../support/rounds.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

const NOW = '2020-11-16T09:00:00+07:00';
const REASON = 'Theo kết luận họp ngày 16/11';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(instant(NOW));
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id));
}, 60_000);
afterAll(() => server.stop());

const assign = async (change: object = {}): Promise<string> => (await server.done<{ id: string }>('/tasks', assignment(change))).id;
const many = (n: number, change: object = {}): Promise<string[]> => Promise.all(Array.from({ length: n }, (_, at) => assign({ content: `Báo cáo kết quả, phần ${String(at + 1)}, ${systemIds.next()}`, ...change })));
const of = (ids: readonly string[]): object[] => ids.map((id) => ({ id }));
const preview = (body: object, actor = 'office'): Promise<Reply> => server.post('/tasks/bulk/preview', body, { 'X-Actor': actor });
const give = async (body: object, { key = systemIds.next(), actor = 'office' } = {}): Promise<Reply> => {
  const reply = await server.post('/tasks/bulk', body, { 'X-Actor': actor, 'Idempotency-Key': key });
  await server.caughtUp();
  return reply;
};
const undo = async (body: object, { key = systemIds.next(), actor = 'office' } = {}): Promise<Reply> => {
  const reply = await server.post('/tasks/bulk/undo', body, { 'X-Actor': actor, 'Idempotency-Key': key });
  await server.caughtUp();
  return reply;
};
const cellOf = async (id: string): Promise<string> => (await server.ok(`/tasks/${id}`)).cell;

describe('one command for many tasks', () => {
  it('is rehearsed by the deciders: each task accepted or refused with its reason, the cells before and after, and nothing written', async () => {
    const [one, two, done] = (await many(3)) as [string, string, string];
    await server.done(`/tasks/${done}/completion-submissions`, submission());
    const before = await server.events();
    const { status, body } = await preview({ action: 'withdraw', tasks: of([one, two, done, systemIds.next()]), body: { reason: REASON } });
    expect(status).toBe(200);
    expect([body.total, body.accepted, body.refused, body.cells]).toEqual([4, 3, 1, { before: { O1: 2, V1: 1 }, after: { withdrawn: 3 } }]);
    expect(body.items[0]).toMatchObject({ ok: true, id: one, events: ['TaskWithdrawn'], before: 'O1', after: 'withdrawn', revision: 0, leadUnitId: 'so-y-te' });
    expect(body.items[3]).toMatchObject({ ok: false, status: 404, problem: { code: 'task-not-found' } });
    const suspended = await preview({ action: 'suspend', tasks: of([one, done]), body: { reason: REASON } });
    expect(suspended.body.items.map((item: any) => (item.ok ? item.after : [item.status, item.problem.code, item.problem.fact.type]))).toEqual(['X', [409, expect.any(String), 'CompletionSubmitted']]);
    expect(await server.events()).toBe(before);
  });

  it('is recorded task by task; what is refused holds nothing up, and the cells are those that were foreseen', async () => {
    const ids = await many(4);
    await server.done(`/tasks/${ids[1]!}/withdraw`, { reason: REASON });
    const request = { action: 'completion-submissions', tasks: of(ids), body: submission() };
    const foreseen = await preview(request);
    const { status, body } = await give(request);
    expect([status, body.total, body.recorded, body.refused, body.repeated]).toEqual([200, 4, 3, 1, 0]);
    for (const [n, item] of body.items.entries()) expect(await cellOf(item.id)).toBe(item.ok ? foreseen.body.items[n].after : 'withdrawn');
    expect(body.items[1]).toMatchObject({ ok: false, id: ids[1], problem: { code: foreseen.body.items[1].problem.code } });
    const lines = await server.ok(`/tasks/${ids[0]!}/events`);
    expect(lines.items.at(-1)).toMatchObject({ id: body.items[0].eventIds[0], position: body.items[0].position });
  });

  it('extends each task from its own deadline, or from today where that has passed', async () => {
    const due = await assign({ deadline: { date: '2020-11-30' } });
    const late = await assign({ document: { number: '9/UBND', date: '2020-10-01', issuer: 'UBND tỉnh', title: 't' }, deadline: { date: '2020-11-12' } });
    const { body } = await give({ action: 'extension-grants', tasks: of([due, late]), body: { addWorkingDays: 5, reason: REASON } });
    expect(body.recorded).toBe(2);
    expect((await server.ok(`/tasks/${due}`)).deadline.dueOn).toBe('2020-12-07');
    expect((await server.ok(`/tasks/${late}`)).deadline.dueOn).toBe('2020-11-23');
  });

  it('a repeat with its key writes nothing and gives the first answers; one cut off midway is done to its end', async () => {
    const ids = await many(6);
    const key = systemIds.next();
    const request = { action: 'urge', tasks: of(ids), body: { note: REASON } };
    // The kill: only the first three commands of this very request came through.
    const { tasks } = server.runtime;
    const execute = tasks.execute.bind(tasks);
    let left = 3;
    tasks.execute = async (one) => {
      if (left-- <= 0) throw new Error('killed');
      return execute(one);
    };
    expect((await give(request, { key })).status).toBe(500);
    tasks.execute = execute;
    const written = await server.events();
    const again = await give(request, { key });
    expect([again.body.recorded, again.body.repeated]).toEqual([6, 3]);
    expect(await server.events()).toBe(written + 3);
    const third = await give(request, { key });
    expect([third.body.recorded, third.body.repeated, await server.events()]).toEqual([6, 6, written + 3]);
    expect(third.body.items.map((item: any) => item.position)).toEqual(again.body.items.map((item: any) => item.position));
    // The same key with something else is refused as a whole, before anything is written.
    for (const other of [{ ...request, body: { note: 'khác' } }, { ...request, tasks: of([...ids, await assign()]) }]) {
      const count = await server.events();
      const { status, body } = await give(other, { key });
      expect([status, body.code, await server.events()]).toEqual([422, 'idempotency-key-reused', count]);
    }
  });

  it('two of it at once record each task once', async () => {
    const ids = await many(8);
    const request = { action: 'completion-submissions', tasks: of(ids), body: submission() };
    const replies = await Promise.all([give(request), give(request)]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const recorded = replies.map(({ body }) => body.recorded as number);
    expect(recorded.reduce((sum, one) => sum + one)).toBe(8);
    for (const id of ids) expect((await server.ok(`/tasks/${id}/events`)).items.map((event: any) => event.type)).toEqual(['TaskAssigned', 'CompletionSubmitted']);
  });

  it('leaves out a task that changed since it was rehearsed', async () => {
    const ids = await many(2);
    const foreseen = await preview({ action: 'withdraw', tasks: of(ids), body: { reason: REASON } });
    await server.done(`/tasks/${ids[0]!}/receive`);
    const { body } = await give({ action: 'withdraw', tasks: foreseen.body.items.map(({ id, revision }: any) => ({ id, revision })), body: { reason: REASON } });
    expect(body.items.map((item: any) => (item.ok ? 'recorded' : item.problem.code))).toEqual(['revision-mismatch', 'recorded']);
  });

  it('takes all that a filter finds, and says how many allow what', async () => {
    const ids = await many(3, { field: 'Thử bộ lọc' });
    await server.done(`/tasks/${ids[0]!}/completion-submissions`, submission());
    const { body } = await preview({ filter: { field: 'Thử bộ lọc' } });
    expect([body.total, body.actions.urge, body.actions['completion-confirmations'], body.actions['extension-grants']]).toEqual([3, 2, 1, 2]);
    expect(new Set(body.tasks.map((task: any) => task.id))).toEqual(new Set(ids));
    const unitView = await preview({ filter: { field: 'Thử bộ lọc' } }, 'unit:so-noi-vu');
    expect([unitView.body.actions.receive, unitView.body.actions.urge]).toEqual([0, undefined]);
  });

  it('is given by those who may give the single command, a unit for its own tasks only', async () => {
    const own = await assign();
    const other = await assign({ leadUnitId: 'so-noi-vu' });
    const { body } = await give({ action: 'receive', tasks: of([own, other]), body: {} }, { actor: 'unit:so-y-te' });
    expect(body.items.map((item: any) => (item.ok ? 'recorded' : [item.status, item.problem.code]))).toEqual(['recorded', [403, 'not-lead-unit']]);
    for (const [actor, action, content] of [['auditor', 'urge', {}], ['unit:so-y-te', 'urge', {}], ['leader', 'withdraw', { reason: REASON }], ['admin', 'receive', {}]] as const) {
      const refused = await give({ action, tasks: of([own]), body: content }, { actor });
      expect([actor, refused.status, refused.body.code]).toEqual([actor, 403, 'not-permitted']);
    }
  });

  it.each<[string, number, string, object, string | undefined]>([
    ['no task', 422, 'tasks-missing', { action: 'urge', tasks: [] }, '/tasks'],
    ['501 tasks', 422, 'too-many-tasks', { action: 'urge', tasks: of(Array.from({ length: 501 }, () => systemIds.next())) }, '/tasks'],
    ['a task twice', 422, 'task-twice', { action: 'urge', tasks: [{ id: 'a' }, { id: 'a' }] }, '/tasks/1'],
    ['a command about one task', 422, 'action-not-for-many', { action: 'correct', tasks: [{ id: 'a' }] }, '/action'],
    ['a body without its reason', 400, 'content-not-understandable', { action: 'withdraw', tasks: [{ id: 'a' }], body: {} }, '/body/reason'],
    ['a field the command has not', 400, 'content-not-understandable', { action: 'urge', tasks: [{ id: 'a' }], body: { reason: 'x' } }, '/body/reason'],
    ['two ways to extend', 422, 'deadline-ambiguous', { action: 'extension-grants', tasks: [{ id: 'a' }], body: { addWorkingDays: 3, deadline: { date: '2020-12-30' } } }, '/body/deadline'],
    ['a secrecy mark', 422, 'secrecy-mark', { action: 'withdraw', tasks: [{ id: 'a' }], body: { reason: 'Việc (MẬT)' } }, '/body/reason'],
  ])('is refused as a whole: %s', async (_, status, code, request, pointer) => {
    const before = await server.events();
    const { body } = await give(request);
    expect([body.status, body.code, body.errors[0]?.pointer]).toEqual([status, code, pointer]);
    expect(await server.events()).toBe(before);
  });

  it('needs a key, and either tasks or a filter', async () => {
    expect((await server.post('/tasks/bulk', { action: 'urge', tasks: [{ id: 'a' }] })).body.code).toBe('idempotency-key-missing');
    expect((await preview({})).body.code).toBe('tasks-or-filter');
    expect((await preview({ tasks: [{ id: 'a' }], filter: {} })).body.code).toBe('tasks-or-filter');
    expect((await preview({ filter: { asOf: '2020-11-01' } })).status).toBe(400);
    expect((await preview({ filter: { cell: 'Z9' } })).body.code).toBe('parameter-invalid');
  });
});

describe('taking back what was just recorded', () => {
  it('annuls each fact with one reason: the tasks are as before at every A, and a repeat writes nothing', async () => {
    const ids = await many(3);
    const { body } = await give({ action: 'completion-submissions', tasks: of(ids), body: submission() });
    const facts = body.items.map((item: any) => ({ taskId: item.id, eventId: item.eventIds[0] }));
    const key = systemIds.next();
    const back = await undo({ facts, reason: 'Bấm nhầm' }, { key });
    expect([back.status, back.body.recorded, back.body.refused]).toEqual([200, 3, 0]);
    for (const id of ids) expect(await cellOf(id)).toBe('O1');
    const written = await server.events();
    expect((await undo({ facts, reason: 'Bấm nhầm' }, { key })).body.repeated).toBe(3);
    expect(await server.events()).toBe(written);
    expect((await undo({ facts, reason: 'Bấm nhầm' })).body.items.map((item: any) => item.problem.status ?? item.status)).toEqual([409, 409, 409]);
  });

  it('leaves what something else was built on, and is the office’s alone', async () => {
    const [built, free] = (await many(2)) as [string, string];
    const { body } = await give({ action: 'completion-submissions', tasks: of([built, free]), body: submission() });
    await server.done(`/tasks/${built}/completion-confirmations`);
    const facts = body.items.map((item: any) => ({ taskId: item.id, eventId: item.eventIds[0] }));
    for (const actor of ['leader', 'auditor', 'unit:so-y-te']) expect((await undo({ facts, reason: 'Bấm nhầm' }, { actor })).status).toBe(403);
    const back = await undo({ facts, reason: 'Bấm nhầm' });
    expect(back.body.items.map((item: any) => (item.ok ? 'recorded' : item.status))).toEqual([409, 'recorded']);
  });
});

/** What a task goes through before; each is tried and may be refused. */
const STEPS: readonly (readonly [string, object])[] = [
  ['receive', {}], ['completion-submissions', submission()], ['completion-confirmations', {}], ['completion-refusals', { reason: 'r' }], ['suspend', { reason: 'r' }],
  ['extension-requests', { deadline: { date: '2020-12-20' }, reason: 'r' }], ['return-proposals', { reason: 'r' }], ['urge', {}], ['withdraw', { reason: 'r' }], ['transfer', { toUnitId: 'so-noi-vu', reason: 'r' }],
];
const COMMANDS: readonly (readonly [string, object])[] = [
  ...STEPS, ['resume', { deadline: { date: '2020-12-25' } }], ['reopen', { reason: 'r' }], ['cancel', { reason: 'r' }], ['extension-grants', { deadline: { date: '2020-12-15' }, reason: 'r' }], ['extension-refusals', { reason: 'r' }],
  ['return-acceptances', { reason: 'r' }], ['return-refusals', { reason: 'r' }], ['progress', { note: 'n', percent: 40 }], ['agenda', { reason: 'r' }], ['explanation-requests', { question: 'q' }], ['explanations', { answer: 'a' }], ['deadline', { deadline: { date: '2020-12-11' } }],
];

describe('a bulk and the same commands one by one', () => {
  it('do the same to every task, whatever it went through, and refuse for the same reasons', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat({ max: STEPS.length - 1 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 }), fc.nat({ max: COMMANDS.length - 1 }), fc.boolean(), async (lives, which, withDeadline) => {
        const pairs: [string, string][] = [];
        for (const life of lives) {
          const twins = await many(2, withDeadline ? {} : { deadline: { none: true } });
          for (const step of life) for (const id of twins) await server.post(`/tasks/${id}/${STEPS[step]![0]}`, STEPS[step]![1]);
          pairs.push(twins as [string, string]);
        }
        const [action, body] = COMMANDS[which]!;
        const bulk = await give({ action, tasks: of(pairs.map(([first]) => first)), body });
        for (const [n, [first, second]] of pairs.entries()) {
          const single = await server.post(`/tasks/${second}/${action}`, body);
          await server.caughtUp();
          const told = bulk.body.items[n];
          expect(told.ok ? [200, told.events] : [told.status, told.problem.code]).toEqual([single.status, single.status === 200 ? single.body.events : single.body.code]);
          expect(await lookOf(first)).toEqual(await lookOf(second));
          compared++;
        }
      }),
      { numRuns: FULL ? 120 : 8, seed: 20_201_116 },
    );
    expect(compared).toBeGreaterThan(8);
  }, 120_000);
});

async function lookOf(id: string): Promise<object> {
  const { state, cell, leadUnitId, deadline, next, urged, extensions, percent } = await server.ok(`/tasks/${id}`);
  return { state, cell, leadUnitId, dueOn: deadline.dueOn, next, urged: urged.count, extensions, percent };
}
