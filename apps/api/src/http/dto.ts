import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsInt, IsNotEmpty, IsNumber, IsObject, IsOptional, IsString, Max, MaxLength, Min, ValidateIf, ValidateNested, registerDecorator, type ValidationOptions,
} from 'class-validator';
import { RATE_SIDES } from '#figures';
import { dayOf, FIRST_YEAR, isDay, isPlausibleYear, LAST_YEAR, parseInstant } from '#kernel';

/** May be left out. `null` is a value of the wrong type, not one that was left out: class-validator's own `IsOptional` would let it through unread. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A day that exists, `YYYY-MM-DD`. A wrong one is understood but invalid: 422. */
export function IsExistingDay(options?: ValidationOptions) {
  return (target: object, propertyName: string): void => {
    registerDecorator({
      name: 'day', target: target.constructor, propertyName, ...(options === undefined ? {} : { options }),
      validator: { validate: (value: unknown) => typeof value === 'string' && isDay(value), defaultMessage: () => 'cần một ngày có thật, dạng YYYY-MM-DD' },
    });
  };
}

function isPlausibleInstant(value: unknown): boolean {
  const at = typeof value === 'string' ? parseInstant(value) : undefined;
  return at !== undefined && isPlausibleYear(Number(dayOf(at).slice(0, 4)));
}

/** An object of that class. class-validator alone lets a list pass where an object belongs. */
export const Nested = (type: () => new () => object): PropertyDecorator => applyDecorators(Type(type), ValidateNested(), IsRecord());
/** A list of such objects. */
export const NestedList = (type: () => new () => object): PropertyDecorator => applyDecorators(Type(type), IsArray(), ValidateNested({ each: true }), IsRecord({ each: true }));

function IsRecord(options?: ValidationOptions): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isObject', target: target.constructor, propertyName: String(propertyName), ...(options === undefined ? {} : { options }),
      validator: { validate: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) },
    });
  };
}

export function IsInstant() {
  return (target: object, propertyName: string): void => {
    registerDecorator({
      name: 'instant', target: target.constructor, propertyName,
      validator: { validate: isPlausibleInstant, defaultMessage: () => `cần một thời điểm ISO 8601 có múi giờ, trong các năm ${String(FIRST_YEAR)}–${String(LAST_YEAR)}` },
    });
  };
}

export class FactDto {
  @ApiPropertyOptional({ description: 'Ngày xảy ra, YYYY-MM-DD' }) @Optional() @IsExistingDay() occurredOn?: string;
  @ApiPropertyOptional({ description: 'Thời điểm xảy ra, ISO 8601 có múi giờ' }) @Optional() @IsInstant() occurredAt?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) backdateReason?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) backdateDocument?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(5_000) note?: string;
}

export class DeadlineDto {
  @ApiPropertyOptional({ example: 'trước ngày 01/12/2020' }) @Optional() @IsString() @IsNotEmpty() @MaxLength(500) phrase?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() receivedOn?: string;
  @ApiPropertyOptional({ example: '2020-11-30' }) @Optional() @IsExistingDay() date?: string;
  @ApiPropertyOptional({ example: '16:00' }) @Optional() @IsString() @MaxLength(5) time?: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() none?: boolean;
}

export class DocumentDto {
  @ApiProperty({ example: '57/BC-TTT' }) @IsString() @IsNotEmpty() @MaxLength(200) number!: string;
  @ApiProperty() @IsExistingDay() date!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(500) issuer!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(200) signerTitle?: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) title!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) urgency?: string;
}

export class AssignTaskDto extends FactDto {
  @ApiProperty({ type: DocumentDto }) @Nested(() => DocumentDto) @IsNotEmpty() document!: DocumentDto;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) content!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) product?: string;
  @ApiProperty({ example: 'chu-tich' }) @IsString() @IsNotEmpty() @MaxLength(100) authority!: string;
  @ApiProperty({ example: 'thanh-tra-tinh' }) @IsString() @IsNotEmpty() @MaxLength(100) leadUnitId!: string;
  @ApiPropertyOptional({ type: [String] }) @Optional() @IsArray() @ArrayMaxSize(200) @IsString({ each: true }) coordinatingUnitIds?: string[];
  @ApiProperty() @IsExistingDay() assignedOn!: string;
  @ApiProperty({ type: DeadlineDto }) @Nested(() => DeadlineDto) @IsNotEmpty() deadline!: DeadlineDto;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(200) field?: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() starred?: boolean;
  @ApiPropertyOptional() @Optional() @IsNumber() @Min(0) weight?: number;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) itemId?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) parentTaskId?: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() routine?: boolean;
}

