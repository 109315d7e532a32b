import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clockFrom, parseInstant } from '#kernel';
import { docx, pdf } from '../../libs/evidence/src/builders.features.ts';
import { serve, type Served } from '../../apps/api/src/serve.ts';

interface Answer { readonly id: string; readonly name: string; readonly type: string; readonly size: number; readonly status: number; readonly code: string; readonly detail: string; readonly found: string; readonly allowed: readonly string[]; readonly maxBytes: number }
interface Sent { readonly status: number; readonly body: Answer; readonly headers: Headers }

const LIMIT = 25 * 1024 * 1024;
let root: string;
let served: Served;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'nhacviec-files-'));
  served = await serve({ host: '127.0.0.1', port: 0, dataDir: join(root, 'data'), clock: clockFrom(parseInstant('2020-11-16T09:00:00+07:00')!), simulated: true });
  await fetch(`${served.url}/api/v1/units`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' }) });
});
afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true, force: true });
});

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const folder = (): string => join(root, 'data', 'files');
const keptPath = (id: string): string => join(folder(), id.slice(0, 2), id);
const listed = (): string[] => (existsSync(folder()) ? readdirSync(folder(), { recursive: true, encoding: 'utf8' }).sort() : []);

const form = (...parts: readonly (readonly [field: string, content: Uint8Array | string, name?: string])[]): FormData => {
  const data = new FormData();
  for (const [field, content, name] of parts) if (typeof content === 'string') data.append(field, content); else data.append(field, new Blob([content]), name);
  return data;
};
async function send(path: string, init: RequestInit = {}): Promise<Sent> {
  const response = await fetch(`${served.url}/api/v1${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
}
const upload = (content: Uint8Array, name: string, headers: Record<string, string> = {}): Promise<Sent> => send('/files', { method: 'POST', body: form(['file', content, name]), headers });
const download = (id: string, init: RequestInit = {}): Promise<Response> => fetch(`${served.url}/api/v1/files/${id}`, init);

/** Without this residue the folder holds only whole files: `xx`, `xx/<sha256>` and its note. */
const residue = (): string[] => listed().filter((name) => !/^[0-9a-f]{2}$|^[0-9a-f]{2}\/[0-9a-f]{64}(\.json)?$/.test(name.replaceAll('\\', '/')));

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('not within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('an evidence file', () => {
  it('is kept by its content and comes back as an attachment, byte for byte', async () => {
    const content = docx();
    const name = 'Báo cáo “quý III” - Đợt 2 (50%).docx';
    const { status, body, headers } = await upload(content, name);
    expect([status, body]).toEqual([201, { id: sha256(content), name, type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', size: content.length }]);
    expect(headers.get('location')).toBe(`/api/v1/files/${body.id}`);

    const response = await download(body.id, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
    expect(Object.fromEntries(['content-type', 'content-length', 'etag', 'cache-control', 'x-content-type-options', 'content-security-policy', 'content-encoding'].map((header) => [header, response.headers.get(header)]))).toEqual({
      'content-type': body.type, 'content-length': String(content.length), etag: `"${body.id}"`, 'cache-control': 'private, max-age=31536000, immutable', 'x-content-type-options': 'nosniff', 'content-security-policy': 'sandbox', 'content-encoding': null,
    });
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="Bao cao _quy III_ - Dot 2 (50_).docx"; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%E2%80%9Cqu%C3%BD%20III%E2%80%9D%20-%20%C4%90%E1%BB%A3t%202%20%2850%25%29.docx`);
  });

  it('of the same content has the same id, 200 and its first name, and adds nothing', async () => {
    expect((await upload(pdf('một lần'), 'a.pdf')).status).toBe(201);
    const before = listed();
    const again = await upload(pdf('một lần'), 'b.pdf', { 'X-Actor': 'unit:so-y-te' });
    expect([again.status, again.body.id, again.body.name]).toEqual([200, sha256(pdf('một lần')), 'a.pdf']);
    expect(listed()).toEqual(before);
  });

  it('of text is not packed on its way, so that its length can be told', async () => {
    const content = Buffer.from('Số;Trích yếu\n'.repeat(2_000));
    const { body } = await upload(content, 'danh sách.csv');
    const response = await download(body.id, { headers: { 'Accept-Encoding': 'gzip' } });
    expect([response.headers.get('content-length'), response.headers.get('content-type')]).toEqual([String(content.length), 'text/csv; charset=utf-8']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
  });

  it('is not sent again to whoever has it; HEAD gives its length only', async () => {
    const { body } = await upload(pdf('etag'), 'a.pdf');
    expect((await download(body.id, { headers: { 'If-None-Match': `"${body.id}"` } })).status).toBe(304);
    const head = await download(body.id, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(body.size), '']);
  });

  it('may be uploaded by the office and by units, and downloaded by everyone known', async () => {
    const { body } = await upload(pdf('ai được'), 'a.pdf');
    for (const actor of ['auditor', 'admin', 'leader']) {
      const before = listed();
      const { status, body } = await upload(pdf(actor), 'a.pdf', { 'X-Actor': actor });
      expect([status, body.code, listed()]).toEqual([403, 'not-permitted', before]);
    }
    for (const actor of ['office', 'leader', 'auditor', 'admin', 'unit:so-y-te']) expect((await download(body.id, { headers: { 'X-Actor': actor } })).status).toBe(200);
    expect((await download(body.id, { headers: { 'X-Actor': 'unit:khong-co' } })).status).toBe(401);
    expect((await upload(pdf('x'), 'a.pdf', { 'X-Actor': 'ai-do' })).status).toBe(401);
  });

  it('that is unknown is not found', async () => {
    for (const id of ['0'.repeat(64), 'khong-phai-ma', '..%2F..%2Fevents.sqlite', sha256(pdf('ai được')).toUpperCase(), `${sha256(pdf('ai được'))}.json`]) {
      const { status, body, headers } = await send(`/files/${id}`);
      expect([status, body.code, headers.get('content-type')]).toEqual([404, 'file-not-found', 'application/problem+json; charset=utf-8']);
    }
  });

  it('that was changed on the disk never arrives as a whole', async () => {
    const content = pdf('z'.repeat(400_000));
    const { body } = await upload(content, 'a.pdf');
    const bytes = readFileSync(keptPath(body.id));
    bytes[1_000]! ^= 1;
    writeFileSync(keptPath(body.id), bytes);
    await expect(download(body.id).then((response) => response.arrayBuffer())).rejects.toThrow();
    writeFileSync(keptPath(body.id), bytes.subarray(1));
    expect((await send(`/files/${body.id}`)).body.code).toBe('file-damaged');
    expect((await fetch(`${served.url}/api/v1/health/live`)).status).toBe(200);
  });
});

