import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { addDays, cleanText, dayOf, isDay, isoInstant, Problem } from '#kernel';
import { isThere, PERSON_ROLES_VI } from '#people';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { badParameter, nextCursor, readPage } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { headAnswer, itemAnswer, taskWords } from './answers.ts';
import { AnswerReminderDto, InboxDto, SnoozeDto } from './dto.ts';
import { nameOf } from './people-known.ts';
import type { ReminderAnswer } from './reminder-service.ts';
import { mayActAs, personFor } from './who.ts';

const MOST_SNOOZE_DAYS = 60;

/** What somebody is reminded of, on the screen. Until there are accounts the acting role chooses as whom it reads. */
@ApiTags('inbox')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller('inbox')
export class InboxController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('people')
  @ApiOperation({ summary: 'Những người mà vai đang dùng được xem hộp nhắc, với số lời nhắc chưa xem' })
  async people(@Req() request: Request): Promise<object> {
    const actor = actorOf(request, this.runtime);
    const { all } = await this.runtime.directory.known();
    const today = dayOf(await this.runtime.tasks.now());
    const own = all.filter((person) => mayActAs(actor, person) && isThere(person, today));
    const { ledger, reference } = this.runtime;
    const items = await Promise.all(own.map(async ({ id, name, role, unitId }) => ({ id, name, role, roleName: PERSON_ROLES_VI[role], unitId, unitName: reference.unitName(unitId), unseen: await ledger.unseen(id) })));
    return { items, nextCursor: null, total: items.length, people: all.length };
  }

  @Get()
  @ApiOperation({ summary: 'Hộp nhắc của một người, mới nhất trước' })
  async inbox(@Query() query: InboxDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const people = await runtime.directory.known();
    const person = personFor(actorOf(request, runtime), query.personId ?? '', people);
    const { limit, offset } = readPage(query);
    const now = await runtime.tasks.now();
    const { total, unseen, messages } = await runtime.ledger.inbox(person.id, { offset, limit });
    const words = await taskWords(messages.flatMap(({ items, merged }) => [...items, ...merged].map(({ taskId }) => taskId)), runtime);
    const asleep = (await runtime.ledger.snoozes(dayOf(now))).filter(({ recipientId }) => recipientId === person.id);
    const asleepWords = await taskWords(asleep.map(({ taskId }) => taskId), runtime);
    return {
      person: { id: person.id, name: person.name, role: person.role, roleName: PERSON_ROLES_VI[person.role], unitName: runtime.reference.unitName(person.unitId), channels: person.channels, quiet: person.quiet, dailyLimit: person.dailyLimit, delegation: person.delegation === null ? null : { ...person.delegation, toName: nameOf(person.delegation.toId, people) } },
      items: messages.map(({ head, items, merged }) => ({
        ...headAnswer(head, people, runtime),
        tasks: items.filter(({ suppressed }) => suppressed === undefined).map((item) => itemAnswer(item, head, words, runtime, now)),
        missed: merged.map(({ slot, ...item }) => ({ ...itemAnswer(item, head, words, runtime, now), slot })),
      })),
      snoozes: asleep.map(({ taskId, until }) => ({ taskId, until, code: asleepWords.get(taskId)?.code ?? null, content: asleepWords.get(taskId)?.content ?? null })),
      unseen, nextCursor: nextCursor(offset, limit, total), total, asOf: isoInstant(now), position: String(runtime.projector.lowest()),
    };
  }

  @Post('snoozes') @HttpCode(200)
  @ApiOperation({ summary: 'Tạm ẩn một việc với riêng mình; văn phòng thấy được' })
  async snooze(@Body() { personId, taskId, until }: SnoozeDto, @Req() request: Request): Promise<ReminderAnswer> {
    const actor = actorOf(request, this.runtime);
    const person = personFor(actor, personId, await this.runtime.directory.known());
    if (this.runtime.columns.numberOfTask(taskId) === undefined) throw invalid('/taskId', 'task-unknown', `Không có việc mang mã “${taskId.slice(0, 80)}”.`, taskId);
    const today = dayOf(await this.runtime.tasks.now());
    if (!isDay(until) || until <= today || until > addDays(today, MOST_SNOOZE_DAYS)) throw invalid('/until', 'snooze-day-invalid', `Ngày nhắc lại cần sau hôm nay và không quá ${String(MOST_SNOOZE_DAYS)} ngày.`, until);
    return this.heard(this.runtime.reminderCommands.snooze({ recipientId: person.id, taskId, until }, { actor, ...conditions(request) }));
  }

  @Post(':id/seen') @HttpCode(200)
  async see(@Param('id') id: string, @Req() request: Request): Promise<ReminderAnswer> {
    const actor = actorOf(request, this.runtime);
    const people = await this.runtime.directory.known();
    return this.heard(this.runtime.reminderCommands.see(id, (recipientId) => { personFor(actor, recipientId, people); }, { actor, ...conditions(request) }));
  }

  @Post(':id/answers') @HttpCode(200)
  @ApiOperation({ summary: 'Trả lời trong ngày đến hạn: đã xong, hoặc vì sao chưa và ngày đề xuất' })
  async answer(@Param('id') id: string, @Body() body: AnswerReminderDto, @Req() request: Request): Promise<ReminderAnswer> {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, ['unit', 'office', 'leader'], 'trả lời lời nhắc');
    const reason = cleanText(body.reason ?? '');
    if (body.answer === 'not-done' && reason === '') throw invalid('/reason', 'reason-missing', 'Chưa xong thì cần nêu lý do.', body.reason);
    if (body.proposedOn !== undefined && (!isDay(body.proposedOn) || body.proposedOn < dayOf(await this.runtime.tasks.now()))) throw invalid('/proposedOn', 'proposed-day-invalid', 'Ngày đề xuất cần là một ngày có thật, từ hôm nay trở đi.', body.proposedOn);
    refuseSecrecyMark({ reason });
    const people = await this.runtime.directory.known();
    const { taskId, answer, proposedOn } = body;
    return this.heard(this.runtime.reminderCommands.answer(id, { taskId, answer, ...(reason === '' ? {} : { reason }), ...(proposedOn === undefined ? {} : { proposedOn }) }, (recipientId) => { personFor(actor, recipientId, people); }, { actor, ...conditions(request) }));
  }

  /** What one has done oneself is read by oneself at once. */
  private async heard(answer: Promise<ReminderAnswer>): Promise<ReminderAnswer> {
    const given = await answer;
    await this.runtime.projector.reaches(BigInt(given.position), 2_000);
    return given;
  }
}

export function invalid(pointer: string, code: string, detail: string, given?: unknown): Problem {
  return new Problem(422, code, 'Nội dung không hợp lệ', detail, { errors: [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }] });
}

export function readDay(name: string, text: string | undefined): string | undefined {
  if (text !== undefined && !isDay(text)) throw badParameter(name, text, 'một ngày YYYY-MM-DD có thật');
  return text;
}