export class ProgressDto extends FactDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) declare note: string;
  @ApiPropertyOptional() @Optional() @IsInt() @Min(0) @Max(100) percent?: number;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) blockedBy?: string;
}

export class ReasonDto extends FactDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) reason!: string;
}

export class ExtensionRequestDto extends ReasonDto {
  @ApiProperty({ type: DeadlineDto }) @Nested(() => DeadlineDto) @IsNotEmpty() deadline!: DeadlineDto;
}

export class ExtensionGrantDto extends FactDto {
  @ApiProperty({ type: DeadlineDto }) @Nested(() => DeadlineDto) @IsNotEmpty() deadline!: DeadlineDto;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) document?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(5_000) reason?: string;
}

export class ResultDocumentDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(200) number!: string;
  @ApiProperty() @IsExistingDay() date!: string;
}

export class SubmissionDto extends FactDto {
  @ApiProperty({ type: ResultDocumentDto }) @Nested(() => ResultDocumentDto) @IsNotEmpty() resultDocument!: ResultDocumentDto;
  @ApiPropertyOptional({ type: [String], description: 'Mã các tệp minh chứng đã gửi qua POST /files' }) @Optional() @IsArray() @ArrayMaxSize(50) @ArrayUnique() @IsString({ each: true }) evidence?: string[];
}

export class OptionalReasonDto extends FactDto {
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(5_000) reason?: string;
}

export class SetDeadlineDto extends OptionalReasonDto {
  @ApiProperty({ type: DeadlineDto }) @Nested(() => DeadlineDto) @IsNotEmpty() deadline!: DeadlineDto;
}

export class TransferDto extends ReasonDto {
  @ApiProperty({ example: 'so-noi-vu' }) @IsString() @IsNotEmpty() @MaxLength(100) toUnitId!: string;
  @ApiPropertyOptional({ type: DeadlineDto, description: 'Không có: giữ thời hạn đang có hiệu lực' }) @Optional() @Nested(() => DeadlineDto) deadline?: DeadlineDto;
}

export class SuspendDto extends ReasonDto {
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) document?: string;
}

export class ReopenDto extends ReasonDto {
  @ApiPropertyOptional({ type: DeadlineDto, description: 'Không có: giữ thời hạn lúc hoàn thành' }) @Optional() @Nested(() => DeadlineDto) deadline?: DeadlineDto;
}

export class LinkDuplicateDto extends ReasonDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) ofTaskId!: string;
}

export class UrgeDto extends FactDto {
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(200) channel?: string;
}

export class ExplanationRequestDto extends FactDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) question!: string;
}

export class ExplanationDto extends FactDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(5_000) answer!: string;
}

export class ObjectiveCauseDto extends ReasonDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(500) document!: string;
}

export class CoordinationAnswerDto extends FactDto {
  @ApiProperty({ example: 'so-tai-chinh' }) @IsString() @IsNotEmpty() @MaxLength(100) unitId!: string;
}

export class AnnulDto extends ReasonDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) eventId!: string;
}

/** The fields of the document that were wrong; the others stay. */
export class DocumentChangesDto {
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(200) number?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() date?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(500) issuer?: string;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(200) signerTitle?: string | null;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(5_000) title?: string;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(100) urgency?: string | null;
}

/** The fields of an assignment that were wrong, with their right values; `null` takes an optional one away. */
export class ChangesDto {
  @ApiPropertyOptional({ type: DocumentChangesDto }) @Optional() @Nested(() => DocumentChangesDto) document?: DocumentChangesDto;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(5_000) content?: string;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(2_000) product?: string | null;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(100) authority?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(100) leadUnitId?: string;
  @ApiPropertyOptional({ type: [String] }) @Optional() @IsArray() @ArrayMaxSize(200) @IsString({ each: true }) coordinatingUnitIds?: string[];
  @ApiPropertyOptional() @Optional() @IsExistingDay() assignedOn?: string;
  @ApiPropertyOptional({ type: DeadlineDto }) @Optional() @Nested(() => DeadlineDto) deadline?: DeadlineDto;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(200) field?: string | null;
  @ApiPropertyOptional() @Optional() @IsBoolean() starred?: boolean;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsNumber() @Min(0) weight?: number | null;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(100) itemId?: string | null;
  @ApiPropertyOptional({ nullable: true }) @IsOptional() @IsString() @MaxLength(100) parentTaskId?: string | null;
  @ApiPropertyOptional() @Optional() @IsBoolean() routine?: boolean;
}

