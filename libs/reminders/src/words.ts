import { dayVi, weekdayDayVi, type Day } from '#kernel';
import type { DashboardSilence, DeliverySuppression, ItemSuppression, MessageKind } from './events.ts';
import { escape, mailPage, type MailText } from './mail-page.ts';

/** Why a rule speaks, from the step of its slot. */
export function stepVi(step: string): string {
  const [what, first, second, third] = step.split('-');
  switch (what) {
    case 'due':
      return 'đến hạn hôm nay';
    case 'before':
      return `còn ${first!} ngày làm việc`;
    case 'share':
      return `đã qua ${first!} % thời gian`;
    case 'overdue':
      return `quá hạn ${first!} ngày làm việc`;
    case 'silent':
      return `${first!} ngày làm việc không cập nhật`;
    case 'level':
      return second === 'urged' ? `báo cấp ${first!}: đã đôn đốc ${third!} lần` : `báo cấp ${first!}: quá hạn ${third!} ngày làm việc`;
    default:
      return step;
  }
}

export const KINDS_VI: Readonly<Record<MessageKind, string>> = { urgent: 'Khẩn', escalation: 'Báo cấp trên', digest: 'Nhắc buổi sáng', test: 'Gửi thử', dashboard: 'Bảng điều hành định kỳ' };

export const ITEM_SUPPRESSIONS_VI: Readonly<Record<ItemSuppression, string>> = { snoozed: 'người nhận đã tạm ẩn việc này', merged: 'gộp vào thư sau khi chương trình chạy lại', 'closed-meanwhile': 'việc đã xong hoặc đã chuyển trước khi chương trình chạy lại' };

export const DELIVERY_SUPPRESSIONS_VI: Readonly<Record<DeliverySuppression, string>> = {
  'recipient-removed': 'người nhận không còn trong danh bạ', 'no-address': 'chưa có địa chỉ', 'nothing-left': 'không còn việc nào phải nhắc', limit: 'quá số thư mỗi ngày', 'channel-off': 'kênh chưa được cấu hình',
  empty: 'không có gì quá hạn, sắp đến hạn hay chờ xử lý', missed: 'chương trình ngừng hôm ấy, số liệu đã cũ', 'no-figures': 'không lấy được số liệu của phạm vi này', ended: 'đã thôi gửi định kỳ',
};

export const DASHBOARD_SILENCES_VI: Readonly<Record<DashboardSilence, string>> = { empty: DELIVERY_SUPPRESSIONS_VI.empty, missed: DELIVERY_SUPPRESSIONS_VI.missed, 'no-figures': DELIVERY_SUPPRESSIONS_VI['no-figures'] };

/** A line of a message: what leaves the program is code, title, day and link. */
export interface Line {
  readonly code: string;
  readonly title: string;
  readonly unit: string;
  readonly dueOn: Day | null;
  readonly step: string;
  readonly url: string;
  readonly answer: boolean;
  /** Of a morning that was missed. */
  readonly slot: Day | null;
}

/** The draft letter that urges a unit: where it is put together. What is in it never leaves the program. */
export interface Letter {
  readonly unitId: string;
  readonly unit: string;
  readonly url: string;
}

/** Where in the page the draft letter to a unit is, by what was overdue on the day of an escalation; undefined where there is nothing to urge about. */
export const letterPath = ({ kind, slot }: { readonly kind: MessageKind; readonly slot: Day }, unitId: string, dueOn: Day | null): string | undefined =>
  kind === 'escalation' && dueOn !== null && dueOn < slot ? `/bao-cao/van-ban?donVi=${encodeURIComponent(unitId)}&ngay=${slot}` : undefined;

const MOST_LINES = 50;
const MOST_TITLE = 160;

const GROUPS = [
  { title: 'Quá hạn', of: ({ step }: Line): boolean => /^(overdue|level-\d+-overdue)/.test(step) },
  { title: 'Đến hạn hôm nay', of: ({ step }: Line): boolean => step === 'due' },
  { title: 'Đã đôn đốc nhiều lần', of: ({ step }: Line): boolean => /^level-\d+-urged/.test(step) },
  { title: 'Sắp đến hạn', of: ({ step }: Line): boolean => /^(before|share)/.test(step) },
  { title: 'Không cập nhật', of: ({ step }: Line): boolean => step.startsWith('silent') },
] as const;

