import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UploadedFile, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiPayloadTooLargeResponse, ApiPropertyOptional, ApiProperty, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Request, Response } from 'express';
import { COLUMN_KEYS, COLUMNS, NEEDED, type Column, type Mapping } from '#imports';
import { cleanText, Problem } from '#kernel';
import { actorOf } from '../http/actor.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { nextCursor, oneOf, readPage } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import { oneFileExpected, UPLOAD_FIELD, UploadProblems } from '../http/upload-problems.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import { RUNTIME } from '../tokens.ts';
import type { ImportState } from './imports.ts';
import { mayImport, TO_DISK, tooLarge, type Landed } from './upload.ts';
import { readRows, ROW_GROUPS } from './work.ts';

/** Takes multipart, as the path of evidence does; below the `/api` prefix. */
export const IMPORTS_PATH = '/v1/imports';
const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

class MappingDto {
  @ApiPropertyOptional({ description: 'Trang tính, từ 0' }) @IsOptional() @IsInt() @Min(0) @Max(255) sheet?: number;
  @ApiPropertyOptional({ description: 'Dòng tiêu đề trong các dòng của trang, từ 0' }) @IsOptional() @IsInt() @Min(0) @Max(1000) header?: number;
  @ApiProperty({ type: Object, description: 'Mã cột → cột thứ mấy của tệp, từ 0; null: tệp không có' }) @IsObject() columns!: Record<string, unknown>;
}
class UndoImportDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}
class UploadDto {
  @ApiPropertyOptional({ description: 'Đơn vị gửi danh sách: cột đã ghép được nhớ theo đơn vị' }) @IsOptional() @IsString() unitId?: string;
}
class RowsDto {
  @ApiPropertyOptional({ enum: ROW_GROUPS }) @IsOptional() @IsString() group?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}

