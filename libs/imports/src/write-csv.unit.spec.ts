import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { csvCell, writeCsv } from './index.ts';

const read = (cell: string): string => {
  const rows: string[][] = parse(`${cell},x\r\n`, { bom: true });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toHaveLength(2);
  return rows[0]![0]!;
};
/** What may not stand in a cell as it is: C0, C1 and DEL, line breaks and tabs apart, which CSV can quote. */
const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => code).filter((code) => (code < 0x20 || code >= 0x7f) && ![0x09, 0x0a, 0x0d].includes(code));

describe('a cell of a CSV file', () => {
  it('holds no control character: each becomes a space, wherever it stands', () => {
    expect(CONTROLS).toHaveLength(62);
    for (const code of CONTROLS) {
      const char = String.fromCharCode(code);
      expect([code, read(csvCell(`a${char}b`))]).toEqual([code, 'a b']);
      // In front of a formula it would hide it from a look at the first letter.
      expect([code, read(csvCell(`${char}=1+1`))]).toEqual([code, "' =1+1"]);
    }
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\uFEFF=1', '\u200B@x'])('%j begins with an apostrophe, so that no spreadsheet runs it', (text) => {
    expect(read(csvCell(text))).toBe(`'${text}`);
  });

  it.each(['a;b', 'a,b', 'a"b', 'a\nb', 'a\tb', ' a ', 'Sở Y tế', ''])('%j comes back as it went out', (text) => {
    expect(read(csvCell(text))).toBe(text);
  });

  it('is cleaned in a heading too, and a number below zero stays a number', async () => {
    const pieces: Buffer[] = [];
    for await (const piece of writeCsv({ name: 'x', heading: 'x', columns: [{ title: 'a\u0007b' }, { title: 'n', kind: 'number' }], rows: [['c\u0000d', -3]] })) pieces.push(piece);
    expect(Buffer.concat(pieces).toString('utf8')).toBe('\uFEFFa b,n\r\nc d,-3\r\n');
  });
});
