import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { CHILD_ENV } from '../support/child-server.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
const root = mkdtempSync(join(tmpdir(), 'nhacviec-report-commands-'));
const data = join(root, 'demo');
beforeAll(async () => { await playDemo(data); }, 120_000);
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const run = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['apps/cli/launch.mjs', ...args], { env: CHILD_ENV, maxBuffer: 10_000_000 }, (error, out, err) => { resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }); });
  });
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('nhacviec report', () => {
  const report = (out: string, ...more: string[]): Promise<Ran> => run('report', '--data', data, '--unit', 'thanh-tra-tinh', '--period', '2020', '--as-of', '2020-11-28', '--out', join(root, out), ...more);

  it('writes all five files, whole, and tells what the check found', async () => {
    const { code, out, err } = await report('mot');
    expect([code, err]).toEqual([0, '']);
    expect(readdirSync(join(root, 'mot')).sort()).toEqual(['docx', 'json', 'md', 'pdf', 'xlsx'].map((format) => `bao-cao-thanh-tra-tinh-2020.${format}`));
    expect(out).toContain('Báo cáo công tác cải cách hành chính (mẫu giai đoạn 2011–2020), Thanh tra tỉnh, năm 2020, tính đến hết ngày 28/11/2020.');
    expect(out).toMatch(/lỗi {6}PL1\.2, I\.3: .*01\/11\/2019/);
    expect(out).toMatch(/Kiểm tra: 4 lỗi, \d+ cảnh báo, \d+ lưu ý; còn lỗi thì chưa phát hành được\./);
    expect(readFileSync(join(root, 'mot', 'bao-cao-thanh-tra-tinh-2020.md'), 'utf8')).toContain('268/268 việc đã đến hạn hoặc đã hoàn thành');
  });

  it('writes the same bytes again, and only the formats that are asked for', async () => {
    const { code, out } = await report('hai', '--formats', 'docx,md', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ blocked: true, parameters: { unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' }, files: [{ file: /\.docx$/ }, { file: /\.md$/ }] });
    expect(readdirSync(join(root, 'hai'))).toHaveLength(2);
    for (const format of ['docx', 'md']) expect(sha256(join(root, 'hai', `bao-cao-thanh-tra-tinh-2020.${format}`))).toBe(sha256(join(root, 'mot', `bao-cao-thanh-tra-tinh-2020.${format}`)));
  });

  it.each([
    [['--formats', 'odt'], /odt.*docx, pdf, xlsx, md, json/],
    [['--template', 'khong-co'], /Không có mẫu “khong-co”; có: bao-cao-cchc-2011-2020/],
  ])('refuses %j and writes nothing', async (args, words) => {
    const { code, err } = await report('khong', ...args);
    expect([code, err]).toEqual([1, expect.stringMatching(words)]);
    expect(readdirSync(root)).not.toContain('khong');
  });
});

describe('nhacviec report-data', () => {
  it('records plans and indicators of a file once, and leaves alone what is there', async () => {
    const copy = join(root, 'du-lieu');
    cpSync(data, copy, { recursive: true });
    const file = join(root, 'them.json');
    const plan = { unitId: 'thanh-tra-tinh', year: 2020, code: 'them', title: 'Kế hoạch thêm', issuedOn: '2020-02-01', items: [{ content: 'Mục một', doneOn: '2020-06-01', evidence: { number: '1/BC', date: '2020-06-01' } }] };
    writeFileSync(file, JSON.stringify({ plans: [plan] }));
    const first = await run('report-data', file, '--data', copy);
    expect([first.code, first.out]).toEqual([0, `${file}: 1 kế hoạch, 0 chỉ tiêu; đã ghi 3 sự kiện.\n`]);
    const again = await run('report-data', file, '--data', copy);
    expect([again.code, again.out]).toEqual([0, `${file}: 1 kế hoạch, 0 chỉ tiêu; đã ghi 0 sự kiện, 1 đã có sẵn.\n`]);
    writeFileSync(file, JSON.stringify({ plans: [{ ...plan, code: 'nua', ten: 'x' }] }));
    const wrong = await run('report-data', file, '--data', copy);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('them.json/plans/0/ten: Không có trường “ten”')]);
  });
});

describe('nhacviec report-check', () => {
  it('finds the contradictions of the transcribed report, and fails for the errors among them', async () => {
    const { code, out } = await run('report-check', 'libs/reports/data/2020/57-BC-TTT-2020.json');
    expect(code).toBe(1);
    expect(out).toContain('“100 %” đứng cạnh phân số 268/274, bằng 97,81 %.');
    expect(out).toMatch(/Kiểm tra: [1-9]\d* lỗi/);
  });
  it('names line and column of what is wrong in a template or a text, and says that a right one is right', async () => {
    expect(await run('report-check', 'libs/reports/data/templates/bao-cao-cchc-2011-2020.yaml')).toMatchObject({ code: 0, out: 'libs/reports/data/templates/bao-cao-cchc-2011-2020.yaml: đúng.\n' });
    expect((await run('report-check', 'libs/reports/data/2020/noi-dung.yaml')).code).toBe(0);
    mkdirSync(join(root, 'mau'), { recursive: true });
    const file = join(root, 'mau', 'sai.yaml');
    writeFileSync(file, readFileSync('libs/reports/data/templates/bao-cao-cchc-2011-2020.yaml', 'utf8').replace('{câu số liệu}', '{câu sô liệu}'));
    const wrong = await run('report-check', file);
    expect([wrong.code, wrong.out]).toEqual([1, expect.stringMatching(/sai\.yaml:\d+:\d+: .*câu sô liệu/)]);
  });
});

describe('nhacviec output', () => {
  it('writes a paper, and refuses one that there is not', async () => {
    const { code, out } = await run('output', 'weekly-sheet', '--data', data, '--unit', 'thanh-tra-tinh', '--as-of', '2020-11-28', '--format', 'pdf', '--out', join(root, 'van-ban'));
    expect([code, out]).toEqual([0, expect.stringContaining('phieu-nhac-viec-thanh-tra-tinh-2020-11-28.pdf')]);
    expect(readFileSync(join(root, 'van-ban', 'phieu-nhac-viec-thanh-tra-tinh-2020-11-28.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    const none = await run('output', 'overdue-letter', '--data', data, '--unit', 'thanh-tra-tinh', '--as-of', '2020-11-28');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('không có việc quá hạn')]);
    const wrong = await run('output', 'thu', '--data', data);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/overdue-letter, weekly-sheet, briefing-pack, figures-table/)]);
  });
});
