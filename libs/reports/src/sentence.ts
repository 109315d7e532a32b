/* eslint-disable @typescript-eslint/no-confusing-void-expression -- noting a fault answers `undefined`, which is the piece that could not be read */
import { CELLS, FLOWS, OUT_REASONS, PARTS, RATES } from '#figures';
import type { AmountStyle } from '#indicators';
import { isDay, slug, type Day } from '#kernel';
import { PARAMETER_WORDS, PLAN_WORDS, REPORT_WORDS, UPDATED, type Piece, type Reference, type Sentence } from './template.ts';

/** What is wrong in a sentence, at an offset of it. */
export interface SentenceFault {
  readonly offset: number;
  readonly detail: string;
  readonly given: string;
  readonly expected: string;
}

export type SentenceReading = { readonly ok: true; readonly sentence: Sentence } | { readonly ok: false; readonly faults: readonly SentenceFault[] };

/** What `{việc: …}` may name. */
export const TASK_COUNTS: ReadonlySet<string> = new Set(['N', ...CELLS, ...PARTS, ...FLOWS, ...OUT_REASONS]);
export const RATE_NAMES: ReadonlySet<string> = new Set([...RATES.map(({ code }) => code), UPDATED]);
const SOURCES = ['việc', 'báo cáo', 'chỉ tiêu', 'mục tiêu', 'ghi chú', 'kế hoạch', 'văn bản', 'tháng', 'quý', 'ngày', 'số mục của'] as const;
const STYLES: Readonly<Record<string, AmountStyle>> = { 'số': 'table', 'hai chữ số': 'prose', 'bằng chữ': 'words' };

/**
 * Reads a sentence of a template (docs/reports.md): text with live figures in braces, `{việc: D1}`, `{chỉ tiêu: mã | số}`, and with parts in
 * double brackets that appear only when their figures are not zero. `\{`, `\[` stand for themselves.
 */
export function readSentence(text: string): SentenceReading {
  const faults: SentenceFault[] = [];
  const wrong = (offset: number, detail: string, given: string, expected: string): undefined => {
    faults.push({ offset, detail, given, expected });
    return undefined;
  };
  const read = (from: number, inside: boolean): { pieces: Piece[]; end: number } => {
    const pieces: Piece[] = [];
    let plain = '';
    const flush = (): void => {
      if (plain !== '') pieces.push({ kind: 'text', text: plain });
      plain = '';
    };
    let at = from;
    while (at < text.length) {
      const c = text[at]!;
      if (c === '\\' && '{}[]\\'.includes(text[at + 1] ?? ' ')) {
        plain += text[at + 1]!;
        at += 2;
      } else if (c === '{') {
        const close = text.indexOf('}', at);
        if (close < 0) {
          wrong(at, 'Dấu “{” không có dấu đóng', text.slice(at, at + 30), 'dấu “}” sau tên số liệu');
          return { pieces, end: text.length };
        }
        flush();
        const piece = readBraces(text.slice(at + 1, close), at + 1, wrong);
        if (piece) pieces.push(piece);
        at = close + 1;
      } else if (c === '}') {
        wrong(at, 'Dấu “}” không có dấu mở', text.slice(at, at + 10), 'bỏ dấu này, hoặc viết “\\}”');
        at++;
      } else if (text.startsWith('[[', at)) {
        if (inside) wrong(at, 'Phần tùy chọn nằm trong phần tùy chọn khác', '[[', 'đóng “]]” trước');
        flush();
        const inner = read(at + 2, true);
        if (inner.pieces.every(({ kind }) => kind !== 'figure')) wrong(at, 'Phần tùy chọn không có số liệu nào', text.slice(at, at + 30), 'ít nhất một {…} trong [[…]]');
        pieces.push({ kind: 'optional', pieces: inner.pieces });
        at = inner.end;
      } else if (inside && text.startsWith(']]', at)) {
        flush();
        return { pieces, end: at + 2 };
      } else {
        plain += c;
        at++;
      }
    }
    flush();
    if (inside) wrong(from - 2, 'Dấu “[[” không có dấu đóng', text.slice(from - 2, from + 20), 'dấu “]]”');
    return { pieces, end: at };
  };
  const { pieces } = read(0, false);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, sentence: pieces };
}

