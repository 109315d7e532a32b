import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, parseInstant } from '#kernel';
import { reportData } from '#reports/files/shipped';
import { ReferenceData } from '../reference/reference-data.ts';
import { importReportData, planIdOf, type ReportDataResult } from './report-data.ts';

const now = parseInstant('2020-11-27T17:30:00+07:00')!;

async function fresh(): Promise<{ log: MemoryEventLog; reference: ReferenceData; bring: (text: string) => Promise<ReportDataResult> }> {
  const log = new MemoryEventLog({ clock: new ManualClock(now) });
  const data = { id: 'thanh-tra-tinh', name: 'Thanh tra tỉnh', shortName: 'TTT', kind: 'so', establishedOn: '2000-01-01' };
  await log.append('unit-thanh-tra-tinh', [{ id: '0190a5c0-0000-7000-8000-000000000001', type: 'UnitEstablished', schema: 1, data, metadata: { actor: { id: 'office', role: 'office' } }, occurredAt: now }], { expectedRevision: -1 });
  const reference = new ReferenceData(log);
  await reference.catchUp();
  return { log, reference, bring: (text) => importReportData(text, 'tệp', { log, reference, now }) };
}
const shipped = (name: string): string => readFileSync(reportData('2020', name), 'utf8');

describe('plans and indicators from a file', () => {
  it('are recorded once: the same file again adds nothing', async () => {
    const { log, reference, bring } = await fresh();
    expect(await bring(shipped('ke-hoach.json'))).toMatchObject({ plans: 7, unchanged: 0 });
    expect(await bring(shipped('chi-tieu.json'))).toMatchObject({ indicators: 63, unchanged: 0 });
    const { count } = await log.head();
    expect(await bring(shipped('ke-hoach.json'))).toMatchObject({ plans: 7, unchanged: 7, events: 0 });
    expect((await log.head()).count).toBe(count);
    expect(reference.plans.plan(planIdOf('thanh-tra-tinh', 2020, 'cchc'))?.items).toHaveLength(43);
  });

  const plan = { unitId: 'thanh-tra-tinh', year: 2020, code: 'a', title: 'Kế hoạch' };
  it.each<[string, unknown, string, string]>([
    ['an unknown field', { plans: [{ ...plan, titel: 'x' }] }, 'field-unknown', '/plans/0/titel'],
    ['a day that does not exist', { plans: [{ ...plan, issuedOn: '2020-02-31' }] }, 'field-invalid', '/plans/0/issuedOn'],
    ['a unit that does not exist', { plans: [{ ...plan, unitId: 'khong-co' }] }, 'unit-unknown', '/plans/0'],
    ['an item done without proof', { plans: [plan, { ...plan, code: 'b', items: [{ content: 'x', doneOn: '2020-05-01' }] }] }, 'evidence-missing', '/plans/1/evidence'],
    ['what is no amount', { indicators: [{ unitId: 'thanh-tra-tinh', code: 'a', name: 'A', measure: '%', value: { amount: 3, validFrom: '2020-01-01' } }] }, 'amount-invalid', '/indicators/0/amount'],
    ['what is no list', { plans: {} }, 'not-a-list', '/plans'],
  ])('are refused whole for %s, with its place', async (_, content, code, pointer) => {
    const { log, bring } = await fresh();
    await expect(bring(JSON.stringify(content))).rejects.toMatchObject({ status: 422, code, errors: [{ pointer }] });
    expect((await log.head()).count).toBe(1);
  });

  it('are refused for what is no JSON and for a secrecy mark, of which nothing is repeated', async () => {
    const { bring } = await fresh();
    await expect(bring('{')).rejects.toMatchObject({ code: 'not-json' });
    const refusal = await bring(JSON.stringify({ plans: [{ ...plan, title: 'Kế hoạch kín (Mật)' }] })).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'secrecy-mark' });
    expect(JSON.stringify(refusal)).not.toContain('kín');
  });
});
