import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextPieces } from './text-pieces.ts';

describe('text that is written in pieces', () => {
  it('is the UTF-8 of all that was added, in its order, whatever its letters and lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('Sở Kế hoạch và Đầu tư 🏛'), fc.constant('ệ'.repeat(50)))), fc.integer({ min: 1, max: 64 }), (texts, size) => {
        const pieces = new TextPieces(size);
        const written = [...texts.flatMap((text) => pieces.add(text) ?? []), pieces.end()];
        expect(Buffer.concat(written).equals(Buffer.concat(texts.map((text) => Buffer.from(text))))).toBe(true);
      }),
    );
  });

  it('leaves a piece that was answered as it was', () => {
    const pieces = new TextPieces(12);
    pieces.add('một ');
    const first = pieces.add('hai ba bốn');
    expect(String(first)).toBe('một ');
    pieces.add('năm');
    expect([String(first), String(pieces.end())]).toEqual(['một ', 'hai ba bốnnăm']);
  });
});
