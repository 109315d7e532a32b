import { describe, expect, it } from '@jest/globals';
import { differencesText, playScenario } from '#scenarios';
import { allScenarios } from './files.ts';
import { HttpDriver } from './http-driver.ts';

describe('scenarios over HTTP', () => {
  it.each(allScenarios().filter((s) => s.steps.every((step) => step.tasks.length < 5000)).map((scenario) => [scenario.file, scenario] as const))('%s', async (_, scenario) => {
    const driver = await HttpDriver.open();
    try {
      expect(differencesText(await playScenario(scenario, driver))).toBe('');
    } finally {
      await driver.close();
    }
  });
});
