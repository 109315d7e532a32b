import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { minutesMarkdown, PAGES, type BriefingCommand } from '#briefing';
import { isoInstant, parseInstant } from '#kernel';
import { actorOf, conditions, requireRole, type Role } from '../http/actor.ts';
import { AnswersKept, presentKey } from '../http/answers-kept.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { badParameter, nextCursor, oneOf, readPage, readPoint } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { Warning } from '../tasks/task-service.ts';
import { showItem, type Screens } from '../screens/screens.ts';
import { RUNTIME, SCREENS } from '../tokens.ts';
import { presentPoint, requireUnitInScope, sinceOf } from './briefing-points.ts';
import { briefingNotFound, tagOf, type BriefingAnswer, type BriefingRequest } from './briefing-service.ts';
import type { KnownBriefing } from './briefings.ts';
import { ChangesAfterCutOff } from './changes.ts';
import { readConclusion } from './conclusion-parts.ts';
import { AmendConclusionDto, BriefingDto, BriefingsDto, type BriefingsListedDto, ConclusionDto, MinutesDto, NothingDto, OpenBriefingDto, PagesDto, ScreenPageDto, ShowDto, StrikeConclusionDto, TickerDto } from './dto.ts';
import { previewOf } from './preview.ts';
import { raisedFor } from './raised.ts';
import { decidedRequests, pageData, pagePoint, type PageAsked, type PagePoint } from './screen-pages.ts';
import { changesIn, tickerItems } from './ticker.ts';
import { briefingDetail, briefingSummary, conclusionItems, minutesFor, replayItems } from './views.ts';

const HOLDING: readonly Role[] = ['leader', 'office'];
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** The meetings of a question, the newest first. */
export function briefingsAsked(query: BriefingsListedDto, { briefings }: Pick<Runtime, 'briefings'>): readonly KnownBriefing[] {
  const state = query.state === undefined ? undefined : oneOf('state', query.state, ['open', 'closed'], 'open');
  return [...briefings.all()].reverse().filter(({ state: { closed } }) => state === undefined || (state === 'open') === (closed === null));
}

