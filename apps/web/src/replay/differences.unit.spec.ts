import { expect, it } from '@jest/globals';
import { causesOf, rowsOf, type Field } from './differences.ts';

const state = (texts: Record<string, string>): Field[] =>
  Object.entries(texts).map(([key, text]) => ({ key, label: key.toUpperCase(), text }));

it('only what reads differently differs', () => {
  const rows = rowsOf([state({ cell: 'O2', due: '27/02' }), state({ cell: 'D1', due: '27/02' })]);
  expect(rows).toEqual([
    { key: 'cell', label: 'CELL', texts: ['O2', 'D1'], changed: true },
    { key: 'due', label: 'DUE', texts: ['27/02', '27/02'], changed: false },
  ]);
});

it('a state before the task was recorded differs in every field from one after it', () => {
  const rows = rowsOf([null, state({ cell: 'O1' })]);
  expect(rows).toEqual([{ key: 'cell', label: 'CELL', texts: [null, 'O1'], changed: true }]);
  expect(rowsOf([null, null])).toEqual([]);
});

it('names each step that changed a field, one that came back included, and no other', () => {
  const states = [
    state({ cell: 'O1', due: 'x' }),
    state({ cell: 'O2', due: 'x' }),
    state({ cell: 'O2', due: 'x' }),
    state({ cell: 'O1', due: 'y' }),
  ];
  expect(Object.fromEntries(causesOf(states, ['time', '#7', '#8']))).toEqual({ cell: ['time', '#8'], due: ['#8'] });
});
