import { describe } from '@jest/globals';
import { ManualClock } from '#kernel';
import { RuntimeDriver } from '../../apps/cli/src/scenario-runtime.ts';
import { openScaled, startScaledServers } from '../support/scaled.ts';
import { dailyScenarios, everyScenario, playEach } from './ways.ts';

/** Every question waits for two servers and a worker: some of the scenarios in every run, all in the long one. */
const EVERY = 12;

describe('scenarios over EventStoreDB and MongoDB', () => {
  const scenarios = process.env['NHACVIEC_FULL'] ? everyScenario : dailyScenarios.filter((_, n) => n % EVERY === 0);
  playEach(scenarios, async () => {
    const servers = await startScaledServers();
    const clock = new ManualClock(0);
    const { runtime, closeRest } = await openScaled(servers.urls, clock);
    return new RuntimeDriver('EventStoreDB và MongoDB', runtime, clock, async () => {
      await closeRest();
      await servers.stop();
    });
  });
});
