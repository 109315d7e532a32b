import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/** Where the keys go just now: what has the focus, and whether the ring around it can be seen. */
interface Focus {
  readonly what: string;
  readonly matches: boolean;
  readonly ring: boolean;
}

const FOCUS = (selector: string): string => `(() => {
  const one = document.activeElement ?? document.body;
  const words = (one.getAttribute('aria-label') ?? one.getAttribute('name') ?? one.textContent ?? '').trim().slice(0, 60);
  // The button of a date picker lies within its box and draws a ring of its own, which cannot be asked for.
  const within = !one.matches(':focus') && one.matches(':focus-within');
  const rings = [one, ...one.querySelectorAll('*')].map((each) => getComputedStyle(each));
  return {
    what: one === document.body ? 'body' : one.tagName.toLowerCase() + ' ' + words,
    matches: one.matches(${JSON.stringify(selector)}),
    ring: one.checkVisibility() && (within || rings.some(({ outlineStyle, outlineWidth, boxShadow }) => (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none')),
  };
})()`;

/** Presses Tab (`back`: Shift+Tab) until it comes to what is looked for; every stop on the way shows that it has the focus. */
export async function tabTo(page: Page, selector: string, { back = false } = {}): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 120; presses++) {
    const { what, matches, ring } = await page.evaluate<Focus>(FOCUS(selector));
    // Where one begins, or where Tab leaves the page for the browser's own bar, nothing of the page has the focus.
    if (presses > 0 && what !== 'body') expect({ what, ring }).toEqual({ what, ring: true });
    if (matches) return;
    passed.push(what);
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
  }
  throw new Error(`Tab never comes to ${selector}, but to ${passed.slice(0, 60).join(' | ')}`);
}

/** After what was just done the keys still go somewhere: not to nothing, which would be the top of the page. Answers where. */
export async function expectFocusKept(page: Page): Promise<string> {
  const { what } = await page.evaluate<Focus>(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(${FOCUS('*')}))))`);
  expect(what).not.toBe('body');
  return what;
}
