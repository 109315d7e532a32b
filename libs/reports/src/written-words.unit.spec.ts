import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readContent, readTemplate } from './read-template.ts';
import { readWords, slotsOfTemplate, writeWords, type WrittenDocument } from './written-words.ts';

const text = readFileSync('libs/reports/data/2020/noi-dung.yaml', 'utf8');
const subject = { unitId: 'so-y-te', period: '2021', place: 'Khánh Hòa' };
const document: WrittenDocument = { code: 'm1', number: '12/KH-SYT', date: '2021-01-15', kind: 'Kế hoạch', issuer: 'Sở Y tế', content: 'Cải cách hành chính năm 2021' };

describe('the words of a report as a form shows them', () => {
  it('are sentences by slot, as typed, and the documents they cite', () => {
    const { slots, documents } = readWords(text);
    expect(slots[0]).toEqual({ slot: 'I.1', lines: [expect.stringMatching(/^- Căn cứ \{văn bản: d01\}/), expect.stringContaining('{văn bản: d05}')] });
    expect(documents[0]).toMatchObject({ code: 'd01', number: '3777/QĐ-UBND', date: '2015-12-25', kind: 'Quyết định' });
    expect(readWords(null)).toEqual({ slots: [], documents: [] });
  });

  it('written back unchanged leave the text as it is, letter for letter', () => {
    expect(writeWords(text, subject, readWords(text))).toBe(text);
  });

  it('changed in one slot change nothing else, comments and other places included', () => {
    const changed = writeWords(text, subject, { slots: [{ slot: 'III', lines: ['Công tác được triển khai đều.', '', '  - Còn hai việc chậm.  '] }] });
    const before = text.split('\n');
    const after = changed.split('\n');
    expect(after.filter((line) => !before.includes(line))).toEqual(['    - Công tác được triển khai đều.', '    - "- Còn hai việc chậm."']);
    expect(before.filter((line) => !after.includes(line))).toEqual(['    - "Công tác cải cách hành chính được triển khai toàn diện, có trọng tâm, đúng kế hoạch đã ban hành."']);
    expect(readWords(changed).slots.find(({ slot }) => slot === 'III')!.lines).toEqual(['Công tác được triển khai đều.', '- Còn hai việc chậm.']);
  });

  it('emptied leave the slot out', () => {
    const changed = writeWords(text, subject, { slots: [{ slot: 'III', lines: [' '] }] });
    expect(readWords(changed).slots.map(({ slot }) => slot)).not.toContain('III');
    expect(readContent(changed)).toMatchObject({ ok: true });
  });

  it('begin a text where there is none', () => {
    const begun = writeWords(null, subject, { slots: [{ slot: 'I', lines: ['- Đã ban hành {văn bản: m1}.'] }], documents: [document] });
    expect(readContent(begun)).toMatchObject({ ok: true, content: { unitId: 'so-y-te', period: '2021', place: 'Khánh Hòa', documents: [{ code: 'm1', date: '2021-01-15' }] } });
    expect(readWords(begun)).toEqual({ slots: [{ slot: 'I', lines: ['- Đã ban hành {văn bản: m1}.'] }], documents: [document] });
    expect(readContent(writeWords(begun, subject, { slots: [{ slot: 'I', lines: [] }], documents: [] }))).toMatchObject({ ok: true, content: { slots: {}, documents: [] } });
  });

  it('a document is added, changed and taken out; what the form does not show of it stays', () => {
    const { documents } = readWords(text);
    const [first, ...others] = documents;
    const changed = writeWords(text, subject, { documents: [{ ...first!, content: 'Trích yếu khác', kind: null }, ...others.slice(1), document] });
    const now = readWords(changed).documents;
    expect(now).toEqual([{ ...first!, content: 'Trích yếu khác', kind: null }, ...others.slice(1), document]);
    const variants = (of: string): unknown => {
      const reading = readContent(of);
      return reading.ok ? reading.content.documents.filter(({ code }) => code !== others[0]!.code && code !== 'm1').map((one) => one.variants) : reading.faults;
    };
    expect(variants(changed)).toEqual(variants(text));
  });

  it.each(['"đặt trong ngoặc" và: hai chấm #', "{văn bản: d01}: '…'", '- - hai gạch', '|', '2020', 'true', '@a & *b', '%'])('keep what would mean something to the file: %s', (line) => {
    const begun = writeWords(null, subject, { slots: [{ slot: 'I.1', lines: [line] }] });
    expect(readWords(begun).slots).toEqual([{ slot: 'I.1', lines: [line] }]);
  });
});

describe('the slots of a template', () => {
  it('come in the order of the paper, each with its section', () => {
    const reading = readTemplate(readFileSync('libs/reports/data/templates/bao-cao-cchc-2021-2030.yaml', 'utf8'));
    const slots = reading.ok ? slotsOfTemplate(reading.template) : [];
    expect(slots.slice(0, 3)).toEqual([
      { slot: 'I', section: 'I', required: expect.any(Boolean) }, { slot: 'II.1', section: 'II.1', required: expect.any(Boolean) }, { slot: 'II.2', section: 'II.2', required: expect.any(Boolean) },
    ]);
  });
});
