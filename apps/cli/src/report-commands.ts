import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { EventLog } from '#event-log';
import { dayVi, Problem } from '#kernel';
import { blocks, checkReport, readContent, readTemplate, transcribedReport, type Finding, type TranscribedReport } from '#reports';
import { REPORT_FORMATS, type ReportFormat } from '#reports/files/write-files';
import type { ReferenceData } from '../../api/src/reference/reference-data.ts';
import { outputFile, OUTPUTS, readOutput } from '../../api/src/outputs/outputs.ts';
import { importReportData } from '../../api/src/reports/report-data.ts';
import { composeReport, loadContent } from '../../api/src/reports/report-service.ts';
import { writeReport } from '../../api/src/reports/report-writer.ts';
import type { Runtime } from '../../api/src/runtime.ts';
import { writeWhole } from './whole-file.ts';

interface Doors {
  readonly data: (command: Command) => Command;
  readonly out: (line: string) => void;
  readonly reading: (dataDir: string, work: (runtime: Runtime) => Promise<void>) => Promise<void>;
  readonly withImportLog: (dataDir: string, rehearsal: boolean, work: (log: EventLog, reference: ReferenceData, now: number) => Promise<void>) => Promise<void>;
}

const SEVERITY = { error: 'lỗi', warning: 'cảnh báo', info: 'lưu ý' } as const;

function tell(findings: readonly Finding[], out: (line: string) => void): void {
  for (const { severity, place, detail, rule } of findings) out(`  ${SEVERITY[severity].padEnd(8)} ${place.join(', ')}: ${detail} (${rule})`);
  const count = (severity: Finding['severity']): string => String(findings.filter((one) => one.severity === severity).length);
  out(findings.length === 0 ? 'Kiểm tra: không thấy mâu thuẫn nào.' : `Kiểm tra: ${count('error')} lỗi, ${count('warning')} cảnh báo, ${count('info')} lưu ý${blocks(findings) ? '; còn lỗi thì chưa phát hành được' : ''}.`);
}

function readFormats(text: string | undefined): readonly ReportFormat[] {
  if (text === undefined) return REPORT_FORMATS;
  return text.split(',').map((one) => {
    const format = REPORT_FORMATS.find((known) => known === one.trim());
    if (format === undefined) throw new Problem(400, 'option-invalid', 'Tham số sai', `--formats=“${text}”: cần ${REPORT_FORMATS.join(', ')}, cách nhau bằng dấu phẩy.`);
    return format;
  });
}

