import { describe } from '@jest/globals';
import { SqliteDriver } from '../../apps/cli/src/scenario-sqlite.ts';
import { dailyScenarios, everyScenario, isLarge, memory, playEach } from './ways.ts';

describe('scenarios over SQLite', () => {
  playEach(dailyScenarios, () => SqliteDriver.open());
});

describe('scenarios of many tasks on the domain alone', () => {
  playEach(everyScenario.filter(isLarge), memory);
});