type Wrong = (offset: number, detail: string, given: string, expected: string) => undefined;

function readBraces(inside: string, offset: number, wrong: Wrong): Piece | undefined {
  const [head = '', option, ...more] = inside.split('|').map((part) => part.trim());
  if (more.length > 0) return wrong(offset, 'Có hơn một dấu “|”', inside, '{nguồn: mã | cách ghi}');
  const colon = head.indexOf(':');
  if (colon < 0) {
    if (Object.hasOwn(PARAMETER_WORDS, head) && option === undefined) return { kind: 'parameter', parameter: PARAMETER_WORDS[head as keyof typeof PARAMETER_WORDS] };
    return wrong(offset, `Không có “${head}” ở đây`, inside, [...Object.keys(PARAMETER_WORDS).map((word) => `{${word}}`), ...SOURCES.map((word) => `{${word}: …}`)].join(', '));
  }
  const source = head.slice(0, colon).trim();
  const argument = head.slice(colon + 1).trim();
  if (source === 'văn bản') return codeOf(argument, offset, inside, wrong) === undefined ? undefined : { kind: 'document', code: argument };
  if (source === 'tháng' || source === 'quý' || source === 'ngày') return dated(source, argument, option, offset, inside, wrong);
  const style = option === undefined ? undefined : STYLES[option];
  if (option !== undefined && style === undefined) return wrong(offset, `Không có cách ghi “${option}”`, inside, Object.keys(STYLES).join(', '));
  const reference = referenceOf(source, argument, offset, inside, wrong);
  return reference && { kind: 'figure', reference, ...(style === undefined ? {} : { style }) };
}

function referenceOf(source: string, argument: string, offset: number, inside: string, wrong: Wrong): Reference | undefined {
  const dot = argument.indexOf('.');
  const [code, part] = dot < 0 ? [argument, undefined] : [argument.slice(0, dot), argument.slice(dot + 1)];
  switch (source) {
    case 'việc': {
      if (part === undefined && (TASK_COUNTS.has(code) || RATE_NAMES.has(code))) return { of: 'tasks', what: code };
      if (RATE_NAMES.has(code) && (part === 'tử' || part === 'mẫu')) return { of: 'tasks', what: code, side: part === 'tử' ? 'numerator' : 'denominator' };
      return wrong(offset, `Không có số liệu việc “${argument}”`, inside, [...TASK_COUNTS, ...RATE_NAMES].join(', ').concat('; tỷ lệ có thêm .tử, .mẫu'));
    }
    case 'báo cáo':
      return reportsOf(argument, offset, inside, wrong);
    case 'chỉ tiêu':
      if (codeOf(code, offset, inside, wrong) === undefined || (part !== undefined && codeOf(part, offset, inside, wrong) === undefined)) return undefined;
      return { of: 'indicator', code, ...(part === undefined ? {} : { part }) };
    case 'ghi chú':
      return codeOf(argument, offset, inside, wrong) === undefined ? undefined : { of: 'indicator-note', code: argument };
    case 'mục tiêu': {
      if (codeOf(code, offset, inside, wrong) === undefined) return undefined;
      if (part !== undefined && part !== 'năm sau') return wrong(offset, `Không có năm “${part}”`, inside, '{mục tiêu: mã} hoặc {mục tiêu: mã.năm sau}');
      return { of: 'target', code, year: part === undefined ? 0 : 1 };
    }
    case 'kế hoạch': {
      if (codeOf(code, offset, inside, wrong) === undefined) return undefined;
      if (part === undefined || !Object.hasOwn(PLAN_WORDS, part)) return wrong(offset, `Kế hoạch không có “${part ?? ''}”`, inside, Object.keys(PLAN_WORDS).map((word) => `${code}.${word}`).join(', '));
      return { of: 'plan', code, what: PLAN_WORDS[part as keyof typeof PLAN_WORDS] };
    }
    case 'số mục của':
      return argument === '' ? wrong(offset, 'Thiếu mã phần', inside, '{số mục của: III}') : { of: 'sections', under: argument };
    default:
      return wrong(offset, `Không có nguồn số liệu “${source}”`, inside, SOURCES.join(', '));
  }
}

