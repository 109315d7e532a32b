/* eslint-disable @typescript-eslint/no-confusing-void-expression -- noting a fault answers `undefined`, which is the value that could not be read */
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Node } from 'yaml';
import { atTime, cleanText, foldText, isDay, startOfDay, type Day } from '#kernel';
import type { Fault, Moment, Place } from './scenario.ts';

/** Collects what is wrong with one file and knows the place of every character in it. */
export class Book {
  readonly faults: Fault[] = [];
  private readonly lines: LineCounter;

  constructor(lines: LineCounter) {
    this.lines = lines;
  }

  placeAt(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  fault(fault: Fault): undefined {
    this.faults.push(fault);
    return undefined;
  }
}

/** A value in the file: read it as what it should be; what it is not is noted with its place, what was given and what is expected. */
export class Spot implements Place {
  readonly book: Book;
  readonly node: Node | null;
  /** In words: “bước 3 › thời hạn”. */
  readonly path: string;
  readonly line: number;
  readonly column: number;

  constructor(book: Book, node: Node | null, path: string, place: Place) {
    this.book = book;
    this.node = node;
    this.path = path;
    this.line = place.line;
    this.column = place.column;
  }

  get place(): Place {
    return { line: this.line, column: this.column };
  }

  /** What stands there, as a person would quote it. */
  get given(): string {
    if (isMap(this.node)) return 'một nhóm khóa';
    if (isSeq(this.node)) return 'một danh sách';
    const text = this.typed ?? '';
    return text === '' ? 'trống' : text;
  }

  /** The text of a scalar; undefined of a group or a list. */
  private get typed(): string | undefined {
    if (this.node === null) return '';
    if (!isScalar(this.node)) return undefined;
    return typeof this.node.value === 'string' ? cleanText(this.node.value) : '';
  }

  get isMap(): boolean {
    return isMap(this.node);
  }
  get isList(): boolean {
    return isSeq(this.node);
  }

  wrong(detail: string, expected: string): undefined {
    return this.book.fault({ ...this.place, path: this.path, detail, given: this.given, expected });
  }

  /** The keys of a group. An unknown key is refused with the nearest known one, a missing one with the place of the group. */
  keys(known: readonly string[], required: readonly string[] = []): Map<string, Spot> {
    const found = this.entries();
    for (const [key, spot] of found) {
      if (known.includes(key)) continue;
      found.delete(key);
      const near = nearest(key, known);
      this.book.fault({ ...spot.keyPlace, path: this.path, detail: `Khóa “${key}” không dùng ở đây${near === undefined ? '' : `; có phải “${near}”?`}`, given: key, expected: known.join(', ') });
    }
    for (const key of required) if (!found.has(key) && isMap(this.node)) this.book.fault({ ...this.place, path: this.path, detail: `Thiếu “${key}”`, expected: `khóa “${key}”` });
    return found;
  }

  /** All pairs of a group whose keys are free. */
  entries(): Map<string, Spot & { readonly keyPlace: Place }> {
    const found = new Map<string, Spot & { readonly keyPlace: Place }>();
    if (!isMap(this.node)) {
      this.wrong('Cần một nhóm “khóa: giá trị”', 'một nhóm “khóa: giá trị”');
      return found;
    }
    for (const pair of this.node.items) {
      const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? cleanText(pair.key.value) : '';
      const keyPlace = this.placeOf(pair.key as Node | null);
      const value = pair.value as Node | null;
      // An empty value stands right after its key.
      const spot = new Spot(this.book, value, this.path === '' ? key : `${this.path} › ${key}`, value?.range ? this.placeOf(value) : keyPlace);
      found.set(key, Object.assign(spot, { keyPlace }));
    }
    return found;
  }

  list(): Spot[] {
    if (!isSeq(this.node)) {
      this.wrong('Cần một danh sách', 'một danh sách, mỗi mục sau dấu “-” hoặc trong [ ]');
      return [];
    }
    return this.node.items.map((item, n) => new Spot(this.book, item as Node | null, `${this.path} ${String(n + 1)}`, this.placeOf(item as Node | null)));
  }

  /** A list, or one value as a list of one. */
  oneOrMore(): Spot[] {
    return this.isList ? this.list() : [this];
  }

  text(expected = 'một dòng chữ'): string | undefined {
    if (isAlias(this.node)) return this.wrong('Không dùng dấu & và * của YAML', 'viết lại giá trị');
    const text = this.typed;
    if (text === undefined || text === '') return this.wrong(text === '' ? 'Đang để trống' : 'Cần một giá trị', expected);
    return text;
  }

  oneOf<T>(words: Readonly<Record<string, T>>): T | undefined {
    const names = Object.keys(words);
    const text = this.text(names.join(', '));
    if (text === undefined) return undefined;
    if (Object.hasOwn(words, text)) return words[text];
    const near = nearest(text, names);
    return this.wrong(`Không có “${text}” ở đây${near === undefined ? '' : `; có phải “${near}”?`}`, names.join(', '));
  }

