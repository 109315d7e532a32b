import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { addDays, atTime, cleanText, dayOf, daysBetween, isoInstant, Problem } from '#kernel';
import { everyEntry, NUMBERS_BY, numbersOf, readRules, RULES_STREAM, stepVi, type LedgerFilter, type NumbersBy, type ReminderNumbers, type RuleSet } from '#reminders';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { badParameter, nextCursor, oneOf, readPage } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import { refuseTooManyRows, sendTextFile } from '../http/whole-lists.ts';
import type { RulesInForce } from '../reference/reference-data.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { CSV_COLUMNS, csvCell, entryAnswer, headAnswer, iso, ledgerCells, taskWords } from './answers.ts';
import { LedgerDto, type LedgerListedDto, NumbersDto, PreviewRulesDto, ResendDto, RulesDto, TestReminderDto } from './dto.ts';
import { invalid, readDay } from './inbox.controller.ts';
import { planMorning } from './morning.ts';
import { nameOf } from './people-known.ts';
import type { ReminderAnswer } from './reminder-service.ts';
import { personFor } from './who.ts';

const MOST_SPAN = 400;
const EXPORT_PAGE = 500;
const DEFAULT_SPAN = 30;
/** So long it is waited for the ledger; what it says then is as of the position in the answer. */
const LEDGER_MS = 5_000;

