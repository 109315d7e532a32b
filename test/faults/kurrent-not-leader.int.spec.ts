import { describe, expect, it } from '@jest/globals';
import { EventStoreDbStandIn } from '../stand-ins/eventstoredb/eventstoredb-stand-in.ts';
import { events, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB node that is not the leader', () => {
  it('sends appends and reads to the leader it names', async () => {
    const leader = await EventStoreDbStandIn.start();
    try {
      await withKurrentLog(async (log, node) => {
        node.faults.leader = { host: '127.0.0.1', port: leader.port };
        expect(await log.append('task-1', events(2), { expectedRevision: -1 })).toMatchObject({ ok: true, revision: 1 });
        expect(await log.readStream('task-1')).toHaveLength(2);
        expect(leader.records.filter(({ stream }) => stream === 'task-1')).toHaveLength(2);
        expect(node.records.filter(({ stream }) => stream === 'task-1')).toEqual([]);
      });
    } finally {
      await leader.stop();
    }
  });
});