/** `report`, `report-data`, `report-check`, `output`. */
export function reportCommands(program: Command, { data, out, reading, withImportLog }: Doors): void {
  data(program.command('report').description('lập báo cáo định kỳ: Word, PDF, Excel, Markdown, JSON, kèm kiểm tra mâu thuẫn'))
    .requiredOption('--unit <mã>', 'mã đơn vị').requiredOption('--period <kỳ>', 'ví dụ 2020, 2020-Q3').option('--as-of <ngày>', 'số liệu tính đến hết ngày, YYYY-MM-DD').option('--known-at <mốc>', 'biết đến: ngày, thời điểm, position:<n>, event:<uuid>')
    .option('--out <thư mục>', 'nơi ghi các tệp', '.').option('--template <mã>', 'mẫu báo cáo; mặc định là mẫu có hiệu lực vào ngày cuối kỳ').option('--content <tệp>', 'tệp lời văn; mặc định là tệp trong thư mục dữ liệu').option('--formats <danh sách>', REPORT_FORMATS.join(',')).option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nCách viết mẫu và lời văn: docs/reports.md\n\nVí dụ:\n  nhacviec report --data data/demo-2020 --unit thanh-tra-tinh --period 2020 --as-of 2020-11-28 --out bao-cao')
    .action(async (o: { data: string; unit: string; period: string; asOf?: string; knownAt?: string; out: string; template?: string; content?: string; formats?: string; json?: boolean }) => {
      const formats = readFormats(o.formats);
      const content = o.content === undefined ? undefined : loadContent(o.content);
      await reading(o.data, async (runtime) => {
        const { report, findings } = await composeReport({
          unitId: o.unit, period: o.period, ...(o.asOf === undefined ? {} : { asOf: o.asOf }), ...(o.knownAt === undefined ? {} : { knownAt: o.knownAt }), ...(o.template === undefined ? {} : { templateId: o.template }), ...(content === undefined ? {} : { content }),
        }, runtime);
        const folder = resolve(o.out);
        mkdirSync(folder, { recursive: true });
        const written: { readonly file: string; readonly bytes: number }[] = [];
        for (const { format, bytes } of await writeReport(report, formats)) {
          const file = join(folder, `bao-cao-${o.unit}-${o.period}.${format}`);
          await writeWhole(file, [bytes]);
          written.push({ file, bytes: bytes.length });
        }
        if (o.json) out(JSON.stringify({ parameters: report.parameters, template: report.template, files: written, gaps: report.gaps, findings, blocked: blocks(findings) }, null, 2));
        else {
          out(`${report.template.name}${report.template.suggested ? ' [mẫu gợi ý]' : ''}, ${report.parameters.unitName}, ${report.parameters.periodWords}, tính đến hết ngày ${dayVi(report.parameters.asOf)}.`);
          for (const { file, bytes } of written) out(`  ${file} (${String(Math.ceil(bytes / 1024))} kB)`);
          tell(findings, out);
        }
      });
    });

  data(program.command('output').description('lập văn bản, bảng biểu khác: công văn đôn đốc, phiếu nhắc việc, tài liệu giao ban, bảng số liệu').argument('<loại>', OUTPUTS.join(', ')))
    .option('--unit <mã>', 'đơn vị nhận; bắt buộc với công văn và phiếu').option('--as-of <ngày>', 'số liệu tính đến hết ngày, YYYY-MM-DD').option('--known-at <mốc>', 'biết đến: ngày, thời điểm, position:<n>, event:<uuid>')
    .option('--format <dạng>', 'docx, pdf; bảng số liệu: xlsx').option('--out <thư mục>', 'nơi ghi tệp', '.')
    .addHelpText('after', '\nVí dụ:\n  nhacviec output weekly-sheet --data data/demo-2020 --unit thanh-tra-tinh --as-of 2020-11-28 --format pdf --out van-ban\n  nhacviec output figures-table --data data/demo-2020 --as-of 2020-11-28')
    .action(async (kind: string, o: { data: string; unit?: string; asOf?: string; knownAt?: string; format?: string; out: string }) => {
      const output = readOutput(kind);
      await reading(o.data, async (runtime) => {
        const { name, bytes } = await outputFile(output, { ...(o.unit === undefined ? {} : { unitId: o.unit }), ...(o.asOf === undefined ? {} : { asOf: o.asOf }), ...(o.knownAt === undefined ? {} : { knownAt: o.knownAt }), ...(o.format === undefined ? {} : { format: o.format }) }, runtime);
        const folder = resolve(o.out);
        mkdirSync(folder, { recursive: true });
        const file = join(folder, name);
        await writeWhole(file, [bytes]);
        out(`${file} (${String(Math.ceil(bytes.length / 1024))} kB)`);
      });
    });

  data(program.command('report-data').description('nhập kế hoạch và chỉ tiêu của báo cáo từ tệp JSON; có rồi thì để yên').argument('<tệp...>', 'tệp như libs/reports/data/2020/ke-hoach.json, chi-tieu.json'))
    .addHelpText('after', '\nVí dụ:\n  nhacviec report-data libs/reports/data/2020/ke-hoach.json libs/reports/data/2020/chi-tieu.json --data data/demo-2020')
    .action(async (files: string[], o: { data: string }) => {
      await withImportLog(o.data, false, async (log, reference, now) => {
        for (const file of files) {
          const { plans, indicators, events, unchanged } = await importReportData(readFileSync(file, 'utf8'), basename(file), { log, reference, now });
          out(`${file}: ${String(plans)} kế hoạch, ${String(indicators)} chỉ tiêu; đã ghi ${String(events)} sự kiện${unchanged === 0 ? '' : `, ${String(unchanged)} đã có sẵn`}.`);
        }
      });
    });

  program.command('report-check').description('kiểm tra một mẫu, một tệp lời văn (YAML), hoặc một báo cáo giấy đã chép lại (JSON)').argument('<tệp>').option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nVí dụ:\n  nhacviec report-check mau-cua-toi.yaml\n  nhacviec report-check libs/reports/data/2020/57-BC-TTT-2020.json')
    .action((file: string, o: { json?: boolean }) => {
      const text = readFileSync(file, 'utf8');
      if (file.endsWith('.json')) {
        const findings = checkReport(transcribedReport(JSON.parse(text) as TranscribedReport));
        if (o.json) out(JSON.stringify(findings, null, 2));
        else tell(findings, out);
        if (blocks(findings)) process.exitCode = 1;
        return;
      }
      const reading = /^mẫu:/mu.test(text.normalize('NFC')) ? readTemplate(text) : readContent(text);
      const faults = reading.ok ? [] : reading.faults;
      if (o.json) out(JSON.stringify(faults, null, 2));
      else {
        for (const { line, column, path, detail, given, expected } of faults) out(`${file}:${String(line)}:${String(column)}: ${path === '' ? '' : `${path}: `}${detail}${given === undefined ? '' : ` [nhận: ${given}]`}${expected === undefined ? '' : ` [cần: ${expected}]`}`);
        if (faults.length === 0) out(`${file}: đúng.`);
      }
      if (faults.length > 0) process.exitCode = 1;
    });
}
