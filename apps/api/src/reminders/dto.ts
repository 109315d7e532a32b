import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { OUTSIDE_CHANNELS } from '#people';
import { NUMBERS_BY } from '#reminders';

export class LedgerListedDto {
  @ApiPropertyOptional() @IsOptional() @IsString() taskId?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() personId?: string;
  @ApiPropertyOptional({ description: 'Đơn vị chủ trì việc được nhắc' }) @IsOptional() @IsString() unitId?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() from?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() to?: string;
}
/** Lists of reminders and people: `limit`, `cursor`, and whose. */
export class LedgerDto extends LedgerListedDto {
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}
export class NumbersDto {
  @ApiPropertyOptional({ description: 'Đơn vị của người được nhắc' }) @IsOptional() @IsString() unitId?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() from?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() to?: string;
  @ApiPropertyOptional({ enum: NUMBERS_BY, description: 'Chia theo người hoặc đơn vị; nhiều lời nhắc chưa xem nhất trước' }) @IsOptional() @IsString() groupBy?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}
export class InboxDto {
  @ApiPropertyOptional() @IsOptional() @IsString() personId?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}
export class AnswerReminderDto {
  @IsString() taskId!: string;
  @IsIn(['done', 'not-done']) answer!: 'done' | 'not-done';
  @IsOptional() @IsString() @MaxLength(2_000) reason?: string;
  @IsOptional() @IsString() proposedOn?: string;
}
export class SnoozeDto {
  @IsString() personId!: string;
  @IsString() taskId!: string;
  @IsString() until!: string;
}
export class ResendDto {
  @IsIn(OUTSIDE_CHANNELS) channel!: (typeof OUTSIDE_CHANNELS)[number];
}
export class TestReminderDto {
  @IsString() personId!: string;
  @IsOptional() @IsIn(OUTSIDE_CHANNELS) channel?: (typeof OUTSIDE_CHANNELS)[number];
}
export class RulesDto {
  @IsString() morning!: string;
  @IsArray() rules!: unknown[];
  @IsOptional() @IsString() @MaxLength(500) reason?: string;
}
export class PreviewRulesDto {
  @IsOptional() @IsString() morning?: string;
  @IsOptional() @IsArray() rules?: unknown[];
  @IsOptional() @IsInt() @Min(1) @Max(20) days?: number;
}
export class ImportPeopleDto {
  /** The list as text, CSV. */
  @IsString() csv!: string;
  /** Those who are not in it have left from today on. */
  @IsOptional() @IsBoolean() sync?: boolean;
  @IsOptional() @IsBoolean() dryRun?: boolean;
}
export class ImportPeopleFileDto {
  @ApiPropertyOptional({ description: 'Ai không có trong tệp coi như nghỉ từ hôm nay' }) @IsOptional() @IsIn(['true', 'false']) sync?: 'true' | 'false';
  @ApiPropertyOptional({ description: 'Chỉ xem kết quả' }) @IsOptional() @IsIn(['true', 'false']) dryRun?: 'true' | 'false';
}
export class PeopleDto extends LedgerDto {
  @ApiPropertyOptional({ description: 'Tìm theo tên, mã (văn phòng, quản trị) hoặc đơn vị, không cần dấu' }) @IsOptional() @IsString() @MaxLength(200) q?: string;
}
export class PeopleListedDto {
  @ApiPropertyOptional() @IsOptional() @IsString() unitId?: string;
  @ApiPropertyOptional({ description: 'Tìm theo tên, mã hoặc đơn vị, không cần dấu' }) @IsOptional() @IsString() @MaxLength(200) q?: string;
}
export class SubscriptionsDto {
  @ApiPropertyOptional() @IsOptional() @IsString() personId?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Cả những bản đã thôi' }) @IsOptional() @IsString() ended?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
}
export class BeginSubscriptionDto {
  @IsString() personId!: string;
  @IsString() @MaxLength(400) name!: string;
  @ApiPropertyOptional({ example: 'donVi=so-y-te', description: 'Phần sau dấu ? của địa chỉ bảng điều hành; thời điểm và mốc so không giữ' }) @IsOptional() @IsString() @MaxLength(4_000) query?: string;
  /** HH:MM */
  @IsString() hour!: string;
  /** 1 = thứ Hai … 7 = Chủ nhật */
  @IsArray() weekdays!: unknown[];
}
export class ChangeSubscriptionDto {
  @IsOptional() @IsString() @MaxLength(400) name?: string;
  @IsOptional() @IsString() @MaxLength(4_000) query?: string;
  @IsOptional() @IsString() hour?: string;
  @IsOptional() @IsArray() weekdays?: unknown[];
}
export class PreviewSubscriptionDto {
  @IsOptional() @IsString() @MaxLength(100) name?: string;
  @IsOptional() @IsString() @MaxLength(4_000) query?: string;
}
export class FeedDto {
  @IsString() personId!: string;
}
