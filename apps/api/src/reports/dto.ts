import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsString, MaxLength, ValidateIf } from 'class-validator';
import { IsExistingDay, Optional } from '../http/dto.ts';
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

export class EditReportDto {
  @ApiPropertyOptional({ nullable: true, example: '57/BC-TTT' }) @Clearable() @IsString() @MaxLength(1_000) number?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Ngày ký' }) @Clearable() @IsString() @MaxLength(20) date?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Nơi ban hành' }) @Clearable() @IsString() @MaxLength(1_000) place?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Tên cơ quan' }) @Clearable() @IsString() @MaxLength(1_000) agency?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Cơ quan chủ quản' }) @Clearable() @IsString() @MaxLength(1_000) parentAgency?: string | null;
  @ApiPropertyOptional({ nullable: true, description: 'Chức danh người ký' }) @Clearable() @IsString() @MaxLength(1_000) signerTitle?: string | null;
  @ApiPropertyOptional({ nullable: true, type: [String], description: 'Nơi nhận, mỗi nơi một dòng' }) @Clearable() @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) recipients?: string[] | null;
  @ApiPropertyOptional({ nullable: true, description: 'Lời văn, YAML như docs/reports.md' }) @Clearable() @IsString() @MaxLength(200_000) content?: string | null;
  @ApiPropertyOptional({ description: 'Số liệu tính đến hết ngày' }) @Optional() @IsExistingDay() asOf?: string;
}

export class SupersedeReportDto {
  @ApiProperty({ description: 'Mã báo cáo thay thế, đã ban hành' }) @IsString() @IsNotEmpty() @MaxLength(100) byReportId!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

export class ReportListDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional() @Optional() @IsString() period?: string;
  @ApiPropertyOptional({ enum: ['drafted', 'checked', 'issued', 'superseded'] }) @Optional() @IsString() status?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Chỉ báo cáo đến hạn phải nộp, hoặc chỉ báo cáo khác' }) @Optional() @IsString() owed?: string;
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
