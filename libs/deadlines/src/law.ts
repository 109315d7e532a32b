import type { PeriodUnit } from './phrase-types.ts';

const CIVIL_CODE = 'Bộ luật Dân sự 2015';
export const FIRST_DAY = `${CIVIL_CODE}, Điều 147 khoản 2`;
export const TRIGGER_DAY = `${CIVIL_CODE}, Điều 147 khoản 3`;
export const AT_ONCE = `${CIVIL_CODE}, Điều 147 khoản 1`;
export const DAY_OFF = `${CIVIL_CODE}, Điều 148 khoản 5`;
/** What "cuối tháng" and "cuối năm" are. */
export const END_OF_SPAN = `${CIVIL_CODE}, Điều 146`;
export const MIDNIGHT = `${CIVIL_CODE}, Điều 148 khoản 6`;
export const END_OF: Readonly<Record<Exclude<PeriodUnit, 'hour'>, string>> = {
  'working-day': `${CIVIL_CODE}, Điều 148 khoản 1`,
  day: `${CIVIL_CODE}, Điều 148 khoản 1`,
  week: `${CIVIL_CODE}, Điều 148 khoản 2`,
  month: `${CIVIL_CODE}, Điều 148 khoản 3`,
  quarter: `${CIVIL_CODE}, Điều 148 khoản 3`,
  year: `${CIVIL_CODE}, Điều 148 khoản 4`,
};
