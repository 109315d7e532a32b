import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { commandsOf, decideUnit, Organisation, type OrganisedAs, type Reorganisation, type UnitCommand, type UnitWarning } from './index.ts';

interface Scenario extends Reorganisation {
  readonly closedTasks: Readonly<Record<string, number>>;
  readonly expected: {
    readonly activeOn: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly successors: Readonly<Record<string, string>>;
    readonly standsFor: Readonly<Record<string, readonly string[]>>;
    readonly figures: readonly { readonly why: string; readonly unitId: string; readonly scope: 'self' | 'tree'; readonly organisedAs: OrganisedAs; readonly on: string; readonly closed: number }[];
  };
}

const text = readFileSync(new URL('../data/sap-xep-2025.json', import.meta.url), 'utf8');
const scenario = JSON.parse(text) as Scenario;
const { expected, closedTasks } = scenario;

describe('the reorganisation of 1/7/2025', () => {
  const organisation = Organisation.of([]);
  const warnings: UnitWarning[] = [];
  let position = 0n;
  let before: bigint;

  const play = (commands: readonly UnitCommand[], today: string): void => {
    for (const command of commands) {
      const decision = decideUnit(command, organisation.state(command.unitId), { today, organisation });
      if (!decision.ok) throw new Error(`${command.type} ${command.unitId}: ${decision.rejection.code}, ${decision.rejection.detail}`);
      warnings.push(...decision.warnings);
      for (const event of decision.events) organisation.apply({ ...event, position: ++position });
    }
  };

  beforeAll(() => {
    const commands = commandsOf(scenario);
    play(commands.before, '2025-06-30');
    before = position;
    // Recorded some days late, as it was in life.
    play(commands.facts, '2025-07-05');
  });

  it('is written in composed letters', () => {
    expect(text).toBe(text.normalize('NFC'));
  });

  it('leaves nobody behind; only the names that new communes take over are remarked', () => {
    expect(warnings.map((w) => w.code)).toEqual(Array(5).fill('name-in-use'));
    expect(warnings.flatMap((w) => w.unitIds)).toEqual(['ubnd-phuong-dong-hai', 'ubnd-phuong-bao-an', 'ubnd-phuong-do-vinh', 'ubnd-xa-phuoc-huu', 'ubnd-xa-phuoc-hau']);
  });

  it.each(Object.entries(expected.activeOn))('has on %s the active units of each kind', (on, kinds) => {
    const counts: Record<string, number> = {};
    for (const unit of organisation.all({ on })) if (unit.status === 'active') counts[unit.kind] = (counts[unit.kind] ?? 0) + 1;
    expect(counts).toEqual(kinds);
  });

  it('makes 48 communes, 16 wards and one special zone', () => {
    const names = organisation.all().flatMap((unit) => (unit.kind === 'ubnd-cap-xa' && unit.status === 'active' ? [unit.name] : []));
    expect([/^UBND xã /, /^UBND phường /, /^UBND đặc khu /].map((kind) => names.filter((name) => kind.test(name)).length)).toEqual([48, 16, 1]);
  });

  it('names the successors', () => {
    for (const [id, successor] of Object.entries(expected.successors)) expect([id, organisation.successorOf(id)]).toEqual([id, successor]);
    for (const [id, units] of Object.entries(expected.standsFor)) expect([id, [...organisation.self(id, { organisedAs: 'is' })].sort()]).toEqual([id, [...units].sort()]);
  });

  it.each(expected.figures.map((figure) => [figure.why, figure] as const))('%s', (_, { unitId, scope, organisedAs, on, closed }) => {
    const units = organisation[scope](unitId, { on, organisedAs });
    expect([...units].reduce((sum, id) => sum + (closedTasks[id] ?? 0), 0)).toBe(closed);
  });

  it('adds up to the same whole, as organised then and now', () => {
    const whole = Object.values(closedTasks).reduce((a, b) => a + b);
    for (const [organisedAs, on] of [['was', '2025-06-30'], ['was', '2025-07-01'], ['is', undefined]] as const) {
      const units = organisation.roots({ organisedAs, ...(on && { on }) }).flatMap((id) => [...organisation.tree(id, { organisedAs, ...(on && { on }) })]);
      expect(units.length).toBe(organisation.all().length);
      expect(units.reduce((sum, id) => sum + (closedTasks[id] ?? 0), 0)).toBe(whole);
    }
    expect(organisation.roots({ organisedAs: 'is' })).toEqual(['ubnd-tinh-khanh-hoa']);
    expect(organisation.roots({ organisedAs: 'was', on: '2025-07-01' })).toEqual(['ubnd-tinh-khanh-hoa', 'ubnd-tinh-ninh-thuan']);
  });

  it('is unknown to a report that knows the log only until then', () => {
    expect(organisation.successorOf('thanh-tra-tinh-ninh-thuan', before)).toBe('thanh-tra-tinh-ninh-thuan');
    expect(organisation.tree('ubnd-tinh-khanh-hoa', { known: before, organisedAs: 'is' })).toEqual(organisation.tree('ubnd-tinh-khanh-hoa', { known: before, organisedAs: 'was', on: '2025-07-01' }));
    expect(organisation.unit('ubnd-thanh-pho-nha-trang', { on: '2025-07-01', known: before })?.status).toBe('active');
  });

  it('tells the story of the provincial inspectorate with its legal bases', () => {
    const story = organisation.lineage('thanh-tra-tinh');
    expect(story).toHaveLength(8);
    expect(story[1]).toEqual({ on: '2025-07-01', sentence: '“Thanh tra Sở Xây dựng” sáp nhập vào “Thanh tra tỉnh”.', legalBasis: scenario.legalBases['luat-thanh-tra'], position: expect.any(BigInt) });
    expect(story.at(-1)).toMatchObject({ sentence: '“Thanh tra tỉnh Ninh Thuận” sáp nhập vào “Thanh tra tỉnh”.', legalBasis: scenario.legalBases['nq-202'] });
  });

  it('cites only legal bases that it writes out', () => {
    for (const one of [...scenario.before, ...scenario.facts]) if (one.legalBasis !== undefined) expect(Object.keys(scenario.legalBases)).toContain(one.legalBasis);
  });
});
