import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readScenario } from './read-scenario.ts';

const WHOLE = `tình huống: Thử
trường hợp: [1, 17]
vì sao: Để thử
nguồn: domain.md §2
đơn vị: [Thanh tra tỉnh, {tên: Sở Tài chính, mã: so-tai-chinh, thuộc: Thanh tra tỉnh}]
chung: {cơ quan chủ trì: Thanh tra tỉnh, văn bản: {số: 1/UBND, ngày: 30/10/2020}}
diễn biến:
  - {làm: giao việc, việc: [A, B], ngày: 02/11/2020, thời hạn: 20/11/2020 16:00, nhãn: giao}
  - làm: đề nghị gia hạn
    việc: A
    lúc: 05/11/2020 10:00
    thời hạn: trước ngày 01/12/2020
    lý do: "Chờ: số liệu"
  - {làm: hủy ghi nhận, việc: A, ngày: 06/11/2020, sự kiện: giao, lý do: Thử, bị từ chối: {mã: annulment-leaves-illegal-life, vướng: giao việc}}
kết quả:
  - {tính đến: 28/11/2020, biết đến: 28/11/2020 10:00, ô: {O1: 2}, tỷ lệ: {R2: "1/3 = 33,33 %"}, danh sách: {ô: {O1: [A, B]}}}
  - {việc: A, tính đến: 28/11/2020, ô: O1, sự kiện: [giao việc]}
`;
const lines = WHOLE.split('\n');
const runs = { seed: 2_020_11, numRuns: process.env['NHACVIEC_FULL'] ? 20_000 : 300 };

/** Text as it comes out of a hurried hand: pieces cut, doubled, moved, and signs of YAML strewn in. */
const damaged = fc
  .array(fc.tuple(fc.constantFrom('cut', 'double', 'sign', 'line', 'swap'), fc.nat(WHOLE.length), fc.nat(30), fc.constantFrom(':', ': ', '- ', '{', '}', '[', ']', ',', '"', "'", '#', '\t', '&a', '*a', '!!int', '|', '>', '?', '---', '...', '\u0000', '%', '@', '`', '<<: *a', '\u2028')), { minLength: 1, maxLength: 5 })
  .map((edits) => edits.reduce((text, [kind, at, length, sign]) => {
    switch (kind) {
      case 'cut':
        return text.slice(0, at) + text.slice(at + length);
      case 'double':
        return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
      case 'sign':
        return text.slice(0, at) + sign + text.slice(at);
      case 'line':
        return text.replace(lines[at % lines.length]!, '');
      case 'swap':
        return text.replace(lines[at % lines.length]!, lines[length % lines.length]!);
    }
  }, WHOLE));

describe('reading whatever is written', () => {
  it('reads it or names places that are in the file, and never falls over', () => {
    expect(readScenario(WHOLE, 'tệp').ok).toBe(true);
    fc.assert(
      fc.property(damaged, (text) => {
        const reading = readScenario(text, 'tệp');
        if (reading.ok) {
          expect(reading.scenario.steps.length).toBeGreaterThan(0);
          return;
        }
        expect(reading.faults.length).toBeGreaterThan(0);
        const count = text.split(/\r\n|\n|\r/).length;
        for (const { line, column, detail } of reading.faults) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(count + 1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(detail).not.toBe('');
        }
      }),
      runs,
    );
  });
});
