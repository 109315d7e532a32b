import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { demoList } from '../../apps/cli/src/demo.ts';
import { main } from '../../apps/cli/src/main.ts';
import { CHILD_ENV, endChild } from '../support/child-server.ts';

/** When mau-thu.expected.md lets the list be read. */
const NOW = '2020-11-30T08:00:00+07:00';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process: a process of its own takes a second to start, and two of them below show that it says the same. */
async function nhacviec(...args: string[]): Promise<Ran> {
  const said = { out: '', err: '' };
  const taking = (to: 'out' | 'err') => (chunk: string | Uint8Array): boolean => {
    said[to] += String(chunk);
    return true;
  };
  const spies = [jest.spyOn(process.stdout, 'write').mockImplementation(taking('out')), jest.spyOn(process.stderr, 'write').mockImplementation(taking('err'))];
  const listeners = process.stdout.listeners('error');
  process.exitCode = undefined;
  try {
    await main(args);
    return { code: exitCode(), ...said };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    for (const listener of process.stdout.listeners('error')) if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void);
  }
}

/** Asked anew, whatever was set before. */
const exitCode = (): number => Number(process.exitCode ?? 0);
const ENV = { ...CHILD_ENV, NHACVIEC_NOW: NOW };

describe('the command line', () => {
  let root: string;
  let data: string;
  let list: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'nhacviec-cli-'));
    data = join(root, 'data');
    list = join(root, 'mau-thu.csv');
    copyFileSync('libs/imports/data/mau-thu.csv', list);
    process.env['NHACVIEC_NOW'] = NOW;
  });
  afterAll(() => {
    delete process.env['NHACVIEC_NOW'];
    rmSync(root, { recursive: true, force: true });
  });
  const tasks = async (): Promise<number> => (JSON.parse((await nhacviec('figures', '--data', data, '--as-of', '2020-11-30', '--json')).out) as { total: number }).total;

  it('rehearses a list without making a folder, a line a problem: record, line, column, given, expected', async () => {
    const { code, out } = await nhacviec('import', list, '--data', data, '--dry-run');
    expect(existsSync(data)).toBe(false);
    expect(existsSync(`${list}.refused.csv`)).toBe(false);
    const lines = out.trimEnd().split('\n');
    expect(lines).toContain('Bản ghi 6 (dòng 6), cột “Ngày văn bản”: Ngày văn bản “31/02/2020” không tồn tại. [nhận: 31/02/2020] [cần: ngày có trên lịch, ví dụ 30/06/2020]');
    expect(lines.at(-1)).toBe('Chạy thử: không ghi gì.');
    // No unit is known here yet: nobody's row can be taken.
    expect(code).toBe(1);
  });

  it('takes the list of 2020 in with the units it names', async () => {
    const { code, out } = await nhacviec('import', demoList(), '--data', data, '--create-units');
    expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: 'Đã ghi.' });
    expect(await tasks()).toBe(274);
  });

  it('refuses the whole file with --strict, for one row that cannot be taken', async () => {
    const { code, out } = await nhacviec('import', list, '--data', data, '--strict');
    expect(code).toBe(1);
    expect(out.trimEnd().split('\n').at(-1)).toBe('Không ghi gì: có dòng bị từ chối (--strict).');
    expect(existsSync(`${list}.refused.csv`)).toBe(false);
    expect(await tasks()).toBe(274);
  });

  it('takes in what can be, in a process of its own: exit code 0, the refused rows in a file beside it, the reasons in a column', async () => {
    const ran = spawnSync(process.execPath, ['apps/cli/launch.mjs', 'import', list, '--data', data], { encoding: 'utf8', env: ENV });
    expect({ status: ran.status, err: ran.stderr }).toEqual({ status: 0, err: '' });
    expect(ran.stdout).toContain('Nhận 14, nhận kèm cảnh báo 14, từ chối 17, bỏ qua 4; việc mới 28, thêm sự kiện 0, không đổi 0, mâu thuẫn 0.');
    expect(ran.stdout).toContain(`Các dòng bị từ chối: ${list}.refused.csv`);
    const refused = readFileSync(`${list}.refused.csv`, 'utf8');
    expect(refused.startsWith('\uFEFFDòng trong tệp,Lý do từ chối,STT,')).toBe(true);
    expect(refused).toContain('8,"Có 2 cơ quan chủ trì trong một ô; tách thành 2 dòng hoặc chọn 1 chủ trì, 1 phối hợp');
    const secret = refused.split('\r\n').filter((row) => /độ mật/.test(row));
    expect(secret).toHaveLength(2);
    // Of a row with a secrecy mark: where it stood and why, and not a letter of it.
    for (const row of secret) expect(row.replace(/^\d+,("[^"]*"|[^",]*)/, '')).toMatch(/^,+$/);
    expect(await tasks()).toBe(274 + 28);
  });

  it('changes nothing when the same list comes again, and says so', async () => {
    const { code, out } = await nhacviec('import', list, '--data', data);
    expect(code).toBe(0);
    expect(out).toContain('việc mới 0, thêm sự kiện 0, không đổi 28, mâu thuẫn 0.');
    expect(await tasks()).toBe(274 + 28);
  });

  it('answers what a program reads as JSON, problems and counts, and words to nobody', async () => {
    const { code, out, err } = await nhacviec('import', list, '--data', data, '--dry-run', '--json');
    const said = JSON.parse(out) as { counts: object; written: boolean; problems: { record: number; column: string; given: string }[] };
    expect({ code, err, written: said.written, counts: said.counts }).toMatchObject({ code: 0, err: '', written: false, counts: { accepted: 14, warned: 14, refused: 17, skipped: 4, new: 0, unchanged: 28 } });
    expect(said.problems.find(({ record }) => record === 6)).toMatchObject({ column: 'Ngày văn bản', given: '31/02/2020' });
  });

  it('says what cannot be read as a list, with code 1', async () => {
    const none = join(root, 'khong.csv');
    writeFileSync(none, 'a,b\n1,2\n');
    expect(await nhacviec('import', none, '--data', data)).toMatchObject({ code: 1, out: '' });
    expect(await nhacviec('import', join(root, 'khong-co.csv'), '--data', data)).toMatchObject({ code: 1, err: expect.stringContaining('khong-co.csv') });
  });

  it('counts figures with a policy and with what was known then', async () => {
    const figures = async (...more: string[]): Promise<{ total: number; cells: Record<string, number> }> =>
      JSON.parse((await nhacviec('figures', '--data', data, '--unit', 'thanh-tra-tinh', '--as-of', '2020-11-28', '--json', ...more)).out) as { total: number; cells: Record<string, number> };
    const [moved, unmoved] = [await figures(), await figures('--policy', 'none')];
    expect(unmoved.total).toBe(moved.total);
    expect(unmoved.cells['D2']! - moved.cells['D2']!).toBe(3);
    // Before the first of them was recorded nobody knew of any.
    expect((await figures('--known-at', 'position:1')).total).toBe(0);
    const words = await nhacviec('figures', '--data', data, '--unit', 'thanh-tra-tinh', '--as-of', '2020-11-28');
    expect(words.out).toMatch(/R2 +\S.*\d+\/\d+/);
    expect(await nhacviec('figures', '--data', data, '--policy', 'khong-co')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('khong-co') });
    expect(await nhacviec('figures', '--data', data, '--unit', 'khong-co')).toMatchObject({ code: 1, out: '' });
  });

  it('writes a list into a file that comes in again unchanged, whole or not at all', async () => {
    const file = join(root, 'ra.csv');
    const { code, out } = await nhacviec('export', '--data', data, '--out', file, '--cell', 'O1', '--as-of', '2020-11-30');
    const rows = readFileSync(file, 'utf8').trimEnd().split('\r\n').length - 1;
    expect({ code, out }).toEqual({ code: 0, out: `${file}: ${String(rows)} việc.\n` });
    expect(rows).toBeGreaterThan(0);
    expect((await nhacviec('import', file, '--data', data)).out).toContain(`không đổi ${String(rows)}, mâu thuẫn 0.`);
    expect(await nhacviec('export', '--data', data, '--out', join(root, 'ra.pdf'))).toMatchObject({ code: 1, out: '', err: expect.stringContaining('.xlsx hoặc .csv') });
    expect(readdirSync(root).filter((name) => name.startsWith('ra.'))).toEqual(['ra.csv', ...(existsSync(`${file}.refused.csv`) ? ['ra.csv.refused.csv'] : [])]);
  });

  it('reads a deadline and counts it aloud; asks for the day that is missing; refuses what it does not understand', async () => {
    expect((await nhacviec('deadline', 'trước ngày 15/11/2020')).out).toMatch(/16\/11\/2020/);
    expect(await nhacviec('deadline', 'trước ngày 15/11')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Thêm --document-date YYYY-MM-DD.') });
    expect(JSON.parse((await nhacviec('deadline', 'trước ngày 15/11', '--document-date', '2020-11-02', '--policy', 'none', '--json')).out)).toMatchObject({ ok: true, deadline: { dueOn: '2020-11-14', phrase: 'trước ngày 15/11' } });
    expect(await nhacviec('deadline', 'khi nào xong thì thôi')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('khi nào xong thì thôi') });
    expect(await nhacviec('deadline', 'trước ngày 15/11', '--document-date', '2020-02-31')).toMatchObject({ code: 1, err: expect.stringContaining('2020-02-31') });
  });

  it('ends with 64 when it is called wrongly, and says how it is called', async () => {
    for (const args of [['khong-co-lenh'], ['import'], ['export'], ['deadline'], ['figures', '--khong-co']]) expect([args, (await nhacviec(...args)).code]).toEqual([args, 64]);
    const ran = spawnSync(process.execPath, ['apps/cli/launch.mjs', 'import'], { encoding: 'utf8', env: ENV });
    expect({ status: ran.status, out: ran.stdout }).toEqual({ status: 64, out: '' });
    expect(ran.stderr).toContain('(thêm --help để xem cách dùng)');
    expect((await nhacviec('import', '--help')).code).toBe(0);
  });

  it('touches no folder that is not a demonstration of its own making, empty or not', async () => {
    const mine = join(root, 'ho-so');
    mkdirSync(mine);
    writeFileSync(join(mine, 'thu.txt'), 'của tôi');
    const refused = await nhacviec('demo', '--no-serve', '--data', mine);
    expect(refused).toEqual({ code: 1, out: '', err: `Thư mục “${mine}” không do bản trình diễn tạo ra: không động đến.\n` });
    expect(readdirSync(mine)).toEqual(['thu.txt']);
    expect(readFileSync(join(mine, 'thu.txt'), 'utf8')).toBe('của tôi');
    // The data of a real office is one of them.
    const was = readdirSync(data).sort();
    expect((await nhacviec('demo', '--no-serve', '--data', data)).code).toBe(1);
    expect(readdirSync(data).sort()).toEqual(was);
  });

  it('shows a newcomer the sentence, two rates, the six open tasks, the bullet of section II.4 and the address, in about ten lines', async () => {
    const child = spawn(process.execPath, ['apps/cli/launch.mjs', 'demo', '--data', join(root, 'demo')], { env: CHILD_ENV, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let said = '';
      await new Promise<void>((resolve, reject) => {
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString('utf8');
          if (/Nhắc Việc: http.*\n/.test(said)) resolve();
        });
        child.once('exit', (code) => { reject(new Error(`the demonstration ended: ${String(code)} ${said}`)); });
      });
      const lines = said.trimEnd().split('\n');
      expect(lines).toHaveLength(11);
      expect(lines[0]).toMatch(/268\/268.*tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn \(tính đến hết ngày 28\/11\/2020\)/);
      expect(lines[1]).toMatch(/^R2 .*: 268\/268 \(100 %\)$/);
      expect(lines[2]).toMatch(/^R3 .*: 268\/274 \(97,81 %\)$/);
      for (const line of lines.slice(3, 9)) expect(line).toMatch(/^ {2}NV-20(?:19|20)-\d{4} {2}hạn \d\d\/\d\d\/20\d\d, còn \d+ ngày(?: làm việc)? {2}\S/);
      expect(lines[9]).toMatch(/^[-–] .*268/);
      expect(lines[10]).toMatch(/^Nhắc Việc: http:\/\/127\.0\.0\.1:\d+ \(embedded, \d+ events\)$/);
      const url = /http:\S+/.exec(lines[10]!)![0];
      expect(((await (await fetch(`${url}/api/v1/system`)).json()) as { now: string }).now).toMatch(/^2020-11-29T07:3/);
    } finally {
      expect(await endChild(child, 'SIGTERM')).toBe(0);
    }
  }, 60_000);
});