const OTHERWISE = / hoặc /u;

function reportsOf(argument: string, offset: number, inside: string, wrong: Wrong): Reference | undefined {
  const [word = '', other, ...more] = argument.split(OTHERWISE).map((part) => part.trim());
  if (!Object.hasOwn(REPORT_WORDS, word)) return wrong(offset, `Không có số liệu báo cáo “${word}”`, inside, Object.keys(REPORT_WORDS).map((one) => `{báo cáo: ${one}}`).join(', '));
  const what = REPORT_WORDS[word as keyof typeof REPORT_WORDS];
  if (other === undefined) return { of: 'reports', what };
  const colon = other.indexOf(':');
  const source = colon < 0 ? undefined : other.slice(0, colon).trim();
  if (more.length > 0 || source !== 'chỉ tiêu') return wrong(offset, 'Sau “hoặc” cần một chỉ tiêu', inside, `{báo cáo: ${word} hoặc chỉ tiêu: mã}`);
  const otherwise = referenceOf(source, other.slice(colon + 1).trim(), offset, inside, wrong);
  return otherwise?.of === 'indicator' ? { of: 'reports', what, otherwise } : undefined;
}

function codeOf(code: string, offset: number, inside: string, wrong: Wrong): string | undefined {
  return code !== '' && code === slug(code) ? code : wrong(offset, `Mã “${code}” không đúng dạng`, inside, 'chữ thường không dấu, số và gạch nối');
}

const two = (n: number): string => String(n).padStart(2, '0');

function dated(source: 'tháng' | 'quý' | 'ngày', argument: string, what: string | undefined, offset: number, inside: string, wrong: Wrong): Piece | undefined {
  if (what === undefined || what === '') return wrong(offset, 'Mốc thời gian cần nói là của việc gì', inside, `{${source}: … | việc gì}`);
  const range = source === 'ngày' ? dayRange(argument) : source === 'tháng' ? monthRange(argument) : quarterRange(argument);
  if (!range) return wrong(offset, `“${argument}” không phải một ${source}`, inside, { ngày: '{ngày: 13/02/2020 | …}', tháng: '{tháng: 10/2020 | …}', quý: '{quý: IV/2020 | …}' }[source]);
  return { kind: 'dated', text: `${source} ${argument}`, from: range[0], to: range[1], what };
}

function dayRange(text: string): readonly [Day, Day] | undefined {
  const m = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const day = m ? `${m[3]!}-${m[2]!}-${m[1]!}` : '';
  return isDay(day) ? [day, day] : undefined;
}

export function monthRange(text: string): readonly [Day, Day] | undefined {
  const m = /^(\d{1,2})\/(\d{4})$/.exec(text);
  if (!m || +m[1]! < 1 || +m[1]! > 12) return undefined;
  return months(Number(m[2]), Number(m[1]), Number(m[1]));
}

const QUARTERS: Readonly<Record<string, number>> = { I: 1, II: 2, III: 3, IV: 4 };

export function quarterRange(text: string): readonly [Day, Day] | undefined {
  const m = /^(I|II|III|IV)\/(\d{4})$/.exec(text);
  if (!m) return undefined;
  const quarter = QUARTERS[m[1]!]!;
  return months(Number(m[2]), quarter * 3 - 2, quarter * 3);
}

function months(year: number, first: number, last: number): readonly [Day, Day] {
  const end = [31, isDay(`${String(year)}-02-29`) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][last - 1]!;
  return [`${String(year)}-${two(first)}-01`, `${String(year)}-${two(last)}-${two(end)}`];
}
