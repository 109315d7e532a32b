import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { howMany, type BoardLine } from './board-rows.ts';
import { type Dashboard } from './types.ts';

/** The day and the month, as short as they can be said: `6/12`. */
export const short = (iso: string): string => day(iso).slice(0, 5).replace(/^0/, '');
const SMALL = 3;

/** What the board says, in one sentence: where the overdue tasks are, and which week will be heavy. */
export function finding(data: Dashboard): string {
  const total = data.tiles.overdue.count;
  const late = data.units.filter((row) => row.overdue > 0);
  const three = late.slice(0, SMALL).reduce((sum, row) => sum + row.overdue, 0);
  const where =
    total === 0 || late.length === 0
      ? t('Không đơn vị nào có việc quá hạn')
      : late.length <= SMALL
        ? t('{{n}} việc quá hạn nằm ở {{units}} đơn vị', { n: count(total), units: count(late.length) })
        : t('{{n}} trong {{total}} việc quá hạn nằm ở ba đơn vị', { n: count(three), total: count(total) });
  const week = [...data.all.load].sort((a, b) => b.due - a.due)[0];
  return week && week.due > 0
    ? t('{{where}}; tuần {{week}} có {{n}} việc đến hạn.', { where, week: short(week.from), n: count(week.due) })
    : `${where}.`;
}

/** In which order the rows stand, and which week is too much for most units. */
export function noteOf(data: Dashboard): string {
  const busiest = data.all.load
    .map(({ from }, index) => ({ from, units: data.units.filter((row) => row.load[index]?.heavy).length }))
    .sort((a, b) => b.units - a.units)[0];
  return busiest && busiest.units > 0
    ? t('Xếp theo số việc quá hạn, rồi theo tuổi. {{n}} trong {{all}} đơn vị vượt sức làm thường ngày ở tuần {{week}}.', {
        n: count(busiest.units),
        all: count(data.units.length),
        week: short(busiest.from),
      })
    : t('Xếp theo số việc quá hạn, rồi theo tuổi.');
}

/** How many units stand under one, and what they have overdue; null where there are none. */
export function subunitWords(line: BoardLine): string | null {
  const n = howMany(line.below);
  if (n === 0) return null;
  const overdue = line.overdueInAll - line.row.overdue;
  return overdue > 0
    ? t('{{n}} đơn vị trực thuộc, {{overdue}} việc quá hạn', { n: count(n), overdue: count(overdue) })
    : t('{{n}} đơn vị trực thuộc', { n: count(n) });
}
