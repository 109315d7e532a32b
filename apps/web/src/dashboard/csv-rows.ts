import { at, known, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { type Dashboard, type UnitRow } from './types.ts';

// eslint-disable-next-line no-control-regex -- they cannot stand in a sheet
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/g;

/** A cell that a spreadsheet takes as text and never as a formula. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replace(CONTROL, ' ');
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** The scoreboard as it is seen, in rows a spreadsheet reads, with the instant it is of at its head. */
export function scoreboardCsv(data: Dashboard, rows: readonly UnitRow[], unitName: string): string {
  const weeks = data.all.load.map(({ from }) => t('Đến hạn tuần từ {{from}}', { from }));
  const head = [
    t('Mã đơn vị'),
    t('Đơn vị chủ trì'),
    t('Tổng số'),
    t('Hoàn thành đúng hạn'),
    t('Hoàn thành quá hạn'),
    t('Đang thực hiện trong hạn'),
    t('Quá hạn chưa hoàn thành'),
    t('Lâu nhất (ngày)'),
    t('Đến hạn trong 7 ngày làm việc'),
    t('Đúng hạn R2, tử số'),
    t('Đúng hạn R2, mẫu số'),
    t('Đúng hạn R2'),
    t('Đã gia hạn'),
    t('Cập nhật gần nhất'),
    ...weeks,
    t('Đến hạn sau đó'),
  ];
  const line = (row: UnitRow): (string | number | null)[] => [
    row.unitId,
    row.name,
    row.total,
    row.cells.D1,
    row.cells.D2,
    row.cells.O1,
    row.overdue,
    row.oldestDays,
    row.dueSoon,
    row.onTime.numerator,
    row.onTime.denominator,
    row.onTime.few ? t('ít dữ liệu') : row.onTime.text,
    row.extended,
    row.lastUpdateOn,
    ...row.load.map(({ due }) => due),
    row.later,
  ];
  const top = [
    t('Bảng điều hành, {{unit}}', { unit: unitName }),
    t('Tại thời điểm {{at}} (giờ VN), sự kiện {{position}}', { at: at(data.asOf), position: positionText(data.position) }),
    data.knownAt ? t('Biết đến {{known}}', { known: known(data.knownAt) }) : t('Theo mọi điều đã biết đến nay'),
  ];
  const lines = [...top.map((text) => [text]), [], head, ...rows.map(line), line(data.all)];
  return `\uFEFF${lines.map((values) => values.map(cell).join(',')).join('\r\n')}\r\n`;
}