  count(): number | undefined {
    const expected = 'một số nguyên không âm, ví dụ 3 hoặc 14.068';
    const text = this.text(expected);
    if (text === undefined) return undefined;
    if (!/^(\d{1,9}|\d{1,3}(\.\d{3})+)$/.test(text)) return this.wrong(`“${text}” không phải một số đếm`, expected);
    return Number(text.replaceAll('.', ''));
  }

  yesNo(): boolean | undefined {
    return this.oneOf({ có: true, không: false });
  }

  day(): Day | undefined {
    const expected = 'một ngày có thật, dạng 28/11/2020';
    const text = this.text(expected);
    if (text === undefined) return undefined;
    return readDay(text) ?? this.wrong(/^\d{2}\/\d{2}\/\d{4}$/.test(text) ? `Ngày ${text} không có trong lịch` : `“${text}” không phải một ngày`, expected);
  }

  /** A day (“28/11/2020”) or an instant (“28/11/2020 16:00”, seconds if need be). */
  moment(): Moment | undefined {
    const expected = 'một ngày (28/11/2020) hoặc một thời điểm (28/11/2020 16:00)';
    const text = this.text(expected);
    if (text === undefined) return undefined;
    const m = /^(\S+)(?: (\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
    const day = m === null ? undefined : readDay(m[1]!);
    if (m === null || day === undefined) return this.wrong(m !== null && /^\d{2}\/\d{2}\/\d{4}$/.test(m[1]!) ? `Ngày ${m[1]!} không có trong lịch` : `“${text}” không phải một ngày hoặc thời điểm`, expected);
    if (m[2] === undefined) return { day };
    if (+m[2] > 23 || +m[3]! > 59 || +(m[4] ?? 0) > 59) return this.wrong(`Giờ trong “${text}” không có`, 'giờ từ 00:00 đến 23:59');
    return { at: atTime(day, `${m[2]}:${m[3]!}`) + Number(m[4] ?? 0) * 1_000 };
  }

  private placeOf(node: Node | null): Place {
    return node?.range ? this.book.placeAt(node.range[0]) : this.place;
  }
}

/** `28/11/2020` as a day that exists. */
export function readDay(text: string): Day | undefined {
  const m = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  if (!m) return undefined;
  const day = `${m[3]!}-${m[2]!}-${m[1]!}`;
  return isDay(day) ? day : undefined;
}

/** First instant of a moment. */
export function startOf(moment: Moment): number {
  return 'at' in moment ? moment.at : startOfDay(moment.day);
}

/** The known word that was most likely meant: the same without tone marks, else at most two letters away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const folded = foldText(word);
  const same = known.find((k) => foldText(k) === folded);
  if (same !== undefined) return same;
  let best: string | undefined;
  let least = 3;
  for (const k of known) {
    const d = distance(folded, foldText(k), least);
    if (d < least) [best, least] = [k, d];
  }
  return best;
}

function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

const YAML_VI: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'Khóa này đã có trong cùng nhóm', TAB_AS_INDENT: 'Thụt dòng bằng phím Tab; cần dấu cách', BAD_INDENT: 'Thụt dòng không thẳng hàng với nhóm của nó',
  BLOCK_AS_IMPLICIT_KEY: 'Trong giá trị có dấu “: ” nên bị hiểu là một khóa nữa; hãy đặt cả giá trị trong dấu nháy kép', BLOCK_IN_FLOW: 'Trong [ ] hoặc { } không xuống dòng kiểu danh sách “-”', MULTIPLE_DOCS: 'Một tệp chỉ có một tình huống; bỏ dòng “---”',
  MISSING_CHAR: 'Thiếu dấu (dấu “:” sau khóa, dấu đóng ngoặc hoặc dấu nháy)', MULTILINE_IMPLICIT_KEY: 'Khóa phải nằm trên một dòng, sau khóa là dấu “:” và dấu cách',
  BAD_SCALAR_START: 'Giá trị bắt đầu bằng một dấu đặc biệt; hãy đặt trong dấu nháy kép', UNEXPECTED_TOKEN: 'Có ký tự thừa ở đây', BAD_ALIAS: 'Không dùng dấu & và * của YAML',
};

/** Reads the YAML; every scalar stays the text that was typed. Faults are noted in the book. */
export function openBook(text: string): { readonly book: Book; readonly root: Spot } {
  const lines = new LineCounter();
  const clean = text.replace(/^\uFEFF/, '').normalize('NFC');
  const documents = parseAllDocuments(clean, { schema: 'failsafe', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const book = new Book(lines);
  const list = Array.isArray(documents) ? documents : [];
  const [document] = list;
  if (list.length > 1) book.fault({ ...book.placeAt(list[1]!.range[0]), path: '', detail: YAML_VI['MULTIPLE_DOCS']!, expected: 'một tình huống' });
  for (const error of document?.errors ?? []) {
    book.fault({ ...book.placeAt(error.pos[0]), path: '', detail: YAML_VI[error.code] ?? `Không đọc được YAML (${error.code})`, expected: 'YAML đúng cú pháp: “khóa: giá trị”, thụt dòng bằng dấu cách' });
  }
  return { book, root: new Spot(book, (document?.contents as Node | null | undefined) ?? null, '', { line: 1, column: 1 }) };
}
