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
