import { csvCell as spreadsheetCell } from '#imports';
import { isoInstant, type Instant } from '#kernel';
import { PERSON_ROLES_VI } from '#people';
import { DELIVERY_SUPPRESSIONS_VI, ITEM_SUPPRESSIONS_VI, KINDS_VI, letterPath, slotIdOf, stepVi, type ItemData, type LedgerEntry, type MessageHead } from '#reminders';
import { dueParts } from '../tasks/task-items.ts';
import type { Runtime } from '../runtime.ts';
import { dashboardUrl } from './dashboard-mailing.ts';
import { nameOf, type KnownPeople } from './people-known.ts';

export const iso = (at: Instant | null): string | null => (at === null ? null : isoInstant(at));

/** A message as answers tell it, without its items. */
export function headAnswer(head: MessageHead, people: KnownPeople, { reference }: Pick<Runtime, 'reference'>): object {
  return {
    id: head.id, kind: head.kind, kindName: KINDS_VI[head.kind], slot: head.slot, slotAt: isoInstant(head.slotAt), decidedAt: isoInstant(head.decidedAt), late: head.late, rulesVersion: head.rules,
    personId: head.recipientId, personName: nameOf(head.recipientId, people), role: head.role, roleName: PERSON_ROLES_VI[head.role], unitId: head.unitId, unitName: reference.unitName(head.unitId),
    onBehalfOf: head.onBehalfOf, onBehalfOfName: head.onBehalfOf === null ? null : nameOf(head.onBehalfOf, people), seenAt: iso(head.seenAt), told: head.told, merged: head.merged, items: head.items,
    ...(head.dashboard === undefined ? {} : { dashboard: { subscriptionId: head.dashboard.subscriptionId, name: head.dashboard.name, path: dashboardUrl('', head.dashboard.query, head.slotAt, head.dashboard.known), fault: head.dashboard.fault ?? null } }),
    deliveries: head.deliveries.map(({ channel, state, attempts, nextAt, at, code, reason, messageId, unknown }) => ({ channel, state, attempts, nextAt: iso(nextAt), at: isoInstant(at), code, reason, reasonName: reason === null ? null : DELIVERY_SUPPRESSIONS_VI[reason], messageId, unknown })),
  };
}

export interface TaskWords {
  readonly code: string;
  readonly content: string;
}

/** Codes and contents of tasks, read in one go. */
export async function taskWords(ids: Iterable<string>, { board }: Pick<Runtime, 'board'>): Promise<ReadonlyMap<string, TaskWords>> {
  return new Map((await board.byIds([...new Set(ids)])).map(({ id, code, content }) => [id, { code, content }]));
}

/** One slot of a message, with how the task stands now. */
export function itemAnswer(item: ItemData, head: MessageHead, words: ReadonlyMap<string, TaskWords>, runtime: Runtime, now: Instant): object {
  const last = runtime.columns.numberOfTask(item.taskId) === undefined ? undefined : runtime.columns.ofTask(item.taskId, now, null).at(-1);
  const answer = head.answers[item.taskId];
  const { dueOn } = dueParts(last?.due ?? Infinity);
  const letter = last?.cell.startsWith('O') === true && last.unitId === item.unitId ? letterPath(head, item.unitId, dueOn) : undefined;
  return {
    taskId: item.taskId, code: words.get(item.taskId)?.code ?? null, content: words.get(item.taskId)?.content ?? null, rule: item.rule, step: item.step, why: stepVi(item.step), unitId: item.unitId, unitName: runtime.reference.unitName(item.unitId),
    dueOnThen: item.dueOn ?? null, dueOn, cell: last?.cell ?? null, asksAnswer: item.answer === true, letter: letter ?? null, suppressed: item.suppressed ?? null, suppressedName: item.suppressed === undefined ? null : ITEM_SUPPRESSIONS_VI[item.suppressed],
    answer: answer === undefined ? null : { ...answer, at: isoInstant(answer.at) },
  };
}

/** A slot as the ledger lists it. */
export function entryAnswer({ item, head }: LedgerEntry, people: KnownPeople, words: ReadonlyMap<string, TaskWords>, runtime: Runtime, now: Instant): object {
  return { slotId: slotIdOf(item.rule, item.taskId, head.recipientId, head.slot), ...itemAnswer(item, head, words, runtime, now), message: headAnswer(head, people, runtime) };
}

export const CSV_COLUMNS = ['Ngày nhắc', 'Quyết định lúc', 'Mã việc', 'Nội dung', 'Đơn vị chủ trì', 'Lý do', 'Quy tắc', 'Người được nhắc', 'Vai trò khi được nhắc', 'Thay cho', 'Hộp nhắc', 'Thư điện tử', 'Webhook', 'Đã xem lúc', 'Trả lời', 'Mã thư', 'Mã lần nhắc'] as const;

/** A cell that no spreadsheet takes for a formula, always quoted. */
export function csvCell(value: string): string {
  const cell = spreadsheetCell(value);
  return cell.startsWith('"') ? cell : `"${cell}"`;
}

/** A slot in the columns of `CSV_COLUMNS`. */
export function ledgerCells({ item, head }: LedgerEntry, people: KnownPeople, words: ReadonlyMap<string, TaskWords>, { reference }: Pick<Runtime, 'reference'>): readonly string[] {
  const by = (channel: string): string => {
    const delivery = head.deliveries.find((one) => one.channel === channel);
    return delivery === undefined ? '' : `${delivery.state}${delivery.reason === null ? '' : ` (${DELIVERY_SUPPRESSIONS_VI[delivery.reason]})`}${delivery.unknown ? ' (không rõ đã tới)' : ''} ${isoInstant(delivery.at)}`;
  };
  const answer = head.answers[item.taskId];
  return [
    head.slot, isoInstant(head.decidedAt), words.get(item.taskId)?.code ?? item.taskId, words.get(item.taskId)?.content ?? '', reference.unitName(item.unitId), stepVi(item.step), item.rule, nameOf(head.recipientId, people), PERSON_ROLES_VI[head.role],
    head.onBehalfOf === null ? '' : nameOf(head.onBehalfOf, people), item.suppressed === undefined ? `có, từ ${isoInstant(head.decidedAt)}` : ITEM_SUPPRESSIONS_VI[item.suppressed], by('email'), by('webhook'), iso(head.seenAt) ?? '',
    answer === undefined ? '' : answer.answer === 'done' ? 'đã xong' : `chưa: ${answer.reason ?? ''}${answer.proposedOn === null ? '' : `; đề xuất ${answer.proposedOn}`}`, head.id, slotIdOf(item.rule, item.taskId, head.recipientId, head.slot),
  ];
}