export class CorrectDto extends ReasonDto {
  @ApiProperty({ type: ChangesDto }) @Nested(() => ChangesDto) @IsNotEmpty() changes!: ChangesDto;
}

export class ReadDeadlineDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(500) phrase!: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() documentDate?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() receivedOn?: string;
}

export class EstablishUnitDto {
  @ApiProperty({ example: 'thanh-tra-tinh' }) @IsString() @IsNotEmpty() @MaxLength(100) id!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) shortName!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) kind!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) parentId?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) legalBasis?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() establishedOn?: string;
}

class UnitChangeDto {
  @ApiProperty({ description: 'Ngày có hiệu lực, YYYY-MM-DD' }) @IsExistingDay() on!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) legalBasis?: string;
}

export class RenameUnitDto extends UnitChangeDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) shortName?: string;
}

export class MoveUnitDto extends UnitChangeDto {
  @ApiProperty({ nullable: true }) @ValidateIf((body: MoveUnitDto) => body.parentId !== null) @IsString() @IsNotEmpty() @MaxLength(100) parentId!: string | null;
}

export class OpenTasksDto {
  @ApiProperty({ description: 'Đơn vị nhận các việc đang mở' }) @IsString() @IsNotEmpty() @MaxLength(100) toUnitId!: string;
}

export class DissolveUnitDto extends UnitChangeDto {
  @ApiPropertyOptional({ type: OpenTasksDto }) @Optional() @Nested(() => OpenTasksDto) openTasks?: OpenTasksDto;
}

export class MergeUnitDto extends DissolveUnitDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) intoUnitId!: string;
}

export class SplitUnitDto extends DissolveUnitDto {
  @ApiProperty({ type: [String] }) @IsArray() @ArrayMaxSize(100) @IsString({ each: true }) into!: string[];
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) heirUnitId!: string;
}

export class SecretCountDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) unitId!: string;
  @ApiProperty() @IsExistingDay() from!: string;
  @ApiProperty() @IsExistingDay() to!: string;
  @ApiProperty() @IsNumber() assigned!: number;
  @ApiProperty() @IsNumber() completed!: number;
}

export class NumberedDocumentDto {
  @ApiProperty({ example: '13/QĐ-TTT' }) @IsString() @IsNotEmpty() @MaxLength(200) number!: string;
  @ApiProperty() @IsExistingDay() date!: string;
}

export class IssuePlanDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) unitId!: string;
  @ApiProperty({ example: 2020 }) @IsInt() year!: number;
  @ApiProperty({ example: 'cchc', description: 'Mã mà mẫu báo cáo gọi đến' }) @IsString() @IsNotEmpty() @MaxLength(60) code!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(500) title!: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() issuedOn?: string;
  @ApiPropertyOptional({ type: NumberedDocumentDto }) @Optional() @Nested(() => NumberedDocumentDto) document?: NumberedDocumentDto;
  @ApiPropertyOptional({ description: 'Lý do không áp dụng: báo cáo ghi “-”' }) @Optional() @IsString() @IsNotEmpty() @MaxLength(2_000) notApplicable?: string;
}

export class AddPlanItemDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) content!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) product?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() dueOn?: string;
  @ApiPropertyOptional({ description: 'Ngày bổ sung vào kế hoạch; mặc định: có từ khi ban hành' }) @Optional() @IsExistingDay() on?: string;
}

export class CompletePlanItemDto {
  @ApiPropertyOptional({ description: 'Mặc định: hôm nay' }) @Optional() @IsExistingDay() doneOn?: string;
  @ApiPropertyOptional({ type: NumberedDocumentDto }) @Optional() @Nested(() => NumberedDocumentDto) evidence?: NumberedDocumentDto;
  @ApiPropertyOptional({ type: [String], description: 'Mã tệp của POST /files' }) @Optional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) fileIds?: string[];
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) note?: string;
}

export class PlanReasonDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

