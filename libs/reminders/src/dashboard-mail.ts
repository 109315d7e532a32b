import { countVi, dayOf, dayVi, instantVi, weekdayDayVi, type Day, type Instant } from '#kernel';
import { escape, mailPage, type MailText } from './mail-page.ts';
import { short } from './words.ts';

/** Of a cell of the total: how many tasks, and how it looks; colour never alone. */
export interface MailCell {
  readonly look: 'done' | 'late' | 'intime' | 'overdue' | 'none';
  readonly word: string;
  readonly count: number;
  /** One of the four that stand in the bar; the others stand beside. */
  readonly main: boolean;
}

export interface MailTile {
  readonly title: string;
  readonly value: string;
  /** In words, after the value. */
  readonly words: string;
}

export interface MailException {
  readonly code: string;
  readonly title: string;
  readonly unit: string;
  readonly dueOn: Day | null;
  readonly why: string;
  readonly url: string;
}

/** A dashboard as a mail tells it: what the page shows at that instant, and nothing that the page does not. */
export interface DashboardMail {
  readonly name: string;
  /** Whose tasks, and which of them. */
  readonly scope: string;
  readonly at: Instant;
  /** As known at this place of the log. */
  readonly position: string;
  readonly sentence: string;
  readonly total: number;
  readonly overdue: number;
  readonly cells: readonly MailCell[];
  readonly tiles: readonly MailTile[];
  readonly exceptions: readonly MailException[];
  /** Found by the rules and not listed. */
  readonly more: number;
  /** The dashboard at this very instant, as known then, with the same filters. */
  readonly url: string;
  /** Where this subscription is changed or ended. */
  readonly settingsUrl: string;
  readonly late: boolean;
}

const WIDE = 100;

const details = ({ unit, dueOn, why }: MailException): string => [unit, dueOn === null ? 'không thời hạn' : `hạn ${weekdayDayVi(dueOn)}`, why].join(' · ');

/** What a mail with a dashboard says, as plain text and as a page that follows the reader's light or dark. */
export function dashboardMailOf(mail: DashboardMail): MailText {
  const { name, scope, at, position, sentence, total, overdue, cells, tiles, exceptions, more, url, settingsUrl, late } = mail;
  const subject = `${name} ${dayVi(dayOf(at))}: ${overdue === 0 ? 'không có việc quá hạn' : `${countVi(overdue)} việc quá hạn`}`;
  const lead = `${scope}. Tại thời điểm ${instantVi(at)} (giờ VN), sự kiện #${countVi(Number(position))}.${late ? ' Thư này gửi muộn vì chương trình đã ngừng vào giờ gửi; số liệu vẫn là của giờ gửi.' : ''}`;
  const main = cells.filter((cell) => cell.main);
  const beside = cells.filter((cell) => !cell.main && cell.count > 0);
  const shown = exceptions.length === 0 ? 'Không có việc nào mà các quy tắc nêu ra.' : '';
  const rest = more > 0 ? `Và ${countVi(more)} việc nữa trên bảng điều hành.` : '';
  const foot = 'Thư tự động của Nhắc Việc. Đổi giờ, đổi thứ trong tuần hoặc thôi gửi ở trang Gửi định kỳ.';
  const text = [
    lead, '', sentence, '',
    `Tổng số ${countVi(total)}`, ...[...main, ...beside].map(({ word, count }) => `- ${word}: ${countVi(count)}`), '',
    ...tiles.map(({ title, value, words }) => `${title}: ${value}${words === '' ? '' : `; ${words}`}`), '',
    `Việc cần chú ý${exceptions.length === 0 ? '' : ` (${countVi(exceptions.length + more)})`}`, ...(shown === '' ? [] : [shown]),
    ...exceptions.flatMap((one) => [`- ${one.code}: ${short(one.title)}`, `  ${details(one)}`, `  ${one.url}`]), ...(rest === '' ? [] : [rest]), '',
    `Bảng điều hành đúng thời điểm này: ${url}`, `Gửi định kỳ: ${settingsUrl}`, '', foot, '',
  ].join('\n');
  return { subject, text, html: pageOf(mail, subject, lead, main, beside, shown, rest, foot) };
}

