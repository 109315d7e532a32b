import { describe, expect, it } from '@jest/globals';
import { differencesText, playScenario } from '#scenarios';
import { SqliteDriver } from '../../apps/cli/src/scenario-sqlite.ts';
import { allScenarios } from './files.ts';

describe('scenarios over SQLite', () => {
  it.each(allScenarios().filter((s) => s.steps.every((step) => step.tasks.length < 5000)).map((scenario) => [scenario.file, scenario] as const))('%s', async (_, scenario) => {
    const driver = await SqliteDriver.open();
    try {
      expect(differencesText(await playScenario(scenario, driver))).toBe('');
    } finally {
      await driver.close();
    }
  });
});
