import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SmtpSink } from '../../../../test/support/smtp-sink.ts';
import type { Channel, Outgoing } from '../channel.ts';
import { mailOf } from '../words.ts';
import { openSmtp } from './smtp-channel.ts';

const FROM = 'Nhắc Việc <nhacviec@tinh.example>';
const mail = mailOf({
  kind: 'digest', slot: '2020-11-30', more: 2, inboxUrl: 'http://127.0.0.1:3000/hop-nhac', late: false,
  lines: [{ code: 'NV-2020-0001', title: 'Báo cáo <kết quả> & kế hoạch', unit: 'Sở Y tế', dueOn: '2020-11-27', step: 'overdue-1', url: 'http://127.0.0.1:3000/viec/1', answer: false, slot: null }],
});
const message = (change: Partial<Outgoing> = {}): Outgoing => ({ id: 'a0', kind: 'digest', slot: '2020-11-30', recipientId: 'p', to: 'a@so.example', mail, tasks: [], letters: [], ...change });

describe('mail', () => {
  let sink: SmtpSink;
  let channel: Channel;
  beforeEach(async () => {
    sink = await SmtpSink.start();
    channel = openSmtp({ url: sink.url, from: FROM, patienceMs: 5_000 });
  });
  afterEach(async () => {
    await channel.close();
    await sink.stop();
  });

  it('arrives once, in plain text and as a page, in Vietnamese, under an id of its message', async () => {
    expect(await channel.send(message())).toEqual({ ok: true });
    const [{ raw, messageId, to }] = sink.received as [(typeof sink.received)[0]];
    expect([messageId, to]).toEqual(['<a0@tinh.example>', ['a@so.example']]);
    expect(raw).toMatch(/Content-Type: text\/plain; charset=utf-8[\s\S]*Content-Type: text\/html; charset=utf-8/);
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(mail.text).toContain('NV-2020-0001: Báo cáo <kết quả> & kế hoạch');
    expect(mail.html).toContain('Báo cáo &#60;kết quả&#62; &#38; kế hoạch');
    expect(mail.subject).toBe('Nhắc việc 30/11/2020: 3 việc, 1 quá hạn');
  });

  it('is the same to the letter at every try, but for its date', async () => {
    expect(await channel.send(message())).toEqual({ ok: true });
    expect(await channel.send(message())).toEqual({ ok: true });
    const [one, two] = sink.received.map(({ raw, ...rest }) => ({ ...rest, raw: raw.replace(/^Date: .*$/m, '') }));
    expect(two).toEqual(one);
  });

  it('bears a signature of the domain that holds against its key (RFC 6376)', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    const signing = openSmtp({ url: sink.url, from: FROM, patienceMs: 5_000, dkim: { domain: 'tinh.example', selector: 'nhac', privateKey } });
    expect(await signing.send(message())).toEqual({ ok: true });
    await signing.close();
    const [headers, body] = sink.received[0]!.raw.split(/\r?\n\r?\n([\s\S]*)/) as [string, string];
    const fields = headers.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/);
    const relaxed = (field: string): string => field.replace(/^([^:]+?)\s*:\s*/, (_, name: string) => `${name.toLowerCase()}:`).replace(/[ \t]+/g, ' ').trim();
    const signature = fields.find((field) => /^DKIM-Signature:/i.test(field))!;
    const tags = Object.fromEntries(signature.slice(signature.indexOf(':') + 1).split(';').map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).replace(/\s/g, '')]));
    expect(tags).toMatchObject({ d: 'tinh.example', s: 'nhac', c: 'relaxed/relaxed', a: 'rsa-sha256' });
    const canonical = `${body.split(/\r?\n/).map((line) => line.replace(/[ \t]+/g, ' ').trimEnd()).join('\r\n').replace(/(\r\n)+$/, '')}\r\n`;
    expect(tags['bh']).toBe(createHash('sha256').update(canonical).digest('base64'));
    const signed = [...tags['h']!.split(':').map((name) => fields.find((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`))!).map(relaxed), relaxed(signature).replace(/ ?b=[^;]*$/, (b) => b.slice(0, b.indexOf('=') + 1))].join('\r\n');
    expect(createVerify('sha256').update(signed).verify(publicKey, tags['b']!, 'base64')).toBe(true);
  });

  it.each([[451, true], [550, false], [421, true]])('that is answered %i is tried again: %s', async (code, temporary) => {
    sink.answer = () => code;
    expect(await channel.send(message())).toMatchObject({ ok: false, outcome: 'refused', temporary, code: `smtp-${String(code)}` });
  });

  it('to a wrong address is refused for good, and the next one goes', async () => {
    sink.recipient = (to) => (to.startsWith('sai') ? 550 : undefined);
    expect(await channel.send(message({ to: 'sai@so.example' }))).toMatchObject({ ok: false, temporary: false, code: 'smtp-550', down: false });
    expect(await channel.send(message({ id: 'b0' }))).toEqual({ ok: true });
    expect(await channel.send(message({ to: null }))).toMatchObject({ code: 'no-address' });
  });

  it('that is cut after its data may have arrived, and bears the same id when it is sent again', async () => {
    sink.answer = (nth) => (nth === 1 ? 'cut-after-data' : 'take');
    expect(await channel.send(message())).toMatchObject({ ok: false, outcome: 'unknown', temporary: true, down: false });
    expect(await channel.send(message())).toEqual({ ok: true });
    expect(sink.received.map(({ messageId }) => messageId)).toEqual(['<a0@tinh.example>', '<a0@tinh.example>']);
  });

  it('to a server that is silent is given up for now, and may have arrived', async () => {
    sink.answer = () => 'silent';
    await channel.close();
    channel = openSmtp({ url: sink.url, from: FROM, patienceMs: 700 });
    expect(await channel.send(message())).toMatchObject({ ok: false, outcome: 'unknown', temporary: true });
  });

  it('to a server that is not there has not left, and the channel says so', async () => {
    await sink.stop();
    expect(await channel.send(message())).toMatchObject({ ok: false, outcome: 'refused', temporary: true, down: true, code: 'smtp-not-reached' });
  });

  it('does not leave this machine without encryption', async () => {
    const seen: string[] = [];
    const plain: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 plain\r\n');
      socket.on('data', (chunk: Buffer) => {
        seen.push(chunk.toString());
        socket.write(chunk.toString().startsWith('EHLO') ? '250 plain\r\n' : '502 no\r\n');
      });
    });
    await new Promise<void>((resolve) => plain.listen(0, '0.0.0.0', resolve));
    // Another name of this machine, which the channel takes for another machine.
    const other = openSmtp({ url: `smtp://0.0.0.0:${String((plain.address() as AddressInfo).port)}`, from: FROM, patienceMs: 1_000 });
    expect(await other.send(message())).toMatchObject({ ok: false, outcome: 'refused', down: true });
    expect(seen.filter((line) => /^(MAIL|RCPT|DATA)/i.test(line))).toEqual([]);
    await other.close();
    await new Promise((resolve) => plain.close(resolve));
  });
});
