import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRight, playFiles, scenarioCommand } from './scenario.ts';

const RIGHT = `tình huống: Xong đúng hạn
vì sao: Để thử lệnh
nguồn: domain.md §4.2
đơn vị: [Thanh tra tỉnh]
diễn biến:
  - {làm: giao việc, việc: A, ngày: 02/11/2020, thời hạn: 20/11/2020}
  - {làm: báo cáo hoàn thành, việc: A, ngày: 20/11/2020}
  - {làm: xác nhận hoàn thành, việc: A, ngày: 23/11/2020}
kết quả:
  - {tính đến: 28/11/2020, ô: {D1: 1}}
`;

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-scenario-command-'));
  writeFileSync(at('dung.yaml'), RIGHT);
  writeFileSync(at('khac.yaml'), RIGHT.replace('D1: 1', 'D2: 1'));
  writeFileSync(at('hong.yaml'), RIGHT.replace('20/11/2020}', '31/11/2020}'));
  writeFileSync(at('latin.yaml'), Buffer.from('tình huống: thử', 'latin1'));
  mkdirSync(at('rong'));
  mkdirSync(at('hai'));
  writeFileSync(join(at('hai'), 'b.yml'), RIGHT);
  writeFileSync(join(at('hai'), 'a.yaml'), RIGHT);
  writeFileSync(join(at('hai'), 'ghi-chu.txt'), 'không phải tình huống');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function told(paths: string[], json = false): Promise<{ right: boolean; lines: string[] }> {
  const lines: string[] = [];
  const right = await scenarioCommand(paths, json, (line) => lines.push(...line.split('\n')));
  return { right, lines: lines.map((line) => line.replaceAll(folder, '')) };
}

describe('the command scenario', () => {
  it('plays a file on the domain alone and over SQLite', async () => {
    const { right, lines } = await told([at('dung.yaml')]);
    expect(right).toBe(true);
    // 3 steps, 10 cells, 1 list and 4 balances, each way.
    expect(lines).toEqual(['✓ /dung.yaml: Xong đúng hạn (thuần 18, SQLite 18 kiểm tra)', '1 tình huống, 36 kiểm tra: đúng cả.']);
  });

  it('says what differs, where, each way, with the tasks behind the number', async () => {
    const { right, lines } = await told([at('khac.yaml'), at('dung.yaml')]);
    expect(right).toBe(false);
    expect(lines).toEqual([
      '✗ /khac.yaml: Xong đúng hạn',
      '    /khac.yaml:10:31  [thuần] kết quả 1 › ô › D1: cần 0; được 1; các việc đứng sau: A',
      '    /khac.yaml:10:36  [thuần] kết quả 1 › ô › D2: cần 1; được 0; các việc đứng sau: không việc nào',
      '    /khac.yaml:10:31  [SQLite] kết quả 1 › ô › D1: cần 0; được 1; các việc đứng sau: A',
      '    /khac.yaml:10:36  [SQLite] kết quả 1 › ô › D2: cần 1; được 0; các việc đứng sau: không việc nào',
      '✓ /dung.yaml: Xong đúng hạn (thuần 18, SQLite 18 kiểm tra)',
      '2 tình huống, 70 kiểm tra: 1 tình huống khác với tệp.',
    ]);
  });

  it('does not play a file with faults, and names them', async () => {
    const { right, lines } = await told([at('hong.yaml')]);
    expect(right).toBe(false);
    expect(lines.slice(0, 2)).toEqual([
      '✗ /hong.yaml: tệp chưa đúng, chưa chạy',
      '    /hong.yaml:6:59  diễn biến 1 › thời hạn: Ngày 31/11/2020 không có trong lịch. Nhận: 31/11/2020. Cần: một ngày (28/11/2020) hoặc một thời điểm (28/11/2020 16:00).',
    ]);
  });

  it('answers a program in JSON', async () => {
    const { lines } = await told([at('khac.yaml')], true);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ scenarios: 1, checks: 34, wrong: 1, results: [{ title: 'Xong đúng hạn', faults: [], outcomes: [{ way: 'thuần', differences: [{ line: 10, expected: '0', got: '1', tasks: ['A'] }, {}] }, { way: 'SQLite' }] }] });
  });

  it('takes the YAML files of a folder in the order of their names', async () => {
    const results = await playFiles([at('hai')]);
    expect(results.map(({ file }) => file.slice(folder.length))).toEqual(['/hai/a.yaml', '/hai/b.yml']);
    expect(results.every(isRight)).toBe(true);
  });

  it('names a path that is not there, a folder without scenarios, and a file that is not UTF-8', async () => {
    await expect(playFiles([at('khong-co.yaml')])).rejects.toThrow('file-not-found');
    await expect(playFiles([at('rong')])).rejects.toThrow('no-scenarios');
    await expect(playFiles([at('latin.yaml')])).rejects.toThrow('cần văn bản UTF-8');
  });

  it('leaves no folder of its own behind', async () => {
    const before = process.env['TMPDIR'];
    const temporary = at('tam');
    mkdirSync(temporary);
    process.env['TMPDIR'] = temporary;
    try {
      await playFiles([at('dung.yaml')]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    expect(readdirSync(temporary)).toEqual([]);
  });
});
