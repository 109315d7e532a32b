import { describe, expect, it } from '@jest/globals';
import { readAddress, readName } from './view.ts';

describe('the name of a saved view', () => {
  it('is kept composed and trimmed', () => {
    expect(readName('  Quá\u00a0hạn   tuần này '.normalize('NFD'))).toEqual({ name: 'Quá hạn tuần này'.normalize('NFC') });
  });
  it.each([['', 'view-name-empty'], [' \u200b ', 'view-name-empty'], ['x'.repeat(101), 'view-name-too-long']])('is refused: %j', (name, code) => {
    expect(readName(name)).toMatchObject({ pointer: '/name', code });
  });
});

describe('the address of a saved view', () => {
  it('is one of the page, in one form', () => {
    expect(readAddress('/viec', '?q=tr%C6%B0%E1%BB%9Dng h%E1%BB%8Dc&nhom=O2')).toEqual({ path: '/viec', query: 'q=tr%C6%B0%E1%BB%9Dng+h%E1%BB%8Dc&nhom=O2' });
    expect(readAddress('/', '')).toEqual({ path: '/', query: '' });
  });
  it.each([
    ['https://example.org/', '', 'view-path-unknown'],
    ['//example.org', '', 'view-path-unknown'],
    ['/viec/../api', '', 'view-path-unknown'],
    ['/viec', '<script>=1', 'view-query-invalid'],
    ['/viec', `q=${'x'.repeat(2_100)}`, 'view-query-too-long'],
    ['/viec', Array.from({ length: 41 }, (_, n) => `a${String(n)}=1`).join('&'), 'view-query-too-long'],
  ])('is refused: %s?%s', (path, query, code) => {
    expect(readAddress(path, query)).toMatchObject({ code });
  });
});