export class CorrectPlanDto {
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(500) title?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() issuedOn?: string;
  @ApiPropertyOptional({ type: NumberedDocumentDto }) @Optional() @Nested(() => NumberedDocumentDto) document?: NumberedDocumentDto;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason!: string;
}

export class NotePlanDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) note!: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() on?: string;
}

export class DefineIndicatorDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) unitId!: string;
  @ApiProperty({ example: 'van-ban-dien-tu' }) @IsString() @IsNotEmpty() @MaxLength(60) code!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) name!: string;
  @ApiProperty({ example: '%' }) @IsString() @IsNotEmpty() @MaxLength(200) measure!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(100) ownerUnitId?: string;
}

export class IndicatorEvidenceDto {
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(200) number?: string;
  @ApiPropertyOptional() @Optional() @IsExistingDay() date?: string;
  @ApiPropertyOptional() @Optional() @IsString() @IsNotEmpty() @MaxLength(500) title?: string;
  @ApiPropertyOptional({ type: [String] }) @Optional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) fileIds?: string[];
}

export class RecordIndicatorValueDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: '{kind: count, number} | {kind: percent, hundredths, comparison?: atLeast|over} | {kind: day, day} | {kind: text, text} | {kind: not-applicable} | {kind: blank}' }) @IsObject() amount!: Record<string, unknown>;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Các cột khác: province, district, commune, rate' }) @Optional() @IsObject() parts?: Record<string, unknown>;
  @ApiProperty() @IsExistingDay() validFrom!: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(2_000) note?: string;
  @ApiPropertyOptional({ type: IndicatorEvidenceDto }) @Optional() @Nested(() => IndicatorEvidenceDto) evidence?: IndicatorEvidenceDto;
}

export class SetIndicatorTargetDto {
  @ApiProperty() @IsInt() year!: number;
  @ApiProperty({ type: 'object', additionalProperties: true }) @IsObject() amount!: Record<string, unknown>;
  @ApiPropertyOptional({ type: IndicatorEvidenceDto }) @Optional() @Nested(() => IndicatorEvidenceDto) document?: IndicatorEvidenceDto;
}

export class RecomputeDeadlinesDto extends ReasonDto {
  @ApiProperty({ type: [String] }) @IsArray() @ArrayMaxSize(1_000) @IsString({ each: true }) taskIds!: string[];
}

export class PointDto {
  @ApiPropertyOptional({ description: 'Ngày (trước 24:00) hoặc thời điểm; mặc định: bây giờ' }) @Optional() @IsString() asOf?: string;
  @ApiPropertyOptional({ description: 'Ngày, thời điểm, position:<n> hoặc event:<uuid>; mặc định: tất cả' }) @Optional() @IsString() knownAt?: string;
  @ApiPropertyOptional({ description: 'Chờ đến vị trí này, tối đa 2 giây' }) @Optional() @IsString() atLeast?: string;
}

export class FiguresDto extends PointDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ description: 'Khối: đơn vị chủ trì thuộc những loại này, cách nhau bằng dấu phẩy (kind của GET /units), ví dụ so,thanh-tra' }) @Optional() @IsString() unitKind?: string;
  @ApiPropertyOptional({ enum: ['self', 'tree'] }) @Optional() @IsString() scope?: string;
  @ApiPropertyOptional() @Optional() @IsString() from?: string;
  @ApiPropertyOptional() @Optional() @IsString() to?: string;
  @ApiPropertyOptional({ example: '2020' }) @Optional() @IsString() period?: string;
  @ApiPropertyOptional({ enum: ['C1', 'C2', 'C3'] }) @Optional() @IsString() cohort?: string;
  @ApiPropertyOptional() @Optional() @IsString() authority?: string;
  @ApiPropertyOptional() @Optional() @IsString() field?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'] }) @Optional() @IsString() starred?: string;
  @ApiPropertyOptional({ description: 'Số của văn bản nguồn, gõ thế nào cũng được' }) @Optional() @IsString() documentNumber?: string;
  @ApiPropertyOptional({ description: 'Chỉ những việc mà các con số này của bảng điều hành đếm tại thời điểm hỏi, cách nhau bằng dấu phẩy: overdue, due-3, done-late, age-8-30, …; con số của một tuần thì kèm thứ Hai: load-2020-11-30, assigned-week-…, completed-week-…, overdue-at-… (docs/dashboard.md)' }) @Optional() @IsString() only?: string;
  @ApiPropertyOptional({ enum: ['current', 'original'] }) @Optional() @IsString() deadlineBasis?: string;
  @ApiPropertyOptional({ enum: ['all', 'none', 'all-but-before'] }) @Optional() @IsString() fixedDatePolicy?: string;
  @ApiPropertyOptional({ enum: ['half-up', 'truncate'] }) @Optional() @IsString() rounding?: string;
  @ApiPropertyOptional({ enum: ['was', 'is'] }) @Optional() @IsString() organisedAs?: string;
  @ApiPropertyOptional({ enum: ['unit', 'authority', 'field', 'month'] }) @Optional() @IsString() groupBy?: string;
}

