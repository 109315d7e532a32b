import { isScalar } from 'yaml';
import { cleanText, slug } from '#kernel';
import { openBook, type Spot } from '#scenarios/spot';
import { readSentence } from './sentence.ts';
import { ALIGNMENTS, type CitedDocument, type ReportContent, type ReportTemplate, type Sentence, type TemplateAppendix, type TemplateColumn, type TemplateFault, type TemplateItem, type TemplateSection } from './template.ts';

export type TemplateReading = { readonly ok: true; readonly template: ReportTemplate } | { readonly ok: false; readonly faults: readonly TemplateFault[] };
export type ContentReading = { readonly ok: true; readonly content: ReportContent } | { readonly ok: false; readonly faults: readonly TemplateFault[] };

const TOP = ['mẫu', 'phiên bản', 'tên', 'mẫu gợi ý', 'căn cứ', 'hiệu lực', 'ký hiệu', 'trích yếu', 'kính gửi', 'nơi nhận', 'người ký', 'mở đầu', 'phần', 'phụ lục'] as const;
const SECTION = ['mã', 'tiêu đề', 'câu', 'mục'] as const;
const APPENDIX = ['mã', 'tiêu đề', 'khổ ngang', 'cột', 'dòng', 'ghi chú'] as const;
const COLUMN = ['khóa', 'tiêu đề', 'rộng', 'căn', 'nhóm', 'ô'] as const;
const ROW = ['mã', 'tên', 'ô'] as const;
const CONTENT = ['đơn vị', 'kỳ', 'tên cơ quan', 'cơ quan chủ quản', 'nơi ban hành', 'số', 'ngày ký', 'người ký', 'lời văn', 'văn bản'] as const;
const DOCUMENT = ['số', 'ngày', 'cơ quan', 'loại', 'trích yếu', 'ghi khác'] as const;

const inOrder = (faults: readonly TemplateFault[]): TemplateFault[] => [...faults].sort((a, b) => a.line - b.line || a.column - b.column);

/** Reads a template file or says everything that is wrong with it, each fault with line and column. Nothing is guessed. */
export function readTemplate(text: string): TemplateReading {
  const { book, root } = openBook(text);
  const template = book.faults.length > 0 ? undefined : new TemplateReader(root).template();
  return book.faults.length > 0 || template === undefined ? { ok: false, faults: inOrder(book.faults) } : { ok: true, template };
}

/** Reads what the office wrote for one report. */
export function readContent(text: string): ContentReading {
  const { book, root } = openBook(text);
  const content = book.faults.length > 0 ? undefined : readContentOf(root);
  return book.faults.length > 0 || content === undefined ? { ok: false, faults: inOrder(book.faults) } : { ok: true, content };
}

/** A sentence at a spot; its faults get the line and column they have in the file. `fill` puts the row's own words in, `skip` leaves out the sign of a bullet. */
function sentenceAt(spot: Spot, fill: (text: string) => string = (text) => text, skip = 0): Sentence {
  const text = spot.text('một câu');
  if (text === undefined) return [];
  const filled = fill(text);
  const reading = readSentence(filled.slice(skip));
  if (reading.ok) return reading.sentence;
  // What is folded over lines, or filled in, no longer stands where it stood: then the beginning of the value is named.
  const straight = filled === text && isScalar(spot.node) && (spot.node.type === 'QUOTE_DOUBLE' || spot.node.type === 'QUOTE_SINGLE' || spot.node.type === 'PLAIN');
  const shift = straight && isScalar(spot.node) && spot.node.type !== 'PLAIN' ? 1 : 0;
  for (const { offset, detail, given, expected } of reading.faults) {
    spot.book.fault({ line: spot.line, column: straight ? spot.column + shift + skip + offset : spot.column, path: spot.path, detail, given, expected });
  }
  return [];
}

/** "- …" begins a bullet. */
function itemText(spot: Spot): { readonly bullet: boolean; readonly sentence: Sentence } {
  const bullet = (spot.node !== null && isScalar(spot.node) && typeof spot.node.value === 'string' ? cleanText(spot.node.value) : '').startsWith('- ');
  return { bullet, sentence: sentenceAt(spot, undefined, bullet ? 2 : 0) };
}

class TemplateReader {
  private readonly root: Spot;
  private readonly sectionKeys = new Set<string>();
  private readonly slots = new Set<string>();
  private readonly counted: { readonly spot: Spot; readonly under: string }[] = [];

