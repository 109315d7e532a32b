import { foldText } from '#kernel';
import { COLUMN_KEYS, COLUMNS, type Column } from './columns.ts';
import { HEADER_WITHIN, type Mapping, type RawRecord } from './table.ts';

/** What offices call these columns, folded, without what stands in brackets. */
const ALSO: Readonly<Partial<Record<Column, readonly string[]>>> = {
  label: ['tt', 'so tt', 'so thu tu', 'no'],
  number: ['so van ban', 'so hieu van ban', 'so ky hieu', 'so, ky hieu', 'so ky hieu van ban', 'so/ky hieu', 'van ban giao viec', 'so vb', 'so ky hieu vb', 'so van ban giao'],
  documentDate: ['ngay ban hanh', 'ngay ky', 'ngay ky van ban', 'ngay vb', 'ngay thang van ban', 'ngay ban hanh van ban'],
  issuer: ['co quan ban hanh van ban', 'noi ban hanh', 'don vi ban hanh', 'cq ban hanh'],
  signer: ['nguoi ky', 'chuc vu nguoi ky', 'lanh dao ky'],
  content: ['noi dung', 'noi dung nhiem vu', 'trich yeu', 'nhiem vu', 'noi dung cong viec', 'ten nhiem vu', 'noi dung chi dao', 'nhiem vu duoc giao', 'noi dung nhiem vu duoc giao'],
  product: ['san pham dau ra', 'ket qua can dat', 'san pham can nop', 'hinh thuc bao cao'],
  lead: ['don vi chu tri', 'chu tri', 'co quan thuc hien', 'don vi thuc hien', 'co quan, don vi chu tri', 'don vi duoc giao', 'co quan duoc giao'],
  coordinators: ['don vi phoi hop', 'phoi hop', 'co quan, don vi phoi hop', 'don vi phoi hop thuc hien'],
  assignedOn: ['ngay giao viec', 'ngay giao nhiem vu', 'ngay nhan', 'ngay chuyen', 'thoi gian giao'],
  phrase: ['thoi han', 'thoi gian hoan thanh', 'thoi han hoan thanh', 'thoi han xu ly', 'thoi han thuc hien', 'yeu cau thoi han'],
  due: ['han hoan thanh', 'han xu ly van ban', 'ngay den han', 'han thuc hien', 'han chot', 'han', 'ngay han'],
  extendedTo: ['gia han', 'ngay gia han', 'han moi', 'han gia han'],
  completedOn: ['ngay hoan thanh thuc te', 'ngay bao cao', 'ngay xong', 'hoan thanh ngay'],
  result: ['so van ban ket qua', 'van ban bao cao', 'ket qua', 'ket qua thuc hien', 'van ban tra loi', 'van ban tra loi, bao cao'],
  status: ['trang thai', 'tinh trang', 'tien do', 'hien trang', 'tinh trang xu ly'],
  note: ['ghi chu khac', 'ghi chu them', 'y kien'],
  effective: ['han co hieu luc'],
  dueTime: ['gio den han'],
  completedTime: ['gio xong'],
  authority: ['nguoi giao', 'lanh dao giao', 'cap giao'],
  field: ['linh vuc cong tac', 'nganh, linh vuc'],
  starred: ['viec trong tam', 'nhiem vu trong tam'],
  urgency: ['do khan cap', 'muc do khan'],
};

const bare = (heading: string): string => foldText(heading).replace(/\([^)]*\)/g, ' ').replace(/[.:*]+/g, ' ').replace(/\s*\/\s*/g, '/').replace(/\s+/g, ' ').trim();

const KNOWN = new Map<string, Column>();
for (const key of COLUMN_KEYS) for (const name of ALSO[key] ?? []) KNOWN.set(bare(name), key);
// A column's own name goes before what others call another.
for (const key of COLUMN_KEYS) {
  KNOWN.set(bare(COLUMNS[key]), key);
  KNOWN.set(foldText(COLUMNS[key]), key);
}

/** Which column each heading names, as far as one knows; the first of two that name the same. */
export function guessMapping(headings: readonly string[]): Mapping {
  const mapping: Partial<Record<Column, number>> = {};
  // Whole names first: "Hạn xử lý" beside "Thời hạn xử lý (nguyên văn)".
  for (const read of [foldText, bare]) {
    headings.forEach((heading, n) => {
      const key = heading === '' || heading.length > 120 ? undefined : KNOWN.get(read(heading));
      if (key !== undefined && mapping[key] === undefined && !Object.values(mapping).includes(n)) mapping[key] = n;
    });
  }
  return mapping;
}

/** The row among the first twenty that names most columns, and what it names; the first row that holds anything where none does. */
export function guessHeader(records: readonly RawRecord[]): { readonly header: number; readonly mapping: Mapping } {
  let best: { header: number; mapping: Mapping; found: number } | undefined;
  for (let n = 0; n < Math.min(records.length, HEADER_WITHIN); n++) {
    const mapping = guessMapping(records[n]!.cells);
    const found = Object.keys(mapping).length;
    if (found > (best?.found ?? 0)) best = { header: n, mapping, found };
  }
  return best ?? { header: Math.max(0, records.findIndex(({ cells }) => cells.some((cell) => cell !== ''))), mapping: {} };
}
