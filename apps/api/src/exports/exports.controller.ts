import { Controller, Get, Inject, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { writeCsv } from '#imports';
import { writeXlsx } from '#imports/xlsx/write-xlsx';
import { dayOf, instantVi, type Instant } from '#kernel';
import { AuditDeadlinesListedDto, AuditEventsListedDto } from '../audit/audit-dto.ts';
import { BriefingsListedDto } from '../briefing/dto.ts';
import { answerDashboard } from '../dashboard/dashboard-answer.ts';
import { dashboardBook, dashboardPaper } from '../dashboard/dashboard-paper.ts';
import { DashboardListedDto, ExceptionsListedDto, readDashboard, readRules } from '../dashboard/dashboard-question.ts';
import { actorOf, requireRole } from '../http/actor.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { FiguresListedDto, FiguresSinceDto, IndicatorsListedDto, PlansListedDto, PointDto, TasksListedDto } from '../http/dto.ts';
import { oneOf } from '../http/points.ts';
import { refuseTooManyRows, sendPieces } from '../http/whole-lists.ts';
import { OUTPUT_TYPES } from '../outputs/outputs.ts';
import { LedgerListedDto, PeopleListedDto } from '../reminders/dto.ts';
import { ReportsListedDto } from '../reports/dto.ts';
import { writeDocuments } from '../reports/report-writer.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { exportPieces } from './export-sheet.ts';
import { changesToExport, countedToExport, dashboardToExport, exceptionsToExport, exportOf, tasksToExport, type ListToExport } from './lists.ts';
import { briefingsTable, deadlinesTable, eventsTable, indicatorsTable, ledgerTable, peopleTable, plansTable, reportsTable, unitsTable, type TableToExport } from './tables.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CSV = 'text/csv; charset=utf-8';
const FORMAT = { enum: ['xlsx', 'csv'], description: 'Mặc định xlsx' } as const;
/** At once; the others wait for their turn. */
const AT_ONCE = 2;

class TasksExportDto extends TasksListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class FiguresListExportDto extends FiguresListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class ChangesExportDto extends FiguresSinceDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class DashboardListExportDto extends DashboardListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class ExceptionsExportDto extends ExceptionsListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}

class DashboardExportDto extends ExceptionsListedDto {
  @ApiPropertyOptional({ enum: ['docx', 'pdf', 'xlsx'], description: 'Mặc định docx' }) @IsOptional() @IsString() format?: string;
}
class PlansExportDto extends PlansListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class IndicatorsExportDto extends IndicatorsListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class UnitsExportDto extends PointDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class ReportsExportDto extends ReportsListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class BriefingsExportDto extends BriefingsListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class PeopleExportDto extends PeopleListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class LedgerExportDto extends LedgerListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class AuditEventsExportDto extends AuditEventsListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}
class AuditDeadlinesExportDto extends AuditDeadlinesListedDto {
  @ApiPropertyOptional(FORMAT) @IsOptional() @IsString() format?: string;
}

/** A file that is ready to be written, and what it is called. */
interface Prepared {
  readonly at: Instant;
  readonly total: number;
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** Every list as a file: the same filters, the same instant, the same rows in the same order. */
@ApiTags('exports')
@ApiProduces(XLSX, 'text/csv')
@Controller()
export class ExportsController {
  private readonly runtime: Runtime;
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('tasks/export')
  @ApiOperation({ summary: 'GET /tasks thành tệp XLSX hoặc CSV, nhập lại được' })
  tasks(@Query() { format, ...query }: TasksExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send(format, () => tasksToExport(query, this.runtime), 'danh-sach-viec', request, response);
  }

  @Get('figures/list/export')
  @ApiOperation({ summary: 'GET /figures/list thành tệp' })
  counted(@Query() { format, ...query }: FiguresListExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send(format, () => countedToExport(query, this.runtime), 'viec-cua-so-lieu', request, response);
  }

  @Get('figures/changes/export')
  @ApiOperation({ summary: 'GET /figures/changes thành tệp: vào nhóm, ra khỏi nhóm, có thay đổi' })
  changes(@Query() { format, ...query }: ChangesExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send(format, () => changesToExport(query, this.runtime), 'thay-doi', request, response);
  }

  @Get('dashboard/export')
  @ApiOperation({ summary: 'GET /dashboard thành văn bản DOCX, PDF hoặc bảng XLSX: số liệu, đơn vị, việc cần chú ý, từng tuần' })
  @ApiProduces(OUTPUT_TYPES.docx, OUTPUT_TYPES.pdf, OUTPUT_TYPES.xlsx)
  async paper(@Query() { format: given, rules, ...query }: DashboardExportDto, @Req() request: Request): Promise<StreamableFile> {
    const { runtime } = this;
    actorOf(request, runtime);
    const format = oneOf('format', given, ['docx', 'pdf', 'xlsx'], 'docx');
    const shown = readRules(rules);
    const asked = await readDashboard(query, runtime);
    const answer = await answerDashboard(asked, runtime);
    const what = format === 'xlsx' ? { tables: await dashboardBook(asked, answer, shown, runtime) } : { official: await dashboardPaper(asked, answer, shown, runtime) };
    const [{ bytes } = { bytes: new Uint8Array() }] = await writeDocuments(what, [format]);
    return new StreamableFile(bytes, { type: OUTPUT_TYPES[format], disposition: contentDisposition(`bang-dieu-hanh-${asked.point.day}.${format}`), length: bytes.length });
  }