  constructor(root: Spot) {
    this.root = root;
  }

  template(): ReportTemplate | undefined {
    const top = this.root.keys(TOP, ['mẫu', 'phiên bản', 'tên', 'căn cứ', 'hiệu lực', 'ký hiệu', 'trích yếu', 'nơi nhận', 'người ký', 'phần']);
    const id = top.get('mẫu')?.text();
    if (id !== undefined && id !== slug(id)) top.get('mẫu')?.wrong(`Mã mẫu “${id}” không đúng dạng`, 'chữ thường không dấu, số và gạch nối');
    const validity = top.get('hiệu lực')?.keys(['từ', 'đến'], ['từ']);
    const validFrom = validity?.get('từ')?.day();
    const validTo = validity?.get('đến')?.day();
    if (validFrom !== undefined && validTo !== undefined && validTo < validFrom) validity?.get('đến')?.wrong('Ngày hết hiệu lực trước ngày có hiệu lực', 'một ngày không sớm hơn “từ”');
    const version = top.get('phiên bản')?.count();
    const name = top.get('tên')?.text();
    const basis = top.get('căn cứ')?.text();
    const notation = top.get('ký hiệu')?.text('ví dụ BC');
    const signerTitle = top.get('người ký')?.text();
    const suggested = top.get('mẫu gợi ý')?.yesNo() ?? false;
    const sentences = (key: string): Sentence[] => (top.get(key)?.oneOrMore() ?? []).map((spot) => sentenceAt(spot));
    const abstract = top.get('trích yếu');
    const template = {
      suggested, abstract: abstract ? sentenceAt(abstract) : [], addressees: sentences('kính gửi'), recipients: sentences('nơi nhận'),
      opening: this.items(top.get('mở đầu')),
      sections: (top.get('phần')?.list() ?? []).map((spot) => this.section(spot)),
      appendices: (top.get('phụ lục')?.list() ?? []).map((spot) => this.appendix(spot)),
    };
    for (const { spot, under } of this.counted) if (!this.sectionKeys.has(under)) spot.wrong(`Không có phần “${under}”`, [...this.sectionKeys].join(', '));
    if (id === undefined || version === undefined || name === undefined || basis === undefined || notation === undefined || signerTitle === undefined || validFrom === undefined) return undefined;
    return { id, version, name, basis, notation, signerTitle, validFrom, validTo: validTo ?? null, ...template };
  }

  private items(spot: Spot | undefined): TemplateItem[] {
    return (spot?.list() ?? []).flatMap((item): TemplateItem[] => {
      if (!item.isMap) {
        const read = itemText(item);
        this.countIn(read.sentence, item);
        return [{ kind: 'sentence', ...read }];
      }
      const keys = item.keys(['lời văn', 'bắt buộc'], ['lời văn']);
      const slot = keys.get('lời văn')?.text('tên của ô lời văn, ví dụ I.1');
      const required = keys.get('bắt buộc')?.yesNo() ?? false;
      if (slot === undefined) return [];
      if (this.slots.has(slot)) keys.get('lời văn')?.wrong(`Ô lời văn “${slot}” đã có`, 'một tên chưa dùng');
      this.slots.add(slot);
      return [{ kind: 'slot', slot, required }];
    });
  }

  private countIn(sentence: Sentence, spot: Spot): void {
    for (const piece of sentence) {
      if (piece.kind === 'optional') this.countIn(piece.pieces, spot);
      else if (piece.kind === 'figure' && piece.reference.of === 'sections') this.counted.push({ spot, under: piece.reference.under });
    }
  }

  private section(spot: Spot): TemplateSection {
    const keys = spot.keys(SECTION, ['mã', 'tiêu đề']);
    const key = keys.get('mã')?.text() ?? '';
    if (key !== '' && this.sectionKeys.has(key)) keys.get('mã')?.wrong(`Mã phần “${key}” đã có`, 'một mã chưa dùng');
    this.sectionKeys.add(key);
    const heading = keys.get('tiêu đề');
    return { key, heading: heading ? sentenceAt(heading) : [], items: this.items(keys.get('câu')), sections: (keys.get('mục')?.list() ?? []).map((child) => this.section(child)) };
  }