/** Which entries of the ledger a question is about. @throws Problem for days the wrong way round. */
export function ledgerFilter({ taskId, personId, unitId, from, to }: LedgerListedDto): LedgerFilter {
  const [first, last] = [readDay('from', from), readDay('to', to)];
  if (first !== undefined && last !== undefined && first > last) throw badParameter('to', last, 'một ngày không trước from', 422);
  return { ...(taskId === undefined ? {} : { taskId }), ...(personId === undefined ? {} : { recipientId: personId }), ...(unitId === undefined ? {} : { unitId }), ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
}

/** The entries in the columns of `CSV_COLUMNS`, page by page. */
export async function* ledgerRows(filter: LedgerFilter, runtime: Runtime): AsyncGenerator<readonly (readonly string[])[]> {
  const people = await runtime.directory.known();
  for await (const entries of everyEntry(runtime.ledger, filter, EXPORT_PAGE)) {
    const words = await taskWords(entries.map(({ item }) => item.taskId), runtime);
    yield entries.map((entry) => ledgerCells(entry, people, words, runtime));
  }
}

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

async function* ledgerLines(filter: LedgerFilter, runtime: Runtime): AsyncGenerator<string> {
  yield `\ufeff${csvLine(CSV_COLUMNS)}`;
  for await (const rows of ledgerRows(filter, runtime)) yield rows.map(csvLine).join('');
}

/** Rules, the ledger that proves who was reminded, and the health of the ways out. */
@ApiTags('reminders')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller()
export class RemindersController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('reminder-rules')
  @ApiOperation({ summary: 'Quy tắc nhắc đang dùng và các bản trước' })
  rules(): object {
    const { rules, rulesThen } = this.runtime.reference;
    return { ...this.rulesAnswer(rules), versions: rulesThen.map(({ version, reason, setAt, actorId, set }) => ({ version, reason, setAt: setAt === null ? null : isoInstant(setAt), actorId, rules: set.rules.length })).reverse() };
  }

  private rulesAnswer({ version, set, setAt, reason }: RulesInForce): object {
    return { version, ...set, setAt: setAt === null ? null : isoInstant(setAt), reason };
  }

  @Post('reminder-rules') @HttpCode(200)
  setRules(@Body() body: RulesDto, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office', 'admin'], 'đổi quy tắc nhắc');
    const reason = cleanText(body.reason ?? '');
    if (reason === '') throw invalid('/reason', 'reason-missing', 'Cần nêu lý do (reason).', body.reason);
    const set = this.read(body);
    refuseSecrecyMark({ reason, rules: set.rules.map(({ name }) => name) });
    return runtime.referenceCommands.execute({
      id: 'reminder-rules', stream: RULES_STREAM, actor, content: ['reminder-rules', body], ...conditions(request),
      decide: (now) => ({ events: [{ type: 'ReminderRulesSet', data: { ...set, reason }, occurredAt: now }] }),
    });
  }

  private read(body: { readonly morning?: unknown; readonly rules?: unknown }): RuleSet {
    const read = readRules({ morning: body.morning, rules: body.rules });
    if (!read.ok) throw new Problem(422, 'rules-invalid', 'Quy tắc chưa đúng', read.faults[0]!.detail, { errors: read.faults.map(({ pointer, code, detail, given }) => ({ pointer, code, detail, ...(given === undefined ? {} : { given }) })) });
    return read.value;
  }

  @Post('reminder-rules/preview') @HttpCode(200)
  @ApiOperation({ summary: 'Nếu không có gì thay đổi, những sáng tới sẽ nhắc ai việc gì; không ghi, không gửi' })
  async preview(@Body() body: PreviewRulesDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    actorOf(request, runtime);
    const { reference } = runtime;
    const set = body.rules === undefined ? { ...reference.rules.set, morning: body.morning ?? reference.rules.set.morning } : this.read({ morning: body.morning ?? reference.rules.set.morning, rules: body.rules });
    const { calendar } = reference;
    const now = await runtime.tasks.now();
    const people = await runtime.directory.known();
    const known = runtime.projector.lowest();
    const urgencies = await runtime.reminders.urgenciesFor(set);
    const snoozes = await runtime.ledger.snoozes(dayOf(now));
    const days: object[] = [];
    const names = new Map(set.rules.map(({ id, name }) => [id, name]));
    let day = dayOf(now);
    if (now >= atTime(day, set.morning)) day = addDays(day, 1);
    for (; days.length < (body.days ?? 5); day = addDays(day, 1)) {
      if (!calendar.isWorkingDay(day)) continue;
      const messages = await planMorning(runtime, { rules: set, calendar, people: people.all, snoozes, known, ...(urgencies === undefined ? {} : { urgencies }) }, day);
      const told = messages.map(({ items, ...message }) => ({ ...message, items: items.filter(({ suppressed }) => suppressed === undefined) })).filter(({ items }) => items.length > 0);
      const byRule = new Map<string, { tasks: Set<string>; people: Set<string> }>();
      for (const { recipientId, items } of told) for (const { rule, taskId } of items) {
        const sum = byRule.get(rule) ?? { tasks: new Set<string>(), people: new Set<string>() };
        sum.tasks.add(taskId);
        sum.people.add(recipientId);
        byRule.set(rule, sum);
      }
      const most = [...told].sort((a, b) => b.items.length - a.items.length).slice(0, 12);
      const words = await taskWords(most.flatMap(({ items }) => items.slice(0, 3).map(({ taskId }) => taskId)), runtime);
      days.push({
        day, messages: told.length, people: new Set(told.map(({ recipientId }) => recipientId)).size, slots: told.reduce((sum, { items }) => sum + items.length, 0), most: most[0]?.items.length ?? 0,
        rules: [...byRule].map(([id, sum]) => ({ id, name: names.get(id) ?? id, tasks: sum.tasks.size, people: sum.people.size })),
        sample: most.map(({ recipientId, kind, unitId, items }) => ({ personId: recipientId, personName: nameOf(recipientId, people), unitName: reference.unitName(unitId), kind, count: items.length, tasks: items.slice(0, 3).map(({ taskId, step, rule }) => ({ taskId, code: words.get(taskId)?.code ?? null, content: words.get(taskId)?.content ?? null, why: stepVi(step), rule })) })),
      });
    }
    return { morning: set.morning, days, people: people.all.length, asOf: isoInstant(now), position: String(known) };
  }

  @Get('reminder-ledger')
  @ApiOperation({ summary: 'Sổ nhắc: ai được nhắc việc gì, khi nào, qua đâu, đã xem chưa. Accept: text/csv để tải về' })
  async ledger(@Query() query: LedgerDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { runtime } = this;
    actorOf(request, runtime);
    const filter = ledgerFilter(query);
    const people = await runtime.directory.known();
    const now = await runtime.tasks.now();
    if ((request.headers.accept ?? '').includes('text/csv')) {
      const { total } = await runtime.ledger.entries(filter, { offset: 0, limit: 1 });
      refuseTooManyRows(total);
      await sendTextFile(response, 'text/csv; charset=utf-8', 'so-nhac.csv', ledgerLines(filter, runtime));
      return;
    }
    const { limit, offset } = readPage(query);
    const { total, entries } = await runtime.ledger.entries(filter, { offset, limit });
    const words = await taskWords(entries.map(({ item }) => item.taskId), runtime);
    const asked = filter.taskId === undefined ? undefined : (await taskWords([filter.taskId], runtime)).get(filter.taskId);
    response.json({
      items: entries.map((entry) => entryAnswer(entry, people, words, runtime, now)), nextCursor: nextCursor(offset, limit, total), total,
      ...(filter.taskId === undefined ? {} : { task: { id: filter.taskId, code: asked?.code ?? null, content: asked?.content ?? null }, snoozes: (await runtime.ledger.snoozes(dayOf(now))).filter(({ taskId }) => taskId === filter.taskId).map(({ recipientId, until, at }) => ({ personId: recipientId, personName: nameOf(recipientId, people), until, at: isoInstant(at) })) }),
      asOf: isoInstant(now), position: String(runtime.projector.lowest()),
    });
  }

  @Get('reminder-ledger/numbers')
  @ApiOperation({ summary: 'Được nhắc đúng buổi, đã xem, đã trả lời, trong một khoảng ngày' })
  async numbers(@Query() query: NumbersDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    actorOf(request, runtime);
    const { unitId, from, to } = query;
    const { limit, offset } = readPage(query);
    const by = query.groupBy === undefined ? undefined : oneOf('groupBy', query.groupBy, NUMBERS_BY, NUMBERS_BY[0]);
    const last = readDay('to', to) ?? dayOf(await runtime.tasks.now());
    const first = readDay('from', from) ?? addDays(last, -DEFAULT_SPAN);
    if (first > last || daysBetween(first, last) > MOST_SPAN) throw badParameter('from', first, `một ngày không sau to và không quá ${String(MOST_SPAN)} ngày trước đó`, 422);
    const { numbers, groups } = await numbersOf(runtime.ledger.heads(first, last), (head) => unitId === undefined || head.unitId === unitId, by);
    return { from: first, to: last, unitId: unitId ?? null, groupBy: by ?? null, ...numbers, ...(by === undefined ? {} : await this.groupsAnswer(by, groups, offset, limit)), position: String(runtime.projector.lowest()) };
  }

  /** Whoever has most to look at first. */
  private async groupsAnswer(by: NumbersBy, groups: ReadonlyMap<string, ReminderNumbers>, offset: number, limit: number): Promise<object> {
    const { directory, reference } = this.runtime;
    const people = await directory.known();
    const unitNameOf = (id: string): string | null => { const person = people.byId.get(id); return person === undefined ? null : reference.unitName(person.unitId); };
    const sorted = [...groups]
      .map(([key, numbers]) => ({ key, name: by === 'person' ? nameOf(key, people) : reference.unitName(key), ...(by === 'person' ? { unitName: unitNameOf(key) } : {}), ...numbers }))
      .sort((a, b) => b.telling - b.seen - (a.telling - a.seen) || b.asked - b.answered - (a.asked - a.answered) || a.name.localeCompare(b.name, 'vi') || (a.key < b.key ? -1 : 1));
    return { groups: sorted.slice(offset, offset + limit), nextCursor: nextCursor(offset, limit, sorted.length), total: sorted.length };
  }

  @Get('reminders/health')
  @ApiOperation({ summary: 'Các kênh, thư hỏng, buổi nhắc gần nhất và sắp tới' })
  async health(@Query() query: LedgerDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    actorOf(request, runtime);
    const { limit, offset } = readPage(query);
    const people = await runtime.directory.known();
    const lastRun = await runtime.reminders.lastRun();
    // A morning that is decided and not in the ledger yet would look as if nothing of it waited to be sent.
    if (lastRun) await runtime.projector.reaches(lastRun.position, LEDGER_MS);
    const { total, dead, heads } = await runtime.ledger.troubles({ offset, limit });
    const [next, due] = [await runtime.reminders.nextMorning(), await runtime.ledger.nextDue()];
    return {
      channels: ['email', 'webhook'].map((name) => ({ name, on: runtime.channels.some((one) => one.name === name) })), people: people.all.length,
      lastRun: lastRun === undefined ? null : { slot: lastRun.slot, at: isoInstant(lastRun.at), messages: lastRun.messages, items: lastRun.items, missed: lastRun.missed, rulesVersion: lastRun.rules },
      nextMorning: next === undefined ? null : isoInstant(next), nextDashboard: iso((await runtime.reminders.nextDashboard()) ?? null), nextDelivery: due === undefined ? null : isoInstant(due),
      items: heads.map((head) => headAnswer(head, people, runtime)), dead, total, nextCursor: nextCursor(offset, limit, total), asOf: isoInstant(await runtime.tasks.now()), position: String(runtime.projector.lowest()),
    };
  }

  @Post('reminders/test') @HttpCode(200)
  @ApiOperation({ summary: 'Gửi thử cho chính mình' })
  async test(@Body() { personId, channel = 'email' }: TestReminderDto, @Req() request: Request): Promise<ReminderAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    // Oneself is, until there are accounts, somebody of the acting role.
    const person = personFor(actor, personId, await runtime.directory.known());
    if (!runtime.channels.some(({ name }) => name === channel)) throw new Problem(409, 'channel-off', 'Kênh chưa được cấu hình', `Kênh “${channel}” chưa được cấu hình (${channel === 'email' ? 'SMTP_URL, SMTP_FROM' : 'WEBHOOK_URL, WEBHOOK_SECRET'}).`, { extra: { channel } });
    const now = await runtime.tasks.now();
    const answer = await runtime.reminderCommands.test(person, dayOf(now), isoInstant(now), channel, runtime.reference.rules.version, runtime.reference.calendar.version, { actor, ...conditions(request) });
    runtime.reminders.wake();
    return answer;
  }

  @Post('reminders/:id/resend') @HttpCode(200)
  async resend(@Param('id') id: string, @Body() { channel }: ResendDto, @Req() request: Request): Promise<ReminderAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office', 'admin'], 'gửi lại lời nhắc');
    const answer = await runtime.reminderCommands.resend(id, channel, { actor, ...conditions(request) });
    await runtime.projector.reaches(BigInt(answer.position), 2_000);
    runtime.reminders.wake();
    return answer;
  }
}
