import { describe, expect, it } from '@jest/globals';
import { cleanFileName, nameHasSecrecyMark } from './file-name.ts';

describe('the name that is kept', () => {
  it.each([
    ['Báo cáo quý III.pdf'.normalize('NFD'), 'Báo cáo quý III.pdf'],
    ['C:\\Users\\lan\\Báo cáo.docx', 'Báo cáo.docx'],
    ['../../etc/passwd', 'passwd'],
    ['a\r\nSet-Cookie: b.txt', 'a Set-Cookie: b.txt'],
    ['bao cao\u202Efdp.exe', 'bao caofdp.exe'],
    ['.htaccess', 'htaccess'],
    [' \u200B/', 'tep'],
    [`${'á'.repeat(300)}.xlsx`, `${'á'.repeat(195)}.xlsx`],
  ])('%j is kept as %j', (given, kept) => {
    expect(cleanFileName(given)).toBe(kept);
  });
});

describe('a secrecy mark in a name', () => {
  it.each(['Mật.pdf', 'MẬT', 'tối_mật.docx', 'Tuyệt-Mật.pdf', '_Mật_.pdf', 'Mật.docx.pdf', 'Báo cáo (Mật).pdf', 'Báo cáo [TỐI MẬT] 2020.pdf', 'bao_cao_do_mat_toi_mat.pdf', 'Độ mật: Mật.txt', 'Mật.pdf'.normalize('NFD'), 'Mật/báo cáo.pdf', 'M\u200Bật.pdf'])('%j carries one', (name) => {
    expect(nameHasSecrecyMark(name)).toBe(true);
  });
  it.each(['Bảo mật thông tin.pdf', 'Luật Bảo vệ bí mật nhà nước.pdf', 'mat.pdf', 'Báo cáo.pdf', 'mật ong.docx', 'ke_hoach_bao_mat.pdf'])('%j carries none', (name) => {
    expect(nameHasSecrecyMark(name)).toBe(false);
  });
});
