import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, ValidateIf } from 'class-validator';
import { PointDto } from '../http/dto.ts';

const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** The subject of an audit, the whole system or a unit, and the time in which it was recorded. */
export class AuditDto extends PointDto {
  @ApiPropertyOptional({ description: 'Bỏ trống: toàn hệ thống' }) @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ enum: ['self', 'tree'] }) @Optional() @IsString() scope?: string;
  @ApiPropertyOptional({ enum: ['was', 'is'] }) @Optional() @IsString() organisedAs?: string;
  @ApiPropertyOptional({ description: 'Từ ngày (00:00) hoặc thời điểm ghi' }) @Optional() @IsString() from?: string;
  @ApiPropertyOptional({ description: 'Đến hết ngày hoặc thời điểm ghi' }) @Optional() @IsString() to?: string;
}

export class AuditDensityDto extends AuditDto {
  @ApiPropertyOptional({ enum: ['recorded', 'occurred'], description: 'Theo ngày ghi (mặc định) hay ngày xảy ra' }) @Optional() @IsString() by?: string;
  @ApiPropertyOptional({ enum: ['day', 'week', 'month'], description: 'Mặc định theo độ dài của khoảng' }) @Optional() @IsString() bucket?: string;
}

export class AuditEventsListedDto extends AuditDto {
  @ApiPropertyOptional({ description: 'Một hoặc nhiều loại sự kiện, cách nhau bằng dấu phẩy' }) @Optional() @IsString() type?: string;
  @ApiPropertyOptional({ description: 'Một hoặc nhiều vai trò, cách nhau bằng dấu phẩy' }) @Optional() @IsString() actorRole?: string;
  @ApiPropertyOptional({ description: 'Mã tài khoản đã ghi' }) @Optional() @IsString() actorId?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Chỉ những gì ghi ở ngày sau ngày xảy ra' }) @Optional() @IsString() late?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Chỉ đính chính, hủy ghi nhận, hủy do nhập sai; false: trừ những thứ đó' }) @Optional() @IsString() repairs?: string;
}

export class AuditEventsDto extends AuditEventsListedDto {
  @ApiPropertyOptional({ enum: ['json', 'jsonl'], description: 'jsonl: như Accept: application/x-ndjson, cho đường dẫn tải về' }) @Optional() @IsString() format?: string;
  @ApiPropertyOptional({ enum: ['newest', 'oldest'] }) @Optional() @IsString() order?: string;
  @ApiPropertyOptional({ description: 'nextCursor của trang trước: vị trí của sự kiện cuối đã thấy' }) @Optional() @IsString() after?: string;
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
}

export class AuditDeadlinesListedDto extends AuditDto {
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Chỉ những lần dời sau khi đã quá hạn' }) @Optional() @IsString() late?: string;
}

export class AuditDeadlinesDto extends AuditDeadlinesListedDto {
  @ApiPropertyOptional({ enum: ['json', 'csv'], description: 'csv: như Accept: text/csv, cho đường dẫn tải về' }) @Optional() @IsString() format?: string;
  @ApiPropertyOptional() @Optional() @IsString() after?: string;
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
}

/** The thresholds of all rules, each with a name of its own. */
export class AuditPatternsDto extends AuditDto {
  @ApiPropertyOptional({ enum: ['document', 'file'], description: 'Điều được coi là chứng cứ: tệp (mặc định), hay cả văn bản kết quả' }) @Optional() @IsString() proof?: string;
  @ApiPropertyOptional({ description: 'Số phút trước hạn' }) @Optional() @IsString() minutes?: string;
  @ApiPropertyOptional({ description: 'Số việc từ đó coi là hàng loạt' }) @Optional() @IsString() bulk?: string;
  @ApiPropertyOptional({ description: 'Số ngày sau hạn cũ' }) @Optional() @IsString() movedDays?: string;
  @ApiPropertyOptional({ description: 'Giờ bắt đầu' }) @Optional() @IsString() nightFrom?: string;
  @ApiPropertyOptional({ description: 'Giờ kết thúc' }) @Optional() @IsString() nightTo?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Tính cả ngày nghỉ' }) @Optional() @IsString() daysOff?: string;
  @ApiPropertyOptional({ description: 'Số sự kiện trong một giờ' }) @Optional() @IsString() hourly?: string;
  @ApiPropertyOptional({ description: 'Ghi sau khi xảy ra quá số ngày này' }) @Optional() @IsString() lateDays?: string;
}

export class AuditPatternDto extends AuditPatternsDto {
  @ApiPropertyOptional({ description: 'Một nhóm trong danh sách của quy tắc: khi ấy là các sự kiện của nhóm' }) @Optional() @IsString() group?: string;
  @ApiPropertyOptional() @Optional() @IsString() after?: string;
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
}

export class AuditReportDto extends AuditDto {
  @ApiPropertyOptional({ description: 'Một việc; khi ấy không kèm unitId, from, to' }) @Optional() @IsString() taskId?: string;
  @ApiPropertyOptional({ description: 'Một buổi giao ban; khi ấy không kèm taskId, unitId, from, to' }) @Optional() @IsString() briefingId?: string;
  @ApiPropertyOptional({ description: 'Một báo cáo; khi ấy không kèm taskId, briefingId, unitId, from, to' }) @Optional() @IsString() reportId?: string;
  @ApiPropertyOptional({ description: 'Mốc A; bỏ trống thì chỉ có mốc B (asOf, knownAt)' }) @Optional() @IsString() sinceAsOf?: string;
  @ApiPropertyOptional() @Optional() @IsString() sinceKnownAt?: string;
}

/** All events of a meeting or of a report. */
export class AuditLifeDto extends PointDto {
  @ApiPropertyOptional({ enum: ['json', 'jsonl'], description: 'jsonl: như Accept: application/x-ndjson, cho đường dẫn tải về' }) @Optional() @IsString() format?: string;
}
