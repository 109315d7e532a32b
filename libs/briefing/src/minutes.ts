import { dayOf, dayVi, instantProseVi, instantVi, type Day, type Instant } from '#kernel';
import { deadlineVi, KIND_NAMES_VI } from './words.ts';
import type { Briefing, Conclusion } from './state.ts';

/** Names for ids, as people know them. */
export interface MinutesNames {
  readonly unit: (id: string) => string;
  /** Code of a task, null where it has none yet. */
  readonly task: (id: string) => string | null;
  /** Whether somebody put the task on the agenda of this meeting. */
  readonly raised?: (id: string) => boolean;
}

/** One conclusion as the notice prints it. */
export interface MinutesItem {
  readonly number: number;
  readonly conclusionId: string;
  readonly text: string;
  /** `Giao việc`, `Gia hạn`, …; null for words. */
  readonly action: string | null;
  readonly unit: string | null;
  readonly task: string | null;
  readonly deadline: string | null;
  /** The task stood on the agenda because somebody asked for it. */
  readonly raised?: true;
}

/**
 * The draft of the Thông báo kết luận, nothing of it signed or numbered: those places stay for people. The same meeting gives the same
 * minutes, whenever they are asked for: nothing here comes from a clock.
 */
export interface Minutes {
  readonly draft: true;
  readonly issuer: string;
  readonly place: string;
  readonly symbol: string;
  readonly title: string;
  readonly abstract: string;
  readonly day: Day;
  readonly opening: readonly string[];
  readonly items: readonly MinutesItem[];
  readonly closing: string;
  /** A line each. */
  readonly signer: string;
  readonly recipients: readonly string[];
  /** What the figures of the meeting rest on, for those who check. */
  readonly basis: string;
}

export interface MinutesPlace {
  /** `UBND tỉnh`, or the unit whose meeting it is. */
  readonly issuer: string;
  readonly symbol: string;
  readonly place: string;
}

/** Of what was said and not struck, in order, numbered anew. */
export function minutesOf(briefing: Briefing, names: MinutesNames, { issuer, symbol, place }: MinutesPlace, openedAt: Instant = briefing.openedAt): Minutes {
  const day = dayOf(openedAt);
  const kept = briefing.conclusions.filter((one) => one.struck === null);
  const units = [...new Set(kept.flatMap(({ unitId }) => (unitId === null ? [] : [names.unit(unitId)])))];
  const presiding = briefing.presiding ?? '…………';
  return {
    draft: true, issuer, place, symbol, day,
    title: 'THÔNG BÁO',
    abstract: `Kết luận ${abstractOf(briefing.name)}`,
    opening: [
      `Ngày ${dayVi(day)}, ${presiding} chủ trì ${abstractOf(briefing.name)}. Số liệu tại phiên họp được chốt lúc ${instantProseVi(briefing.cutOff)}.`,
      kept.length === 0 ? 'Phiên họp không có kết luận.' : `Sau khi nghe báo cáo và ý kiến các đơn vị, ${presiding} kết luận như sau:`,
    ],
    items: kept.map((one, n) => itemOf(one, n + 1, names)),
    closing: `Văn phòng thông báo để các đơn vị biết, thực hiện./.`,
    // By order is always by that of the head of the agency, whoever presided; the one who signs has the second line.
    signer: briefing.unitId === null ? 'TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG' : briefing.presiding === null ? 'TL. …………' : `TL. ${briefing.presiding.toLocaleUpperCase('vi')}`,
    recipients: [...units.map((unit) => `- ${unit};`), '- Lưu: VT.'],
    basis: `Mốc chốt ${instantVi(briefing.cutOff)}; biết đến sự kiện ${briefing.known.eventId ?? 'đầu nhật ký'} (vị trí ${briefing.known.position})${briefing.closed === null ? '; phiên chưa kết thúc' : `; kết thúc ${instantVi(briefing.closed.at)}, biết đến sự kiện ${briefing.closed.known.eventId ?? 'đầu nhật ký'} (vị trí ${briefing.closed.known.position})`}.`,
  };
}

const abstractOf = (name: string): string => (/^giao ban/iu.test(name) ? `${name.charAt(0).toLocaleLowerCase('vi')}${name.slice(1)}` : `phiên họp “${name}”`);

function itemOf(one: Conclusion, number: number, names: MinutesNames): MinutesItem {
  return {
    number, conclusionId: one.id, text: one.text, action: one.made.length === 0 ? null : KIND_NAMES_VI[one.kind],
    unit: one.unitId === null ? null : names.unit(one.unitId), task: one.taskId === null ? null : names.task(one.taskId), deadline: one.deadline === null ? null : deadlineVi(one.deadline),
    ...(one.taskId !== null && names.raised?.(one.taskId) === true ? { raised: true as const } : {}),
  };
}

/** `(Gia hạn; Sở Xây dựng; NV-2026-0702; hạn hết ngày 07/12/2026)`, empty for plain words. */
export function itemDetails({ action, unit, task, deadline, raised }: MinutesItem): string {
  const parts = [action, unit, task, deadline === null ? null : deadline === 'không thời hạn' ? deadline : `hạn ${deadline}`, raised ? 'việc đưa vào giao ban' : null].filter((part) => part !== null);
  return parts.length === 0 ? '' : `(${parts.join('; ')})`;
}

const sentence = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);

/** A numbered paragraph of the notice, without its number. */
export function itemText(item: MinutesItem): string {
  const details = itemDetails(item);
  return details === '' ? sentence(item.text) : `${item.text.replace(/\.$/u, '')} ${details}.`;
}

/** The draft as Markdown. */
export function minutesMarkdown(minutes: Minutes): string {
  const { issuer, place, symbol, title, abstract, day, opening, items, closing, signer, recipients, basis } = minutes;
  return [
    '**DỰ THẢO**', '',
    `**${issuer.toLocaleUpperCase('vi')}**`, '',
    `Số: ……/${symbol}`, '',
    `*${place}, ngày …… tháng …… năm ${day.slice(0, 4)}*`, '',
    `# ${title}`, '', `**${abstract}**`, '',
    ...opening.flatMap((line) => [escaped(line), '']),
    ...items.flatMap((item) => [`${String(item.number)}. ${escaped(itemText(item))}`, '']),
    closing, '',
    '***Nơi nhận:***', '', ...recipients.map((line) => escaped(line).replace(/^-/, '-')), '',
    ...signer.split('\n').flatMap((line) => [`**${line}**`, '']), '*(chưa ký)*', '',
    '---', '', basis, '',
  ].join('\n');
}

/** What Markdown would read as its own marks. */
const escaped = (text: string): string => text.replace(/([\\`*_[\]<>#|~])/g, '\\$1');
