import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { DAY_MS, addDays, dayVi, instantVi, isoInstant, type Instant } from '#kernel';
import { calendarFor, EXCEPTION_RULES, type Calendar, type ExceptionRule } from '#oversight';
import { askQuestion, type Question } from '../figures/figures-service.ts';
import { PointDto } from '../http/dto.ts';
import { badParameter, oneOf, readPoint, type Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';

export class DashboardDto extends PointDto {
  @ApiPropertyOptional() @IsOptional() @IsString() unitId?: string;
  @ApiPropertyOptional({ description: 'Khối: đơn vị chủ trì thuộc những loại này, cách nhau bằng dấu phẩy (kind của GET /units), ví dụ so,thanh-tra' }) @IsOptional() @IsString() unitKind?: string;
  @ApiPropertyOptional({ enum: ['self', 'tree'] }) @IsOptional() @IsString() scope?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() authority?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() field?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'] }) @IsOptional() @IsString() starred?: string;
  @ApiPropertyOptional({ description: 'Số của văn bản nguồn, gõ thế nào cũng được' }) @IsOptional() @IsString() documentNumber?: string;
  @ApiPropertyOptional({ description: 'Chỉ những việc mà các con số này của bảng điều hành đếm tại thời điểm hỏi, cách nhau bằng dấu phẩy: overdue, due-3, done-late, age-8-30, …; con số của một tuần thì kèm thứ Hai: load-2020-11-30, assigned-week-…, completed-week-…, overdue-at-… (docs/dashboard.md)' }) @IsOptional() @IsString() only?: string;
  @ApiPropertyOptional({ enum: ['was', 'is'] }) @IsOptional() @IsString() organisedAs?: string;
  @ApiPropertyOptional({ description: 'Mốc so sánh: ngày hoặc thời điểm; mặc định mốc chốt của giao ban trước (trong 31 ngày), không có thì 7 ngày trước' }) @IsOptional() @IsString() sinceAsOf?: string;
  @ApiPropertyOptional({ description: 'Biết đến, của mốc so sánh; mặc định như knownAt' }) @IsOptional() @IsString() sinceKnownAt?: string;
}

export class DashboardListedDto extends DashboardDto {
  @ApiPropertyOptional({ description: 'Con số nào: overdue, due-7, waiting, … (docs/dashboard.md)' }) @IsOptional() @IsString() what?: string;
  @ApiPropertyOptional({ description: 'Thứ Hai của tuần, với những con số theo tuần' }) @IsOptional() @IsString() week?: string;
  @ApiPropertyOptional({ enum: ['due', '-due', 'code', '-code'] }) @IsOptional() @IsString() sort?: string;
}

export class DashboardListDto extends DashboardListedDto {
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}

export class ExceptionsListedDto extends DashboardDto {
  @ApiPropertyOptional({ description: `Cách nhau bằng dấu phẩy; mặc định tất cả: ${EXCEPTION_RULES.join(', ')}` }) @IsOptional() @IsString() rules?: string;
}

export class ExceptionsDto extends ExceptionsListedDto {
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}

/** What a dashboard is asked, at one of its two points. */
export interface Asked {
  readonly point: Point;
  readonly question: Question;
  readonly days: Calendar;
}

export interface DashboardQuestion extends Asked {
  readonly since: Asked;
  /** What chose the comparison point. */
  readonly sinceBy: 'asked' | 'meeting' | 'week';
  /** The comparison in words, after "so với". */
  readonly sinceWords: string;
}

export async function readAsked(dto: DashboardDto, runtime: Sources): Promise<Asked> {
  return ask(dto, await readPoint(dto, runtime), runtime);
}

async function ask(dto: DashboardDto, point: Point, runtime: Sources): Promise<Asked> {
  const question = await askQuestion(dto, point, runtime);
  const { reference } = runtime;
  return { point, question, days: calendarFor(point.at, reference.calendarAt(point.known), reference.settings(point.known).dueSoonWorkingDays) };
}

/** A meeting longer ago than this is no measure of a change any more. */
const MEETING_WITHIN_MS = 31 * DAY_MS;

/** When the last meeting before the point was cut off, of the unit or else of the province; closed, and known to be at K. */
function lastMeeting({ unitId }: DashboardDto, { at, known }: Point, { briefings }: Sources): Instant | undefined {
  const before = (scope: string | null): Instant | undefined =>
    briefings.ofScope(scope).findLast(({ state, facts }) => {
      const closed = facts.find(({ id }) => id === state.closed?.eventId);
      return closed !== undefined && closed.position <= known && state.cutOff < at && at - state.cutOff <= MEETING_WITHIN_MS;
    })?.state.cutOff;
  return (unitId === undefined ? undefined : before(unitId)) ?? before(null);
}

/**
 * The comparison point: where it is not said, the cut-off of the last meeting, or else seven days earlier; as known at the same K where that
 * is not said.
 */
export async function readDashboard(dto: DashboardDto, runtime: Sources): Promise<DashboardQuestion> {
  const asked = await readAsked(dto, runtime);
  const { point } = asked;
  const meeting = dto.sinceAsOf === undefined ? lastMeeting(dto, point, runtime) : undefined;
  const sinceBy = dto.sinceAsOf !== undefined ? 'asked' : meeting !== undefined ? 'meeting' : 'week';
  const asOf = dto.sinceAsOf ?? (meeting !== undefined ? isoInstant(meeting) : point.asOf.length === 10 ? addDays(point.day, -7) : isoInstant(point.at - 7 * DAY_MS));
  const before = await readPoint({ asOf, ...(dto.sinceKnownAt === undefined ? {} : { knownAt: dto.sinceKnownAt }) }, runtime, 'since');
  const since: Point = dto.sinceKnownAt === undefined ? { ...before, known: point.known, position: point.position, knownAt: point.knownAt, lastEventId: point.lastEventId } : before;
  const words = { asked: asOf.length === 10 ? `ngày ${dayVi(since.day)}` : instantVi(since.at), meeting: 'giao ban trước', week: '7 ngày trước' };
  const when = words[sinceBy];
  return { ...asked, since: await ask(dto, since, runtime), sinceBy, sinceWords: dto.sinceKnownAt === undefined ? when : `${when} như đã biết khi đó` };
}

export function readRules(given: string | undefined): readonly ExceptionRule[] {
  if (given === undefined) return EXCEPTION_RULES;
  return given.split(',').map((rule) => oneOf('rules', rule, EXCEPTION_RULES, 'oldest-overdue'));
}

/** A Monday among those that a number is told for. */
export function readWeek(given: string | undefined, mondays: readonly string[]): number {
  const week = given === undefined ? -1 : mondays.indexOf(given);
  if (week < 0) throw badParameter('week', given, `thứ Hai của một tuần từ ${mondays[0]!} đến ${mondays.at(-1)!}`, 422);
  return week;
}
