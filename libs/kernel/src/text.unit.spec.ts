import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText } from './text.ts';

/** The rule without its short way. */
const plainly = (text: string): string => text.normalize('NFC').replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, '').replace(/[\s\u00A0]+/g, ' ').trim();

describe('text that is cleaned', () => {
  it('comes out the same by the short way and the long one', () => {
    const letters = fc.constantFrom(' ', '  ', '\u00A0', '\n', '\t', '\u200B', '\uFEFF', '\u00AD', '\u0301', '\u0323', 'a', 'ệ', 'ế'.normalize('NFD'), 'Đ', '1', '/', '“', '\u1E9B', '\u0344', '\u212B');
    fc.assert(fc.property(fc.array(letters, { maxLength: 12 }), (parts) => { expect(cleanText(parts.join(''))).toBe(plainly(parts.join(''))); }), { numRuns: 2_000, seed: 7 });
  });
});
