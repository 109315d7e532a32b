import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { contentDisposition } from '../http/content-disposition.ts';
import { Optional, PointDto } from '../http/dto.ts';
import type { Runtime } from '../runtime.ts';
import { given } from '../reports/plans.controller.ts';
import { RUNTIME } from '../tokens.ts';
import { overdueList } from './output-data.ts';
import { outputFile, OUTPUT_TYPES, type Output } from './outputs.ts';

class OutputDto extends PointDto {
  @ApiPropertyOptional({ description: 'Đơn vị nhận; tài liệu giao ban và bảng số liệu: đơn vị cùng các đơn vị trực thuộc, không có: toàn tỉnh' }) @Optional() @IsString() unitId?: string;
  @ApiPropertyOptional({ enum: ['docx', 'pdf', 'xlsx'] }) @Optional() @IsString() format?: string;
}

/** Papers besides reports: drafts for people to number, date and sign (docs/reports.md). */
@ApiTags('outputs')
@Controller('outputs')
export class OutputsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('overdue')
  @ApiOperation({ summary: 'Đơn vị nào còn việc quá hạn: để lập công văn đôn đốc' })
  async overdue(@Query() query: OutputDto): Promise<object> {
    const { point, units } = await overdueList(given(query), this.runtime);
    return { items: units, nextCursor: null, total: units.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get('overdue-letter')
  @ApiOperation({ summary: 'Công văn đôn đốc một đơn vị, kèm danh mục việc quá hạn (dự thảo)' })
  @ApiProduces(OUTPUT_TYPES.docx, OUTPUT_TYPES.pdf)
  letter(@Query() query: OutputDto): Promise<StreamableFile> {
    return this.file('overdue-letter', query);
  }

  @Get('weekly-sheet')
  @ApiOperation({ summary: 'Phiếu nhắc việc tuần của một đơn vị' })
  @ApiProduces(OUTPUT_TYPES.docx, OUTPUT_TYPES.pdf)
  sheet(@Query() query: OutputDto): Promise<StreamableFile> {
    return this.file('weekly-sheet', query);
  }

  @Get('briefing-pack')
  @ApiOperation({ summary: 'Tài liệu giao ban: mỗi cơ quan giao một trang' })
  @ApiProduces(OUTPUT_TYPES.docx, OUTPUT_TYPES.pdf)
  pack(@Query() query: OutputDto): Promise<StreamableFile> {
    return this.file('briefing-pack', query);
  }

  @Get('figures-table')
  @ApiOperation({ summary: 'Bảng số liệu theo đơn vị, cơ quan giao, lĩnh vực, tháng' })
  @ApiProduces(OUTPUT_TYPES.xlsx)
  table(@Query() query: OutputDto): Promise<StreamableFile> {
    return this.file('figures-table', query);
  }

  private async file(output: Output, query: OutputDto): Promise<StreamableFile> {
    const { bytes, type, name } = await outputFile(output, given(query), this.runtime);
    return new StreamableFile(bytes, { type, disposition: contentDisposition(name), length: bytes.length });
  }
}
