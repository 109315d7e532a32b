import { expect, test } from '@jest/globals';
import { systemIds } from '#kernel';
import { connect } from '../../libs/event-log/src/kurrent/client.ts';
import { within } from '../../libs/event-log/src/kurrent/retrying.ts';
import { firstNodeOf, startKurrentTestServer } from '../support/kurrent-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

test('a reader of EventStoreDB that leaves in the moment in which the last of the answer comes does not keep the connection from being let go', async () => {
  const server = await startKurrentTestServer();
  const proxy = await startTcpProxy(firstNodeOf(server.url), { gatherMs: 20 });
  try {
    const client = await connect(`esdb://127.0.0.1:${String(proxy.port)}?tls=false`);
    const stream = `task-${systemIds.next()}`;
    for (let n = 0; n < 3; n++) await client.append(stream, n - 1, [{ id: systemIds.next(), type: 'Tried', data: { n }, metadata: new TextEncoder().encode('{}') }]);
    for (let n = 0; n < 10; n++) for await (const _ of client.readStream(stream, { from: 0, maxCount: 3, forwards: true })) break;
    const gone = client.release().then(() => 'gone');
    expect(await within(5_000, gone).catch(() => 'still waiting')).toBe('gone');
  } finally {
    await proxy.close();
    await server.stop();
  }
});
