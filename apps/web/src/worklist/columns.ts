import { type TaskItem } from '../api.ts';
import { day, due, local } from '../format.ts';
import { t } from '../i18n.ts';
import { AUTHORITY_WORDS } from '../words.ts';
import { type SORT_KEYS } from './filters.ts';

export interface Column {
  key: string;
  word: string;
  width: string;
  sort?: (typeof SORT_KEYS)[number];
  number?: true;
  /** What stands in it; content and state are drawn by the row itself. */
  text?: (item: TaskItem) => string;
}

/** In the order in which they stand; the content always does. */
export const COLUMNS: readonly Column[] = [
  { key: 'ma', word: t('Mã'), width: '118px', sort: 'code', text: (item) => item.code },
  { key: 'noiDung', word: t('Nội dung'), width: 'minmax(150px, 1fr)' },
  { key: 'chuTri', word: t('Chủ trì'), width: '170px', sort: 'unit', text: (item) => item.leadUnitName },
  { key: 'vanBan', word: t('Văn bản'), width: '140px', text: (item) => item.documentNumber ?? '' },
  { key: 'coQuanGiao', word: t('Cơ quan giao'), width: '150px', text: (item) => AUTHORITY_WORDS[item.authority ?? ''] ?? item.authority ?? '' },
  { key: 'linhVuc', word: t('Lĩnh vực'), width: '140px', text: (item) => item.field ?? '' },
  { key: 'ngayGiao', word: t('Ngày giao'), width: '100px', sort: 'assigned', number: true, text: (item) => day(item.assignedOn) },
  { key: 'han', word: t('Hạn'), width: '118px', sort: 'due', number: true, text: (item) => due(item.dueOn, item.dueTime) },
  { key: 'baoCao', word: t('Báo cáo hoàn thành'), width: '118px', number: true, text: (item) => (item.submittedAt ? day(local(item.submittedAt).day) : '') },
  { key: 'hienTrang', word: t('Hiện trạng'), width: '176px' },
];
const ALWAYS = 'noiDung';
const USUAL: readonly string[] = ['ma', 'chuTri', 'vanBan', 'ngayGiao', 'han', 'hienTrang'];
const KEPT = 'nhacviec.cot';

const known = (text: string): readonly string[] => text.split(',').filter((key) => COLUMNS.some((column) => column.key === key));

function keptColumns(): readonly string[] {
  try {
    const text = localStorage.getItem(KEPT);
    return text === null ? USUAL : known(text);
  } catch {
    return USUAL;
  }
}

/** Those of the address, where it says any; else as this browser was left. */
export const chosenColumns = (search: URLSearchParams): readonly string[] => {
  const said = search.get('cot');
  return said === null ? keptColumns() : known(said);
};

export function keepColumns(keys: readonly string[]): void {
  try {
    localStorage.setItem(KEPT, keys.join(','));
  } catch {
    // Storage is closed: the choice then lasts as long as the address.
  }
}

export const shownColumns = (keys: readonly string[]): readonly Column[] => COLUMNS.filter((column) => column.key === ALWAYS || keys.includes(column.key));
export const CHOOSABLE = COLUMNS.filter((column) => column.key !== ALWAYS);
export const isUsual = (keys: readonly string[]): boolean => keys.length === USUAL.length && USUAL.every((key) => keys.includes(key));
