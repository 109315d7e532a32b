import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsEmpty, IsInt, IsNotEmpty, IsNumber, IsOptional, IsString, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { CONCLUSION_KINDS, PAGES } from '#briefing';
import { DeadlineDto, IsExistingDay, IsInstant, Nested, NestedList, Optional } from '../http/dto.ts';

export class AgendaPageDto {
  @ApiProperty({ enum: PAGES }) @IsString() @MaxLength(100) key!: string;
  @ApiProperty() @IsNumber() minutes!: number;
}

export class AgendaItemDto {
  @ApiProperty({ enum: PAGES }) @IsString() @MaxLength(100) page!: string;
  @ApiProperty() @IsNumber() minutes!: number;
}

export class OpenBriefingDto {
  @ApiProperty({ example: 'Giao ban thứ Hai 23/11/2026' }) @IsString() @IsNotEmpty() @MaxLength(1_000) name!: string;
  @ApiProperty({ description: 'Mốc chốt, không sau lúc này', example: '2026-11-23T07:30:00+07:00' }) @IsInstant() cutOff!: string;
  @ApiPropertyOptional({ description: 'Phạm vi: đơn vị cùng các đơn vị bên dưới; không có: toàn tỉnh' }) @Optional() @IsString() @MaxLength(100) unitId?: string;
  @ApiPropertyOptional({ description: 'Chức danh người chủ trì' }) @Optional() @IsString() @MaxLength(1_000) presiding?: string;
  @ApiPropertyOptional({ type: [AgendaItemDto] }) @Optional() @ArrayMaxSize(20) @NestedList(() => AgendaItemDto) agenda?: AgendaItemDto[];
}

export class PagesDto {
  @ApiProperty({ type: [AgendaPageDto] }) @ArrayMaxSize(20) @NestedList(() => AgendaPageDto) pages!: AgendaPageDto[];
}

/** A conclusion of any kind; which fields a kind needs stands in conclusion-parts.ts. */
export class ConclusionDto {
  @ApiProperty({ enum: CONCLUSION_KINDS }) @IsString() @MaxLength(100) kind!: string;
  @ApiProperty({ description: 'Tối đa 500 ký tự' }) @IsString() @IsNotEmpty() @MaxLength(2_000) text!: string;
  @ApiPropertyOptional({ description: 'Câu hiện trên màn phòng họp, tối đa 48 ký tự' }) @Optional() @IsString() @MaxLength(500) short?: string;
  @ApiPropertyOptional({ description: 'Không có: “Kết luận giao ban <ngày/tháng>”' }) @Optional() @IsString() @MaxLength(2_000) reason?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) taskId?: string;
  @ApiPropertyOptional({ description: 'Phiên bản của việc khi được quyết; khác đi thì 412' }) @Optional() @IsInt() @Min(0) taskRevision?: number;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) unitId?: string;
  @ApiPropertyOptional({ type: DeadlineDto }) @Optional() @Nested(() => DeadlineDto) deadline?: DeadlineDto;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(5_000) question?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) toUnitId?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(5_000) note?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(5_000) content?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) product?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(100) authority?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(100) leadUnitId?: string;
  @ApiPropertyOptional({ type: [String] }) @Optional() @IsArray() @ArrayMaxSize(200) @IsString({ each: true }) coordinatingUnitIds?: string[];
  @ApiPropertyOptional() @Optional() @IsExistingDay() assignedOn?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(200) field?: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() starred?: boolean;
  @ApiPropertyOptional() @Optional() @IsNumber() @Min(0) weight?: number;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) parentTaskId?: string;
}

export class AmendConclusionDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) text!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) short?: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

export class StrikeConclusionDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

/** No field: a class of its own needs one to be validated by, and so refuses every other. */
export class NothingDto {
  @IsOptional() @IsEmpty() nothing?: undefined;
}

export class ShowDto {
  @ApiProperty({ enum: PAGES }) @IsString() @MaxLength(100) page!: string;
  @ApiPropertyOptional() @Optional() @IsInt() @Min(1) @Max(1_000) n?: number;
  @ApiPropertyOptional({ nullable: true }) @ValidateIf((_, value) => value !== undefined && value !== null) @IsString() @MaxLength(100) unitId?: string | null;
  @ApiProperty() @IsBoolean() live!: boolean;
  @ApiProperty() @IsBoolean() blank!: boolean;
}

export class BriefingsListedDto {
  @ApiPropertyOptional({ enum: ['open', 'closed'] }) @Optional() @IsString() state?: string;
}

export class BriefingsDto extends BriefingsListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

export class BriefingDto {
  @ApiPropertyOptional({ description: 'Đợi đến khi số liệu đạt vị trí này' }) @Optional() @IsString() atLeast?: string;
}

export class ScreenPageDto extends BriefingDto {
  @ApiPropertyOptional({ enum: PAGES }) @Optional() @IsString() page?: string;
  @ApiPropertyOptional() @Optional() @IsString() n?: string;
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'] }) @Optional() @IsString() live?: string;
}

export class TickerDto extends BriefingDto {
  @ApiPropertyOptional({ description: '1 đến 50, mặc định 3' }) @Optional() @IsString() limit?: string;
}

export class MinutesDto {
  @ApiPropertyOptional({ enum: ['json', 'md', 'docx'] }) @Optional() @IsString() format?: string;
}

export class PairDto {
  @ApiProperty({ example: '402913' }) @IsString() @MaxLength(20) code!: string;
  @ApiProperty() @IsString() @MaxLength(100) briefingId!: string;
  @ApiProperty({ example: 'Phòng họp số 1' }) @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
}
