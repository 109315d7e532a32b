import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, MaxLength, ValidateIf } from 'class-validator';
import { IsExistingDay, Nested, NestedList, Optional } from '../http/dto.ts';
import { COMPARED_WITH } from './report-differences.ts';

/** Left out, or null. */
const Clearable = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined && value !== null);

export class DraftReportDto {
  @ApiProperty({ example: 'thanh-tra-tinh' }) @IsString() @IsNotEmpty() @MaxLength(100) unitId!: string;
  @ApiProperty({ example: '2020', description: '2020, 2020-Q3, 2020-H1, 2020-9M, 2020-11, 2020-cal' }) @IsString() @IsNotEmpty() @MaxLength(20) period!: string;
  @ApiPropertyOptional({ description: 'Số liệu tính đến hết ngày; không có: ngày cuối kỳ, hoặc hôm nay khi kỳ chưa hết' }) @Optional() @IsExistingDay() asOf?: string;
  @ApiPropertyOptional({ description: 'Không có: mẫu có hiệu lực vào ngày cuối kỳ' }) @Optional() @IsString() @MaxLength(100) templateId?: string;
  @ApiPropertyOptional({ description: 'Lời văn, YAML như docs/reports.md; không có: tệp trong thư mục dữ liệu' }) @Optional() @IsString() @MaxLength(200_000) content?: string;
}

export class WrittenSlotDto {
  @ApiProperty({ example: 'I.1', description: 'Ô lời văn của mẫu' }) @IsString() @IsNotEmpty() @MaxLength(100) slot!: string;
  @ApiProperty({ type: [String], description: 'Mỗi phần tử một câu, viết như trong mẫu; “- ” ở đầu: gạch đầu dòng. Không có câu nào: bỏ ô' }) @IsArray() @ArrayMaxSize(200) @IsString({ each: true }) @MaxLength(5_000, { each: true }) lines!: string[];
}

export class WrittenDocumentDto {
  @ApiProperty({ example: 'd01', description: 'Mã để câu văn dẫn: {văn bản: d01}' }) @IsString() @IsNotEmpty() @MaxLength(100) code!: string;
  @ApiProperty({ example: '3777/QĐ-UBND' }) @IsString() @IsNotEmpty() @MaxLength(200) number!: string;
  @ApiPropertyOptional({ nullable: true }) @Clearable() @IsExistingDay() date?: string | null;
  @ApiPropertyOptional({ nullable: true, example: 'Quyết định' }) @Clearable() @IsString() @MaxLength(200) kind?: string | null;
  @ApiProperty({ example: 'UBND tỉnh' }) @IsString() @IsNotEmpty() @MaxLength(500) issuer!: string;
  @ApiProperty({ description: 'Trích yếu' }) @IsString() @IsNotEmpty() @MaxLength(2_000) content!: string;
}

/** The words of a draft by slot, instead of its whole text. */
export class WordsDto {
  @ApiPropertyOptional({ type: [WrittenSlotDto], description: 'Chỉ các ô có sửa' }) @Optional() @ArrayMaxSize(500) @NestedList(() => WrittenSlotDto) slots?: WrittenSlotDto[];
  @ApiPropertyOptional({ type: [WrittenDocumentDto], description: 'Cả danh sách văn bản được dẫn, khi có sửa' }) @Optional() @ArrayMaxSize(1_000) @NestedList(() => WrittenDocumentDto) documents?: WrittenDocumentDto[];
}

export class EditReportDto {
  @ApiPropertyOptional({ nullable: true, example: '57/BC-TTT' }) @Clearable() @IsString() @MaxLength(1_000) number?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Ngày ký' }) @Clearable() @IsString() @MaxLength(20) date?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Nơi ban hành' }) @Clearable() @IsString() @MaxLength(1_000) place?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Tên cơ quan' }) @Clearable() @IsString() @MaxLength(1_000) agency?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Cơ quan chủ quản' }) @Clearable() @IsString() @MaxLength(1_000) parentAgency?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Chức danh người ký' }) @Clearable() @IsString() @MaxLength(1_000) signerTitle?: string | null;
  @ApiPropertyOptional({ nullable: true, type: [String], description: 'Nơi nhận, mỗi nơi một dòng' }) @Clearable() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) recipients?: string[] | null;
  @ApiPropertyOptional({ nullable: true, description: 'Lời văn, YAML như docs/reports.md' }) @Clearable() @IsString() @MaxLength(200_000) content?: string | null;
  @ApiPropertyOptional({ type: WordsDto, description: 'Lời văn theo từng ô và các văn bản được dẫn; thay cho content' }) @Optional() @Nested(() => WordsDto) words?: WordsDto;
  @ApiPropertyOptional({ description: 'Số liệu tính đến hết ngày' }) @Optional() @IsExistingDay() asOf?: string;
}

export class SupersedeReportDto {
  @ApiProperty({ description: 'Mã báo cáo thay thế, đã ban hành' }) @IsString() @IsNotEmpty() @MaxLength(100) byReportId!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

export class ReportsListedDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional() @Optional() @IsString() period?: string;
  @ApiPropertyOptional({ enum: ['drafted', 'checked', 'issued', 'superseded'] }) @Optional() @IsString() status?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Chỉ báo cáo đến hạn phải nộp, hoặc chỉ báo cáo khác' }) @Optional() @IsString() owed?: string;
}

export class ReportListDto extends ReportsListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

export class PunctualityDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ example: '2020', description: 'Năm của kỳ báo cáo' }) @Optional() @IsString() year?: string;
}

export class ReportChangesDto {
  @ApiPropertyOptional({ description: 'Nhiều nhất bao nhiêu việc mỗi nhóm, ≤ 200' }) @Optional() @IsString() limit?: string;
}

export class ComparisonDto {
  @ApiPropertyOptional({ enum: COMPARED_WITH }) @Optional() @IsString() with?: string;
}
