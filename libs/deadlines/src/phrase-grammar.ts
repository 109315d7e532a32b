import { foldText } from '#kernel';
import { barePeriod, period } from './phrase-period.ts';
import { recurrence } from './phrase-recurrence.ts';
import type { EndOf, Understood } from './phrase-types.ts';
import { lead, whole, writtenDay, writtenMonth, writtenQuarter, writtenTime, writtenYear, type Words } from './phrase-words.ts';

/** No deadline is written longer; a pasted page is refused before any pattern runs over it. */
const LONGEST = 300;

// What stands before a deadline without changing it: "Thời hạn hoàn thành:", "báo cáo UBND tỉnh", "gửi về Văn phòng UBND tỉnh".
const OFFICE = '(?:(?:chu tich )?ubnd tinh|van phong ubnd tinh|van phong|so noi vu|thanh tra tinh)';
const VERB = '(?:hoan thanh|bao cao|thuc hien|gui|trinh|nop|tham muu|xong|hoan tat|ket thuc|giai quyet|tra loi|bao dam|dam bao|khan truong|tap trung)';
const FRONT = new RegExp(
  `^(?:(?:thoi )?han(?: (?:hoan thanh|xu ly|bao cao|thuc hien|cuoi(?: cung)?|chot))?(?: la)?(?: ?: ?| )|(?:phai )?(?:(?:va )?${VERB}(?: ket qua)?(?: (?:ve|cho|len))?(?: ${OFFICE})?,? )+)`,
);

/** The words of a phrase without tone marks and case, with plain dashes, slashes and quotes. Undefined when too long. */
export function folded(phrase: string): string | undefined {
  if (phrase.length > LONGEST) return undefined;
  return foldText(phrase)
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/[∕⁄]/g, '/')
    .replace(/[′’‘´`]/g, "'")
    .replace(/^["“”'«\s]+|["“”'»\s.;,]+$/g, '');
}

/** Without what stands before the deadline itself. */
export function withoutFront(text: string): string {
  return text.replace(FRONT, '');
}

type Meaning = Understood | 'missing-start' | undefined;

/** A list of tasks says the same few hundred phrases over and over; a longer one than this is hardly said twice, and is not kept. */
const MOST_KEPT = 1_000;
const LONGEST_KEPT = 200;
const kept = new Map<string, Meaning>();

/**
 * Reads the words of a deadline, all of them or none: words left over make it undefined.
 * `missing-start` is a period that does not say from which day it runs.
 */
export function understand(phrase: string): Meaning {
  if (kept.has(phrase)) return kept.get(phrase);
  if (kept.size >= MOST_KEPT) kept.clear();
  const meaning = read(phrase);
  if (phrase.length <= LONGEST_KEPT) kept.set(phrase, meaning);
  return meaning;
}

function read(phrase: string): Meaning {
  const words = folded(phrase);
  if (words === undefined) return undefined;
  const text = withoutFront(words);
  if (/^khong (?:(?:co|xac dinh|quy dinh|an dinh|dat|ghi) )?(?:thoi )?han$/.test(text)) return { says: 'none' };
  return (
    whole(text, endOf) ??
    whole(text, recurrence) ??
    whole(text, hourLimit) ??
    whole(text, hourBehindDay) ??
    whole(text, fixedDay) ??
    whole(text, period) ??
    (whole(text, barePeriod) === undefined ? undefined : 'missing-start')
  );
}

function fixedDay(w: Words): Understood | undefined {
  const before = lead(w);
  const day = writtenDay(w);
  return day && { says: 'day', before, day };
}

function hourLimit(w: Words): Understood | undefined {
  lead(w);
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  w.take(/^,/);
  w.take(/^cua(?= )/);
  const open = w.take(/^\(/) !== undefined;
  const day = time && writtenDay(w);
  return day && (!open || w.take(/^\)/)) ? { says: 'hour', day, time } : undefined;
}

/** "trong ngày 20/4/2020, trước 16 giờ 00", "ngày 20/4/2020 (trước 16 giờ 00)". */
function hourBehindDay(w: Words): Understood | undefined {
  // "trước ngày 20/4 lúc 16 giờ" says two things.
  if (lead(w)) return undefined;
  const day = writtenDay(w);
  w.take(/^,/);
  const open = w.take(/^\(/) !== undefined;
  lead(w);
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  return !day || !time || (open && !w.take(/^\)/)) ? undefined : { says: 'hour', day, time };
}

/** "quý II/2020", "đến hết tháng 6", "cuối tháng này", "cuối năm 2020", "trước tháng 6/2020". */
function endOf(w: Words): EndOf | undefined {
  w.take(/^(?:ke )?tu nay(?= den )/);
  w.take(/^(?:cham|muon) nhat(?: la)?(?= )/);
  const before = w.take(/^truoc(?= (?:thang|quy|nam) )/) !== undefined;
  const toTheEnd =
    !before &&
    [
      w.take(/^truoc khi (?:het|ket thuc)(?= )/) ?? w.take(/^(?:khong (?:qua|muon hon|cham hon)|(?:noi )?trong|(?:cho )?den|vao)(?= )/),
      w.take(/^het(?= )/),
      w.take(/^(?:thoi diem )?(?:ngay )?cuoi(?: cung)?(?: cua)?(?= )/),
    ].some((m) => m !== undefined);
  const month = writtenMonth(w);
  if (month !== undefined) return { says: 'end-of', before, span: 'month', which: month, year: writtenYear(w) };
  const quarter = writtenQuarter(w);
  if (quarter !== undefined) return { says: 'end-of', before, span: 'quarter', which: quarter, year: writtenYear(w) };
  const year = w.take(/^nam (\d{4})(?!\d)/);
  if (year) return { says: 'end-of', before, span: 'year', which: 1, year: +year[1]! };
  const own = before ? undefined : w.take(/^(thang|quy|nam)(?: (nay|sau|toi))?(?![a-z])/);
  if (!own || (own[2] === undefined && !toTheEnd)) return undefined;
  const span = own[1] === 'thang' ? 'month' : own[1] === 'quy' ? 'quarter' : 'year';
  return { says: 'end-of', before, span, which: own[2] === 'sau' || own[2] === 'toi' ? 'next' : 'this', year: undefined };
}
