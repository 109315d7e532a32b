import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compound, docx, openDocument, openXml, pdf, zip } from '../builders.features.ts';
import type { Told } from '../kinds.ts';
import { tellKind } from './tell-kind.ts';
import { Utf8Check } from './utf8-check.ts';

function isText(content: Uint8Array, pieces = 7): boolean {
  const check = new Utf8Check();
  for (let at = 0; at < content.length; at += pieces) check.add(content.subarray(at, at + pieces));
  return check.isText();
}
const tell = (content: Buffer): Promise<Told> =>
  tellKind({ read: (offset, length) => Promise.resolve(content.subarray(offset, offset + length)), size: content.length, isText: isText(content) });
const ooxml = 'application/vnd.openxmlformats-officedocument.';

describe('what is told by content', () => {
  it.each<[string, Buffer, string]>([
    ['a PDF', pdf(), 'pdf'],
    ['a PDF of plain text behind a byte order mark', Buffer.from('\uFEFF\n%PDF-1.4\n%%EOF'), 'pdf'],
    ['a Word document', docx(), 'docx'],
    ['an Excel workbook', openXml(`${ooxml}spreadsheetml.sheet.main+xml`), 'xlsx'],
    ['a PowerPoint presentation', openXml(`${ooxml}presentationml.presentation.main+xml`), 'pptx'],
    ['a Word document with a workbook embedded', openXml(`${ooxml}wordprocessingml.document.main+xml`, [{ name: 'word/embeddings/a.xlsx', text: 'x' }]), 'docx'],
    ['an OpenDocument text', openDocument('application/vnd.oasis.opendocument.text'), 'odt'],
    ['an OpenDocument spreadsheet', openDocument('application/vnd.oasis.opendocument.spreadsheet'), 'ods'],
    ['a Word 97 document', compound(['\u0001CompObj', 'WordDocument', '1Table']), 'doc'],
    ['a Word 97 document with a workbook inside', compound(['WordDocument'], { inside: ['Workbook'] }), 'doc'],
    ['an Excel 97 workbook', compound(['Workbook']), 'xls'],
    ['an Excel 5 workbook', compound(['Book']), 'xls'],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'png'],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'jpg'],
    ['a little-endian TIFF', Buffer.from('49492a0008000000', 'hex'), 'tiff'],
    ['a big-endian TIFF', Buffer.from('4d4d002a00000008', 'hex'), 'tiff'],
    ['Vietnamese text', Buffer.from('\uFEFFSố;Ngày;Trích yếu\r\n57/BC-TTT;28/11/2020;Báo cáo\tcải cách\r\n'), 'text'],
    ['text that begins like a bitmap', Buffer.from('BMI;Tên\n22;A\n'), 'text'],
    ['text that begins like a program', Buffer.from('MZ là mã của Mozambique\n'), 'text'],
  ])('%s', async (_, content, kind) => {
    expect(await tell(content)).toEqual({ kind });
  });

  it.each<[string, Buffer, RegExp]>([
    ['a plain ZIP', zip([{ name: 'a.txt', text: 'x' }]), /^tệp nén ZIP$/],
    ['a ZIP that only has the parts of a Word document', zip([{ name: 'word/document.xml', text: 'x' }]), /^tệp nén ZIP$/],
    ['an Open XML package of another kind', openXml('application/vnd.ms-visio.drawing.main+xml'), /Open XML/],
    ['a Word document with macros', openXml('application/vnd.ms-word.document.macroEnabled.main+xml'), /macro/],
    ['a Word document that hides macros', openXml(`${ooxml}wordprocessingml.document.main+xml`, [{ name: 'word/vbaProject.bin', text: 'x' }]), /macro/],
    ['an EPUB', openDocument('application/epub+zip'), /application\/epub\+zip/],
    ['an OpenDocument without content', zip([{ name: 'mimetype', text: 'application/vnd.oasis.opendocument.text', stored: true }]), /opendocument/],
    ['a ZIP broken off', docx().subarray(0, -30), /ZIP hỏng/],
    ['a ZIP with bytes behind its end', Buffer.concat([docx(), Buffer.from('xx')]), /ZIP hỏng/],
    ['a ZIP with an entry twice', zip([{ name: 'a', text: 'x' }, { name: 'a', text: 'y' }]), /ZIP hỏng/],
    ['a bomb in place of the content types', zip([{ name: '[Content_Types].xml', text: ' '.repeat(8 * 1024 * 1024) }]), /ZIP hỏng/],
    ['a password-protected document', compound(['EncryptionInfo', 'EncryptedPackage']), /mật khẩu/],
    ['an old PowerPoint', compound(['PowerPoint Document']), /PPT/],
    ['an installer', compound(['SummaryInformation']), /OLE/],
    ['a workbook only in a storage', compound(['x'], { inside: ['Workbook'] }), /OLE/],
    ['a compound file that runs in a circle', compound(['a', 'b', 'c', 'WordDocument'], { garbageFat: true }), /97–2003 hỏng/],
    ['a compound file broken off', compound(['WordDocument']).subarray(0, 1024), /97–2003 hỏng/],
    ['a Windows program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(60)]), /EXE/],
    ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000', 'latin1'), /GIF/],
    ['an MP4', Buffer.from('\u0000\u0000\u0000\u0018ftypmp42', 'latin1'), /MP4/],
    ['UTF-16 text', Buffer.from('\uFEFFxin chào', 'utf16le'), /UTF-16/],
    ['text in an old code page', Buffer.from([0x42, 0xb8, 0x6f, 0x20, 0x63, 0xb8, 0x6f]), /bắt đầu bằng 42 B8 6F/],
    ['text with a NUL', Buffer.from('a\u0000b'), /không rõ loại/],
    ['text with an escape sequence', Buffer.from('a\u001b[31mb'), /không rõ loại/],
    ['text cut inside a letter', Buffer.from('Số').subarray(0, 2), /không rõ loại/],
    ['RTF', Buffer.from('{\\rtf1 x}'), /RTF/],
    ['HTML', Buffer.from('\n<!DOCTYPE html><script>1</script>'), /HTML/],
    ['SVG', Buffer.from('<svg onload="x"/>'), /SVG/],
    ['a shell script', Buffer.from('#!/bin/sh\n'), /tập lệnh/],
  ])('not %s', async (_, content, found) => {
    expect(await tell(content)).toEqual({ found: expect.stringMatching(found) });
  });

  it('never fails on bytes of any kind, whatever they begin with', async () => {
    const starts = [docx(), compound(['WordDocument', 'a', 'b', 'c']), pdf(), Buffer.alloc(0)];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 12 }), fc.uint8Array({ maxLength: 40 }), async (start, changes, tail) => {
        const content = Buffer.concat([start, tail]);
        if (content.length > 0) for (const { at, byte } of changes) content[at % content.length] = byte;
        const told = await tell(content);
        expect('kind' in told || told.found.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('plain text', () => {
  it('is the same whatever the pieces: what decodes whole and has no controls', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)), fc.uint8Array().map((bytes) => Buffer.from(bytes))), fc.integer({ min: 1, max: 9 }), (content, pieces) => {
        const whole = content.toString('utf8');
        const expected = Buffer.from(whole).equals(content) && Array.from(whole).every((c) => '\t\n\r'.includes(c) || !/[\p{Cc}\uFFFE\uFFFF]/u.test(c));
        expect(isText(content, pieces)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
