import { describe } from '@jest/globals';
import { HttpDriver } from './http-driver.ts';
import { dailyScenarios, playEach } from './ways.ts';

describe('scenarios over HTTP', () => {
  // What a door adds to the same program is shown by some in every run, by all in the long one.
  playEach(process.env['NHACVIEC_FULL'] ? dailyScenarios : dailyScenarios.filter((_, n) => n % 3 === 0), () => HttpDriver.open());
});