/** What a message says, as a mail: plain text and a page of its own that follows the reader's light or dark. */
export function mailOf({ kind, slot, lines, more, inboxUrl, late, letters = [] }: { readonly kind: MessageKind; readonly slot: Day; readonly lines: readonly Line[]; readonly more: number; readonly inboxUrl: string; readonly late: boolean; readonly letters?: readonly Letter[] }): MailText {
  const shown = lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length + more;
  const total = lines.length + more;
  const overdue = lines.filter((line) => GROUPS[0].of(line)).length;
  const head = kind === 'test' ? 'Thư thử' : KINDS_VI[kind];
  const subject = kind === 'test' ? 'Nhắc Việc: thư thử' : `${kind === 'digest' ? 'Nhắc việc' : `Nhắc việc – ${head.toLowerCase()}`} ${dayVi(slot)}: ${String(total)} việc${overdue > 0 && overdue < total ? `, ${String(overdue)} quá hạn` : overdue > 0 ? ' quá hạn' : ''}`;
  const lead =
    kind === 'test'
      ? 'Đây là thư thử do chính anh chị yêu cầu. Nhận được thư này nghĩa là kênh thư điện tử dùng được.'
      : `${weekdayDayVi(slot)}: ${String(total)} việc cần anh chị xem.${late ? ' Thư này gửi muộn vì chương trình đã ngừng vào giờ nhắc.' : ''}`;
  const groups = [...GROUPS.map(({ title, of }) => ({ title, lines: shown.filter((line) => line.slot === null && of(line)) })), { title: 'Chưa kịp nhắc những hôm trước', lines: shown.filter(({ slot: missed }) => missed !== null) }].filter(({ lines: some }) => some.length > 0);
  const rest = left > 0 ? `Và ${String(left)} việc nữa trong hộp nhắc.` : '';
  const foot = 'Thư tự động của Nhắc Việc, chỉ có mã, tiêu đề và đường dẫn. Chọn giờ yên lặng, tạm ẩn từng việc hoặc trả lời trong hộp nhắc.';
  const text = [
    lead, '',
    ...groups.flatMap(({ title, lines: some }) => [`${title} (${String(some.length)})`, ...some.flatMap((line) => [`- ${line.code}: ${short(line.title)}`, `  ${details(line)}`, `  ${line.url}`]), '']),
    ...(rest === '' ? [] : [rest, '']), ...(letters.length === 0 ? [] : [LETTERS, ...letters.flatMap(({ unit, url }) => [`- ${unit}`, `  ${url}`]), '']), `Hộp nhắc: ${inboxUrl}`, '', foot, '',
  ].join('\n');
  return { subject, text, html: page(subject, lead, groups, rest, letters, inboxUrl, foot) };
}

const LETTERS = 'Dự thảo công văn đôn đốc';

export const short = (title: string): string => (title.length > MOST_TITLE ? `${title.slice(0, MOST_TITLE - 1).trimEnd()}…` : title);

function details({ unit, dueOn, step, answer, slot }: Line): string {
  return [unit, dueOn === null ? 'không thời hạn' : `hạn ${weekdayDayVi(dueOn)}`, slot === null ? stepVi(step) : `${stepVi(step).replace(' hôm nay', '')} (nhắc của ${dayVi(slot)})`, ...(answer ? ['cần trả lời trong ngày'] : [])].join(' · ');
}

function page(subject: string, lead: string, groups: readonly { readonly title: string; readonly lines: readonly Line[] }[], rest: string, letters: readonly Letter[], inboxUrl: string, foot: string): string {
  const rows = groups
    .map(
      ({ title, lines }) => `<h2>${escape(title)} <span class="n">${String(lines.length)}</span></h2>
<ul>${lines.map((line) => `<li><a href="${escape(line.url)}"><b>${escape(line.code)}</b> ${escape(short(line.title))}</a><br><span class="d">${escape(details(line))}</span></li>`).join('\n')}</ul>`,
    )
    .join('\n');
  const drafts = letters.length === 0 ? '' : `<h2>${LETTERS}</h2>
<ul>${letters.map(({ unit, url }) => `<li><a href="${escape(url)}">${escape(unit)}</a></li>`).join('\n')}</ul>`;
  return mailPage(subject, `<p>${escape(lead)}</p>
${rows}
${rest === '' ? '' : `<p>${escape(rest)}</p>`}
${drafts}
<a class="b" href="${escape(inboxUrl)}">Mở hộp nhắc</a>`, foot);
}
