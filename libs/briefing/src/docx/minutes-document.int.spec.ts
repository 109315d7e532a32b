import { describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import type { Minutes } from '../minutes.ts';
import { minutesDocument } from './minutes-document.ts';

const minutes: Minutes = {
  draft: true, issuer: 'Ủy ban nhân dân tỉnh', place: '…………', symbol: 'TB-UBND', title: 'THÔNG BÁO', abstract: 'Kết luận giao ban thứ Hai 23/11/2026', day: '2026-11-23',
  opening: ['Ngày 23/11/2026, Chủ tịch UBND tỉnh chủ trì giao ban thứ Hai 23/11/2026. Số liệu tại phiên họp được chốt lúc 07:30 ngày 23/11/2026.', 'Sau khi nghe báo cáo và ý kiến các đơn vị, Chủ tịch UBND tỉnh kết luận như sau:'],
  items: Array.from({ length: 14 }, (_, n) => ({ number: n + 1, conclusionId: String(n), text: `Trình quy hoạch phân khu ${String(n + 1)} <hạn cuối> & báo cáo kết quả giải phóng mặt bằng từng hộ`, action: 'Gia hạn', unit: 'Sở Xây dựng', task: 'NV-2026-0702', deadline: 'hết ngày 07/12/2026' })),
  closing: 'Văn phòng thông báo để các đơn vị biết, thực hiện./.', signer: 'TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG', recipients: ['- Sở Xây dựng;', '- Lưu: VT.'], basis: 'Mốc chốt 07:30.',
};

/** One entry of an archive, as text. */
function entry(archive: Uint8Array, name: string): string {
  const bytes = Buffer.from(archive);
  for (let at = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1'), next = bytes.readUInt32LE(at + 16); next < at; next += 46 + bytes.readUInt16LE(next + 28) + bytes.readUInt16LE(next + 30) + bytes.readUInt16LE(next + 32)) {
    if (bytes.toString('utf8', next + 46, next + 46 + bytes.readUInt16LE(next + 28)) !== name) continue;
    const local = bytes.readUInt32LE(next + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + bytes.readUInt32LE(next + 20));
    return (bytes.readUInt16LE(next + 10) === 8 ? inflateRawSync(data) : data).toString('utf8');
  }
  throw new Error(`no ${name}`);
}

describe('the draft notice as a document', () => {
  it('has the page, the margins and the words that Decree 30/2020 asks for, and no number, date or signature', async () => {
    const bytes = await minutesDocument(minutes);
    if (process.env['NHACVIEC_DOCX'] !== undefined) writeFileSync(process.env['NHACVIEC_DOCX'], bytes);
    const xml = entry(bytes, 'word/document.xml');
    expect(xml).toMatch(/<w:pgSz [^>]*w:w="11906"[^>]*w:h="16838"/);
    expect(xml).toMatch(/<w:pgMar [^>]*w:top="1134"[^>]*w:right="1134"[^>]*w:bottom="1134"[^>]*w:left="1701"/);
    const text = [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, words]) => words);
    expect(text).toEqual(expect.arrayContaining(['DỰ THẢO', 'ỦY BAN NHÂN DÂN TỈNH', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc', 'THÔNG BÁO', 'Kết luận giao ban thứ Hai 23/11/2026', 'Nơi nhận:', 'TL. CHỦ TỊCH', 'CHÁNH VĂN PHÒNG', '(dự thảo, chưa ký)']));
    expect(text).toContain('…………, ngày …… tháng …… năm 2026');
    expect(text.filter((words) => /^\d+\. /.test(words!))).toHaveLength(14);
    expect(entry(bytes, 'word/styles.xml')).toContain('Times New Roman');
  });

  it('is the same, byte for byte, whenever it is made', async () => {
    const first = await minutesDocument(minutes);
    jest.useFakeTimers({ now: Date.parse('2031-05-06T07:08:09Z'), doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    const second = await minutesDocument(minutes);
    jest.useRealTimers();
    expect(Buffer.from(second).equals(Buffer.from(first))).toBe(true);
    expect(Buffer.from(await minutesDocument({ ...minutes, abstract: 'Khác' })).equals(Buffer.from(first))).toBe(false);
  });
});