/** The four cells of the total as one bar: cells of a table, which every mail program draws. */
function bar(main: readonly MailCell[]): string {
  const sum = main.reduce((all, { count }) => all + count, 0);
  if (sum === 0) return '';
  const parts = main.filter(({ count }) => count > 0);
  return `<table role="presentation" class="bar" cellpadding="0" cellspacing="0" width="100%"><tr>${parts.map(({ look, count }) => `<td class="k-${look}" width="${String(Math.max(1, Math.round((count * WIDE) / sum)))}%">&nbsp;</td>`).join('')}</tr></table>`;
}

function pageOf({ sentence, total, tiles, exceptions, more, url, settingsUrl }: DashboardMail, subject: string, lead: string, main: readonly MailCell[], beside: readonly MailCell[], shown: string, rest: string, foot: string): string {
  const row = ({ look, word, count }: MailCell): string => `<tr><td><span class="s k-${look}">&nbsp;</span> ${escape(word)}</td><td class="r"><b>${countVi(count)}</b></td></tr>`;
  const body = `<p class="d">${escape(lead)}</p>
<p class="q">${escape(sentence)}</p>
${bar(main)}
<table class="t" width="100%" cellpadding="0" cellspacing="0">
${[...main, ...beside].map(row).join('\n')}
<tr class="sum"><td>Tổng số</td><td class="r"><b>${countVi(total)}</b></td></tr>
</table>
<table class="t" width="100%" cellpadding="0" cellspacing="0">
${tiles.map(({ title, value, words }) => `<tr><td>${escape(title)}${words === '' ? '' : `<br><span class="d">${escape(words)}</span>`}</td><td class="r"><b>${escape(value)}</b></td></tr>`).join('\n')}
</table>
<h2>Việc cần chú ý${exceptions.length === 0 ? '' : ` <span class="n">${countVi(exceptions.length + more)}</span>`}</h2>
${shown === '' ? `<ul>${exceptions.map((one) => `<li><a href="${escape(one.url)}"><b>${escape(one.code)}</b> ${escape(short(one.title))}</a><br><span class="d">${escape(details(one))}</span></li>`).join('\n')}</ul>` : `<p>${escape(shown)}</p>`}
${rest === '' ? '' : `<p>${escape(rest)}</p>`}
<a class="b" href="${escape(url)}">Mở bảng điều hành lúc ấy</a>
<p class="d"><a href="${escape(settingsUrl)}">Đổi hoặc thôi gửi định kỳ</a></p>`;
  return mailPage(subject, body, foot, STYLES, DARK);
}

const STYLES = `.q{font-size:18px;font-weight:700}
.bar{margin:12px 0 4px;border-collapse:separate}
.bar td{height:14px;line-height:14px;font-size:1px;border-right:2px solid #fff}
.t{margin:8px 0 16px;border-collapse:collapse}
.t td{padding:8px 0;border-top:1px solid #d9dce0;vertical-align:top}
.t .r{text-align:right;white-space:nowrap;padding-left:16px}
.sum td{border-top:2px solid #57606a}
.s{display:inline-block;vertical-align:middle;width:12px;height:12px;line-height:12px;font-size:1px;border-radius:2px;margin-right:6px}
.k-done{background:#1b7f4b}.k-late{background:#6b6a00}.k-intime{background:#3b5b92}.k-overdue{background:#b42318}.k-none{background:#5f6b7a}
`;
const DARK = '.t td{border-color:#3a4148}.sum td{border-color:#a9b1ba}.bar td{border-color:#1d2125}.k-done{background:#459c6e}.k-late{background:#c9c34a}.k-intime{background:#7590c2}.k-overdue{background:#ff8a7c}.k-none{background:#98a4b3}';
