import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { isoInstant, Problem } from '#kernel';
import { MOST_VIEWS, readAddress, readName, type Kept, type SavedView, type ViewFault } from '#views';
import { actorOf } from '../http/actor.ts';
import { RenameViewDto, SaveViewDto } from '../http/dto.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';

/** Saved views of whoever acts; until there are accounts, of the role. They are no facts and stand outside the log. */
@ApiTags('views')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller('views')
export class ViewsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get()
  @ApiOperation({ summary: 'Các góc nhìn đã lưu của vai đang dùng' })
  async list(@Req() request: Request): Promise<object> {
    const items = await (await this.runtime.views()).list(this.owner(request));
    return { items, nextCursor: null, total: items.length, most: MOST_VIEWS };
  }

  @Post()
  @ApiOperation({ summary: 'Lưu góc nhìn: một tên cho đường dẫn và các lựa chọn của trang' })
  async save(@Body() body: SaveViewDto, @Req() request: Request): Promise<SavedView> {
    const owner = this.owner(request);
    const { name } = sound(readName(body.name));
    const address = sound(readAddress(body.path, body.query ?? ''));
    refuseSecrecyMark({ name, query: [...new URLSearchParams(address.query).values()] });
    const view = { id: this.runtime.ids.next(), name, ...address, savedAt: isoInstant(await this.runtime.tasks.now()) };
    return kept(await (await this.runtime.views()).add(owner, view), name);
  }

  @Post(':id/rename') @HttpCode(200)
  async rename(@Param('id') id: string, @Body() body: RenameViewDto, @Req() request: Request): Promise<SavedView> {
    const owner = this.owner(request);
    const { name } = sound(readName(body.name));
    refuseSecrecyMark({ name });
    return kept(await (await this.runtime.views()).rename(owner, id, name), name, id);
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @Req() request: Request): Promise<object> {
    if (!(await (await this.runtime.views()).remove(this.owner(request), id))) throw unknown(id);
    return { id, removed: true };
  }

  private owner(request: Request): string {
    return actorOf(request, this.runtime).id;
  }
}

function sound<T extends object>(read: T | ViewFault): T {
  if (!('detail' in read)) return read;
  const { pointer, code, detail } = read;
  throw new Problem(422, code, 'Nội dung không hợp lệ', detail, { errors: [{ pointer, code, detail }] });
}

function kept(answer: Kept, name: string, id = ''): SavedView {
  if (answer.ok) return answer.view;
  switch (answer.why) {
    case 'taken':
      throw new Problem(409, 'view-name-taken', 'Trùng tên', `Đã có góc nhìn tên “${name}”; đặt tên khác hoặc xóa góc nhìn cũ.`, { errors: [{ pointer: '/name', code: 'view-name-taken', detail: 'tên này đã dùng' }] });
    case 'full':
      throw new Problem(409, 'views-full', 'Đã đủ góc nhìn', `Mỗi vai giữ tối đa ${String(MOST_VIEWS)} góc nhìn; xóa bớt rồi lưu lại.`);
    case 'unknown':
      throw unknown(id);
  }
}

const unknown = (id: string): Problem => new Problem(404, 'view-not-found', 'Không có góc nhìn này', `Vai này không có góc nhìn mang mã “${id.slice(0, 80)}”.`);