describe('an upload that is refused leaves nothing', () => {
  // A form that was cut off is answered before its file has been put away again.
  beforeEach(() => until(() => residue().length === 0));

  it.each<[string, number, string, Uint8Array, string]>([
    ['an empty file', 422, 'file-empty', Buffer.alloc(0), 'a.pdf'],
    ['a program called a PDF', 422, 'file-type-not-allowed', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'a.pdf'],
    ['a mark in the name', 422, 'secrecy-mark', pdf('mật'), 'Tối_mật.pdf'],
    ['one byte over 25 MiB', 413, 'file-too-large', pdf('x'.repeat(LIMIT - pdf('').length + 1)), 'a.pdf'],
    ['much over 25 MiB', 413, 'file-too-large', pdf('x'.repeat(LIMIT + 1024 * 1024)), 'a.pdf'],
  ])('%s', async (_, status, code, content, name) => {
    const before = listed();
    const { status: given, body, headers } = await upload(content, name);
    expect([given, body.code, headers.get('content-type')]).toEqual([status, code, 'application/problem+json; charset=utf-8']);
    expect(JSON.stringify(body)).not.toContain(name);
    expect(listed()).toEqual(before);
  });

  it('names what was found and what is allowed, and the limit', async () => {
    const wrong = (await upload(Buffer.from('GIF89a\u0000\u0001', 'latin1'), 'a.png')).body;
    expect([wrong.found, wrong.allowed]).toEqual(['ảnh GIF', expect.arrayContaining(['PDF', 'DOCX'])]);
    const large = (await upload(Buffer.alloc(LIMIT + 1, 32), 'a.txt')).body;
    expect([large.maxBytes, large.detail]).toEqual([LIMIT, expect.stringContaining('25 MiB')]);
  });

  it('takes exactly 25 MiB', async () => {
    const content = pdf('x'.repeat(LIMIT - pdf('').length));
    expect((await upload(content, 'a.pdf')).body).toMatchObject({ size: LIMIT, id: sha256(content) });
  });

  it.each<[string, () => FormData]>([
    ['no file', () => form(['file', 'chữ'])],
    ['two files', () => form(['file', pdf('thứ nhất'), 'a.pdf'], ['file', pdf('thứ hai'), 'b.pdf'])],
    ['another field', () => form(['tep', pdf('khác tên'), 'a.pdf'])],
    ['a field before the file', () => form(['note', 'x'], ['file', pdf('có trường'), 'a.pdf'])],
    ['a field after the file', () => form(['file', pdf('có trường sau'), 'a.pdf'], ['note', 'x'])],
    ['an empty form', () => new FormData()],
  ])('%s', async (_, body) => {
    const before = listed();
    const answer = await send('/files', { method: 'POST', body: body() });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(['one-file-expected', 'form-not-understandable']).toContain(answer.body.code);
    expect(listed()).toEqual(before);
  });

  it.each([
    ['JSON', '/files', 'application/json', '{}', 415],
    ['no type', '/files', '', 'x', 415],
    ['another multipart', '/files', 'multipart/mixed; boundary=x', '--x--\r\n', 415],
    ['multipart without a boundary', '/files', 'multipart/form-data', 'x', 400],
    ['a form cut off', '/files', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7', 400],
    ['multipart for another path', '/units', 'multipart/form-data; boundary=x', '--x--\r\n', 415],
    ['multipart below the path', '/files/x', 'multipart/form-data; boundary=x', '--x--\r\n', 415],
  ])('%s', async (_, path, type, body, status) => {
    const before = listed();
    const answer = await send(path, { method: 'POST', body: Buffer.from(body), headers: type === '' ? {} : { 'Content-Type': type } });
    expect(answer.status).toBe(status);
    // What a form cut off had begun to write may still come, and go, after its answer.
    await until(() => listed().join() === before.join());
    expect(listed()).toEqual(before);
  });

  it('whose sender goes away half-way', async () => {
    const before = listed();
    const request = httpRequest(`${served.url}/api/v1/files`, { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': 5_000_000 } });
    request.on('error', () => undefined);
    request.write(`--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n${'x'.repeat(1_000_000)}`);
    await until(() => residue().length > 0);
    request.destroy();
    await until(() => residue().length === 0);
    expect(listed()).toEqual(before);
  });

  it('without a length is cut at the limit too', async () => {
    const before = listed();
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(`${served.url}/api/v1/files`, { method: 'POST', headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }, (response) => { response.resume(); resolve(response.statusCode!); });
      request.on('error', reject);
      request.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n');
      for (let n = 0; n < 30; n++) request.write(piece);
      request.end('\r\n--x--\r\n');
    });
    expect(status).toBe(413);
    expect(listed()).toEqual(before);
  });
});

describe('a start', () => {
  it('removes what a crash left of an upload, and keeps the files', async () => {
    const dataDir = join(root, 'after-a-crash');
    const settings = { host: '127.0.0.1', port: 0, dataDir, clock: clockFrom(parseInstant('2020-11-16T09:00:00+07:00')!), simulated: true };
    const before = await serve(settings);
    await fetch(`${before.url}/api/v1/files`, { method: 'POST', body: form(['file', pdf('giữ lại'), 'a.pdf']) });
    await before.close();
    const left = join(dataDir, 'files', '.upload-0190a2b4-0000-4000-8000-000000000000');
    const long = new Date(Date.now() - 3_600_000);
    writeFileSync(left, 'x');
    utimesSync(left, long, long);
    const after = await serve(settings);
    try {
      expect(existsSync(left)).toBe(false);
      expect((await fetch(`${after.url}/api/v1/files/${sha256(pdf('giữ lại'))}`)).status).toBe(200);
    } finally {
      await after.close();
    }
  });
});

describe('the description of the doors', () => {
  it('says that an upload is a form with one file', async () => {
    const document = (await (await fetch(`${served.url}/api/v1/openapi.json`)).json()) as { paths: Record<string, Record<string, { requestBody: { content: object }; responses: object }>> };
    expect(document.paths['/api/v1/files']!['post']!.requestBody.content).toEqual({ 'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } } } });
    expect(Object.keys(document.paths['/api/v1/files']!['post']!.responses)).toEqual(expect.arrayContaining(['200', '201', '413', '415', '422']));
    expect(document.paths['/api/v1/files/{id}']!['get']).toBeDefined();
  });
});
