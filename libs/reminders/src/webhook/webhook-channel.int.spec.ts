import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../channel.ts';
import { mayReach } from './addresses.ts';
import { isSigned, openWebhook } from './webhook-channel.ts';

const SECRET = 'bí mật dùng chung';
const clock = { now: () => Date.parse('2020-11-30T07:00:00+07:00') };
const message: Outgoing = { id: 'm1', kind: 'digest', slot: '2020-11-30', recipientId: 'p1', to: null, mail: { subject: 's', text: 't', html: 'h' }, tasks: [{ code: 'NV-2020-0001', url: 'http://127.0.0.1/viec/1', step: 'due' }], letters: [] };

describe('an address', () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '::1', '::', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', 'not-an-address'])('of a closed network is refused: %s', (address) => {
    expect(mayReach(address, [])).toBe(false);
  });
  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('of the open network may be reached: %s', (address) => {
    expect(mayReach(address, [])).toBe(true);
  });
  it('that an administrator has named may be reached, and no other', () => {
    expect(['10.1.2.3', '10.1.3.3', '::ffff:10.1.2.9', '192.168.1.1'].map((address) => mayReach(address, ['10.1.2.0/24', '192.168.1.1']))).toEqual([true, false, true, true]);
  });
});

describe('a webhook', () => {
  let server: Server;
  let url: string;
  let answer: (attempt: number) => number | 'cut' | 'silent';
  let heard: { readonly body: string; readonly headers: IncomingHttpHeaders }[];
  beforeEach(async () => {
    heard = [];
    answer = () => 204;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString('utf8'); });
      request.on('end', () => {
        heard.push({ body, headers: request.headers });
        const say = answer(heard.length);
        if (say === 'cut') request.socket.destroy();
        else if (say !== 'silent') response.writeHead(say, say === 302 ? { Location: 'http://127.0.0.1:1/' } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/nhac`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = (change: object = {}) => openWebhook({ url, secret: SECRET, allowed: ['127.0.0.1'], clock, ...change });

  it('carries code and link alone, signed with its time', async () => {
    expect(await open().send(message)).toEqual({ ok: true });
    const [{ body, headers }] = heard as [(typeof heard)[0]];
    expect(JSON.parse(body)).toEqual({ id: 'm1', kind: 'digest', slot: '2020-11-30', recipientId: 'p1', tasks: message.tasks });
    const signature = String(headers['x-nhacviec-signature']);
    const now = clock.now() / 1000;
    expect([isSigned(SECRET, signature, body, now), isSigned(SECRET, signature, `${body} `, now), isSigned('khác', signature, body, now), isSigned(SECRET, signature, body, now + 301), isSigned(SECRET, 'rác', body, now)]).toEqual([true, false, false, false, false]);
    expect(headers['idempotency-key']).toBe('m1');
  });

  it('does not leave for an address of a closed network that nobody has named, whatever name it goes by', async () => {
    expect(await open({ allowed: [] }).send(message)).toMatchObject({ ok: false, code: 'webhook-address-refused', temporary: false });
    const named = open({ url: url.replace('127.0.0.1', 'cong-tin.example'), allowed: [], lookup: async () => [{ address: '93.184.216.34', family: 4 }, { address: '10.0.0.7', family: 4 }] });
    expect(await named.send(message)).toMatchObject({ code: 'webhook-address-refused' });
    expect(heard).toEqual([]);
  });

  it('connects to the very address that was checked, though the name leads elsewhere a moment later', async () => {
    let asked = 0;
    const lookup = async () => [{ address: ++asked === 1 ? '127.0.0.1' : '10.0.0.7', family: 4 }];
    expect(await open({ url: url.replace('127.0.0.1', 'cong-tin.example'), lookup }).send(message)).toEqual({ ok: true });
    expect([asked, heard[0]!.headers.host]).toEqual([1, new URL(url).host.replace('127.0.0.1', 'cong-tin.example')]);
  });

  it.each([[500, true], [429, true], [400, false], [404, false], [302, false]])('that answers %i is tried again: %s', async (status, temporary) => {
    answer = () => status;
    expect(await open().send(message)).toMatchObject({ ok: false, outcome: 'refused', temporary, code: `webhook-${String(status)}` });
    expect(heard).toHaveLength(1);
  });

  it('that breaks off or stays silent after it was given the message may have taken it', async () => {
    answer = () => 'cut';
    expect(await open().send(message)).toMatchObject({ outcome: 'unknown', temporary: true });
    answer = () => 'silent';
    expect(await open({ patienceMs: 200 }).send(message)).toMatchObject({ outcome: 'unknown', temporary: true });
  });

  it('that is not there has taken nothing', async () => {
    expect(await open({ url: 'http://127.0.0.1:1/' }).send(message)).toMatchObject({ outcome: 'refused', temporary: true, down: true, code: 'webhook-not-reached' });
  });
});
