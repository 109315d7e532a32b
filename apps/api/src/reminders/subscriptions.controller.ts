import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Actor } from '#event-log';
import { DAY_MS, dayOf, derivedId, isoInstant, Problem, type Instant } from '#kernel';
import { isThere, PERSON_ROLES_VI, type Person } from '#people';
import {
  DASHBOARD_SILENCES_VI, dashboardMailOf, dashboardMessageIdOf, dashboardSlots, decideSubscription, nextDashboardSlot, subscriptionStream,
  type Known, type MessageHead, type Subscription, type SubscriptionCommand, type SubscriptionRejection,
} from '#reminders';
import { filtersOf, readDashboardAddress, rulesOffIn } from '#views';
import { filterWords } from '../dashboard/dashboard-words.ts';
import { readDashboard, readRules } from '../dashboard/dashboard-question.ts';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { nextCursor, oneOf, readPage, readPoint } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandAnswer, Warning } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { headAnswer, iso } from './answers.ts';
import { addressFault, dashboardUrl } from './dashboard-mailing.ts';
import { BeginSubscriptionDto, ChangeSubscriptionDto, PreviewSubscriptionDto, SubscriptionsDto } from './dto.ts';
import { invalid } from './inbox.controller.ts';
import { nameOf, type KnownPeople } from './people-known.ts';
import { mayActAs } from './who.ts';

/** How far back a list looks for the last one that was sent, and the page of one for all of them. */
const BACK_MS = 31 * DAY_MS;
const HISTORY_MS = 100 * DAY_MS;
/** In force at once. */
const MOST = 500;

