import { afterAll, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { differencesText, playScenario, type Answer, type Driver, type Scenario } from '#scenarios';
import { MemoryDriver } from '../../apps/cli/src/scenario-memory.ts';
import { allScenarios } from './files.ts';

/** Groups beyond this take minutes over files and sockets; they play there in the long campaigns only. */
const MANY_TASKS = 1_000;
export const isLarge = (scenario: Scenario): boolean => scenario.steps.some((step) => step.tasks.length > MANY_TASKS);
export const everyScenario: readonly Scenario[] = allScenarios();
export const dailyScenarios = process.env['NHACVIEC_FULL'] ? everyScenario : everyScenario.filter((scenario) => !isLarge(scenario));

export const memory = async (): Promise<Driver> => new MemoryDriver(loadDefaultCalendar());

/** Passes everything on and keeps what figures were answered: all their numbers, those too that the file does not name. */
class Remembering implements Driver {
  readonly name: string;
  readonly figures: unknown[] = [];
  private readonly driver: Driver;
  constructor(driver: Driver) {
    this.driver = driver;
    this.name = driver.name;
  }
  advance(to: number): Promise<void> {
    return this.driver.advance(to);
  }
  post(path: string, body: object, actor: string): Promise<Answer> {
    return this.driver.post(path, body, actor);
  }
  async get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.driver.get(path, query);
    if (path === '/figures') this.figures.push({ query, status: answer.status, ...numbersOf(answer.body) });
    return answer;
  }
  close(): Promise<void> {
    return this.driver.close();
  }
}

function numbersOf(body: any): object {
  return { code: body.code, cells: body.cells, parts: body.parts, total: body.total, out: body.out, flow: body.flow, rates: body.rates, sentence: body.sentence };
}

/** One test per scenario; whatever is answered about figures has to be what the domain alone answers. Tells at the end how much was compared. */
export function playEach(scenarios: readonly Scenario[], open: () => Promise<Driver>): void {
  let checks = 0;
  let played = 0;
  let way = '';
  it.each(scenarios.map((scenario) => [scenario.file, scenario] as const))('%s', async (_, scenario) => {
    const driver = new Remembering(await open());
    try {
      const outcome = await playScenario(scenario, driver);
      expect(differencesText(outcome)).toBe('');
      expect(outcome.checks).toBeGreaterThan(0);
      checks += outcome.checks;
      played++;
      way = driver.name;
    } finally {
      await driver.close();
    }
    if (way === (await memory()).name) return;
    const plain = new Remembering(await memory());
    await playScenario(scenario, plain);
    expect(driver.figures).toEqual(plain.figures);
  });
  afterAll(() => {
    process.stdout.write(`Tình huống (${way}): ${String(played)}, số kiểm tra: ${String(checks)}\n`);
  });
}
