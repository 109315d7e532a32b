import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ACTIONS, ASSIGNMENT } from '#scenarios/actions';
import { differencesText, faultsText, playScenario, readScenario, type Expectation, type Scenario } from '#scenarios';
import { dailyScenarios, everyScenario, isLarge, memory, playEach } from './ways.ts';

describe('scenarios on the domain alone', () => {
  playEach(dailyScenarios.filter((scenario) => !isLarge(scenario)), memory);
});

describe('the scenarios', () => {
  it('show each of the 32 edge cases of the rules', () => {
    const shown = new Set(everyScenario.flatMap(({ cases }) => cases));
    expect([...shown].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, n) => n + 1));
    expect(everyScenario.length).toBeGreaterThanOrEqual(45);
    expect(new Set(everyScenario.map(({ title }) => title)).size).toBe(everyScenario.length);
  });

  it('cannot pass with any of their numbers, rates, lists, sentences or words changed', async () => {
    for (const scenario of dailyScenarios.filter((one) => !isLarge(one))) {
      const { changed, scenario: wrong } = withEverythingWrong(scenario);
      const { differences } = await playScenario(wrong, await memory());
      const found = new Set(differences.map(({ line, column, path }) => `${String(line)}:${String(column)} ${path}`));
      expect([scenario.file, changed.filter((place) => !found.has(place))]).toEqual([scenario.file, []]);
    }
  });

  it('cannot pass with an expected refusal left out or another one in its place', async () => {
    for (const scenario of dailyScenarios) {
      for (const step of scenario.steps) {
        if (step.refused === undefined) continue;
        const { refused, ...allowed } = step;
        for (const other of [allowed, { ...step, refused: { ...refused, code: 'another-code' } }]) {
          const { differences } = await playScenario({ ...scenario, steps: scenario.steps.map((one) => (one === step ? other : one)) }, await memory());
          expect([scenario.file, step.title, differences.length]).toEqual([scenario.file, step.title, 1]);
        }
      }
    }
  });
});

describe('docs/scenarios.md', () => {
  const text = readFileSync(new URL('../../docs/scenarios.md', import.meta.url), 'utf8').normalize('NFC');

  it('shows a file that comes out as it says', async () => {
    const [, sample] = /```yaml\n([\s\S]*?)```/.exec(text)!;
    const reading = readScenario(sample!, 'docs/scenarios.md');
    expect(reading.ok ? '' : faultsText('docs/scenarios.md', reading.faults)).toBe('');
    if (reading.ok) expect(differencesText(await playScenario(reading.scenario, await memory()))).toBe('');
  });

  it('names every action and every key of each', () => {
    const [story] = text.slice(text.indexOf('| `làm` |')).split('\n\n');
    const words = [...Object.keys(ACTIONS), ...Object.keys(ASSIGNMENT), ...Object.values(ACTIONS).flatMap(({ fields }) => Object.keys(fields))];
    expect([...new Set(words)].filter((word) => !story!.includes(`\`${word}\``) && !story!.includes(`**${word}**`))).toEqual([]);
  });
});

function withEverythingWrong(scenario: Scenario): { readonly changed: readonly string[]; readonly scenario: Scenario } {
  const changed: string[] = [];
  const wrong = (e: Expectation): Expectation => {
    changed.push(`${String(e.line)}:${String(e.column)} ${e.path}`);
    switch (e.of) {
      case 'count':
      case 'total':
      case 'secret':
        return { ...e, expected: e.expected + 1 };
      case 'rate':
      case 'sentence':
      case 'field':
        return { ...e, expected: `${e.expected} ` };
      case 'list':
        return { ...e, tasks: [...e.tasks, 'một việc nữa'] };
      case 'groups':
        return { ...e, keys: [...e.keys, 'mot-don-vi-nua'] };
      case 'events':
        return { ...e, types: [...e.types, 'TaskAssigned'] };
      case 'refusal':
        return { ...e, code: 'another-code' };
      case 'missing':
        changed.pop();
        return e;
    }
  };
  return { changed, scenario: { ...scenario, checks: scenario.checks.map((check) => ({ ...check, expectations: check.expectations.map(wrong) })) } };
}
