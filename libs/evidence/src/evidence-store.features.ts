import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { docx, pdf } from './builders.features.ts';
import type { EvidenceFile, EvidencePut, EvidenceStore } from './port.ts';

/** A store over a place of its own. `damage` changes kept bytes without their length; `residue` names what is there besides kept files. */
export interface EvidenceTestStore {
  readonly store: EvidenceStore;
  /** Another store over the same place, as after a restart. */
  again(): EvidenceStore;
  damage(id: string): void;
  shorten(id: string): void;
  residue(): readonly string[];
  remove(): void;
}

export const idOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export async function* pieces(content: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

export async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of content) all.push(piece);
  return Buffer.concat(all);
}

function kept(answer: EvidencePut): EvidenceFile & { readonly created: boolean } {
  if (!answer.ok) throw new Error(`refused: ${answer.rejection.detail}`);
  return { ...answer.file, created: answer.created };
}

/** What every store of evidence does. `factory` gives a new, empty one with this limit of size. */
export function evidenceStoreFeatures(name: string, factory: (maxBytes: number) => EvidenceTestStore): void {
  describe(`${name}: a store of evidence`, () => {
    const maxBytes = 200_000;
    let place: EvidenceTestStore;
    let store: EvidenceStore;
    beforeEach(() => {
      place = factory(maxBytes);
      store = place.store;
    });
    afterEach(() => place.remove());

    const put = (content: Uint8Array, name = 'Báo cáo.pdf'): Promise<EvidencePut> => store.put(pieces(content), { name });

    it('gives back what was kept, after a restart too', async () => {
      const content = docx();
      const file = kept(await put(content, 'Kế hoạch 2020.docx'));
      expect(file).toEqual({ id: idOf(content), name: 'Kế hoạch 2020.docx', type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', size: content.length, created: true });
      for (const one of [store, place.again()]) {
        const opened = (await one.open(file.id))!;
        expect(await bytesOf(opened.content())).toEqual(content);
        expect([opened.name, opened.type, opened.size]).toEqual([file.name, file.type, file.size]);
        expect(await one.has(file.id)).toBe(true);
        expect(await one.verify(file.id)).toEqual({ state: 'sound', size: content.length });
      }
      expect(place.residue()).toEqual([]);
    });

    it('keeps the same content once, under its first name', async () => {
      const first = kept(await put(pdf()));
      expect(kept(await put(pdf(), 'Tên khác.pdf'))).toEqual({ ...first, created: false });
      expect(place.residue()).toEqual([]);
    });

    it('of uploads of the same content at once one is the first, and all have its name', async () => {
      const answers = await Promise.all(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf'].map(async (name) => kept(await put(pdf('cùng lúc'), name))));
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      const opened = (await store.open(answers[0]!.id))!;
      expect(answers.map(({ name }) => name)).toEqual(Array(4).fill(opened.name));
      expect(answers.find(({ created }) => created)!.name).toBe(opened.name);
      expect(place.residue()).toEqual([]);
    });

    it('tells text from CSV by the name, and nothing else by it', async () => {
      expect(kept(await put(Buffer.from('a;b\n'), 'x.CSV')).type).toBe('text/csv; charset=utf-8');
      expect(kept(await put(Buffer.from('a;c\n'), 'x.pdf')).type).toBe('text/plain; charset=utf-8');
      expect(kept(await put(pdf(), 'x.csv')).type).toBe('application/pdf');
    });

    it.each<[string, number, string, Buffer, string]>([
      ['an empty file', 422, 'file-empty', Buffer.alloc(0), 'a.pdf'],
      ['a program that is called a PDF', 422, 'file-type-not-allowed', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(99)]), 'a.pdf'],
      ['a file one byte over the limit', 413, 'file-too-large', pdf('x'.repeat(maxBytes - pdf('').length + 1)), 'a.pdf'],
      ['a secrecy mark in the name', 422, 'secrecy-mark', pdf(), 'Tối_mật.pdf'],
    ])('refuses %s and keeps nothing', async (_, status, code, content, name) => {
      const answer = await put(content, name);
      expect(answer).toMatchObject({ ok: false, rejection: { status, code } });
      expect(JSON.stringify(answer)).not.toContain(name);
      expect(await store.has(idOf(content))).toBe(false);
      expect(place.residue()).toEqual([]);
    });

    it('takes a file of exactly the limit', async () => {
      expect(kept(await put(pdf('x'.repeat(maxBytes - pdf('').length)))).size).toBe(maxBytes);
    });

    it('leaves nothing of an upload that breaks off', async () => {
      const content = pdf('x'.repeat(100_000));
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield* pieces(content.subarray(0, 70_000));
        throw new Error('connection lost');
      };
      await expect(store.put(broken(), { name: 'a.pdf' })).rejects.toThrow('connection lost');
      expect(place.residue()).toEqual([]);
    });

    it.each(['', 'x', '..', '../../events.sqlite', 'A'.repeat(64), '0'.repeat(63), `${'0'.repeat(64)}.json`, '0'.repeat(64)])('has nothing under %j', async (id) => {
      expect([await store.has(id), await store.open(id), await store.verify(id)]).toEqual([false, undefined, { state: 'missing' }]);
    });

    it('tells changed bytes, and does not give the last of them', async () => {
      const content = pdf('x'.repeat(150_000));
      const { id } = kept(await put(content));
      place.damage(id);
      expect(await store.verify(id)).toMatchObject({ state: 'damaged', expected: id, actual: expect.not.stringMatching(id) });
      const opened = (await store.open(id))!;
      let read = 0;
      await expect((async () => { for await (const piece of opened.content()) read += piece.length; })()).rejects.toThrow(/hỏng/);
      expect(read).toBeLessThan(content.length);
    });

    it('refuses to open what lost its end, until the content is given again', async () => {
      const content = pdf('y'.repeat(1_000));
      const { id } = kept(await put(content));
      place.shorten(id);
      await expect(store.open(id)).rejects.toThrow(/hỏng/);
      expect(kept(await put(content))).toMatchObject({ id, created: true });
      expect(await bytesOf((await store.open(id))!.content())).toEqual(content);
    });

    it('keeps any text whatever the pieces it comes in', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300 }).filter((text) => !/^\s*[<{%#]/.test(text)), fc.integer({ min: 1, max: 50 }), async (text, size) => {
          const content = Buffer.from(text);
          const { id } = kept(await store.put(pieces(content, size), { name: 'a.txt' }));
          expect(id).toBe(idOf(content));
          expect(await bytesOf((await store.open(id))!.content())).toEqual(content);
        }),
        { numRuns: 40 },
      );
    });
  });
}
