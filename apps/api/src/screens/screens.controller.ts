import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { cleanText, isoInstant, Problem } from '#kernel';
import { NothingDto, PairDto } from '../briefing/dto.ts';
import { actorOf, requireRole } from '../http/actor.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import { RUNTIME, SCREENS } from '../tokens.ts';
import { screenOf, tokenOf } from './screen-guard.ts';
import type { Screens } from './screens.ts';

const HOLDING = ['leader', 'office'];

/** Pairing of room screens (docs/briefing.md): a code on the screen, typed at the console; a token that reads and nothing else. */
@ApiTags('screens')
@Controller('screens')
export class ScreensController {
  private readonly runtime: Runtime;
  private readonly screens: Screens;
  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(SCREENS) screens: Screens) {
    this.runtime = runtime;
    this.screens = screens;
  }

  /** The device asks for a code to show; it needs no role. */
  @Post()
  async start(@Body() _body: NothingDto, @Req() request: Request): Promise<object> {
    const { code, claim, expiresAt } = await this.screens.start(request.ip ?? '');
    return { code, claim, expiresAt: isoInstant(expiresAt) };
  }

  @Post('pair') @HttpCode(200)
  @ApiHeader({ name: 'X-Actor', required: false })
  async pair(@Body() body: PairDto, @Req() request: Request): Promise<object> {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, HOLDING, 'ghép màn phòng họp');
    refuseSecrecyMark(body);
    await this.runtime.briefings.catchUp();
    const briefing = this.runtime.briefings.get(body.briefingId);
    if (!briefing) throw invalid('/briefingId', 'briefing-unknown', `Không có phiên giao ban “${body.briefingId}”.`, body.briefingId);
    if (briefing.state.closed !== null) throw new Problem(409, 'briefing-closed', 'Không hợp lệ ở trạng thái hiện tại', `Phiên “${briefing.state.name}” đã kết thúc.`);
    const name = cleanText(body.name);
    if (name === '') throw invalid('/name', 'name-missing', 'Màn cần một tên.', body.name);
    const screen = await this.screens.pair(body.code.replace(/\s/g, ''), body.briefingId, name, actor.id);
    return { id: screen.id, name: screen.name, briefingId: screen.briefingId };
  }

  @Get('claim')
  @ApiHeader({ name: 'X-Screen-Claim' })
  async claim(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    const claim = request.get('x-screen-claim');
    if (claim === undefined) throw new Problem(401, 'screen-claim-missing', 'Không rõ màn nào', 'Thiếu header X-Screen-Claim.');
    const answer = await this.screens.claim(claim, request.ip ?? '');
    if (answer !== 'waiting') return { ...answer, expiresAt: isoInstant(answer.expiresAt) };
    response.status(202);
    return { state: 'waiting' };
  }

  @Get('me')
  @ApiHeader({ name: 'X-Screen-Token' })
  me(@Res({ passthrough: true }) response: Response): object {
    const screen = screenOf(response);
    if (!screen) throw tokenMissing();
    return { screenId: screen.id, name: screen.name, briefingId: screen.briefingId, expiresAt: isoInstant(screen.expiresAt) };
  }

  @Post('renew') @HttpCode(200)
  @ApiHeader({ name: 'X-Screen-Token' })
  async renew(@Body() _body: NothingDto, @Req() request: Request): Promise<object> {
    const token = tokenOf(request);
    if (token === undefined) throw tokenMissing();
    await this.runtime.briefings.catchUp();
    const { id, expiresAt, ...rest } = await this.screens.renew(token, request.ip ?? '');
    return { screenId: id, ...rest, expiresAt: isoInstant(expiresAt) };
  }

  @Get()
  @ApiHeader({ name: 'X-Actor', required: false })
  async list(@Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), [...HOLDING, 'admin', 'auditor'], 'xem các màn phòng họp');
    const all = await this.screens.list();
    const iso = (at: number | null): string | null => (at === null ? null : isoInstant(at));
    const items = all.map(({ id, name, briefingId, pairedAt, lastSeenAt, expiresAt, revokedAt, connected }) => ({ id, name, briefingId, pairedAt: iso(pairedAt), lastSeenAt: iso(lastSeenAt), expiresAt: iso(expiresAt), revoked: revokedAt !== null, connected }));
    return { items, nextCursor: null, total: items.length };
  }

  @Post(':id/revoke') @HttpCode(200)
  @ApiHeader({ name: 'X-Actor', required: false })
  async revoke(@Param('id') id: string, @Body() _body: NothingDto, @Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), [...HOLDING, 'admin'], 'thu quyền của màn phòng họp');
    const { revokedAt } = await this.screens.revoke(id);
    return { id, revoked: true, revokedAt: isoInstant(revokedAt!) };
  }
}

const tokenMissing = (): Problem => new Problem(401, 'screen-token-missing', 'Không rõ màn nào', 'Thiếu header X-Screen-Token.');
