import { describe } from '@jest/globals';
import { HttpDriver } from './http-driver.ts';
import { dailyScenarios, playEach } from './ways.ts';

describe('scenarios over HTTP', () => {
  playEach(dailyScenarios, () => HttpDriver.open());
});
