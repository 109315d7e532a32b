import { expect, it } from '@jest/globals';
import { labelPlaces } from './label-places.ts';

it('words stand to the right of a point that is alone, and none run into each other in a crowd', () => {
  expect(labelPlaces([{ x: 100, y: 100, width: 60 }])).toEqual([{ side: 'right', down: 0 }]);
  const crowd = [[500, 100], [500, 100], [505, 104], [560, 100], [490, 96]].map(([x, y]) => ({ x: x!, y: y!, width: 80 }));
  const boxes = labelPlaces(crowd).map(({ side, down }, n) => {
    const { x, y, width } = crowd[n]!;
    return { left: side === 'right' ? x + 12 : x - 12 - width, right: side === 'right' ? x + 12 + width : x - 12, y: y + down };
  });
  for (const [n, one] of boxes.entries())
    for (const other of boxes.slice(n + 1)) expect(one.right <= other.left || other.right <= one.left || Math.abs(one.y - other.y) >= 18).toBe(true);
});