export class FiguresListedDto extends FiguresDto {
  @ApiPropertyOptional() @Optional() @IsString() cell?: string;
  @ApiPropertyOptional() @Optional() @IsString() part?: string;
  @ApiPropertyOptional() @Optional() @IsString() flow?: string;
  @ApiPropertyOptional() @Optional() @IsString() out?: string;
  @ApiPropertyOptional() @Optional() @IsString() rate?: string;
  @ApiPropertyOptional({ enum: RATE_SIDES }) @Optional() @IsString() side?: string;
}

export class FiguresListDto extends FiguresListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

export class FiguresSinceDto extends FiguresDto {
  @ApiPropertyOptional({ description: 'Mốc so sánh: ngày hoặc thời điểm' }) @Optional() @IsString() sinceAsOf?: string;
  @ApiPropertyOptional({ description: 'Biết đến, của mốc so sánh' }) @Optional() @IsString() sinceKnownAt?: string;
}

export class FiguresChangesDto extends FiguresSinceDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
}

export class FiguresExplainDto extends FiguresDto {
  @ApiPropertyOptional() @Optional() @IsString() cell?: string;
  @ApiPropertyOptional() @Optional() @IsString() part?: string;
  @ApiPropertyOptional() @Optional() @IsString() flow?: string;
  @ApiPropertyOptional() @Optional() @IsString() out?: string;
  @ApiPropertyOptional() @Optional() @IsString() rate?: string;
}

export class PlansListedDto extends PointDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ example: '2020' }) @Optional() @IsString() year?: string;
}

export class PlanListDto extends PlansListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

export class IndicatorsListedDto extends PointDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ example: '2020', description: 'Kỳ mà giá trị cũ hơn là lấy từ kỳ trước; mặc định: năm báo cáo chứa asOf' }) @Optional() @IsString() period?: string;
}

export class IndicatorListDto extends IndicatorsListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

export class ActivityDto extends PointDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional() @Optional() @IsString() cursor?: string;
}

/** What a list of tasks is asked with, at whatever time. */
export class TaskFilterDto {
  @ApiPropertyOptional() @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ description: 'Khối: đơn vị chủ trì thuộc những loại này, cách nhau bằng dấu phẩy (kind của GET /units), ví dụ so,thanh-tra' }) @Optional() @IsString() unitKind?: string;
  @ApiPropertyOptional({ enum: ['self', 'tree'] }) @Optional() @IsString() scope?: string;
  @ApiPropertyOptional({ enum: ['was', 'is'] }) @Optional() @IsString() organisedAs?: string;
  @ApiPropertyOptional({ enum: ['lead', 'coordinating'] }) @Optional() @IsString() role?: string;
  @ApiPropertyOptional() @Optional() @IsString() field?: string;
  @ApiPropertyOptional({ enum: ['true', 'false'] }) @Optional() @IsString() starred?: string;
  @ApiPropertyOptional({ description: 'Đang thực hiện và không có cập nhật nào trong ngần này ngày' }) @Optional() @IsString() staleDays?: string;
  @ApiPropertyOptional({ description: 'Một hoặc nhiều ô, cách nhau bằng dấu phẩy' }) @Optional() @IsString() cell?: string;
  @ApiPropertyOptional() @Optional() @IsString() authority?: string;
  @ApiPropertyOptional() @Optional() @IsString() documentNumber?: string;
  @ApiPropertyOptional() @Optional() @IsString() dueFrom?: string;
  @ApiPropertyOptional() @Optional() @IsString() dueTo?: string;
  @ApiPropertyOptional({ description: 'Tìm không cần dấu, không phân biệt hoa thường' }) @Optional() @IsString() q?: string;
  @ApiPropertyOptional({ enum: ['due', '-due', 'code', '-code', 'assigned', '-assigned', 'unit', '-unit'] }) @Optional() @IsString() sort?: string;
}

