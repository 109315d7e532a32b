import { describe } from '@jest/globals';
import { openSqliteDriver } from '../../apps/cli/src/scenario-runtime.ts';
import { dailyScenarios, everyScenario, isLarge, memory, playEach } from './ways.ts';

describe('scenarios over SQLite', () => {
  playEach(dailyScenarios, openSqliteDriver);
});

describe('scenarios of many tasks on the domain alone', () => {
  playEach(everyScenario.filter(isLarge), memory);
});
