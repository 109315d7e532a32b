import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsText, readScenario, type Scenario } from '#scenarios';
import { loadReorganisations } from '../../apps/cli/src/scenario.ts';

export const FOLDER = fileURLToPath(new URL('files/', import.meta.url));

/** Every scenario of this folder, by file name. @throws with all that is wrong with the files that cannot be read. */
export function allScenarios(): Scenario[] {
  const scenarios: Scenario[] = [];
  const faults: string[] = [];
  const reorganisations = loadReorganisations();
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.yaml')).sort()) {
    const reading = readScenario(readFileSync(join(FOLDER, name), 'utf8'), name, reorganisations);
    if (reading.ok) scenarios.push(reading.scenario);
    else faults.push(faultsText(name, reading.faults));
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return scenarios;
}