/** Lists in CSV and XLSX: taken in, rehearsed, recorded, undone. */
@ApiTags('imports')
@ApiHeader({ name: 'X-Actor', required: false })
@UseGuards(mayImport(['office'], 'nhập danh sách'))
@Controller('imports')
export class ImportsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Post()
  @UseInterceptors(FileInterceptor(UPLOAD_FIELD, TO_DISK))
  @UseFilters(new UploadProblems(tooLarge))
  @ApiOperation({ summary: 'Tải lên một danh sách CSV hoặc XLSX (văn phòng): đọc các trang, đoán cột; chưa ghi gì' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ required: true, schema: { type: 'object', required: [UPLOAD_FIELD], properties: { [UPLOAD_FIELD]: { type: 'string', format: 'binary' } } } })
  @ApiPayloadTooLargeResponse({ description: 'file-too-large, xlsx-bomb, xlsx-too-big, …' })
  @ApiUnprocessableEntityResponse({ description: 'Không đọc được tệp: mã nói vì sao' })
  async upload(@UploadedFile() landed: Landed | undefined, @Query() { unitId }: UploadDto, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    if (landed === undefined) throw oneFileExpected();
    try {
      if (unitId !== undefined && !this.runtime.reference.organisation.unit(unitId)) throw invalid('?unitId', 'unit-unknown', `Không có đơn vị “${unitId.slice(0, 80)}” trong danh mục.`, unitId);
      refuseSecrecyMark({ file: landed.name });
      const state = await this.runtime.imports.take(landed.path, { name: landed.name, size: landed.size, unitId: unitId ?? null, actor: actorOf(request, this.runtime) });
      response.setHeader('Location', `/api${IMPORTS_PATH}/${state.id}`);
      return await this.shown(state);
    } finally {
      await rm(landed.path, { force: true });
    }
  }

  @Get()
  @ApiOperation({ summary: 'Các lần nhập còn giữ, mới trước' })
  async list(): Promise<object> {
    const items = (await this.runtime.imports.list()).map(({ id, name, format, uploadedAt, phase, doing, failure, rehearsed, written }) => ({ id, name, format, uploadedAt, phase, doing, failed: failure !== null, counts: rehearsed?.counts ?? null, written: written && { tasks: written.tasks, events: written.events } }));
    return { items, nextCursor: null, total: items.length };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Một lần nhập đang ở đâu: bước, số dòng đã làm, kết quả' })
  async one(@Param('id') id: string): Promise<object> {
    return this.shown(await this.runtime.imports.get(id));
  }

  @Get(':id/rows')
  @ApiOperation({ summary: 'Từng dòng sau khi chạy thử: kết quả và thông báo' })
  async rows(@Param('id') id: string, @Query() query: RowsDto): Promise<object> {
    const { imports } = this.runtime;
    const state = await imports.get(id);
    if (!state.rehearsed) throw new Problem(409, 'import-not-rehearsed', 'Chưa chạy thử', 'Chưa chạy thử danh sách này nên chưa có dòng nào để xem.');
    const { limit, offset } = readPage(query);
    const page = await readRows(imports.dir(id), oneOf('group', query.group, ROW_GROUPS, 'all'), offset, limit);
    return { items: page.items, nextCursor: nextCursor(offset, limit, page.total), total: page.total };
  }

  @Post(':id/mapping') @HttpCode(200)
  @ApiOperation({ summary: 'Ghép cột rồi chạy thử; chưa ghi gì' })
  async mapping(@Param('id') id: string, @Body() { sheet, header, columns }: MappingDto): Promise<object> {
    const { imports } = this.runtime;
    const state = await imports.get(id);
    const chosen = sheet ?? Math.max(0, state.sheets.findIndex((one) => !one.hidden && !one.refusal));
    return this.shown(await imports.choose(id, { sheet: chosen, header: header ?? state.sheets[chosen]?.header ?? 0, columns: readMapping(columns) }));
  }

  @Post(':id/commit') @HttpCode(200)
  @ApiOperation({ summary: 'Ghi mọi dòng đã nhận, tất cả hoặc không dòng nào; gửi lại không ghi hai lần' })
  async commit(@Param('id') id: string, @Req() request: Request): Promise<object> {
    return this.shown(await this.runtime.imports.commit(id, actorOf(request, this.runtime)));
  }

  @Post(':id/undo') @HttpCode(200)
  @ApiOperation({ summary: 'Hoàn tác cả lần nhập bằng sự kiện có lý do; từ chối và nêu tên nếu có việc đã được ghi tiếp' })
  async undo(@Param('id') id: string, @Body() { reason }: UndoImportDto, @Req() request: Request): Promise<object> {
    refuseSecrecyMark({ reason });
    if (cleanText(reason) === '') throw invalid('/reason', 'reason-missing', 'Cần một lý do.', reason);
    return this.shown(await this.runtime.imports.undo(id, actorOf(request, this.runtime), cleanText(reason)));
  }

  @Get(':id/corrected')
  @ApiOperation({ summary: 'Danh sách như đã gửi, kèm kết quả và thông báo từng dòng; sửa rồi nhập lại được' })
  async corrected(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const { file, name, format } = await this.runtime.imports.corrected(id);
    const { size } = await stat(file);
    response.set({ 'Content-Type': format === 'xlsx' ? XLSX_TYPE : 'text/csv; charset=utf-8', 'Content-Length': String(size), 'Content-Disposition': contentDisposition(name) });
    await pipeline(createReadStream(file), response).catch(() => response.destroy());
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Xóa tệp đã tải lên; việc đã ghi thì vẫn còn, không hoàn tác được nữa' })
  async remove(@Param('id') id: string): Promise<object> {
    await this.runtime.imports.remove(id);
    return { id, removed: true };
  }

  private async shown(state: ImportState): Promise<object> {
    const { actor: _, failure, ...rest } = state;
    const tasks = failure?.tasks ?? [];
    const names = new Map((await this.runtime.board.byIds(tasks.map(({ taskId }) => taskId))).map((task) => [task.id, task]));
    return {
      ...rest,
      failure: failure && { ...failure, ...(failure.tasks && { tasks: tasks.map((one) => ({ ...one, id: one.taskId, taskCode: names.get(one.taskId)?.code ?? null, content: names.get(one.taskId)?.content ?? null })) }) },
      progress: state.doing === null ? null : (this.runtime.imports.progressOf(state.id) ?? { done: 0, total: 0 }),
      columns: COLUMN_KEYS.map((key) => ({ key, title: COLUMNS[key], needed: (NEEDED as readonly Column[]).includes(key) })),
    };
  }
}

function readMapping(columns: Record<string, unknown>): Mapping {
  const mapping: Partial<Record<Column, number>> = {};
  for (const [key, place] of Object.entries(columns)) {
    const column = COLUMN_KEYS.find((one) => one === key);
    if (column === undefined) throw invalid(`/columns/${key.slice(0, 40)}`, 'column-unknown', `Không có cột “${key.slice(0, 40)}”.`, place);
    if (place === null) continue;
    if (typeof place !== 'number' || !Number.isInteger(place) || place < 0 || place > 1_000) throw invalid(`/columns/${key}`, 'column-place-invalid', 'Cần số thứ tự của cột trong tệp, từ 0.', place);
    mapping[column] = place;
  }
  return mapping;
}
