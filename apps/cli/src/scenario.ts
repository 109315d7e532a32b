import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDefaultCalendar } from '#deadlines';
import { countVi, Problem } from '#kernel';
import { differencesText, faultsText, playScenario, readScenario, type Driver, type Fault, type Outcome, type Reorganisation } from '#scenarios';
import { MemoryDriver } from './scenario-memory.ts';
import { openSqliteDriver } from './scenario-runtime.ts';

const DATA = join('libs', 'organisation', 'data');

/** The reorganisations that ship with the program, by file name without its ending; found from source and from the build alike. */
export function loadReorganisations(): ReadonlyMap<string, Reorganisation> {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, DATA);
    if (existsSync(folder)) {
      const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
      return new Map(names.map((name) => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, name), 'utf8')) as Reorganisation]));
    }
    if (dirname(at) === at) return new Map();
  }
}

export interface FileResult {
  readonly file: string;
  readonly title: string | null;
  /** What is wrong with the file; it was not played then. */
  readonly faults: readonly Fault[];
  /** One per way: the domain alone, and SQLite files in a folder of their own. */
  readonly outcomes: readonly Outcome[];
}

const WAYS: readonly (() => Promise<Driver>)[] = [() => Promise.resolve(new MemoryDriver(loadDefaultCalendar())), openSqliteDriver];

/**
 * Plays scenario files (a folder stands for the .yaml and .yml files in it) on the domain alone and over SQLite, and tells each result as it comes.
 * Nothing of any data folder is touched. @throws Problem naming a path that is not there or holds no scenario.
 */
export async function playFiles(paths: readonly string[], tell: (result: FileResult) => void = () => undefined): Promise<FileResult[]> {
  const reorganisations = loadReorganisations();
  const results: FileResult[] = [];
  for (const file of paths.flatMap(filesOf)) {
    const reading = readScenario(read(file), file, reorganisations);
    const outcomes: Outcome[] = [];
    if (reading.ok) for (const open of WAYS) outcomes.push(await playOn(await open()));
    const result: FileResult = { file, title: reading.ok ? reading.scenario.title : null, faults: reading.ok ? [] : reading.faults, outcomes };
    results.push(result);
    tell(result);

    async function playOn(driver: Driver): Promise<Outcome> {
      try {
        return await playScenario((reading as Extract<typeof reading, { ok: true }>).scenario, driver);
      } finally {
        await driver.close();
      }
    }
  }
  return results;
}

export const isRight = ({ faults, outcomes }: FileResult): boolean => faults.length === 0 && outcomes.every(({ differences }) => differences.length === 0);

/** The command `scenario`: prints as people or programs read it; true when every file came out as it says. */
export async function scenarioCommand(paths: readonly string[], json: boolean, out: (line: string) => void): Promise<boolean> {
  const results = await playFiles(paths, (result) => { if (!json) out(resultText(result)); });
  const wrong = results.filter((result) => !isRight(result)).length;
  const checks = results.flatMap(({ outcomes }) => outcomes).reduce((n, outcome) => n + outcome.checks, 0);
  if (json) out(JSON.stringify({ scenarios: results.length, checks, wrong, results: results.map(({ file, title, faults, outcomes }) => ({ file, title, faults, outcomes: outcomes.map(({ way, checks: n, differences }) => ({ way, checks: n, differences })) })) }, null, 2));
  else out(`${countVi(results.length)} tình huống, ${countVi(checks)} kiểm tra: ${wrong === 0 ? 'đúng cả' : `${countVi(wrong)} tình huống khác với tệp`}.`);
  return wrong === 0;
}

function resultText(result: FileResult): string {
  const { file, title, faults, outcomes } = result;
  if (faults.length > 0) return `✗ ${file}: tệp chưa đúng, chưa chạy\n${indented(faultsText(file, faults))}`;
  if (isRight(result)) return `✓ ${file}: ${title ?? ''} (${outcomes.map(({ way, checks }) => `${way} ${countVi(checks)}`).join(', ')} kiểm tra)`;
  return `✗ ${file}: ${title ?? ''}\n${outcomes.filter(({ differences }) => differences.length > 0).map((outcome) => indented(differencesText(outcome))).join('\n')}`;
}

const indented = (text: string): string => text.replace(/^/gm, '    ');

function filesOf(path: string): string[] {
  if (!existsSync(path)) throw new Problem(404, 'file-not-found', 'Không có tệp', `Không có tệp hoặc thư mục “${path}”.`);
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0) throw new Problem(422, 'no-scenarios', 'Không có tình huống', `Thư mục “${path}” không có tệp .yaml nào.`);
  return files.map((name) => join(path, name));
}

function read(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new Problem(422, 'file-not-readable', 'Không đọc được tệp', `Tệp “${file}” không đọc được: cần văn bản UTF-8.`, { cause });
  }
}
