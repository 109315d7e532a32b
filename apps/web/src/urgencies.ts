import { asRecorded, t } from './i18n.ts';

/** Urgencies of a directive document, as they are recorded and as they are shown. */
export const URGENCIES: readonly (readonly [string, string])[] = [
  [asRecorded('Khẩn'), t('Khẩn')],
  [asRecorded('Thượng khẩn'), t('Thượng khẩn')],
  [asRecorded('Hỏa tốc'), t('Hỏa tốc')],
];
