import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readContent, readSentence, readTemplate } from './index.ts';
import { templateFiles } from './files/shipped.ts';

const WHOLE = `mẫu: thu
phiên bản: 1
tên: Mẫu thử
căn cứ: Để thử
hiệu lực: {từ: 01/01/2020, đến: 14/12/2020}
ký hiệu: BC
trích yếu: "Công tác {kỳ}"
nơi nhận: Như trên
người ký: Giám đốc
phần:
  - mã: I
    tiêu đề: Kết quả
    câu:
      - "- Đã làm {việc: D1} việc[[, quá hạn {việc: D2}]]."
      - lời văn: I
    mục:
      - {mã: I.1, tiêu đề: Một}
phụ lục:
  - mã: PL1
    tiêu đề: BẢNG
    cột:
      - {khóa: stt, tiêu đề: STT, ô: "$stt."}
      - {khóa: n, tiêu đề: Số, ô: "{chỉ tiêu: $mã}"}
    dòng:
      - {mã: mot}
`;
const faultsOf = (text: string): string[] => {
  const reading = readTemplate(text);
  return reading.ok ? [] : reading.faults.map(({ line, column, detail }) => `${String(line)}:${String(column)} ${detail}`);
};
const pieces = (text: string): unknown => {
  const reading = readSentence(text);
  return reading.ok ? reading.sentence : reading.faults;
};

describe('a template file', () => {
  it('is read: the shipped ones too', () => {
    expect(faultsOf(WHOLE)).toEqual([]);
    expect(templateFiles().map(({ text }) => { const reading = readTemplate(text); return reading.ok && [reading.template.id, reading.template.suggested]; })).toEqual([['bao-cao-cchc-2011-2020', false], ['bao-cao-cchc-2021-2030', true]]);
  });

  it.each<[string, string, string, string]>([
    ['a figure that does not exist, at its place in the sentence', '{việc: D1}', '{việc: D9}', '14:20 Không có số liệu việc “D9”'],
    ['a figure of reports that does not exist', '{việc: D1}', '{báo cáo: sớm}', '14:20 Không có số liệu báo cáo “sớm”'],
    ['what stands in for reports and is no indicator', '{việc: D1}', '{báo cáo: đúng hạn hoặc việc: D1}', '14:20 Sau “hoặc” cần một chỉ tiêu'],
    ['a source that does not exist', '{việc: D1}', '{công việc: D1}', '14:20 Không có nguồn số liệu “công việc”'],
    ['an open brace', '{việc: D2}', '{việc: D2', '14:46 Dấu “{” không có dấu đóng'],
    ['an unknown key, with the one that was meant', 'người ký:', 'người kí:', '9:1 Khóa “người kí” không dùng ở đây; có phải “người ký”?'],
    ['a date that does not exist', '14/12/2020', '31/02/2020', '5:33 Ngày 31/02/2020 không có trong lịch'],
    ['an end before the beginning', '14/12/2020', '14/12/2019', '5:33 Ngày hết hiệu lực trước ngày có hiệu lực'],
    ['a section twice', 'mã: I.1', 'mã: I', '17:14 Mã phần “I” đã có'],
    ['a column twice', 'khóa: n', 'khóa: stt', '23:16 Cột “stt” đã có'],
    ['a code with tone marks', '{mã: mot}', '{mã: một}', '23:35 Mã “một” không đúng dạng'],
    ['a count of sections that are not there', '{việc: D1}', '{số mục của: V}', '14:9 Không có phần “V”'],
    ['a missing key', 'ký hiệu: BC\n', '', '1:1 Thiếu “ký hiệu”'],
  ])('is refused for %s', (_, from, to, fault) => {
    expect(faultsOf(WHOLE.replace(from, to))).toContain(fault);
  });

  it('is read or refused with places that are in the file, whatever is done to it', () => {
    const edits = fc.array(fc.tuple(fc.nat(WHOLE.length), fc.nat(12), fc.constantFrom('', '{', '}', '[[', ']]', ':', '- ', '"', '|', '$', '\t', '&a', '*a')), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (list) => {
        const text = list.reduce((out, [at, length, sign]) => out.slice(0, at) + sign + out.slice(at + length), WHOLE);
        const reading = readTemplate(text);
        if (reading.ok) return;
        const lines = text.split(/\r\n|\n|\r/).length;
        expect(reading.faults.length).toBeGreaterThan(0);
        for (const { line, column } of reading.faults) expect(line >= 1 && line <= lines + 1 && column >= 1).toBe(true);
      }),
      { seed: 2020, numRuns: process.env['NHACVIEC_FULL'] ? 5_000 : 50 },
    );
  });
});

describe('a sentence', () => {
  it('holds figures, documents, times and optional parts', () => {
    expect(pieces('Đạt {chỉ tiêu: a.province | số} theo {văn bản: d1}, {tháng: 10/2020 | ban hành kế hoạch}[[, {kế hoạch: b.xong}]] \\{x\\}')).toEqual([
      { kind: 'text', text: 'Đạt ' }, { kind: 'figure', reference: { of: 'indicator', code: 'a', part: 'province' }, style: 'table' }, { kind: 'text', text: ' theo ' }, { kind: 'document', code: 'd1' }, { kind: 'text', text: ', ' },
      { kind: 'dated', text: 'tháng 10/2020', from: '2020-10-01', to: '2020-10-31', what: 'ban hành kế hoạch' },
      { kind: 'optional', pieces: [{ kind: 'text', text: ', ' }, { kind: 'figure', reference: { of: 'plan', code: 'b', what: 'done' } }] }, { kind: 'text', text: ' {x}' },
    ]);
  });
  it.each(['{', '}', '{việc}', '{việc: R2.giữa}', '{chỉ tiêu: Ấ}', '{kế hoạch: a.b}', '{ngày: 31/02/2020 | gì}', '{tháng: 13/2020 | gì}', '{quý: V/2020 | gì}', '{tháng: 10/2020}', '[[chữ]]', '[[{việc: D1}', '{việc: D1 | lạ}', '{việc: D1 | số | số}', '{mục tiêu: a.2030}'])('refuses %s', (text) => {
    expect(readSentence(text).ok).toBe(false);
  });
});

describe('what the office writes', () => {
  it('is refused with line and column too', () => {
    const reading = readContent('đơn vị: a\nkỳ: "2020"\nnơi ban hành: Khánh Hòa\nlời văn:\n  I: "- Theo {văn bản: D 1}."\nvăn bản:\n  d01: {số: 1/QĐ, cơ quan: X}\n');
    expect(reading.ok ? [] : reading.faults.map(({ line, detail }) => [line, detail])).toEqual([[5, 'Mã “D 1” không đúng dạng'], [7, 'Thiếu “trích yếu”']]);
  });
});
