import { createHash, randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UploadedFile, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiPayloadTooLargeResponse, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { dayOf, foldText, isoInstant, Problem } from '#kernel';
import { isThere, PERSON_ROLES_VI, readPeople, type PeopleContext, type PeopleFile, type Person } from '#people';
import { icalFeed, type FeedEvent } from '#reminders';
import { actorOf, requireRole } from '../http/actor.ts';
import { nextCursor, readPage } from '../http/points.ts';
import { oneFileExpected, UPLOAD_FIELD, UploadProblems } from '../http/upload-problems.ts';
import { mayImport, TO_DISK, tooLarge, type Landed } from '../imports/upload.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';
import { RUNTIME } from '../tokens.ts';
import { taskWords } from './answers.ts';
import { FeedDto, ImportPeopleDto, ImportPeopleFileDto, LedgerDto, PeopleDto, type PeopleListedDto } from './dto.ts';
import { nameOf } from './people-known.ts';
import { peopleContext, peopleOf, takePeople, type Imported } from './people-list.ts';
import { personFor } from './who.ts';

/** Takes multipart; below the `/api` prefix. */
export const PEOPLE_FILE_PATH = '/v1/people/import/file';

const MOST_FEED = 500;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The people of a question; by their code only for whom contacts are shown. */
export function peopleAsked({ q, unitId: asked }: PeopleListedDto, all: readonly Person[], contacts: boolean, { reference }: Pick<Runtime, 'reference'>): readonly Person[] {
  const words = foldText(q ?? '').split(' ').filter((word) => word !== '');
  const among = ({ name, code, unitId }: Person): boolean => {
    const text = foldText(`${name} ${contacts ? code : ''} ${reference.unitName(unitId)}`);
    return words.every((word) => text.includes(word));
  };
  return all.filter((person) => (asked === undefined || person.unitId === asked) && (words.length === 0 || among(person)));
}

/** The directory of people, and their calendar feeds. */
@ApiTags('people')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller()
export class PeopleController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('people')
  @ApiOperation({ summary: 'Danh bạ người được nhắc; liên hệ chỉ hiện với quản trị và văn phòng' })
  async list(@Query() query: PeopleDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    const { limit, offset } = readPage(query);
    const people = await runtime.directory.known();
    const contacts = actor.role === 'admin' || actor.role === 'office';
    const own = peopleAsked(query, people.all, contacts, runtime).filter(({ unitId }) => actor.role !== 'unit' || unitId === actor.unitId);
    const items = own.slice(offset, offset + limit).map(({ id, code, name, unitId, role, email, phone, channels, quiet, dailyLimit, delegation, leftOn }) => ({
      id, name, unitId, unitName: runtime.reference.unitName(unitId), role, roleName: PERSON_ROLES_VI[role], channels, delegation: delegation === null ? null : { ...delegation, toName: nameOf(delegation.toId, people) }, leftOn,
      ...(contacts ? { code, email, phone, quiet, dailyLimit } : {}),
    }));
    return { items, nextCursor: nextCursor(offset, limit, own.length), total: own.length };
  }

  @Post('people/import') @HttpCode(200)
  @ApiOperation({ summary: 'Nhập danh bạ từ CSV; sync: ai không có trong tệp coi như nghỉ từ hôm nay' })
  async import(@Body() { csv, sync = false, dryRun = false }: ImportPeopleDto, @Req() request: Request): Promise<Imported> {
    requireRole(actorOf(request, this.runtime), ['admin'], 'nhập danh bạ');
    const context = await this.context();
    return this.taken(readPeople(new TextEncoder().encode(csv), context), context.known, '/csv', { sync, dryRun });
  }

  @Post('people/import/file') @HttpCode(200)
  @UseGuards(mayImport(['admin'], 'nhập danh bạ'))
  @UseInterceptors(FileInterceptor(UPLOAD_FIELD, TO_DISK))
  @UseFilters(new UploadProblems(tooLarge))
  @ApiOperation({ summary: 'Nhập danh bạ từ một tệp CSV hoặc XLSX: trang đầu tiên có đủ cột; như nhập CSV, và với các giới hạn của nhập danh sách việc' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ required: true, schema: { type: 'object', required: [UPLOAD_FIELD], properties: { [UPLOAD_FIELD]: { type: 'string', format: 'binary' } } } })
  @ApiPayloadTooLargeResponse({ description: 'file-too-large, xlsx-bomb, xlsx-too-big, …' })
  @ApiUnprocessableEntityResponse({ description: 'Không đọc được tệp: mã nói vì sao' })
  async importFile(@UploadedFile() landed: Landed | undefined, @Query() { sync, dryRun }: ImportPeopleFileDto): Promise<Imported> {
    if (landed === undefined) throw oneFileExpected();
    const context = await this.context();
    const file = await this.runtime.imports.readList(landed.path, (list) => peopleOf(list, context));
    return this.taken(file, context.known, `/${UPLOAD_FIELD}`, { sync: sync === 'true', dryRun: dryRun === 'true' });
  }

  private async context(): Promise<PeopleContext> {
    const { directory, reference } = this.runtime;
    return peopleContext((await directory.known()).all, reference);
  }

  private async taken(file: PeopleFile, known: readonly Person[], pointer: string, how: { readonly sync: boolean; readonly dryRun: boolean }): Promise<Imported> {
    const { runtime } = this;
    const imported = await takePeople(file, { known, pointer, today: dayOf(await runtime.tasks.now()), store: runtime.people, ...how });
    if (!how.dryRun) runtime.reminders.wake();
    return imported;
  }

  @Delete('people/:id')
  @ApiOperation({ summary: 'Xóa một người theo yêu cầu: tên và liên hệ mất hẳn, các lần nhắc đã ghi vẫn còn với mã' })
  async erase(@Param('id') id: string, @Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), ['admin'], 'xóa người khỏi danh bạ');
    const { byId } = await this.runtime.directory.known();
    if (!byId.has(id) || !(await (await this.runtime.people()).erase(id))) throw new Problem(404, 'person-not-found', 'Không có người này', `Danh bạ không có người mang mã “${id.slice(0, 80)}”.`);
    return { id, erased: true };
  }

  @Post('calendar-feeds')
  @ApiOperation({ summary: 'Địa chỉ lịch của một người; chỉ hiện một lần, sau đó chỉ còn giữ mã băm' })
  async makeFeed(@Body() { personId }: FeedDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const person = personFor(actorOf(request, runtime), personId, await runtime.directory.known());
    const token = randomBytes(32).toString('base64url');
    await (await runtime.people()).addFeed({ hash: hashOf(token), personId: person.id, madeAt: await runtime.tasks.now() });
    const url = `${runtime.baseUrl()}/api/v1/calendar-feeds/${token}.ics`;
    return { personId: person.id, url, webcal: url.replace(/^https?:/, 'webcal:') };
  }

  @Get('calendar-feeds')
  async feeds(@Query() { personId = '' }: LedgerDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const person = personFor(actorOf(request, runtime), personId, await runtime.directory.known());
    const items = (await (await runtime.people()).feedsOf(person.id)).map(({ madeAt }) => ({ madeAt: isoInstant(madeAt) }));
    return { items, total: items.length, nextCursor: null };
  }

  @Delete('calendar-feeds')
  @ApiOperation({ summary: 'Thu hồi mọi địa chỉ lịch của một người' })
  async revoke(@Query() { personId = '' }: LedgerDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const person = personFor(actorOf(request, runtime), personId, await runtime.directory.known());
    return { personId: person.id, revoked: await (await runtime.people()).revokeFeeds(person.id) };
  }

  /** Read by calendar programs, which have no other name for themselves than the address. */
  @Get('calendar-feeds/:file')
  async feed(@Param('file') file: string, @Res() response: Response): Promise<void> {
    const { runtime } = this;
    const token = /^([A-Za-z0-9_-]{43})\.ics$/.exec(file)?.[1];
    const { byId } = await runtime.directory.known();
    const kept = token === undefined || byId.size === 0 ? undefined : await (await runtime.people()).feed(hashOf(token));
    const person = kept && byId.get(kept.personId);
    const now = await runtime.tasks.now();
    if (!person || !isThere(person, dayOf(now))) throw new Problem(404, 'feed-not-found', 'Không có lịch này', 'Địa chỉ lịch không đúng hoặc đã bị thu hồi.');
    const wide = person.role === 'office' || person.role === 'leader';
    const { columns, marks, reference } = runtime;
    const open = columns.page(wide ? { at: now, known: null } : { at: now, known: null, unitIds: new Set([person.unitId]) }, (cell) => cell === 'O1' || cell === 'O2', { passes: (_, due) => due !== Infinity, by: 'due', limit: MOST_FEED }).items;
    const words = await taskWords(open.map(({ taskId }) => taskId), runtime);
    const events = open.flatMap(({ taskId, unitId, due, cell }): FeedEvent[] => {
      const task = words.get(taskId);
      const { dueOn, dueTime } = dueParts(due);
      return task === undefined || dueOn === null ? [] : [{ taskId, code: task.code, title: task.content, unit: reference.unitName(unitId), dueOn, dueTime, url: `${runtime.baseUrl()}/viec/${taskId}`, sequence: marks.countOf(columns.numberOfTask(taskId)!), overdue: cell === 'O2' }];
    });
    response.setHeader('Content-Type', 'text/calendar; charset=utf-8');
    response.setHeader('Cache-Control', 'private, max-age=300');
    response.send(icalFeed(`Nhắc Việc: ${wide ? PERSON_ROLES_VI[person.role] : reference.unitName(person.unitId)}`, now, events));
  }
}
