import { expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { foldText } from '#kernel';
import { wordsOf } from '../board-versions.ts';

/** How SQLite cuts texts into words, in the order of the texts. */
function wordsOfSqlite(texts: readonly string[]): string[][] {
  const db = new Database(':memory:');
  db.exec(
    "CREATE VIRTUAL TABLE search USING fts5(words, content='', tokenize='unicode61'); CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, instance)",
  );
  const insert = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
  db.transaction(() => texts.forEach((text, n) => insert.run(n, text)))();
  const words: string[][] = texts.map(() => []);
  for (const { term, doc } of db
    .prepare<[], { term: string; doc: number }>('SELECT term, doc FROM vocabulary ORDER BY doc, "offset"')
    .iterate())
    if (!words[doc]!.includes(term)) words[doc]!.push(term);
  db.close();
  return words;
}

// Characters that came after Unicode 6.1 are parts of words to SQLite, unassigned ones too; a long s is an s; each Greek letter has one small form.
const SCRIPTS = /[\p{Script=Latin}\p{Script=Common}\p{Script=Han}\p{Script=Hiragana}\p{Script=Cyrillic}]/u;
const OTHERWISE = /[ſẛµ]/u;

it('cuts words where SQLite cuts them, at every character that a Vietnamese text may hold', () => {
  const texts: string[] = [];
  for (let code = 0x20; code < 0x2000; code++) {
    // Between Cyrillic and the Vietnamese letters stand scripts of other continents.
    if (code === 0x530) code = 0x1e00;
    const character = String.fromCodePoint(code);
    if (SCRIPTS.test(character) && !OTHERWISE.test(character)) texts.push(foldText(`a${character}b ${character}c`));
  }
  for (const character of '–—‘’“”…•₫€№™→−≤≥□■★☆、。「」：；ＡＢ１２漢字ひらがな') texts.push(foldText(`a${character}b ${character}c`));
  const cut = texts.map((text) => [text, wordsOf(text)]);
  const expected = wordsOfSqlite(texts).map((words, n) => [texts[n], words]);
  expect(cut.filter((one, n) => JSON.stringify(one) !== JSON.stringify(expected[n]))).toEqual([]);
  expect(texts.length).toBeGreaterThan(1_000);
});

it('cuts texts of many characters as SQLite does', () => {
  const pieceArb = fc.constantFrom(
    'Thanh tra',
    'TỈNH',
    'đơn',
    'Ð',
    'số 57/BC-TTT',
    'NV-2020-0001',
    '(a)',
    '“b”',
    '…',
    '1.234,5',
    '½',
    'm²',
    'e\u0301',
    '\u00a0',
    '\u200b',
    '_',
    "'",
    '%',
    '*',
    '\\',
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.array(pieceArb).map((pieces) => foldText(pieces.join(''))),
        { minLength: 1 },
      ),
      (texts) => {
        expect(texts.map((text) => wordsOf(text))).toEqual(wordsOfSqlite(texts));
      },
    ),
    { numRuns: 100, seed: 20_201_129 },
  );
});
