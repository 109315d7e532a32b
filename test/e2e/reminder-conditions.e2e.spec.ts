import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

/** Tasks that differ in one thing each from the first, all due on Monday 30/11/2020. */
const DIFFERENT = {
  plain: {},
  authority: { authority: 'thu-tuong' },
  field: { field: 'Y tế' },
  urgency: { document: { number: '11/UBND-NC', date: '2020-11-02', issuer: 'UBND tỉnh', title: 'Về việc khẩn', urgency: 'Hỏa tốc' } },
  starred: { starred: true },
} as const;
type Different = keyof typeof DIFFERENT;
const NAMES = Object.keys(DIFFERENT) as Different[];

let server: TestServer;
const nameOf = new Map<string, Different>();
const rule = (when: object, days = 1): object => ({ id: 'thu', name: 'Thử', kind: 'ladder', when, steps: [{ kind: 'before', days }], to: ['head'] });
const RULES = { morning: '07:00', reason: 'thử điều kiện' };

beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-17T08:00:00+07:00'));
  await server.done('/units', unit('so-y-te'), 'admin');
  for (const name of NAMES) nameOf.set((await server.done<{ id: string }>('/tasks', assignment({ content: `Việc ${name}`, ...DIFFERENT[name] }))).id, name);
  await server.done('/people/import', { csv: 'Mã,Họ và tên,Đơn vị,Vai trò\nCB1,Lê Thủ Trưởng,so-y-te,thủ trưởng đơn vị\n' }, 'admin');
  await server.runtime.reminders.tick();
});
afterAll(async () => { await server.stop(); });

/** Which tasks the mornings to come would speak about. */
async function foreseen(when: object, before = 1): Promise<Different[]> {
  const { days } = (await server.post('/reminder-rules/preview', { rules: [rule(when, before)], days: 10 })).body as { days: { sample: { tasks: { taskId: string }[] }[]; slots: number }[] };
  const told = days.flatMap(({ sample }) => sample.flatMap(({ tasks }) => tasks.map(({ taskId }) => nameOf.get(taskId)!)));
  // A sample names three tasks at most; where there are more, how many.
  return days.reduce((sum, { slots }) => sum + slots, 0) > told.length ? NAMES : told;
}

describe('a rule speaks about the tasks of its conditions, and so does what is foreseen of it', () => {
  it.each([
    ['of no condition', {}, NAMES],
    ['of an authority', { authorities: ['thu-tuong', 'chinh-phu'] }, ['authority']],
    ['of a field, however it is typed', { fields: ['y TE', 'Giáo dục'] }, ['field']],
    ['of an urgency, however it is typed', { urgencies: ['hoả tốc'] }, ['urgency']],
    ['of another urgency', { urgencies: ['Khẩn'] }, []],
    ['that are starred', { starred: true }, ['starred']],
    ['of two conditions that no task fulfils together', { starred: true, authorities: ['thu-tuong'] }, []],
  ] as const)('%s', async (_, when, expected) => {
    expect((await foreseen(when)).sort()).toEqual([...expected].sort());
  });

  it('and once it is set, the morning tells of those and no others', async () => {
    await server.done('/reminder-rules', { ...RULES, rules: [rule({ urgencies: ['Hỏa tốc'] })] }, 'office');
    await server.advance('2020-11-27T07:00:00+07:00');
    await server.runtime.reminders.tick();
    await server.caughtUp();
    const { items } = await server.ok<{ items: { taskId: string; rule: string }[] }>('/reminder-ledger');
    expect(items.map(({ taskId, rule: by }) => [nameOf.get(taskId), by])).toEqual([['urgency', 'thu']]);
  });

  it('follows an urgency that is put right', async () => {
    const [id] = [...nameOf].find(([, name]) => name === 'urgency')!;
    expect(await foreseen({ urgencies: ['Hỏa tốc'] }, 0)).toEqual(['urgency']);
    expect(await server.post(`/tasks/${id}/correct`, { changes: { document: { number: '11/UBND-NC', date: '2020-11-02', issuer: 'UBND tỉnh', title: 'Về việc khẩn', urgency: 'Khẩn' } }, reason: 'ghi nhầm độ khẩn' }, { 'X-Actor': 'office' })).toMatchObject({ status: 200 });
    expect([await foreseen({ urgencies: ['Hỏa tốc'] }, 0), await foreseen({ urgencies: ['Khẩn'] }, 0)]).toEqual([[], ['urgency']]);
  });
});