/** The weekly meeting: its cut-off, its pages, its conclusions, its draft notice (docs/briefing.md). */
@ApiTags('briefings')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@ApiHeader({ name: 'If-Match', required: false })
@Controller('briefings')
export class BriefingsController {
  private readonly runtime: Runtime;
  private readonly changes: ChangesAfterCutOff;
  private readonly screens: Screens;
  private readonly pages = new AnswersKept();
  private readonly livePages = new AnswersKept();
  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(ChangesAfterCutOff) changes: ChangesAfterCutOff, @Inject(SCREENS) screens: Screens) {
    this.screens = screens;
    this.runtime = runtime;
    this.changes = changes;
  }

  @Post()
  async open(@Body() body: OpenBriefingDto, @Req() request: Request): Promise<BriefingAnswer> {
    const { runtime } = this;
    const actor = this.holder(request, 'mở phiên giao ban');
    const { name, unitId, presiding, agenda } = body;
    if (unitId !== undefined && !runtime.reference.organisation.unit(unitId)) throw invalid('/unitId', 'unit-unknown', `Không có đơn vị “${unitId}” trong danh mục.`, unitId);
    const pages = agenda?.map(({ page, minutes }) => ({ key: page, minutes }));
    return runtime.briefingCommands.open(
      { actor, content: ['open', body], ...conditions(request) },
      { type: 'OpenBriefing', name, cutOff: parseInstant(body.cutOff)!, ...(unitId === undefined ? {} : { unitId }), ...(presiding === undefined ? {} : { presiding }), ...(pages === undefined ? {} : { agenda: pages }) },
    );
  }

  @Get()
  async list(@Query() query: BriefingsDto): Promise<object> {
    const { runtime } = this;
    await runtime.briefings.catchUp();
    const { limit, offset } = readPage(query);
    const all = briefingsAsked(query, runtime);
    return {
      items: await Promise.all(all.slice(offset, offset + limit).map((one) => briefingSummary(one, runtime))), nextCursor: nextCursor(offset, limit, all.length), total: all.length,
      asOf: isoInstant(await runtime.tasks.now()), position: String(runtime.projector.lowest()),
    };
  }

  @Get(':id')
  async one(@Param('id') id: string, @Query() query: BriefingDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query.atLeast === undefined ? {} : { atLeast: query.atLeast }, runtime);
    const found = await this.find(id);
    const show = await this.screens.shows(id);
    return { ...(await briefingDetail(found, runtime)), show: show === undefined ? null : showItem(show), now: point.asOf, position: String(point.position) };
  }

  @Post(':id/pages') @HttpCode(200)
  arrange(@Param('id') id: string, @Body() body: PagesDto, @Req() request: Request): Promise<BriefingAnswer> {
    return this.give(id, ['pages', body], request, 'sắp xếp chương trình', () => ({ type: 'ArrangePages', pages: body.pages }));
  }

  @Post(':id/conclusions')
  async conclude(@Param('id') id: string, @Body() body: ConclusionDto, @Req() request: Request): Promise<BriefingAnswer> {
    refuseSecrecyMark(body);
    const actor = this.holder(request, 'ghi kết luận');
    await this.settle(id);
    const { words, part } = await readConclusion(body, actor, this.runtime);
    return this.runtime.briefingCommands.conclude(this.requestOf(id, ['conclusion', body], request), words, part);
  }

  @Post(':id/conclusions/preview') @HttpCode(200)
  async preview(@Param('id') id: string, @Body() body: ConclusionDto, @Req() request: Request): Promise<object> {
    refuseSecrecyMark(body);
    const actor = this.holder(request, 'ghi kết luận');
    const { words, part } = await readConclusion(body, actor, this.runtime);
    return previewOf(await this.runtime.briefingCommands.plan(this.requestOf(id, null, request), words, part), this.runtime);
  }

  @Post(':id/conclusions/:conclusion/amend') @HttpCode(200)
  amend(@Param('id') id: string, @Param('conclusion') conclusionId: string, @Body() body: AmendConclusionDto, @Req() request: Request): Promise<BriefingAnswer> {
    return this.give(id, ['amend', conclusionId, body], request, 'sửa kết luận', () => ({ type: 'AmendConclusion', conclusionId, text: body.text, reason: body.reason, ...(body.short === undefined ? {} : { short: body.short }) }));
  }

  @Post(':id/conclusions/:conclusion/strike') @HttpCode(200)
  strike(@Param('id') id: string, @Param('conclusion') conclusionId: string, @Body() body: StrikeConclusionDto, @Req() request: Request): Promise<BriefingAnswer> {
    return this.give(id, ['strike', conclusionId, body], request, 'bỏ kết luận', () => ({ type: 'StrikeConclusion', conclusionId, reason: body.reason }), conclusionId);
  }

  @Post(':id/close') @HttpCode(200)
  async close(@Param('id') id: string, @Body() body: NothingDto, @Req() request: Request): Promise<BriefingAnswer> {
    this.holder(request, 'kết thúc phiên giao ban');
    await this.settle(id);
    return this.give(id, ['close', body], request, 'kết thúc phiên giao ban', async () => ({ type: 'CloseBriefing', known: await this.runtime.briefingCommands.known() }));
  }

  /** What the room shows on a page: at the cut-off, and with `live` the same at present beside it. */
  @Get(':id/screen')
  async screen(@Param('id') id: string, @Query() query: ScreenPageDto): Promise<object> {
    const { runtime } = this;
    const page = oneOf('page', query.page, PAGES, 'overview');
    const live = oneOf('live', query.live, ['true', 'false'], 'false') === 'true';
    const n = query.n ?? '1';
    if (!/^[1-9]\d{0,3}$/.test(n)) throw badParameter('n', n, 'số trang từ 1');
    const found = await this.find(id);
    const { state } = found;
    const present = await presentPoint(state, runtime, query.atLeast);
    const asked: PageAsked = { page, n: +n, unitId: query.unitId ?? null };
    if (asked.unitId !== null) requireUnitInScope(asked.unitId, state, present, runtime);
    const frozen = await pagePoint(found, asked, false, present, runtime);
    // The conclusions of this meeting, and what was put on its agenda, grow live on every screen: they are no figures of the cut-off.
    const growing = page === 'conclusions' || page === 'raised';
    const key = [id, page, n, asked.unitId ?? ''];
    const data = growing ? await pageData(asked, frozen, runtime) : await this.pages.of(key.join(' '), runtime.columns, () => pageData(asked, frozen, runtime));
    const beside = (): Promise<PagePoint> => pagePoint(found, asked, true, present, runtime);
    const liveData = async (): Promise<object> => pageData(asked, await beside(), runtime);
    const now = !live ? null : growing ? await liveData() : await this.livePages.of([...key, presentKey(present)].join(' '), runtime.columns, liveData);
    // Grows with the meeting, while the requests themselves stay as they were at the cut-off.
    const decidedKey = ['decided', id, asked.unitId ?? '', String(state.revision), live ? presentKey(present) : ''].join(' ');
    const decided = page !== 'requests' ? undefined : await this.livePages.of(decidedKey, runtime.columns, async () => decidedRequests(frozen, live ? await beside() : null, runtime));
    const events = await changesIn(id, state, present, this.changes, runtime);
    const { point } = frozen.now;
    return {
      page, n: +n, unitId: asked.unitId, asOf: point.asOf, knownAt: point.knownAt, position: String(present.position), data, now, ...(decided === undefined ? {} : { decided }), changesAfterCutOff: events.length,
    };
  }

  @Get(':id/ticker')
  async ticker(@Param('id') id: string, @Query() query: TickerDto): Promise<object> {
    const { runtime } = this;
    const limit = query.limit ?? '3';
    if (!/^\d{1,2}$/.test(limit) || +limit < 1 || +limit > 50) throw badParameter('limit', limit, 'số từ 1 đến 50');
    const { state } = await this.find(id);
    const point = await presentPoint(state, runtime, query.atLeast);
    const events = await changesIn(id, state, point, this.changes, runtime);
    const raised = await raisedFor(state, point, runtime);
    return { asOf: point.asOf, position: String(point.position), changesAfterCutOff: events.length, raised: raised.length, items: await tickerItems(events, +limit, point, runtime) };
  }

  /** What the rooms show from now on; no fact of the meeting, so it is not in the log. */
  @Post(':id/show') @HttpCode(200)
  async show(@Param('id') id: string, @Body() body: ShowDto, @Req() request: Request): Promise<object> {
    this.holder(request, 'điều khiển màn phòng họp');
    const { state } = await this.find(id);
    const page = oneOf('page', body.page, PAGES, 'overview');
    if (body.unitId != null) requireUnitInScope(body.unitId, state, await presentPoint(state, this.runtime), this.runtime);
    return showItem(await this.screens.show(id, { page, n: body.n ?? 1, unitId: body.unitId ?? null, live: body.live, blank: body.blank }));
  }

  @Get(':id/show')
  async shown(@Param('id') id: string, @Res() response: Response): Promise<void> {
    await this.find(id);
    const show = await this.screens.shows(id);
    response.json(show === undefined ? null : showItem(show));
  }

  @Get(':id/minutes')
  @ApiProduces('application/json', 'text/markdown', DOCX)
  async minutes(@Param('id') id: string, @Query() query: MinutesDto): Promise<unknown> {
    const format = oneOf('format', query.format, ['json', 'md', 'docx'], 'json');
    const { state } = await this.find(id);
    const minutes = await minutesFor(state, this.runtime);
    if (format === 'json') return minutes;
    const name = `Thong-bao-ket-luan-${minutes.day}`;
    const file = { type: format === 'md' ? 'text/markdown; charset=utf-8' : DOCX, disposition: contentDisposition(`${name}.${format}`) };
    if (format === 'md') return new StreamableFile(Buffer.from(minutesMarkdown(minutes)), file);
    // Loaded where it is used: writing documents is rare, and its package large.
    const { minutesDocument } = await import('#briefing/docx/minutes-document');
    return new StreamableFile(await minutesDocument(minutes), file);
  }

  /** All events of the meeting in the order of the log, those in tasks with them. */
  @Get(':id/replay')
  async replay(@Param('id') id: string): Promise<object> {
    const { runtime } = this;
    const found = await this.find(id);
    const items = await replayItems(found, runtime);
    return { items, nextCursor: null, total: items.length, position: String(runtime.projector.lowest()) };
  }

  private async give(id: string, content: unknown, request: Request, what: string, make: () => BriefingCommand | Promise<BriefingCommand>, struck?: string): Promise<BriefingAnswer> {
    this.holder(request, what);
    return this.runtime.briefingCommands.execute(this.requestOf(id, content, request), make, async (state) => {
      const conclusion = state.conclusions.find((one) => one.id === struck);
      return conclusion && conclusion.made.length > 0 ? [await this.remaining(conclusion)] : [];
    });
  }

  /** A struck conclusion does not undo what it did. */
  private async remaining(conclusion: KnownBriefing['state']['conclusions'][number]): Promise<Warning> {
    const [item] = await conclusionItems([conclusion], this.runtime);
    const facts = item!.events.map(({ id, type }) => `${type} (${id})`).join(', ');
    return { code: 'task-events-remain', detail: `Kết luận này đã ghi vào việc ${item!.taskCode ?? item!.taskId ?? ''}: ${facts}. Bỏ kết luận không hủy các sự kiện ấy; muốn bỏ thì Văn phòng hủy ghi nhận (annul) từng sự kiện, hoặc hủy do nhập sai (void) với việc mới giao.` };
  }

  /** Takes up conclusions whose recording was broken off between a task's stream and the meeting's. */
  private async settle(id: string): Promise<void> {
    const { runtime } = this;
    const { state } = await this.find(id);
    if (state.closed !== null || runtime.profile === 'embedded') return;
    const { position } = await runtime.log.head();
    const changes = await this.changes.upTo(await sinceOf(id, state, runtime), position);
    await runtime.briefingCommands.settle(changes.filter((event) => tagOf(event)?.briefingId === id && !state.conclusions.some((one) => one.id === tagOf(event)!.conclusionId)));
  }

  private requestOf(briefingId: string, content: unknown, request: Request): BriefingRequest {
    return { briefingId, actor: actorOf(request, this.runtime), content, ...conditions(request) };
  }

  private holder(request: Request, what: string): ReturnType<typeof actorOf> {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, HOLDING, what);
    return actor;
  }

  private async find(id: string): Promise<KnownBriefing> {
    await this.runtime.briefings.catchUp();
    const found = this.runtime.briefings.get(id);
    if (!found) throw briefingNotFound(id);
    return found;
  }
}
