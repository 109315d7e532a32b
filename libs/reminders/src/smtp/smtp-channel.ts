import { createTransport } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool';
import type { Channel, Outgoing, SendOutcome } from '../channel.ts';

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them: never to be printed. */
  readonly url: string;
  /** Sender, as `Nhắc Việc <nhacviec@tinh.example>`. */
  readonly from: string;
  /** Mails on their way at once; each one more may be sent twice when the program is killed. Default 1. */
  readonly connections?: number;
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string };
  /** How long a server may be silent, in milliseconds. Default 30 s. */
  readonly patienceMs?: number;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly syscall?: string;
}

/**
 * Mail by SMTP. Away from this machine the connection is encrypted and the server's certificate checked, or nothing is sent. The address, the
 * password and what a server answers never come out of here: only codes do.
 */
export function openSmtp({ url, from, connections = 1, dkim, patienceMs = 30_000 }: SmtpOptions): Channel {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const here = LOOPBACK.has(hostname);
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'nhacviec.invalid';
  const options: SMTPPool.Options = {
    pool: true, host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (secure ? 465 : 587) : Number(port), secure, requireTLS: !secure && !here, ignoreTLS: !secure && here && username === '',
    maxConnections: connections, maxMessages: 500,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    connectionTimeout: Math.min(patienceMs, 10_000), greetingTimeout: Math.min(patienceMs, 10_000), socketTimeout: patienceMs, dnsTimeout: Math.min(patienceMs, 10_000),
    disableFileAccess: true, disableUrlAccess: true,
    ...(dkim === undefined ? {} : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  };
  const transport = createTransport(options);
  // A connection of the pool that breaks while it is idle is nobody's failure.
  transport.on('error', () => undefined);
  const messageIdOf = (id: string): string => `<${id}@${domain}>`;
  return {
    name: 'email',
    messageIdOf,
    async send({ id, to, mail: { subject, text, html } }: Outgoing): Promise<SendOutcome> {
      if (to === null) return { ok: false, outcome: 'refused', temporary: false, code: 'no-address', down: false };
      try {
        const written = {
          from, to, subject, text, html, messageId: messageIdOf(id), textEncoding: 'quoted-printable' as const,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': 'vi' },
          // What parts the text from the page: the same at every try.
          baseBoundary: id,
        };
        await transport.sendMail(written);
        return { ok: true };
      } catch (error) {
        return outcomeOf(error as SmtpError);
      }
    },
    async close() {
      transport.close();
    },
  };
}

/** Nobody was reached: nothing of the message was sent. */
const NOT_REACHED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EDNS']);

/** What an error says of whether the mail was taken. What is not certain to have been refused is unknown, and said to be. */
export function outcomeOf({ code = 'unknown', responseCode, command = '', message }: SmtpError): SendOutcome {
  if (responseCode !== undefined) {
    const temporary = responseCode < 500;
    // Said to the greeting, to the login or to nothing in particular, it is no matter of this mail.
    const down = code === 'EAUTH' || command === 'CONN' || command === 'EHLO' || command === 'HELO' || command === 'STARTTLS' || responseCode === 421;
    return { ok: false, outcome: 'refused', temporary: temporary || down, code: `smtp-${String(responseCode)}`, down };
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { ok: false, outcome: 'refused', temporary: false, code: 'smtp-envelope', down: false };
  if (code === 'ETLS' || code === 'EAUTH' || code === 'ENOAUTH' || /certificate|self.signed|altnames/i.test(message)) return { ok: false, outcome: 'refused', temporary: true, code: code === 'EAUTH' || code === 'ENOAUTH' ? 'smtp-login' : 'smtp-tls', down: true };
  const cause = [...NOT_REACHED].find((one) => code === one || message.includes(one));
  // A silence later on bears the same code and command, and is another matter: only the words tell them apart.
  if (cause !== undefined || message === 'Connection timeout' || message === 'Greeting never received') return { ok: false, outcome: 'refused', temporary: true, code: 'smtp-not-reached', down: true };
  return { ok: false, outcome: 'unknown', temporary: true, code: code === 'ETIMEDOUT' ? 'smtp-silent' : 'smtp-cut', down: false };
}