/** Who gets the dashboard at a stated hour, and what became of it. */
@ApiTags('subscriptions')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller('subscriptions')
export class SubscriptionsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get()
  @ApiOperation({ summary: 'Ai được gửi bảng điều hành, lúc nào, của phạm vi nào; đang dùng trước, mới nhất trước' })
  async list(@Query() query: SubscriptionsDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    const { limit, offset } = readPage(query);
    const ended = oneOf('ended', query.ended, ['true', 'false'], 'false') === 'true';
    const people = await runtime.directory.known();
    const now = await runtime.tasks.now();
    const found = [...runtime.reference.subscriptions.values()]
      .reverse()
      .filter((one) => (ended || one.endedAt === null) && (query.personId === undefined || one.recipientId === query.personId) && this.isShownTo(actor, one, people))
      .sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null));
    const page = found.slice(offset, offset + limit);
    const last = new Map(page.flatMap((one) => { const slot = dashboardSlots(one, runtime.reference.calendar, now - BACK_MS, now).at(-1); return slot === undefined ? [] : [[one.id, dashboardMessageIdOf(one.id, slot.day)]]; }));
    const heads = await runtime.ledger.headsOf([...last.values()]);
    const items = page.map((one) => ({ ...this.answer(one, people, now), last: this.sent(heads.get(last.get(one.id) ?? ''), people) }));
    return { items, nextCursor: nextCursor(offset, limit, found.length), total: found.length, most: MOST, asOf: isoInstant(now), position: String(runtime.projector.lowest()) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Một bản gửi định kỳ, với từng lần đã gửi hoặc không gửi trong 100 ngày' })
  async one(@Param('id') id: string, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    const people = await runtime.directory.known();
    const found = runtime.reference.subscriptions.get(id);
    if (!found || !this.isShownTo(actor, found, people)) throw notFound(id);
    const now = await runtime.tasks.now();
    const slots = dashboardSlots(found, runtime.reference.calendar, now - HISTORY_MS, now).reverse();
    const heads = await runtime.ledger.headsOf(slots.map(({ day }) => dashboardMessageIdOf(id, day)));
    return { ...this.answer(found, people, now), messages: slots.flatMap(({ day }) => this.sent(heads.get(dashboardMessageIdOf(id, day)), people) ?? []), asOf: isoInstant(now), position: String(runtime.projector.lowest()) };
  }

  @Post()
  @ApiOperation({ summary: 'Gửi bảng điều hành của một phạm vi cho một người, lúc đã hẹn của những thứ trong tuần đã chọn là ngày làm việc' })
  async begin(@Body() body: BeginSubscriptionDto, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = this.allowed(request);
    const asked = conditions(request);
    const { byId } = await runtime.directory.known();
    const person = byId.get(body.personId);
    if (!person) throw invalid('/personId', 'person-unknown', `Danh bạ không có người mang mã “${body.personId.slice(0, 80)}”.`, body.personId);
    this.mayFor(actor, person);
    const { personId: _, ...terms } = body;
    await this.soundQuestion(body.query ?? '');
    refuseSecrecyMark({ name: body.name, query: [...new URLSearchParams(body.query ?? '').values()] });
    const id = asked.key === undefined ? runtime.ids.next() : derivedId('subscription', asked.key);
    return this.execute(id, actor, asked, ['subscription', body], { type: 'begin', recipient: person, terms }, (now) => {
      if (!isThere(person, dayOf(now))) throw invalid('/personId', 'person-left', 'Người này đã nghỉ theo danh bạ.', body.personId);
      const inForce = [...runtime.reference.subscriptions.values()].filter(({ endedAt }) => endedAt === null).length;
      if (inForce >= MOST) throw new Problem(409, 'subscriptions-full', 'Đã đủ bản gửi định kỳ', `Cả tỉnh giữ tối đa ${String(MOST)} bản gửi định kỳ; thôi bớt rồi lập lại.`);
      return this.warnings(person);
    });
  }

  @Post(':id/change') @HttpCode(200)
  @ApiOperation({ summary: 'Đổi tên, phạm vi, giờ hoặc thứ trong tuần; hôm nay đã gửi thì hôm nay không gửi nữa' })
  async change(@Param('id') id: string, @Body() body: ChangeSubscriptionDto, @Req() request: Request): Promise<CommandAnswer> {
    const actor = await this.mayChange(id, request);
    if (body.query !== undefined) await this.soundQuestion(body.query);
    refuseSecrecyMark({ name: body.name, query: [...new URLSearchParams(body.query ?? '').values()] });
    return this.execute(id, actor, conditions(request), ['subscription-change', id, body], { type: 'change', terms: body });
  }

  @Post(':id/end') @HttpCode(200)
  @ApiOperation({ summary: 'Thôi gửi; các lần đã gửi vẫn còn trong sổ' })
  async end(@Param('id') id: string, @Req() request: Request): Promise<CommandAnswer> {
    const actor = await this.mayChange(id, request);
    return this.execute(id, actor, conditions(request), ['subscription-end', id], { type: 'end' });
  }

  @Post('preview') @HttpCode(200)
  @ApiOperation({ summary: 'Thư sẽ thế nào nếu gửi bây giờ; không ghi, không gửi' })
  async preview(@Body() { name = 'Bảng điều hành', query = '' }: PreviewSubscriptionDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    actorOf(request, runtime);
    const address = await this.soundQuestion(query);
    const point = await readPoint({}, runtime);
    const known: Known = { position: String(point.position), eventId: point.lastEventId };
    const { empty, says } = await runtime.dashboards.shown(address, point.at, known);
    const base = runtime.baseUrl();
    const mail = dashboardMailOf({ ...says, exceptions: says.exceptions.map(({ taskId, ...one }) => ({ ...one, url: `${base}/viec/${taskId}` })), name, late: false, url: dashboardUrl(base, address, point.at, known), settingsUrl: `${base}/nhac/dinh-ky` });
    return { ...mail, query: address, scopeWords: filterWords(filtersOf(address), runtime, point.day), empty, asOf: point.asOf, position: String(point.position) };
  }

  private allowed(request: Request): Actor {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, ['office', 'leader', 'unit'], 'đặt, đổi hay thôi gửi định kỳ');
    return actor;
  }

  /** A unit for its own people; the office and the leadership for everybody. */
  private mayFor(actor: Actor, person: Pick<Person, 'role' | 'unitId'>): void {
    if (actor.role === 'unit' && !mayActAs(actor, person)) throw new Problem(403, 'not-permitted', 'Không có quyền', `Vai trò “${actor.id}” chỉ đặt gửi định kỳ cho người của đơn vị mình.`, { extra: { role: actor.role } });
  }

  private isShownTo(actor: Actor, one: Subscription, { byId }: KnownPeople): boolean {
    return actor.role !== 'unit' || mayActAs(actor, byId.get(one.recipientId) ?? one);
  }

  private async mayChange(id: string, request: Request): Promise<Actor> {
    const actor = this.allowed(request);
    const { reference, directory } = this.runtime;
    await reference.catchUp();
    const found = reference.subscriptions.get(id);
    if (!found) throw notFound(id);
    this.mayFor(actor, (await directory.known()).byId.get(found.recipientId) ?? found);
    return actor;
  }

  /** The address in its one form, once the dashboard has understood all that it says. @throws Problem 422 at `/query`. */
  private async soundQuestion(given: string): Promise<string> {
    const { runtime } = this;
    const refused = (detail: string, what: unknown): Problem => invalid('/query', 'subscription-query-invalid', detail, what);
    const address = readDashboardAddress(given);
    if ('detail' in address) throw refused(address.detail, address.given ?? given);
    const filters = filtersOf(address.query);
    try {
      for (const rule of rulesOffIn(address.query)) readRules(rule);
      // The page is content with one kind that there is; a mistaken one beside it would never be noticed in a mail.
      for (const unitKind of filters.unitKind?.split(',') ?? []) await readDashboard({ ...filters, unitKind }, runtime);
      await readDashboard(filters, runtime);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      const fault = addressFault(error);
      throw refused(fault.detail, fault.given ?? given);
    }
    return address.query;
  }

  private warnings(person: Person): readonly Warning[] {
    return [
      ...(person.email === null ? [{ code: 'no-address', detail: 'Người này chưa có thư điện tử trong danh bạ: bảng điều hành chỉ vào hộp nhắc.' }] : []),
      ...(this.runtime.channels.some(({ name }) => name === 'email') ? [] : [{ code: 'channel-off', detail: 'Thư điện tử chưa được cấu hình (SMTP_URL, SMTP_FROM): bảng điều hành chỉ vào hộp nhắc.' }]),
    ];
  }

  private async execute(id: string, actor: Actor, asked: ReturnType<typeof conditions>, content: unknown, command: SubscriptionCommand, before: (now: Instant) => readonly Warning[] = () => []): Promise<CommandAnswer> {
    const { runtime } = this;
    const answer = await runtime.referenceCommands.execute({
      id, stream: subscriptionStream(id), actor, content, ...asked,
      decide: (now) => {
        const warnings = before(now);
        const decision = decideSubscription(command, runtime.reference.subscriptions.get(id));
        if (!decision.ok) throw problemOf(decision.rejection, id);
        return { events: decision.events.map((event) => ({ ...event, occurredAt: now })), warnings };
      },
    });
    runtime.reminders.wake();
    return answer;
  }

  private answer(one: Subscription, people: KnownPeople, now: Instant): object {
    const { runtime } = this;
    const { id, recipientId, role, unitId, terms: { name, query, hour, weekdays }, begunAt, endedAt, revision } = one;
    const person = people.byId.get(recipientId);
    return {
      id, name, query, scopeWords: filterWords(filtersOf(query), runtime, dayOf(now)), hour, weekdays, personId: recipientId, personName: nameOf(recipientId, people), roleName: PERSON_ROLES_VI[person?.role ?? role], unitId: person?.unitId ?? unitId,
      unitName: runtime.reference.unitName(person?.unitId ?? unitId), hasAddress: person !== undefined && person.email !== null, begunAt: isoInstant(begunAt), endedAt: iso(endedAt), nextAt: iso(nextDashboardSlot(one, runtime.reference.calendar, now)?.at ?? null), revision,
    };
  }

  private sent(head: MessageHead | undefined, people: KnownPeople): object | null {
    if (head?.dashboard === undefined) return null;
    const { silent } = head.dashboard;
    return { ...headAnswer(head, people, this.runtime), silent: silent ?? null, silentName: silent === undefined ? null : DASHBOARD_SILENCES_VI[silent] };
  }
}

const notFound = (id: string): Problem => new Problem(404, 'subscription-not-found', 'Không có bản gửi định kỳ này', `Không có bản gửi định kỳ mang mã “${id.slice(0, 80)}”.`, { extra: { id: id.slice(0, 80) } });

const TITLES = { 404: 'Không có bản gửi định kỳ này', 409: 'Không đổi được', 422: 'Nội dung không hợp lệ' } as const;

function problemOf({ status, code, detail, pointer, given }: SubscriptionRejection, id: string): Problem {
  return new Problem(status, code, TITLES[status], detail, pointer === undefined ? { extra: { id } } : { errors: [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }] });
}
