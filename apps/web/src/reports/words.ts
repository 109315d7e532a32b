import { day } from '../format.ts';
import { asRecorded, t } from '../i18n.ts';
import { type Amount, type FigureValue, type Finding, type Format, type Punctuality, type ReportStatus } from './types.ts';

export const STATUS_WORDS: Readonly<Record<ReportStatus, string>> = {
  drafted: t('dự thảo'),
  checked: t('đã kiểm tra'),
  issued: t('đã ban hành'),
  superseded: t('đã bị thay thế'),
};
export const SEVERITY_WORDS: Readonly<Record<Finding['severity'], string>> = { error: t('Lỗi'), warning: t('Cảnh báo'), info: t('Lưu ý') };
export const PUNCTUAL_WORDS: Readonly<Record<Punctuality, string>> = {
  'on-time': t('ban hành đúng hạn'),
  late: t('ban hành chậm'),
  waiting: t('chưa đến hạn'),
  overdue: t('quá hạn'),
};
export const FORMAT_WORDS: Readonly<Record<Format, string>> = { docx: 'Word', pdf: 'PDF', xlsx: 'Excel', md: 'Markdown', json: 'JSON' };

/** The periods of a year as reports are asked for; '' is the whole year. */
export const PERIOD_PARTS: readonly (readonly [part: string, words: string])[] = [
  ['', t('cả năm')],
  ['H1', t('6 tháng đầu năm')],
  ['9M', t('9 tháng')],
  ['H2', t('6 tháng cuối năm')],
  ['Q1', t('quý I')],
  ['Q2', t('quý II')],
  ['Q3', t('quý III')],
  ['Q4', t('quý IV')],
];

/** “II.4”, “PL2.26”, `head`, `opening` as a reader would call them. */
export function placeWords(place: string): string {
  if (place === 'head') return t('đầu văn bản');
  if (place === 'opening') return t('phần mở đầu');
  const row = /^PL(\d+)\.(\d+)$/.exec(place);
  if (row) return t('phụ lục {{appendix}}, dòng {{row}}', { appendix: row[1] ?? '', row: row[2] ?? '' });
  return t('mục {{place}}', { place });
}

export const placeId = (place: string): string => `vt-${place.replace(/[^\p{L}\d]+/gu, '-')}`;

/** What stands in a cell; the three empties and the fourth are told apart in words. */
export function valueWords({ text, state }: FigureValue): string {
  if (state === 'no-data') return t('không có dữ liệu');
  if (state === 'blank') return t('chưa báo cáo');
  if (state === 'not-applicable') return t('không áp dụng');
  return text;
}

export function amountWords(amount: Amount): string {
  switch (amount.kind) {
    case 'count':
      return amount.number.toString().replace(/\B(?=(\d{3})+(?!\d))/g, '.');
    case 'percent': {
      const decimals = String(amount.hundredths % 100).padStart(2, '0').replace(/0+$/, '');
      const share = `${Math.floor(amount.hundredths / 100)}${decimals ? `,${decimals}` : ''} %`;
      return amount.comparison === 'over' ? t('trên {{share}}', { share }) : amount.comparison === 'atLeast' ? t('từ {{share}}', { share }) : share;
    }
    case 'day':
      return day(amount.day);
    case 'text':
      return amount.text;
    case 'not-applicable':
      return t('không áp dụng');
    case 'blank':
      return t('chưa báo cáo');
    case 'gap':
      return t('không có dữ liệu');
  }
}

/** The columns that the tables of reports have beside the total, by the code they go by. */
export const PART_WORDS: Readonly<Record<string, string>> = { province: t('Cấp tỉnh'), district: t('Cấp huyện'), commune: t('Cấp xã'), rate: t('Tỷ lệ') };

/** A value as one would type it to get it again. */
export function typedAmount(amount: Amount | undefined): string {
  if (amount === undefined || amount.kind === 'blank' || amount.kind === 'gap') return '';
  if (amount.kind === 'not-applicable') return '-';
  if (amount.kind !== 'percent' || amount.comparison === undefined) return amountWords(amount);
  return `${asRecorded(amount.comparison === 'over' ? 'trên' : 'từ')} ${amountWords({ kind: 'percent', hundredths: amount.hundredths })}`;
}

/** What a filled-in field says: the very value it was filled in with as long as nobody touched it. */
export const keptAmount = (typed: string, before: Amount | undefined): Amount | undefined => (before !== undefined && typed !== '' && typed === typedAmount(before) ? before : readAmount(typed));

/** A value as somebody typed it: `95 %`, `12`, `17/03/2020`, `-`, or words. Undefined where nothing was typed. */
export function readAmount(typed: string): Amount | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (text === '-') return { kind: 'not-applicable' };
  if (/^\d{1,3}(\.\d{3})+$|^\d+$/.test(text)) return { kind: 'count', number: Number(text.replaceAll('.', '')) };
  const share = /^(trên|từ)?\s*(\d{1,3})(?:[,.](\d{1,2}))?\s*%$/i.exec(text);
  if (share) {
    const hundredths = Number(share[2]) * 100 + Number((share[3] ?? '').padEnd(2, '0'));
    const said = share[1]?.toLowerCase();
    const comparison = said === undefined ? undefined : said === asRecorded('trên') ? 'over' : 'atLeast';
    return { kind: 'percent', hundredths, ...(comparison ? { comparison } : {}) };
  }
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (date) return { kind: 'day', day: `${date[3] ?? ''}-${(date[2] ?? '').padStart(2, '0')}-${(date[1] ?? '').padStart(2, '0')}` };
  return { kind: 'text', text };
}