  @Get('dashboard/list/export')
  @ApiOperation({ summary: 'GET /dashboard/list thành tệp' })
  dashboard(@Query() { format, ...query }: DashboardListExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send(format, () => dashboardToExport(query, this.runtime), 'bang-dieu-hanh', request, response);
  }

  @Get('dashboard/exceptions/export')
  @ApiOperation({ summary: 'GET /dashboard/exceptions thành tệp, mỗi việc kèm lý do' })
  exceptions(@Query() { format, ...query }: ExceptionsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.send(format, () => exceptionsToExport(query, this.runtime), 'viec-can-xem', request, response);
  }

  @Get('plans/export')
  @ApiOperation({ summary: 'GET /plans thành tệp, mỗi mục một dòng' })
  plans(@Query() { format, ...query }: PlansExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => plansTable(query, this.runtime), 'ke-hoach', request, response);
  }

  @Get('indicators/export')
  @ApiOperation({ summary: 'GET /indicators thành tệp' })
  indicators(@Query() { format, ...query }: IndicatorsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => indicatorsTable(query, this.runtime), 'chi-tieu', request, response);
  }

  @Get('units/export')
  @ApiOperation({ summary: 'GET /units thành tệp' })
  units(@Query() { format, ...query }: UnitsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => unitsTable(query, this.runtime), 'danh-muc-don-vi', request, response);
  }

  @Get('reports/export')
  @ApiOperation({ summary: 'GET /reports thành tệp: trạng thái, kiểm tra, ban hành, hạn nộp của từng báo cáo' })
  reports(@Query() { format, ...query }: ReportsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => reportsTable(query, this.runtime), 'bao-cao', request, response);
  }

  @Get('briefings/export')
  @ApiOperation({ summary: 'GET /briefings thành tệp, mỗi kết luận một dòng' })
  briefings(@Query() { format, ...query }: BriefingsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => briefingsTable(query, this.runtime), 'giao-ban', request, response);
  }

  @Get('people/export')
  @ApiOperation({ summary: 'Danh bạ thành tệp, nhập lại được; có liên hệ nên chỉ quản trị và văn phòng' })
  people(@Query() { format, ...query }: PeopleExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    requireRole(actorOf(request, this.runtime), ['admin', 'office'], 'xuất danh bạ');
    return this.table(format, () => peopleTable(query, this.runtime), 'danh-ba', request, response);
  }

  @Get('reminder-ledger/export')
  @ApiOperation({ summary: 'GET /reminder-ledger thành tệp' })
  ledger(@Query() { format, ...query }: LedgerExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => ledgerTable(query, this.runtime), 'so-nhac', request, response);
  }

  @Get('audit/events/export')
  @ApiOperation({ summary: 'GET /audit/events thành tệp, cũ trước' })
  events(@Query() { format, ...query }: AuditEventsExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => eventsTable(query, this.runtime), 'su-kien', request, response);
  }

  @Get('audit/deadlines/export')
  @ApiOperation({ summary: 'GET /audit/deadlines thành tệp, cũ trước' })
  deadlines(@Query() { format, ...query }: AuditDeadlinesExportDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.table(format, () => deadlinesTable(query, this.runtime), 'lich-su-thoi-han', request, response);
  }

  private send(given: string | undefined, read: () => Promise<ListToExport>, name: string, request: Request, response: Response): Promise<void> {
    const { runtime } = this;
    return this.write(given, name, request, response, async (format) => {
      const list = await read();
      return {
        at: list.point.at, total: list.total,
        pieces: () => {
          const { question, slices } = exportOf(list, format, runtime);
          return exportPieces(slices, question, { dataDir: runtime.dataDir, log: runtime.log, clock: runtime.clock, threads: runtime.threads });
        },
      };
    });
  }

  /** What is no list of tasks stands in memory or is read page by page: no thread of its own is needed for it. */
  private table(given: string | undefined, read: () => Promise<TableToExport>, name: string, request: Request, response: Response): Promise<void> {
    return this.write(given, name, request, response, async (format) => {
      const { at, total, title, columns, rows } = await read();
      const sheet = { name: 'Danh sách', heading: `${title} · ${String(total)} dòng · tính đến ${instantVi(at)}`, columns, rows };
      return { at, total, pieces: () => (format === 'xlsx' ? writeXlsx(sheet) : writeCsv(sheet)) };
    });
  }

  private async write(given: string | undefined, name: string, request: Request, response: Response, prepare: (format: 'xlsx' | 'csv') => Promise<Prepared>): Promise<void> {
    actorOf(request, this.runtime);
    const format = oneOf('format', given, ['xlsx', 'csv'], 'xlsx');
    const { at, total, pieces } = await prepare(format);
    refuseTooManyRows(total);
    response.set({ 'Content-Type': format === 'xlsx' ? XLSX : CSV, 'Content-Disposition': contentDisposition(`${name}-${dayOf(at)}.${format}`), 'X-Total-Count': String(total) });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await this.turn();
    try {
      await sendPieces(response, pieces());
    } finally {
      this.underWay -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    while (this.underWay >= AT_ONCE) await new Promise<void>((go) => { this.waiting.push(go); });
    this.underWay += 1;
  }
}
