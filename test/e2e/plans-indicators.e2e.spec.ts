import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
  await server.done('/units', unit('so-y-te'), 'admin');
});
afterAll(async () => { await server.stop(); });

const plan = { unitId: 'so-y-te', year: 2020, code: 'cchc', title: 'Kế hoạch cải cách hành chính', issuedOn: '2020-01-30' };
const evidence = { number: '16/BC-SYT', date: '2020-11-16' };

describe('plans over HTTP', () => {
  it('are issued, filled and done with evidence, and tell three values apart', async () => {
    const { id } = await server.done<{ id: string }>('/plans', plan);
    const countsOf = async (query = ''): Promise<unknown> => (await server.ok<{ counts: unknown }>(`/plans/${id}${query}`)).counts;
    expect(await countsOf()).toEqual({ kind: 'blank' });
    const { itemId } = await server.done<{ itemId: string }>(`/plans/${id}/items`, { content: 'Một mục' });
    expect(await countsOf()).toEqual({ kind: 'count', items: 1, done: 0 });
    expect((await server.post(`/plans/${id}/items/${itemId}/done`, {})).body).toMatchObject({ status: 422, code: 'evidence-missing', errors: [{ pointer: '/evidence' }] });
    expect((await server.post(`/plans/${id}/items/${itemId}/done`, { fileIds: ['khong-co'] })).body).toMatchObject({ status: 422, code: 'file-unknown', errors: [{ pointer: '/fileIds/0' }] });
    await server.done(`/plans/${id}/items/${itemId}/done`, { doneOn: '2020-11-10', evidence });
    expect(await countsOf()).toEqual({ kind: 'count', items: 1, done: 1 });
    // The item belongs to the plan as issued; it was done on 10/11, and that was not known before it was recorded.
    expect(await countsOf('?asOf=2020-11-09')).toEqual({ kind: 'count', items: 1, done: 0 });
    const none = await server.done<{ id: string }>('/plans', { ...plan, code: 'kiem-tra', issuedOn: undefined, notApplicable: 'Không có đơn vị trực thuộc' });
    const { items, total } = await server.ok<{ items: { id: string; counts: unknown }[]; total: number }>('/plans?unitId=so-y-te&year=2020');
    expect([total, items.find((one) => one.id === none.id)?.counts]).toEqual([2, { kind: 'not-applicable' }]);
  });

  it('are refused with code and place', async () => {
    expect((await server.post('/plans', plan)).body).toMatchObject({ status: 409, code: 'plan-already-there' });
    expect((await server.post('/plans', { ...plan, unitId: 'khong-co' })).body).toMatchObject({ status: 422, code: 'unit-unknown', errors: [{ pointer: '/unitId' }] });
    expect((await server.post('/plans', { ...plan, code: 'b', title: 'Kế hoạch (Mật)' })).body).toMatchObject({ status: 422, code: 'secrecy-mark' });
    expect((await server.post('/plans', { ...plan, code: 'c' }, { 'X-Actor': 'auditor' })).status).toBe(403);
    expect((await server.get('/plans/khong-co')).body).toMatchObject({ status: 404, code: 'plan-unknown' });
    expect((await server.get('/plans?year=nay')).status).toBe(400);
  });
});

describe('indicators over HTTP', () => {
  it('have a value from a day on, carried over into the next period, and a target', async () => {
    const { id } = await server.done<{ id: string }>('/indicators', { unitId: 'so-y-te', code: 'chu-ky-so', name: 'Văn bản có chữ ký số', measure: '%' });
    const amount = { kind: 'percent', hundredths: 9_000, comparison: 'over' };
    await server.done(`/indicators/${id}/values`, { amount, validFrom: '2019-06-01', evidence });
    await server.done(`/indicators/${id}/targets`, { year: 2021, amount: { kind: 'percent', hundredths: 10_000 } });
    expect(await server.ok(`/indicators/${id}`)).toMatchObject({ amount, carriedOver: true, validFrom: '2019-06-01', evidence, targets: { 2021: { kind: 'percent', hundredths: 10_000 } }, ownerUnitId: 'so-y-te' });
    expect((await server.ok<{ items: object[] }>('/indicators?unitId=so-y-te&period=2019')).items).toMatchObject([{ carriedOver: false }]);
    expect((await server.ok<{ items: object[] }>('/indicators?asOf=2019-05-31')).items).toMatchObject([{ amount: { kind: 'blank' } }]);
    expect((await server.post(`/indicators/${id}/values`, { amount, validFrom: '2019-06-01', evidence })).body).toMatchObject({ status: 409, code: 'value-unchanged' });
    expect((await server.post(`/indicators/${id}/values`, { amount: { kind: 'count', number: 1.5 }, validFrom: '2020-01-01', evidence })).body).toMatchObject({ status: 422, code: 'amount-invalid', errors: [{ pointer: '/amount' }] });
    expect((await server.post(`/indicators/${id}/values`, { amount, validFrom: '2020-01-01' })).body).toMatchObject({ status: 422, code: 'evidence-missing' });
    expect((await server.post(`/indicators/${id}/values`, { amount, validFrom: '2020-12-01', evidence })).body).toMatchObject({ status: 422, code: 'in-the-future' });
    expect((await server.get('/indicators?period=nay')).status).toBe(400);
  });

  it('tell what was changed last, with what stood there before, when and by whom, as it was known', async () => {
    const { id } = await server.done<{ id: string }>('/indicators', { unitId: 'so-y-te', code: 'pl2-01', name: 'Số cơ quan trong kế hoạch', measure: 'cơ quan' });
    const changeOf = async (query = ''): Promise<unknown> => (await server.ok<{ change: unknown }>(`/indicators/${id}${query}`)).change;
    expect(await changeOf()).toBeNull();
    const count = (number: number): object => ({ kind: 'count', number });
    const first = await server.done<{ position: string }>(`/indicators/${id}/values`, { amount: count(6), parts: { province: count(6) }, validFrom: '2020-11-10', evidence });
    await server.done(`/indicators/${id}/values`, { amount: count(7), parts: { province: count(7) }, validFrom: '2020-11-16', evidence });
    expect(await changeOf()).toEqual({
      of: { kind: 'value', validFrom: '2020-11-16' }, before: { amount: count(6), parts: { province: count(6) } }, after: { amount: count(7), parts: { province: count(7) } },
      at: '2020-11-16T09:00:00.000+07:00', by: { id: 'office', role: 'office' },
    });
    expect(await changeOf(`?knownAt=position:${first.position}`)).toMatchObject({ before: null, after: { amount: count(6) } });
  });
});
