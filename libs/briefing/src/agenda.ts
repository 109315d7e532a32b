import { PAGES, type AgendaPage, type PageKey } from './events.ts';

/** The meeting of 45 minutes as it usually goes. */
export const USUAL_AGENDA: readonly AgendaPage[] = [
  { key: 'overview', minutes: 3 }, { key: 'previous', minutes: 4 }, { key: 'overdue', minutes: 10 }, { key: 'due-week', minutes: 4 },
  { key: 'units', minutes: 10 }, { key: 'requests', minutes: 8 }, { key: 'signals', minutes: 2 }, { key: 'conclusions', minutes: 4 },
];

export const PAGE_NAMES_VI: Readonly<Record<PageKey, string>> = {
  overview: 'Tổng quan', previous: 'Kết luận kỳ trước', overdue: 'Quá hạn', 'due-week': 'Đến hạn trong tuần', units: 'Theo đơn vị', raised: 'Việc đưa vào giao ban', requests: 'Đề nghị chờ quyết', signals: 'Tín hiệu', conclusions: 'Kết luận',
};

/** For what was put on the agenda from outside, until the meeting arranges it otherwise. */
const RAISED_MINUTES = 5;

/**
 * The agenda as the meeting sees it: tasks that were put on it from outside have a page, before the requests, though nobody arranged one. Its
 * minutes are those of the longest pages, so that the meeting takes no longer than was planned.
 */
export function agendaWith(pages: readonly AgendaPage[], raised: number): readonly AgendaPage[] {
  if (raised === 0 || pages.some(({ key }) => key === 'raised')) return pages;
  const before = pages.findIndex(({ key }) => key === 'requests' || key === 'conclusions');
  const at = before < 0 ? pages.length : before;
  const { given, left } = shared(pages.map(({ minutes }) => minutes));
  const others = pages.map(({ key }, n) => ({ key, minutes: left[n]! }));
  return [...others.slice(0, at), { key: 'raised', minutes: given }, ...others.slice(at)];
}

/** Minute by minute from whoever has most, of equals the last; never so many that the new page would have more than one that gave. */
function shared(minutes: readonly number[]): { readonly given: number; readonly left: readonly number[] } {
  const left = [...minutes];
  let given = 0;
  for (; given < RAISED_MINUTES; given++) {
    const longest = Math.max(...left);
    if (longest - 1 < given + 1) break;
    left[left.lastIndexOf(longest)] = longest - 1;
  }
  return { given, left };
}

const LONGEST_MINUTES = 240;

/** What is wrong with an agenda; undefined where nothing is. Any value may be given. */
export function agendaTrouble(pages: readonly { readonly key: string; readonly minutes: number }[]): { readonly code: 'agenda-empty' | 'page-unknown' | 'page-twice' | 'minutes-invalid'; readonly detail: string; readonly at: string; readonly given: unknown } | undefined {
  if (pages.length === 0) return { code: 'agenda-empty', detail: 'Chương trình cần ít nhất một trang.', at: '', given: [] };
  const seen = new Set<string>();
  for (const [n, { key, minutes }] of pages.entries()) {
    if (!(PAGES as readonly string[]).includes(key)) return { code: 'page-unknown', detail: `Không có trang “${key.slice(0, 80)}”; các trang: ${PAGES.join(', ')}.`, at: `/${String(n)}/key`, given: key };
    if (seen.has(key)) return { code: 'page-twice', detail: `Trang “${PAGE_NAMES_VI[key as PageKey]}” có hai lần trong chương trình.`, at: `/${String(n)}/key`, given: key };
    if (!Number.isInteger(minutes) || minutes < 0 || minutes > LONGEST_MINUTES) return { code: 'minutes-invalid', detail: `Số phút ${String(minutes)}: cần số nguyên từ 0 đến ${String(LONGEST_MINUTES)}.`, at: `/${String(n)}/minutes`, given: minutes };
    seen.add(key);
  }
  return undefined;
}
