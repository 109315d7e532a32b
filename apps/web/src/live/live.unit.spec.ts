import { describe, expect, it } from '@jest/globals';
import { lineWords, newSince, takeFrames, type News } from './frames.ts';
import { keepOrder } from './held-order.ts';

describe('frames of the event stream', () => {
  it('are taken whole, wherever the text was cut', () => {
    const whole = 'retry: 1500\nid: 7\n\n:\n\nid: 8\nevent: task\ndata: {"position":"8","taskId":"a"}\n\nid: 9\nev';
    for (let cut = 0; cut <= whole.length; cut++) {
      const first = takeFrames(whole.slice(0, cut));
      const second = takeFrames(first.rest + whole.slice(cut));
      expect([...first.frames, ...second.frames]).toEqual([
        { id: '7', event: 'message', data: '', retry: 1500 },
        { id: null, event: 'message', data: '', retry: null },
        { id: '8', event: 'task', data: '{"position":"8","taskId":"a"}', retry: null },
      ]);
      expect(second.rest).toBe('id: 9\nev');
    }
  });
});

describe('what is new since an answer', () => {
  const heard: News[] = [
    { position: '9', event: 'task', taskId: 'a' },
    { position: '10', event: 'task', taskId: 'b' },
    { position: '11', event: 'unit' },
    { position: '12', event: 'task', taskId: 'b' },
  ];
  it('counts events of tasks behind its position, as numbers and not as texts', () => {
    expect(newSince(heard, null, '9')).toBe(2);
    expect(newSince(heard, null, '9', 'a')).toBe(0);
    expect(newSince(heard, null, '8', 'a')).toBe(1);
    expect(newSince(heard, null, '12')).toBe(0);
    expect(newSince(heard, null, '0', undefined, heard.map(({ event }) => event))).toBe(heard.length);
  });
  it('is uncounted for an answer from before a gap', () => {
    expect(newSince(heard, '8', '7')).toBeNull();
    expect(newSince(heard, '8', '8')).toBe(3);
  });
});

describe('the word for the line', () => {
  it('follows how long nothing was heard', () => {
    const up = (silent: number) => lineWords({ up: true, heardAt: 100_000 }, 0, 100_000 + silent);
    expect(up(15_000).state).toBe('live');
    expect(up(22_000)).toEqual({ state: 'late', seconds: 22 });
    expect(up(31_000).state).toBe('lost');
  });
  it('says nothing of a line that comes back at once, and then how it is', () => {
    const down = (silent: number) => lineWords({ up: false, heardAt: 100_000 }, 0, 100_000 + silent).state;
    expect([down(1_000), down(4_000), down(7_000)]).toEqual(['live', 'late', 'lost']);
    expect(lineWords({ up: false, heardAt: null }, 0, 1_000).state).toBe('starting');
    expect(lineWords({ up: false, heardAt: null }, 0, 9_000).state).toBe('lost');
  });
});

describe('rows that stay where they are', () => {
  it('keep their order, and new ones come after them', () => {
    expect(keepOrder(['c', 'x', 'a', 'b'], (key) => key, ['a', 'b', 'c'])).toEqual(['a', 'b', 'c', 'x']);
    expect(keepOrder(['b'], (key) => key, ['a', 'b'])).toEqual(['b']);
  });
});
