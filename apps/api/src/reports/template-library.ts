import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { dayVi, Problem, type Day } from '#kernel';
import { readContent, readTemplate, type ReportContent, type ReportTemplate, type TemplateFault } from '#reports';
import { templateFiles } from '#reports/files/shipped';
import { REPORTS_FOLDER } from '../data-files.ts';

/** A form with the text it was read from: what an issued report keeps of it. */
export interface LoadedTemplate {
  readonly template: ReportTemplate;
  readonly text: string;
}

/** Reading YAML costs more than everything else a preview does, and the same few texts come again and again. */
const KEPT = 64;
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = read(text);
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
    kept.set(text, made);
    return made;
  };
}
const templateOf = remembered(readTemplate);
const contentOf = remembered(readContent);

/** Templates by id, of the product and of the data folder, where an office's own goes before one of the same name. @throws Problem naming file, line and column. */
export function loadTemplates(dataDir: string): ReadonlyMap<string, LoadedTemplate> {
  const own = join(dataDir, REPORTS_FOLDER, 'templates');
  const templates = new Map<string, LoadedTemplate>();
  for (const { file, text } of [...templateFiles(), ...(existsSync(own) ? templateFiles(own) : [])]) {
    // Whoever asks over HTTP is told which file of the data folder it is, and not where that folder lies.
    const template = parseTemplate(text, relative(dataDir, file).startsWith('..') ? basename(file) : relative(dataDir, file));
    templates.set(template.id, { template, text });
  }
  return templates;
}

/** @throws Problem naming line and column; `file` is what they are in. */
export function parseTemplate(text: string, file: string): ReportTemplate {
  const reading = templateOf(text);
  if (!reading.ok) throw unreadable(file, 'template-invalid', reading.faults);
  return reading.template;
}

/** @throws Problem as `parseTemplate`; `pointer` where the text came in a body. */
export function parseContent(text: string, file: string, pointer?: string): ReportContent {
  const reading = contentOf(text);
  if (!reading.ok) throw unreadable(file, 'content-invalid', reading.faults, pointer);
  return reading.content;
}

function unreadable(file: string, code: string, faults: readonly TemplateFault[], pointer?: string): Problem {
  const lines = faults.map(({ line, column, path, detail, given, expected }) => `${file}:${String(line)}:${String(column)}: ${path === '' ? '' : `${path}: `}${detail}${given === undefined ? '' : ` [nhận: ${given}]`}${expected === undefined ? '' : ` [cần: ${expected}]`}`);
  return new Problem(422, code, 'Không đọc được tệp', lines.join('\n'), { errors: pointer === undefined ? [] : [{ pointer, code, detail: lines[0]! }], extra: { faults } });
}

/** The form for a period: the one named, else the last one in force on its last day. @throws Problem */
export function chooseTemplate(templates: ReadonlyMap<string, LoadedTemplate>, id: string | undefined, to: Day): LoadedTemplate {
  const named = id === undefined ? undefined : templates.get(id);
  if (named) return named;
  const names = [...templates.keys()].join(', ');
  if (id !== undefined) throw new Problem(422, 'template-unknown', 'Không có mẫu', `Không có mẫu “${id}”; có: ${names}.`, { errors: [{ pointer: '/templateId', code: 'template-unknown', detail: `có: ${names}`, given: id }] });
  const valid = [...templates.values()].filter(({ template: { validFrom, validTo } }) => validFrom <= to && (validTo === null || to <= validTo)).sort((a, b) => (a.template.validFrom < b.template.validFrom ? -1 : 1));
  const last = valid.at(-1);
  if (!last) throw new Problem(422, 'template-none-valid', 'Không có mẫu', `Không có mẫu nào có hiệu lực ngày ${dayVi(to)}; có: ${names}.`);
  return last;
}
