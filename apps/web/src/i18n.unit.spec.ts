import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { translate } from './english.ts';
import { t } from './i18n.ts';

/** Rooms whose words are not in the table yet. */
const TO_COME: readonly string[] = [];

/** Words that are the same in every language, or not for reading. */
const NOT_TRANSLATED: readonly (readonly [string | RegExp, string])[] = [
  [/^((Ctrl|Enter|Esc|Home|End|Shift|[A-Z])( |$))+$/, 'what stands on keys'],
  [/^\/[a-z-]+$/, 'an address'],
  [/^SHA-256/, 'the name of a standard'],
  [/^npm run /, 'what is typed at a command line'],
  [/^(Tiếng Việt|English)$/, 'each language is named in itself'],
  [/^(lời văn|văn bản|\{văn bản: *\})$/, 'keys of a report’s text (docs/reports.md)'],
];
/** Properties whose text is compared with what is typed and never shown. */
const TYPED_AGAINST: ReadonlySet<string> = new Set(['also']);

const HERE = dirname(fileURLToPath(import.meta.url));
const english = JSON.parse(readFileSync(join(HERE, 'en.json'), 'utf8')) as Record<string, string>;
const LETTER = /\p{L}/u;
const VIETNAMESE = /[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]/;
/** Attributes that a reader sees or hears. */
const READ_OUT: ReadonlySet<string> = new Set([
  'aria-label',
  'aria-description',
  'aria-valuetext',
  'aria-roledescription',
  'title',
  'placeholder',
  'alt',
  'label',
  'hint',
  'advice',
  'legend',
  'word',
]);
/** Names that mean something to i18next itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'count',
  'context',
  'lng',
  'lngs',
  'fallbackLng',
  'ns',
  'ordinal',
  'defaultValue',
  'replace',
  'joinArrays',
  'returnObjects',
  'returnDetails',
  'postProcess',
  'interpolation',
  'skipInterpolation',
]);

const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.spec\.tsx?$/.test(file))
  .sort();
const toCome = (file: string): boolean => TO_COME.some((room) => file === room || file.startsWith(room));
const sources = files.map((file) => ({
  file,
  source: ts.createSourceFile(
    file,
    readFileSync(join(HERE, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  ),
}));
const converted = sources.filter(({ file }) => !toCome(file));

const calls = (node: ts.Node, name: string): node is ts.CallExpression =>
  ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;

interface Said {
  where: string;
  sentence: string | null;
  /** Names given beside it; null where they are not written out. */
  given: readonly string[] | null;
}
function saidIn({ file, source }: (typeof sources)[number]): Said[] {
  const all: Said[] = [];
  const walk = (node: ts.Node): void => {
    if (calls(node, 't')) {
      const [sentence, values] = node.arguments;
      all.push({
        where: `${file}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`,
        sentence: sentence && ts.isStringLiteralLike(sentence) ? sentence.text : null,
        given:
          values === undefined
            ? []
            : ts.isObjectLiteralExpression(values)
              ? values.properties.map(({ name }) => name?.getText() ?? '')
              : null,
      });
    }
    ts.forEachChild(node, walk);
  };
  walk(source);
  return all;
}

/** What a sentence has filled in: `{{n}}`, and apart from it what only chooses a plural, `{{n, plural(…)}}`. */
function placesOf(sentence: string): { plain: string[]; plural: string[] } {
  const found = [...sentence.matchAll(/\{\{\s*(\w+)\s*(,[^}]*)?\}\}/g)];
  const names = (of: typeof found): string[] => [...new Set(of.map(([, name]) => name!))].sort();
  return {
    plain: names(found.filter(([, , format]) => format === undefined)),
    plural: names(found.filter(([, , format]) => format !== undefined)),
  };
}

