import { describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { differencesText, playScenario } from '#scenarios';
import { MemoryDriver } from '../../apps/cli/src/scenario-memory.ts';
import { allScenarios } from './files.ts';

describe('scenarios on the domain alone', () => {
  it.each(allScenarios().map((scenario) => [scenario.file, scenario] as const))('%s', async (_, scenario) => {
    const outcome = await playScenario(scenario, new MemoryDriver(loadDefaultCalendar()));
    expect(differencesText(outcome)).toBe('');
  });
});
