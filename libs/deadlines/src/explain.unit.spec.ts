import { describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from './calendar-file.ts';
import { explainReading } from './explain.ts';
import { readPhrase } from './read-phrase.ts';

const calendar = loadDefaultCalendar();
const explain = (phrase: string, documentDate?: string): readonly string[] =>
  explainReading(readPhrase(phrase, { policy: 'all', calendar, ...(documentDate !== undefined && { documentDate }) }));

describe('a reading explained', () => {
  it('shows the day in force, each step with its article, and what other policies would give', () => {
    expect(explain('trước ngày 15/11/2020')).toEqual([
      'Hạn: hết ngày T2 16/11/2020 (theo chữ: T7 14/11/2020)',
      '  T7 14/11/2020  “Trước ngày 15/11/2020” là hết ngày liền trước, T7 14/11/2020. (Bộ luật Dân sự 2015, Điều 148 khoản 6)',
      '  T7 14/11/2020 là ngày nghỉ: nghỉ hằng tuần, thứ Bảy (Quyết định 188/1999/QĐ-TTg).',
      '  CN 15/11/2020 là ngày nghỉ: nghỉ hằng tuần, Chủ nhật (Quyết định 188/1999/QĐ-TTg).',
      '  T2 16/11/2020  Dời đến hết ngày làm việc tiếp theo, T2 16/11/2020 (cách xử lý đang áp dụng: “dời mọi ngày cố định rơi vào ngày nghỉ”). (Bộ luật Dân sự 2015, Điều 148 khoản 5)',
      '  T2 16/11/2020  Sau khi dời, hạn nằm sau ngày 15/11/2020 mà câu chữ ghi là “trước ngày”.',
      '  T2 16/11/2020  Hạn hiệu lực: hết ngày T2 16/11/2020 (24 giờ). (Bộ luật Dân sự 2015, Điều 148 khoản 6)',
      '  Nếu theo cách xử lý none (không dời ngày cố định): hết ngày T7 14/11/2020',
      '  Nếu theo cách xử lý all-but-before (dời ngày cố định, trừ “trước ngày …”): hết ngày T7 14/11/2020',
      '  Lưu ý: Hạn theo chữ T7 14/11/2020 là ngày nghỉ (nghỉ hằng tuần, thứ Bảy (Quyết định 188/1999/QĐ-TTg)); hạn hiệu lực T2 16/11/2020.',
    ]);
  });

  it('lists the occurrences of a recurring duty with the phrase to record', () => {
    const lines = explain('ngày 15 tháng cuối quý', '2020-06-01');
    expect(lines).toHaveLength(14);
    expect(lines[2]).toBe('  T2 15/06/2020  ngày 15 tháng cuối quý (kỳ quý II/2020)');
    expect(explain('ngày 15 tháng cuối quý')[1]).toBe('Cho biết ngày văn bản hoặc ngày nhận thì các kỳ tiếp theo được liệt kê.');
  });

  it('gives the reason of a refusal, and examples where the words were not understood', () => {
    const lines = explain('trước phiên họp tháng 7');
    expect(lines[0]).toContain('phụ thuộc một cuộc họp');
    expect(lines).toContain('  trước ngày 15/11/2020');
    expect(explain('thứ Sáu, ngày 15/11/2020')).toHaveLength(1);
    expect(explain('trước ngày 15/11')).toEqual(['“trước ngày 15/11” không ghi năm và không có ngày văn bản để suy ra năm.']);
  });

  it('says what no deadline means', () => {
    expect(explain('không thời hạn')).toEqual(['Không thời hạn: không tính vào tỷ lệ đúng hạn cho đến khi có ngày cụ thể.']);
  });
});
