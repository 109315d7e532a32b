import { createHmac, timingSafeEqual } from 'node:crypto';
import { lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '#kernel';
import type { Channel, Outgoing, SendOutcome } from '../channel.ts';
import { mayReach } from './addresses.ts';

export interface WebhookOptions {
  readonly url: string;
  /** What requests are signed with; never to be printed. */
  readonly secret: string;
  /** Addresses or networks of one's own that may be reached all the same. */
  readonly allowed?: readonly string[];
  readonly clock: Clock;
  readonly patienceMs?: number;
  /** How a name becomes addresses. */
  readonly lookup?: (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;
}

const MOST_ANSWER = 64 * 1024;

/** `t=<seconds>,v1=<hex>`: an HMAC-SHA-256 over the time, a full stop and the body, so that an old request cannot be sent again as a new one. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `t=${String(seconds)},v1=${createHmac('sha256', secret).update(`${String(seconds)}.${body}`).digest('hex')}`;
}

/** For a receiver: whether a request is ours and not older than it may be. */
export function isSigned(secret: string, header: string, body: string, nowSeconds: number, toleranceSeconds = 300): boolean {
  const seconds = Number(/^t=(\d{1,12}),/.exec(header)?.[1] ?? NaN);
  if (!(Math.abs(nowSeconds - seconds) <= toleranceSeconds)) return false;
  const [given, expected] = [Buffer.from(header), Buffer.from(signatureOf(secret, seconds, body))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const failed = (code: string, temporary: boolean, more: { readonly unknown?: boolean; readonly down?: boolean } = {}): SendOutcome => ({ ok: false, outcome: more.unknown === true ? 'unknown' : 'refused', temporary, code, down: more.down === true });

/**
 * A signed POST to one address of the office, for gateways to SMS, Zalo and others: code and link alone. The name is looked up here, every
 * address it has is checked, and the connection goes to the very address that was checked; a redirection is not followed.
 */
export function openWebhook({ url, secret, allowed = [], clock, patienceMs = 10_000, lookup = (host) => systemLookup(host, { all: true, verbatim: true }) }: WebhookOptions): Channel {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  return {
    name: 'webhook',
    messageIdOf: (id) => id,
    async send({ id, kind, slot, recipientId, to, tasks, letters }: Outgoing): Promise<SendOutcome> {
      let addresses: readonly { readonly address: string; readonly family: number }[];
      try {
        addresses = isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await lookup(host);
      } catch {
        return failed('webhook-not-found', true, { down: true });
      }
      const [first] = addresses;
      if (!first) return failed('webhook-not-found', true, { down: true });
      // One closed address among several is enough: which of them is taken would be the name server's choice.
      if (addresses.some(({ address }) => !mayReach(address, allowed))) return failed('webhook-address-refused', false);
      const body = JSON.stringify({ id, kind, slot, recipientId, ...(to === null ? {} : { to }), tasks, ...(letters.length === 0 ? {} : { letters }) });
      return post(target, first, body, signatureOf(secret, Math.floor(clock.now() / 1000), body), id, patienceMs);
    },
    async close() {
      // Every request has a connection of its own.
    },
  };
}

function post(target: URL, { address, family }: { readonly address: string; readonly family: number }, body: string, signature: string, id: string, patienceMs: number): Promise<SendOutcome> {
  return new Promise((resolve) => {
    let sent = false;
    const secure = target.protocol === 'https:';
    const request = (secure ? httpsRequest : httpRequest)(
      {
        // The address, not the name: what was checked is what is reached. The certificate is still judged by the name.
        host: address, family, port: target.port === '' ? (secure ? 443 : 80) : Number(target.port), path: `${target.pathname}${target.search}`, method: 'POST', agent: false, ...(secure && isIP(target.hostname) === 0 ? { servername: target.hostname } : {}),
        headers: { Host: target.host, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'X-Nhacviec-Signature': signature, 'Idempotency-Key': id, 'User-Agent': 'nhacviec' },
        signal: AbortSignal.timeout(patienceMs),
      },
      (response) => {
        const status = response.statusCode ?? 0;
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_ANSWER) response.destroy();
        });
        response.on('error', () => undefined);
        response.resume();
        if (status >= 200 && status < 300) resolve({ ok: true });
        else resolve(failed(`webhook-${String(status)}`, status === 408 || status === 425 || status === 429 || status >= 500));
      },
    );
    request.on('finish', () => { sent = true; });
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (!sent || error.code === 'ECONNREFUSED') resolve(failed('webhook-not-reached', true, { down: true }));
      else resolve(failed('webhook-cut', true, { unknown: true }));
    });
    request.end(body);
  });
}
