import type { PeriodStart, PeriodUnit, TriggerEvent, Understood } from './phrase-types.ts';
import { NUMBER_WORDS, numberInWords, writtenDay, writtenTime, type Words } from './phrase-words.ts';

type Period = Extract<Understood, { readonly says: 'period' }>;
type Length = Pick<Period, 'count' | 'unit'>;

const UNITS: Readonly<Record<string, PeriodUnit>> = {
  'ngay lam viec': 'working-day',
  ngay: 'day',
  tuan: 'week',
  thang: 'month',
  quy: 'quarter',
  nam: 'year',
  gio: 'hour',
  h: 'hour',
};

/** "trong 05 ngày làm việc kể từ ngày ký", or the same with its start in front: "kể từ ngày ký, trong 05 ngày làm việc". */
export function period(w: Words): Period | undefined {
  const ahead = w.maybe(periodStart);
  if (ahead !== undefined) w.take(/^,/);
  const length = barePeriod(w);
  if (!length) return undefined;
  if (ahead === undefined) w.take(/^,/);
  const from = ahead ?? periodStart(w);
  if (from === undefined || (typeof from === 'object' && from.time && length.unit !== 'hour')) return undefined;
  return { says: 'period', ...length, from };
}

const WORDS_AND_UNIT = new RegExp(String.raw`^(${NUMBER_WORDS})(?: ?\((\d{1,3})\))?(?= (?:ngay|tuan|thang|quy|nam|gio)(?: |,|$))`);

/** The length without its start: "trong thời hạn không quá 05 (năm) ngày làm việc". */
export function barePeriod(w: Words): Length | undefined {
  w.take(/^(?:(?:cham|muon) nhat(?: (?:la|sau|trong))?|khong qua)(?= )/);
  w.take(/^(?:noi )?trong(?= )/);
  w.take(/^(?:thoi han|thoi gian|vong)(?= )/);
  w.take(/^(?:khong qua|toi da(?: la)?|la)(?= )/);
  const digits = w.take(/^(\d{1,3})(?!\d)(?: ?\(([a-z ]+)\))?(?= |h[ ,])/);
  const words = digits ? undefined : w.take(WORDS_AND_UNIT);
  const unit = (digits ?? words) && w.take(/^(ngay lam viec|ngay|tuan|thang|quy|nam|gio|h)(?= |,|$)/);
  if (!unit) return undefined;
  if (unit[1] === 'ngay lam viec') w.take(/^tiep theo(?= |,)/);
  const count = digits ? +digits[1]! : numberInWords(words![1]!);
  // "05 (năm) ngày": both must say the same, or nobody knows which one is meant.
  const again = digits ? (digits[2] === undefined ? count : numberInWords(digits[2])) : words![2] === undefined ? count : +words![2];
  return count === undefined || count < 1 || again !== count ? undefined : { count, unit: UNITS[unit[1]!]! };
}

// "Văn bản" alone is the one that gives the task; a named kind of document is only with "này", else it may be another paper.
const KINDS = '(?:cong van|quyet dinh|thong bao|chi thi|ke hoach|ket luan|cong dien|phieu giao viec|giay moi|nghi quyet|to trinh)';
const PAPER = `(?:van ban(?: (?:chi dao|giao viec|giao nhiem vu))?(?: nay)?|${KINDS} nay)`;
const SIGNED = '(ky(?: ban hanh)?)';
const EVENT = new RegExp(
  `^(?:ngay|khi|luc|thoi diem) (?:(?:${SIGNED}|(ban hanh)|((?:tiep )?nhan(?: duoc)?))(?: ${PAPER})?|${PAPER} (?:duoc )?(?:${SIGNED}|(ban hanh)))(?= ?[(,]|$)`,
);
const EFFECTIVE = new RegExp(`^(?:ngay|khi|thoi diem)(?: ${PAPER})? co hieu luc(?: thi hanh)?(?= |,|$)`);

function periodStart(w: Words): PeriodStart | undefined {
  if (!w.take(/^(?:bat dau )?(?:(?:tinh )?ke tu|tinh tu|tu|sau)(?= )/)) return undefined;
  if (w.take(EFFECTIVE)) {
    const day = besides(w);
    return day && { day, event: 'effective' };
  }
  const event = w.take(EVENT);
  if (event) {
    const what: Exclude<TriggerEvent, 'effective'> = (event[1] ?? event[4]) ? 'signed' : (event[2] ?? event[5]) ? 'issued' : 'received';
    const day = besides(w, true);
    return day ? { day, event: what } : what;
  }
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  w.take(/^,/);
  const day = writtenDay(w);
  return day && { day, ...(time && { time }) };
}

/** The day written beside an event: "(ngày 01/12/2020)", ", ngày 01/12/2020", "01/12/2020". */
function besides(w: Words, bracketsOnly = false): ReturnType<typeof writtenDay> {
  const open = w.take(/^\(/) !== undefined;
  if (!open && bracketsOnly) return undefined;
  w.take(/^,/);
  w.take(/^(?:la|tu|tuc)(?= )/);
  const day = writtenDay(w);
  return open && !w.take(/^\)/) ? undefined : day;
}