  private appendix(spot: Spot): TemplateAppendix {
    const keys = spot.keys(APPENDIX, ['mã', 'tiêu đề', 'cột', 'dòng']);
    const columns: TemplateColumn[] = [];
    /** What stands in a column unless the row says otherwise. */
    const usual = new Map<string, Spot>();
    for (const one of keys.get('cột')?.list() ?? []) {
      const column = one.keys(COLUMN, ['khóa', 'tiêu đề']);
      const key = column.get('khóa')?.text();
      const heading = column.get('tiêu đề')?.text();
      if (key === undefined || heading === undefined) continue;
      if (columns.some((other) => other.key === key)) column.get('khóa')?.wrong(`Cột “${key}” đã có`, 'một khóa chưa dùng');
      const group = column.get('nhóm')?.text();
      columns.push({ key, heading, width: column.get('rộng')?.count() ?? 10, align: column.get('căn')?.oneOf(ALIGNMENTS) ?? 'left', ...(group === undefined ? {} : { group }) });
      const cell = column.get('ô');
      if (cell) usual.set(key, cell);
    }
    const rows = (keys.get('dòng')?.list() ?? []).map((one, n) => {
      const row = one.keys(ROW);
      const own = row.get('ô')?.keys(columns.map(({ key }) => key)) ?? new Map<string, Spot>();
      const code = row.get('mã')?.text();
      const title = row.get('tên')?.text();
      const fill = (text: string): string => text.replaceAll('$stt', String(n + 1)).replaceAll('$mã', code ?? '').replaceAll('$tên', title ?? '');
      const cells: Record<string, Sentence> = {};
      for (const { key } of columns) {
        const cell = own.get(key) ?? usual.get(key);
        if (cell) cells[key] = sentenceAt(cell, fill);
      }
      return { cells };
    });
    const title = keys.get('tiêu đề');
    return {
      key: keys.get('mã')?.text() ?? '', title: title ? sentenceAt(title) : [], landscape: keys.get('khổ ngang')?.yesNo() ?? false, columns, rows,
      footnotes: (keys.get('ghi chú')?.oneOrMore() ?? []).map((one) => sentenceAt(one)),
    };
  }
}

function readContentOf(root: Spot): ReportContent | undefined {
  const top = root.keys(CONTENT, ['đơn vị', 'kỳ', 'nơi ban hành']);
  const unitId = top.get('đơn vị')?.text();
  const period = top.get('kỳ')?.text();
  const place = top.get('nơi ban hành')?.text();
  const texts = { agency: top.get('tên cơ quan')?.text(), parentAgency: top.get('cơ quan chủ quản')?.text(), number: top.get('số')?.text(), date: top.get('ngày ký')?.day(), signerTitle: top.get('người ký')?.text() };
  const slots: Record<string, { bullet: boolean; sentence: Sentence }[]> = {};
  for (const [slot, spot] of top.get('lời văn')?.entries() ?? []) slots[slot] = spot.oneOrMore().map(itemText);
  const documents = [...(top.get('văn bản')?.entries() ?? [])].flatMap(([code, spot]): CitedDocument[] => {
    if (code !== slug(code)) spot.wrong(`Mã văn bản “${code}” không đúng dạng`, 'chữ thường không dấu, số và gạch nối');
    const keys = spot.keys(DOCUMENT, ['số', 'cơ quan', 'trích yếu']);
    const [number, issuer, content] = [keys.get('số')?.text(), keys.get('cơ quan')?.text(), keys.get('trích yếu')?.text()];
    const date = keys.get('ngày')?.day();
    const kind = keys.get('loại')?.text();
    const variants = [...(keys.get('ghi khác')?.entries() ?? [])].flatMap(([where, one]) => {
      const asPrinted = one.text();
      return asPrinted === undefined ? [] : [{ where, asPrinted }];
    });
    if (number === undefined || issuer === undefined || content === undefined) return [];
    return [{ code, number, issuer, content, ...(date === undefined ? {} : { date }), ...(kind === undefined ? {} : { kind }), ...(variants.length === 0 ? {} : { variants }) }];
  });
  if (unitId === undefined || period === undefined || place === undefined) return undefined;
  return { unitId, period, place, slots, documents, ...(Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)) as Partial<Pick<ReportContent, 'agency' | 'parentAgency' | 'number' | 'date' | 'signerTitle'>>) };
}
