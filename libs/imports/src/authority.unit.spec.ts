import { describe, expect, it } from '@jest/globals';
import { AUTHORITIES } from '#tasks';
import { authorityOf } from './read-row.ts';

describe('who gives a task, where a list has no column for it', () => {
  const names = { ...AUTHORITIES, 'pho-chu-tich-a': 'Phó Chủ tịch Nguyễn Văn A' };
  it.each<[issuer: string, signer: string, code: string]>([
    ['UBND tỉnh', 'Chủ tịch', 'chu-tich'],
    ['UBND tỉnh', 'Phó Chủ tịch', 'pho-chu-tich'],
    ['UBND tỉnh', 'PHÓ CHỦ TỊCH NGUYỄN VĂN A', 'pho-chu-tich-a'],
    ['UBND tỉnh', 'Phó Chủ tịch Nguyễn Văn B', 'pho-chu-tich'],
    ['UBND tỉnh', '', 'ubnd-tinh'],
    ['Chính phủ', 'Phó Chủ tịch Nguyễn Văn A', 'chinh-phu'],
  ])('%s, signed by “%s”: %s', (issuer, signer, code) => {
    expect(authorityOf(issuer, signer, names)).toBe(code);
  });
});
