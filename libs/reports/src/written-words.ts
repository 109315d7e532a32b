import { Document, isMap, isScalar, isSeq, parseDocument, YAMLMap } from 'yaml';
import { cleanText, dayVi, type Day } from '#kernel';
import { readContent } from './read-template.ts';
import type { ReportTemplate, TemplateSection } from './template.ts';

/** Sentences of one slot as they are typed: "- " begins a bullet, `{văn bản: d01}` cites. */
export interface WrittenSlot {
  readonly slot: string;
  readonly lines: readonly string[];
}

/** A document that the sentences cite by its code; what else the text keeps of it is left alone. */
export interface WrittenDocument {
  readonly code: string;
  readonly number: string;
  readonly date: Day | null;
  readonly kind: string | null;
  readonly issuer: string;
  readonly content: string;
}

export interface WrittenWords {
  readonly slots: readonly WrittenSlot[];
  readonly documents: readonly WrittenDocument[];
}

/** What a form sends: the slots that it changes, and the whole list of documents where it changes that. */
export interface WordsChange {
  readonly slots?: readonly WrittenSlot[];
  readonly documents?: readonly WrittenDocument[];
}

/** What a text is begun with where there is none. */
export interface TextSubject {
  readonly unitId: string;
  readonly period: string;
  /** Where the report is signed. */
  readonly place: string;
}

const SLOTS = 'lời văn';
const DOCUMENTS = 'văn bản';

/** The sentences and documents of a text that `readContent` can read; none of a text that is not there. @throws RangeError for another text. */
export function readWords(text: string | null): WrittenWords {
  if (text === null) return { slots: [], documents: [] };
  const reading = readContent(text);
  if (!reading.ok) throw new RangeError(`not a report's text: ${reading.faults[0]?.detail ?? ''}`);
  return {
    slots: slotsOf(parseDocument(text)),
    documents: reading.content.documents.map(({ code, number, date, kind, issuer, content }) => ({ code, number, date: date ?? null, kind: kind ?? null, issuer, content })),
  };
}

/** The text with the changes in it; comments, order and whatever the form does not show stay as they are. Whether it can be read is for `readContent` to say. */
export function writeWords(text: string | null, subject: TextSubject, change: WordsChange): string {
  const book = text === null ? new Document({ 'đơn vị': subject.unitId, kỳ: subject.period, 'nơi ban hành': subject.place }) : parseDocument(text);
  let touched = text === null;
  const set = (place: readonly string[], value: string | readonly string[] | undefined): void => {
    touched = true;
    if (value === undefined) remove(book, place);
    else put(book, place, value);
  };
  const before = new Map(slotsOf(book).map(({ slot, lines }) => [slot, JSON.stringify(lines)]));
  for (const { slot, lines } of change.slots ?? []) {
    const kept = lines.map(cleanText).filter((line) => line !== '');
    if (JSON.stringify(kept) === (before.get(slot) ?? '[]')) continue;
    set([SLOTS, slot], kept.length === 0 ? undefined : kept);
  }
  if (change.documents) {
    const wanted = new Set(change.documents.map(({ code }) => code));
    const group = book.get(DOCUMENTS);
    if (isMap(group)) for (const code of group.items.map(({ key }) => nameOf(key))) if (!wanted.has(code)) set([DOCUMENTS, code], undefined);
    for (const { code, number, date, kind, issuer, content } of change.documents) {
      const values = { số: number, ngày: date === null ? null : dayVi(date), loại: kind, 'cơ quan': issuer, 'trích yếu': content };
      for (const [key, value] of Object.entries(values)) {
        const clean = value === null ? '' : cleanText(value);
        if (clean === textAt(book, [DOCUMENTS, code, key])) continue;
        set([DOCUMENTS, code, key], value === null ? undefined : clean);
      }
    }
  }
  return touched || text === null ? book.toString({ lineWidth: 0, flowCollectionPadding: false }) : text;
}

/** Where a form has to show the slots of a template: each with the section that it stands in, in their order. */
export function slotsOfTemplate({ opening, sections }: ReportTemplate): readonly { readonly slot: string; readonly section: string | null; readonly required: boolean }[] {
  const of = (items: TemplateSection['items'], section: string | null) => items.flatMap((item) => (item.kind === 'slot' ? [{ slot: item.slot, section, required: item.required }] : []));
  const inside = ({ key, items, sections: below }: TemplateSection): ReturnType<typeof of> => [...of(items, key), ...below.flatMap(inside)];
  return [...of(opening, null), ...sections.flatMap(inside)];
}

function slotsOf(book: Document): WrittenSlot[] {
  const group = book.get(SLOTS);
  if (!isMap(group)) return [];
  return group.items.map(({ key, value }) => {
    const nodes: readonly unknown[] = isSeq(value) ? value.items : [value];
    return { slot: nameOf(key), lines: nodes.map(nameOf).filter((line) => line !== '') };
  });
}

/** A key or a value as the reader of the text takes it: as it is typed, whatever YAML would make of it. */
const nameOf = (node: unknown): string => (isScalar(node) ? cleanText(node.source ?? (typeof node.value === 'string' ? node.value : '')) : '');

function textAt(book: Document, place: readonly string[]): string {
  return nameOf(book.getIn(place, true));
}

function put(book: Document, [group, name, key]: readonly string[], value: string | readonly string[]): void {
  const found = book.get(group!);
  const map = isMap(found) ? found : new YAMLMap();
  if (map !== found) book.set(group!, map);
  const place = map.items.find((pair) => nameOf(pair.key) === name)?.key ?? name!;
  if (key === undefined) map.set(place, book.createNode(value));
  else {
    const inner = map.get(place);
    const of = isMap(inner) ? inner : new YAMLMap();
    if (of !== inner) map.set(place, of);
    of.set(key, value);
  }
}

function remove(book: Document, [group, name, key]: readonly string[]): void {
  const map = book.get(group!);
  if (!isMap(map)) return;
  const place = map.items.find((pair) => nameOf(pair.key) === name)?.key;
  if (place === undefined) return;
  if (key === undefined) map.delete(place);
  else (map.get(place) as YAMLMap | undefined)?.delete(key);
  // A group with nothing in it says nothing, and the reader of the text does not take it.
  if (map.items.length === 0) book.delete(group!);
}
