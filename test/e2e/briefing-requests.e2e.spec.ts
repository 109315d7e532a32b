import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

/* Requests that are decided one by one in a meeting: ten stand on a page, what is decided is counted over all of them. */

const REQUESTS = 12;
let server: TestServer;
let meeting: string;
const tasks: string[] = [];
const page = (n: number, more = '') => server.ok(`/briefings/${meeting}/screen?page=requests&n=${String(n)}${more}`);
const conclude = (kind: string, n: number, more: object = {}) => server.done<{ conclusionId: string }>(`/briefings/${meeting}/conclusions`, { kind, taskId: tasks[n], text: `Kết luận về việc ${String(n + 1)}`, ...more }, 'leader');
const deadline = { date: '2020-12-18' };

beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-17T09:00:00+07:00'));
  await server.done('/units', unit('so-y-te'), 'admin');
  for (let n = 0; n < REQUESTS; n++) {
    const { id } = await server.done<{ id: string }>('/tasks', assignment({ content: `Việc ${String(n + 1)}`, deadline: { date: '2020-12-11' } }));
    await server.done(`/tasks/${id}/extension-requests`, { deadline: { date: '2020-12-25' }, reason: 'chờ ý kiến Bộ' }, 'unit:so-y-te');
    tasks.push(id);
    await server.advance(`2020-11-17T09:${String(n + 1).padStart(2, '0')}:00+07:00`);
  }
  await server.advance('2020-11-23T07:40:00+07:00');
  meeting = (await server.done<{ id: string }>('/briefings', { name: 'Giao ban thứ Hai 23/11/2020', cutOff: '2020-11-23T07:30:00+07:00' })).id;
});
afterAll(() => server.stop());

describe('the requests of a meeting that are more than a page', () => {
  test('are counted as decided over all pages, each with its conclusion', async () => {
    expect(await page(11)).toMatchObject({ data: { total: REQUESTS, first: 11, rows: [{ taskId: tasks[10] }, { taskId: tasks[11] }] }, decided: [] });
    await conclude('extend', 0, { deadline });
    await conclude('refuse-extension', 11);
    // Words about a task decide nothing that it asks for.
    await conclude('explain', 5, { question: 'Vì sao chậm?' });
    const { conclusions } = await server.ok(`/briefings/${meeting}`);
    const decided = [{ taskId: tasks[0], kind: 'extension', conclusionId: conclusions[0].id }, { taskId: tasks[11], kind: 'extension', conclusionId: conclusions[1].id }];
    expect((await page(1)).decided).toEqual(decided);
    expect((await page(12)).decided).toEqual(decided);
    expect((await server.ok(`/briefings/${meeting}/screen?page=overview`)).decided).toBeUndefined();
  });

  test('are as they are now where the present is looked at: decided elsewhere too, and those on another page of it are not', async () => {
    await server.done(`/tasks/${tasks[1]!}/extension-grants`, { deadline, reason: 'Đồng ý' }, 'leader');
    const numbers = async (more = '') => (await page(11, more)).decided.map(({ taskId }: { taskId: string }) => tasks.indexOf(taskId) + 1);
    expect(await numbers()).toEqual([1, 12]);
    expect(await numbers('&live=true')).toEqual([1, 2, 12]);
  });

  test('wait again when the conclusion is struck, as far as the meeting is asked', async () => {
    const { conclusions } = await server.ok(`/briefings/${meeting}`);
    await server.done(`/briefings/${meeting}/conclusions/${conclusions[1].id}/strike`, { reason: 'ghi nhầm' }, 'leader');
    expect((await page(1)).decided).toEqual([{ taskId: tasks[0], kind: 'extension', conclusionId: conclusions[0].id }]);
  });
});
