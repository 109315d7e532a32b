import { describe, expect, it } from '@jest/globals';
import { addUp, fold, howMany, nest, opened } from './board-rows.ts';
import { limitsAt, placeIn } from './funnel-limits.ts';
import { scoreboardCsv } from './csv-rows.ts';
import { splitSentence } from './sentence-parts.ts';
import { share } from './share.ts';
import { type Dashboard, type UnitRow } from './types.ts';

const cells = { D1: 0, D2: 0, D3: 0, V1: 0, V2: 0, V3: 0, O1: 0, O2: 0, O3: 0, X: 0 };
const unit = (unitId: string, overdue: number, parentId: string | null = null, more: Partial<UnitRow> = {}): UnitRow => ({
  unitId,
  name: unitId,
  shortName: unitId,
  parentId,
  hasSubunits: false,
  cells: { ...cells, O2: overdue },
  total: overdue,
  overdue,
  oldestDays: overdue > 0 ? 3 : null,
  overdueWeeks: [overdue],
  dueSoon: 0,
  onTime: { numerator: 0, denominator: overdue, text: '0 %', low: null, high: null, few: true },
  extended: 0,
  lastUpdateOn: null,
  load: [{ from: '2026-11-23', due: 0, heavy: false }],
  later: 0,
  usualPerWeek: 0,
  ...more,
});
const names = (lines: readonly { row: UnitRow }[]) => lines.map(({ row }) => row.unitId);

describe('rows of the scoreboard', () => {
  it('stand under the unit they belong to, once it is opened', () => {
    const lines = nest([unit('a', 2), unit('a1', 1, 'a'), unit('b', 1), unit('c', 0), unit('d', 0)]);
    expect(names(lines)).toEqual(['a', 'b', 'c', 'd']);
    expect(names(opened(lines, new Set(['a'])))).toEqual(['a', 'a1', 'b', 'c', 'd']);
    expect(howMany(lines)).toBe(5);
    expect(addUp(lines, (row) => row.overdue)).toBe(4);
  });
  it('stay side by side where one unit would take most of the others in', () => {
    expect(names(nest([unit('tinh', 0), unit('a', 2, 'tinh'), unit('b', 1, 'tinh')]))).toEqual(['tinh', 'a', 'b']);
  });
  it('fold where nothing is overdue, neither in the unit nor below it', () => {
    const lines = nest([unit('a', 2), unit('b', 0), unit('b1', 1, 'b'), unit('c', 0), unit('d', 0), unit('e', 0), unit('f', 0)]);
    expect(names(fold(lines).late)).toEqual(['a', 'b']);
    expect(names(fold(lines).quiet)).toEqual(['c', 'd', 'e', 'f']);
  });
  it('do not fold where all are quiet, or only a few', () => {
    const quiet = nest(['a', 'b', 'c', 'd', 'e'].map((id) => unit(id, 0)));
    expect(fold(quiet).quiet).toEqual([]);
    expect(names(fold(nest([unit('a', 1), unit('b', 0)])).late)).toEqual(['a', 'b']);
  });
});

describe('the funnel', () => {
  it('is wider for a small unit than for a large one, and holds the common rate', () => {
    const [small, large] = [limitsAt(90, 10), limitsAt(90, 1_000)];
    expect(small[1] - small[0]).toBeGreaterThan(large[1] - large[0]);
    for (const [low, high] of [small, large]) expect(low < 90 && 90 < high).toBe(true);
  });
  it('does not shame a small unit for one late task, and does name a large one', () => {
    expect(placeIn(90, 5, 80)).toBe('within');
    expect(placeIn(90, 500, 80)).toBe('below');
    expect(placeIn(90, 500, 97)).toBe('above');
  });
});

describe('the sentence', () => {
  const at = (pieces: { text: string; what?: string }[]) => {
    const [lead, rest] = splitSentence(pieces);
    return [lead.map(({ text }) => text).join(''), rest.map(({ text }) => text).join('')];
  };
  it('leads with its first clause; a comparison in brackets belongs to it', () => {
    expect(
      at([
        { text: 'Có ' },
        { text: '37', what: 'overdue' },
        { text: ' nhiệm vụ quá hạn (tăng 5, so với 7 ngày trước)' },
        { text: '; ' },
        { text: '41', what: 'due-7' },
        { text: ' nhiệm vụ đến hạn.' },
      ]),
    ).toEqual(['Có 37 nhiệm vụ quá hạn (tăng 5, so với 7 ngày trước).', '41 nhiệm vụ đến hạn.']);
  });
  it('loses no linked number', () => {
    const pieces = [{ text: 'Có ' }, { text: '3', what: 'overdue' }, { text: ' quá hạn, ' }, { text: '2', what: 'due-7' }, { text: ' sắp đến hạn.' }];
    expect(splitSentence(pieces).flat().flatMap((piece) => ('what' in piece ? [piece.what] : []))).toEqual(['overdue', 'due-7']);
  });
});

describe('a part of the total', () => {
  it.each([
    [268, 274, '97,81 %'],
    [6, 274, '2,19 %'],
    [0, 274, '0 %'],
    [274, 274, '100 %'],
    [1, 2, '50 %'],
    [1, 8, '12,5 %'],
    [3, 7_996, '0,04 %'],
  ])('%i of %i is %s', (part, whole, text) => expect(share(part, whole)).toBe(text));
});

describe('the scoreboard as CSV', () => {
  const data = {
    asOf: '2026-11-23T01:00:00.000Z',
    knownAt: null,
    position: '482113',
    all: unit('', 3, null, { name: 'Toàn tỉnh' }),
  } as unknown as Dashboard;
  const lines = scoreboardCsv(data, [unit('a', 3, null, { name: 'Sở "A", B' }), unit('b', 0, null, { name: '=1+1' })], 'Toàn tỉnh').split('\r\n');
  it('says at its head of which instant and which event it is', () => {
    expect(lines[0]).toBe('\uFEFF"Bảng điều hành, Toàn tỉnh"');
    expect(lines[1]).toBe('"Tại thời điểm 08:00 T2 23/11/2026 (giờ VN), sự kiện #482.113"');
  });
  it('has a line a unit and one of all, as many values as names', () => {
    const values = (line: string) => line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)!.length - 1;
    expect(lines.slice(5, 8).map((line) => line.split(',')[0])).toEqual(['a', 'b', '']);
    expect(new Set(lines.slice(5, 8).map(values)).size).toBe(1);
    expect(values(lines[5]!)).toBe(values(lines[4]!));
    expect(lines[5]).toContain('"Sở ""A"", B"');
  });
  it('gives a spreadsheet no formula', () => expect(lines[6]).toContain("'=1+1"));
});
