import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkReport, transcribedReport, type TranscribedReport } from './index.ts';
import { reportData } from './files/shipped.ts';

interface Known {
  readonly code: string;
  readonly place: readonly string[];
  readonly severity: string;
}

const file = JSON.parse(readFileSync(reportData('2020', '57-BC-TTT-2020.json'), 'utf8')) as TranscribedReport & { readonly knownInconsistencies: readonly Known[] };
const found = checkReport(transcribedReport(file));

/** What a machine cannot see in the transcription: it keeps neither the misspelt words nor the printed parentheses. */
const beyond = (known: Known): boolean => (known.code === 'scan-error' && known.place.includes('I.1')) || known.code === 'unbalanced-parenthesis';

describe('the consistency check on the report of 2020 as printed', () => {
  it.each(file.knownInconsistencies.filter((known) => !beyond(known)).map((known) => [`${known.code} ${known.place.join(', ')}`, known] as const))('finds %s', (_, known) => {
    // Of "already done" the transcription keeps one of its two sentences: the other is abridged away.
    const place = known.code === 'already-done' ? ['III.4', 'II.1'] : known.place;
    const hits = found.filter(({ code, place: at }) => code === known.code && at.every((one) => place.includes(one)));
    expect([...new Set(hits.flatMap((one) => one.place))].sort()).toEqual([...place].sort());
    expect(new Set(hits.map(({ severity }) => severity))).toEqual(new Set([known.severity]));
    for (const { values, detail } of hits) {
      expect(values.length).toBeGreaterThanOrEqual(1);
      expect(detail).not.toBe('');
    }
  });

  it('finds nothing else', () => {
    const others = found.filter(({ code, place }) => !file.knownInconsistencies.some((known) => known.code === code && place.every((one) => known.place.includes(one))));
    expect(others).toEqual([]);
  });
});

/** A mended copy: what stands at a path ("figures.f14.text", an element of a list by its id, key, number or no) is set. */
function mended(changes: Readonly<Record<string, unknown>>): TranscribedReport {
  const copy = JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('/');
    let at: Record<string, unknown> = copy;
    steps.forEach((step, n) => {
      if (n === steps.length - 1) {
        at[step] = value;
        return;
      }
      const next: unknown = Array.isArray(at) ? (at as Record<string, unknown>[]).find((one) => [one['id'], one['key'], one['number'], one['no']].map(String).includes(step)) : at[step];
      if (next === undefined) throw new Error(`nothing at ${path}`);
      at = next as Record<string, unknown>;
    });
  }
  return copy as unknown as TranscribedReport;
}
const cell = (number: number): object => ({ kind: 'value', text: String(number), number });
const label = ({ code, place }: { readonly code: string; readonly place: readonly string[] }): string => `${code} ${place.join(' ')}`;

describe('the consistency check on a mended report', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['duplicate-section-number II.5 II.5bis', { 'outline/II/children/II.5bis/printedNumber': '6.', 'outline/II/children/II.6/printedNumber': '7.' }],
    ['duplicate-section-number II IIbis', { 'outline/IIbis/printedNumber': 'III.', 'outline/III/printedNumber': 'IV.' }],
    ['count-mismatch III', { 'figures/f31/number': 7, 'figures/f31/text': '7' }],
    ['rate-denominator II.4', { 'figures/f15/printedBeside': '268/268' }],
    ['rate-denominator II.4', { 'figures/f15/number': 97.81 }],
    ['cut-off-on-day-off II.4 head', { 'head/date/date': '2020-11-30', 'head/dataCutOff/date': '2020-11-27', ...Object.fromEntries([1, 2, 3, 4].map((n) => [`appendices/${String(n)}/attachedTo`, '(Đính kèm Báo cáo số 57/BC-TTT ngày 30/11/2020)'])) }],
    ['rate-without-counts PL1.6 PL1.7', { 'appendices/1/rows/6/cells/planned': cell(3), 'appendices/1/rows/7/cells/planned': cell(2) }],
    ['same-number-two-documents II.2', { 'documents/d30/number': '3597/QĐ-UBND' }],
    ['missing-value II.6', { 'figures/f28/value': { kind: 'value', text: '85%' }, 'figures/f28/number': 85 }],
    ['target-below-result III.7 II.6', { 'figures/f38/number': 95 }],
    ['scan-error head', { 'head/signer/position/asPrinted': 'CHÁNH THANH TRA' }],
    ['symbol-doubtful II.2', { 'documents/d27/number': '700/QĐ-TTCP' }],
    ['symbol-variants II.5 III.5', { 'documents/d41/variants': [] }],
    ['total-without-breakdown PL2.26 PL4.2', { 'appendices/2/rows/26/cells/province': cell(4) }],
    ['missing-rate PL4.2', { 'appendices/4/rows/2/cells/rate': { kind: 'value', text: '40%', percent: 40 } }],
    ['not-applicable-vs-value PL2.6 PL2.8 I.1', { 'appendices/2/rows/6/cells/total': cell(1), 'appendices/2/rows/6/cells/province': cell(1) }],
    ['unit-meaning PL2.1 PL2.2', { 'appendices/2/rows/1/cells/note': { kind: 'blank' } }],
    ['plan-vs-appendix PL1.2 PL2.2 I.3', { 'appendices/1/rows/2/cells/done': cell(6) }],
    ['share-of-nothing II.1', { 'figures/f06/number': 2 }],
    ['date-conflict PL1.4 II.2 I.2', { 'appendices/1/rows/4/cells/issued': { kind: 'value', text: '18/02/2020', date: '2020-02-18' } }],
  ])('no longer finds %s, and finds nothing new', (gone, changes) => {
    const before = found.map(label);
    const after = checkReport(transcribedReport(mended(changes))).map(label);
    expect(before).toContain(gone);
    expect(after.filter((one) => one === gone)).toHaveLength(before.filter((one) => one === gone).length - 1);
    expect(after.filter((one) => !before.includes(one))).toEqual([]);
  });

  it('finds a sum that does not add up, which the source has nowhere', () => {
    expect(found.map(({ code }) => code)).not.toContain('sum-mismatch');
    const after = checkReport(transcribedReport(mended({ 'appendices/2/rows/1/cells/district': cell(2) })));
    expect(after.filter(({ code }) => code === 'sum-mismatch')).toMatchObject([{ place: ['PL2.1'], values: ['6', '6 + 2'], severity: 'error' }]);
  });
});