/** Words for readers that do not go through `t`. */
function loose({ file, source }: (typeof sources)[number]): string[] {
  const all: string[] = [];
  const put = (node: ts.Node, text: string): void => {
    const words = text.trim();
    if (NOT_TRANSLATED.some(([known]) => (typeof known === 'string' ? known === words : known.test(words)))) return;
    all.push(`${file}:${String(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)} “${words}”`);
  };
  /** `shown`: inside what is drawn between tags. */
  const walk = (node: ts.Node, shown: boolean): void => {
    if (calls(node, 't') || calls(node, 'asRecorded')) {
      for (const values of node.arguments.slice(1)) walk(values, false);
      return;
    }
    if (ts.isImportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    if (ts.isPropertyAssignment(node) && TYPED_AGAINST.has(node.name.getText())) return;
    if (ts.isJsxText(node)) {
      if (LETTER.test(node.text.replace(/&\w+;/g, ''))) put(node, node.text);
      return;
    }
    if (ts.isJsxAttribute(node)) {
      const name = node.name.getText();
      if (node.initializer && ts.isStringLiteral(node.initializer)) {
        if (VIETNAMESE.test(node.initializer.text) || (READ_OUT.has(name) && LETTER.test(node.initializer.text)))
          put(node, node.initializer.text);
      } else if (node.initializer) walk(node.initializer, READ_OUT.has(name));
      return;
    }
    if (ts.isStringLiteralLike(node)) {
      if (VIETNAMESE.test(node.text) || (shown && LETTER.test(node.text))) put(node, node.text);
      return;
    }
    if (ts.isTemplateExpression(node)) {
      const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
      if (VIETNAMESE.test(text) || (shown && LETTER.test(text))) put(node, text);
      for (const { expression } of node.templateSpans) walk(expression, false);
      return;
    }
    if (ts.isConditionalExpression(node)) {
      walk(node.condition, false);
      walk(node.whenTrue, shown);
      walk(node.whenFalse, shown);
      return;
    }
    if (ts.isBinaryExpression(node)) {
      const passes = [
        ts.SyntaxKind.QuestionQuestionToken,
        ts.SyntaxKind.BarBarToken,
        ts.SyntaxKind.AmpersandAmpersandToken,
        ts.SyntaxKind.PlusToken,
      ].includes(node.operatorToken.kind);
      walk(node.left, shown && passes && node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken);
      walk(node.right, shown && passes);
      return;
    }
    if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
      if (ts.isJsxElement(node)) walk(node.openingElement, false);
      for (const child of node.children) walk(child, ts.isJsxExpression(child));
      return;
    }
    if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) {
      if (node.expression) walk(node.expression, shown);
      return;
    }
    ts.forEachChild(node, (child) => walk(child, false));
  };
  walk(source, false);
  return all;
}

describe('the words of the page in two languages', () => {
  const said = converted.flatMap(saidIn);
  it('are written out where they are used, never built', () => {
    expect(
      sources
        .flatMap(saidIn)
        .filter(({ sentence }) => sentence === null)
        .map(({ where }) => where),
    ).toEqual([]);
  });
  it('are all there in English', () => {
    expect(
      said.filter(({ sentence }) => sentence !== null && !english[sentence]).map(({ where, sentence }) => `${where} ${String(sentence)}`),
    ).toEqual([]);
  });
  it('leave no translation behind that nothing says', () => {
    const used = new Set(sources.flatMap(saidIn).map(({ sentence }) => sentence));
    expect(Object.keys(english).filter((sentence) => !used.has(sentence))).toEqual([]);
  });
  it('have the same things filled in; a plural may look at what is given beside', () => {
    const wrong: string[] = [];
    for (const { where, sentence, given } of said) {
      if (sentence === null) continue;
      const own = placesOf(sentence);
      const other = placesOf(english[sentence] ?? '');
      if (own.plain.join() !== other.plain.join()) wrong.push(`${where} “${sentence}”: ${own.plain.join()} ≠ ${other.plain.join()}`);
      for (const name of own.plain) {
        if (RESERVED.has(name)) wrong.push(`${where} “${sentence}”: the name ${name} is taken`);
        if (given !== null && !given.includes(name)) wrong.push(`${where} “${sentence}”: ${name} is not given`);
      }
      for (const name of other.plural)
        if (given !== null && !given.includes(name)) wrong.push(`${where} “${sentence}”: ${name} decides a plural and is not given`);
    }
    expect(wrong).toEqual([]);
  });
  it('are English in English, but for names and for phrases that are read as Vietnamese', () => {
    const kept = /Nhắc Việc|Việt Nam|Tiếng Việt|in Vietnamese: .*$/g;
    expect(Object.values(english).filter((sentence) => VIETNAMESE.test(sentence.replace(kept, '')))).toEqual([]);
  });
  it('none stands outside the table', () => {
    expect(converted.flatMap(loose)).toEqual([]);
  });
  it('every room that is said to be still to come is there', () => {
    expect(TO_COME.filter((room) => room !== 'briefing/' && !files.some((file) => file === room || file.startsWith(room)))).toEqual([]);
  });
});

describe('a sentence', () => {
  it('is its own key in Vietnamese, with what is given filled in as it is', () => {
    expect(t('{{n}} việc quá hạn', { n: '1.234' })).toBe('1.234 việc quá hạn');
    expect(t('Không thấy “{{q}}”.', { q: '{{n}} $t(x) <b>' })).toBe('Không thấy “{{n}} $t(x) <b>”.');
  });
  it('has a singular and a plural in English', () => {
    expect(translate('Giao {{n}} việc', { n: '1' })).toBe('Assign 1 task');
    expect(translate('Giao {{n}} việc', { n: '1.234' })).toBe('Assign 1.234 tasks');
    expect(translate('việc khác nhau, {{unitName}}', { unitName: 'Sở Y tế', n: '1' })).toBe('task differs, Sở Y tế');
  });
});