/** The same at two times: `PointDto` over again, for a class has one parent. */
export class TasksListedDto extends TaskFilterDto {
  @ApiPropertyOptional({ description: 'Ngày (trước 24:00) hoặc thời điểm; mặc định: bây giờ' }) @Optional() @IsString() asOf?: string;
  @ApiPropertyOptional({ description: 'Ngày, thời điểm, position:<n> hoặc event:<uuid>; mặc định: tất cả' }) @Optional() @IsString() knownAt?: string;
  @ApiPropertyOptional({ description: 'Chờ đến vị trí này, tối đa 2 giây' }) @Optional() @IsString() atLeast?: string;
}

export class TaskListDto extends TasksListedDto {
  @ApiPropertyOptional() @Optional() @IsString() limit?: string;
  @ApiPropertyOptional({ description: 'Mang cả thời điểm của trang đầu: các trang sau là của cùng một lúc' }) @Optional() @IsString() cursor?: string;
  @ApiPropertyOptional({ description: 'Bắt đầu từ dòng này (từ 0) của danh sách mà cursor nói' }) @Optional() @IsString() row?: string;
}

export class BulkTargetDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) id!: string;
  @ApiPropertyOptional({ description: 'Phiên bản đã xem trước; việc đã đổi từ lúc đó thì không ghi' }) @Optional() @IsInt() @Min(0) revision?: number;
}

export class BulkPreviewDto {
  @ApiPropertyOptional({ description: 'Đoạn cuối của đường dẫn lệnh; không có: chỉ hỏi từng lệnh hợp với bao nhiêu việc' }) @Optional() @IsString() @IsNotEmpty() @MaxLength(60) action?: string;
  @ApiPropertyOptional({ type: [BulkTargetDto] }) @Optional() @NestedList(() => BulkTargetDto) tasks?: BulkTargetDto[];
  @ApiPropertyOptional({ type: TaskFilterDto, description: 'Thay cho tasks: mọi việc của bộ lọc, tối đa 500' }) @Optional() @Nested(() => TaskFilterDto) @IsNotEmpty() filter?: TaskFilterDto;
  @ApiPropertyOptional({ type: Object, description: 'Thân của lệnh, chung cho mọi việc; gia hạn nhận thêm addWorkingDays' }) @Optional() @IsObject() body?: Record<string, unknown>;
}

export class BulkDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(60) action!: string;
  @ApiProperty({ type: [BulkTargetDto] }) @NestedList(() => BulkTargetDto) tasks!: BulkTargetDto[];
  @ApiPropertyOptional({ type: Object }) @Optional() @IsObject() body?: Record<string, unknown>;
}

export class BulkFactDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) taskId!: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) eventId!: string;
}

export class BulkUndoDto extends ReasonDto {
  @ApiProperty({ type: [BulkFactDto] }) @NestedList(() => BulkFactDto) facts!: BulkFactDto[];
}

/** An extension of many tasks: to one day, or each by so many working days. */
export class BulkExtensionGrantDto extends FactDto {
  @ApiPropertyOptional({ type: DeadlineDto }) @Optional() @Nested(() => DeadlineDto) @IsNotEmpty() deadline?: DeadlineDto;
  @ApiPropertyOptional({ description: 'Kể từ thời hạn đang có hiệu lực của từng việc, hoặc từ hôm nay nếu hạn ấy đã qua' }) @Optional() @IsInt() @Min(1) @Max(250) addWorkingDays?: number;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(500) document?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(5_000) reason?: string;
}

export class BulkExtensionRequestDto extends ReasonDto {
  @ApiPropertyOptional({ type: DeadlineDto }) @Optional() @Nested(() => DeadlineDto) @IsNotEmpty() deadline?: DeadlineDto;
  @ApiPropertyOptional() @Optional() @IsInt() @Min(1) @Max(250) addWorkingDays?: number;
}

export class SaveViewDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(400) name!: string;
  @ApiProperty({ example: '/viec' }) @IsString() @IsNotEmpty() @MaxLength(100) path!: string;
  @ApiPropertyOptional({ example: 'donVi=so-y-te&nhom=O2', description: 'Phần sau dấu ? của địa chỉ trang' }) @Optional() @IsString() @MaxLength(4_000) query?: string;
}

export class RenameViewDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(400) name!: string;
}
