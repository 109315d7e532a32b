import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pdf } from '../builders.features.ts';
import { evidenceStoreFeatures, idOf, pieces } from '../evidence-store.features.ts';
import { folderEvidence } from './folder-evidence.ts';

const KEPT = /^[0-9a-f]{2}$|^[0-9a-f]{2}\/[0-9a-f]{64}(\.json)?$/;
const list = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

evidenceStoreFeatures('folder', (maxBytes) => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-evidence-'));
  const folder = join(root, 'data', 'files');
  const open = () => folderEvidence({ folder, maxBytes });
  const pathOf = (id: string): string => join(folder, id.slice(0, 2), id);
  return {
    store: open(),
    again: open,
    damage(id) {
      const bytes = readFileSync(pathOf(id));
      bytes[20]! ^= 1;
      writeFileSync(pathOf(id), bytes);
    },
    shorten: (id) => truncateSync(pathOf(id), statSync(pathOf(id)).size - 1),
    residue: () => (readdirSync(root).length === 0 ? [] : list(folder).filter((name) => !KEPT.test(name))),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
});

describe('the folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nhacviec-evidence-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the content under its hash, and the note beside it', async () => {
    const id = idOf(pdf());
    await folderEvidence({ folder }).put(pieces(pdf()), { name: 'Báo cáo.pdf' });
    expect(list(folder).sort()).toEqual([id.slice(0, 2), `${id.slice(0, 2)}/${id}`, `${id.slice(0, 2)}/${id}.json`]);
    expect(JSON.parse(readFileSync(join(folder, id.slice(0, 2), `${id}.json`), 'utf8'))).toEqual({ name: 'Báo cáo.pdf', type: 'application/pdf', size: pdf().length });
  });

  it('is swept of what stood still, not of an upload under way or of anything else', async () => {
    const long = new Date(Date.now() - 3_600_000);
    const old = ['.upload-0190a2b4-0000-4000-8000-000000000000', '.upload-0190a2b4-0000-4000-8000-000000000000.json'];
    const fresh = '.upload-0190a2b4-0000-4000-8000-000000000001';
    for (const name of [...old, fresh, 'ghi-chu.txt']) writeFileSync(join(folder, name), 'x');
    for (const name of [...old, 'ghi-chu.txt']) utimesSync(join(folder, name), long, long);
    await folderEvidence({ folder }).sweep();
    expect(list(folder).sort()).toEqual([fresh, 'ghi-chu.txt']);
    await folderEvidence({ folder: join(folder, 'none') }).sweep();
  });

  it('gives the content under its id when the note was erased, and takes a new one with the next upload', async () => {
    const store = folderEvidence({ folder });
    const id = idOf(pdf());
    await store.put(pieces(pdf()), { name: 'a.pdf' });
    rmSync(join(folder, id.slice(0, 2), `${id}.json`));
    expect(await store.open(id)).toMatchObject({ name: id, type: 'application/octet-stream', size: pdf().length });
    expect(await store.put(pieces(pdf()), { name: 'b.pdf' })).toMatchObject({ ok: true, created: false, file: { name: 'b.pdf' } });
    expect(await store.open(id)).toMatchObject({ name: 'b.pdf', type: 'application/pdf' });
  });
});
