import { describe, expect, it } from '@jest/globals';
import { AUTHORITIES, authorityName, readAuthorities } from './index.ts';

const namesOf = (given: unknown): Readonly<Record<string, string>> => {
  const reading = readAuthorities(given);
  if (!reading.ok) throw new Error(reading.detail);
  return reading.names;
};

describe('the authorities of an office', () => {
  it('join the five that every province has, before the Government, and may call one of these otherwise', () => {
    expect(namesOf([])).toEqual(AUTHORITIES);
    const names = namesOf([{ code: 'pho-chu-tich-b', name: 'Phó Chủ tịch Trần Thị B' }, { code: 'pho-chu-tich-a', name: ' Phó Chủ tịch  Nguyễn Văn A ' }, { code: 'ubnd-tinh', name: 'UBND tỉnh Khánh Hòa' }]);
    expect(Object.entries(names)).toEqual([
      ['ubnd-tinh', 'UBND tỉnh Khánh Hòa'], ['chu-tich', 'Chủ tịch UBND tỉnh'], ['pho-chu-tich', 'Phó Chủ tịch UBND tỉnh'], ['pho-chu-tich-b', 'Phó Chủ tịch Trần Thị B'], ['pho-chu-tich-a', 'Phó Chủ tịch Nguyễn Văn A'],
      ['chinh-phu', 'Chính phủ'], ['thu-tuong', 'Thủ tướng Chính phủ'],
    ]);
  });
  it('that are no more go by their code', () => {
    expect(['chu-tich', 'pho-chu-tich-cu', 'constructor'].map((code) => authorityName(code, AUTHORITIES))).toEqual(['Chủ tịch UBND tỉnh', 'pho-chu-tich-cu', 'constructor']);
  });
  const one = { code: 'a', name: 'A' };
  it.each<[unknown, string, RegExp]>([
    [{ a: 'A' }, '', /danh sách/],
    [['a'], '/0', /nhóm trường/],
    [[{ ...one, title: 'x' }], '/0/title', /“title”/],
    [[one, { ...one, code: 'Phó' }], '/1/code', /chữ thường/],
    [[{ ...one, code: '7' }], '/0/code', /chữ cái/],
    [[{ ...one, code: 'all' }], '/0/code', /“all”/],
    [[{ ...one, name: ' ' }], '/0/name', /từ 1 đến 200/],
    [[{ ...one, name: 'Tổ công tác (Mật)' }], '/0/name', /độ mật/],
    [[one, { code: 'a', name: 'B' }], '/1/code', /hai lần/],
    [[one, { code: 'b', name: 'a' }], '/1/name', /“a”.*“b”/],
    [[{ code: 'b', name: 'Chính phủ' }], '/0/name', /“b”.*“chinh-phu”/],
  ])('%j are refused at %s', (given, pointer, detail) => {
    expect(readAuthorities(given)).toEqual({ ok: false, pointer, detail: expect.stringMatching(detail) });
  });
});
