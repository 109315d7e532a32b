import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startDemoServer, type DemoServer } from './demo-server.ts';
import { told } from './rounds.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
/** A page that is not there after this long is not coming. */
export const TIMEOUT_MS = 10_000;
const SHOTS = 'node_modules/.cache/screenshots';
const ARGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const UNIT = 'donVi=thanh-tra-tinh';
export const DAY = 'ngay=2020-11-28';
/** The report's own view: the provincial inspectorate, the reporting year 2020, as of its cut-off. */
export const VIEW = `${DAY}&${UNIT}&kyBaoCao=2020`;

/** The demo's data behind a real server, a real browser, and one tab that remembers what went wrong in it. */
export interface Stage {
  readonly url: string;
  readonly server: DemoServer;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the tab's console and scripts complained about. */
  readonly faults: string[];
}

/** A suite in Chromium, or one skipped test that says how to get it. `body` declares the tests; the stage stands when they run. */
export function describeInBrowser(title: string, body: (stage: Stage) => void): void {
  if (!existsSync(CHROMIUM)) {
    describe(`${title}: BỎ QUA, không thấy Chromium ở ${CHROMIUM}; cài bằng "apt-get install chromium" hoặc đặt biến CHROMIUM`, () => {
      it.skip('cần một trình duyệt để chạy', () => undefined);
    });
    return;
  }
  describe(title, () => {
    const stage = { faults: [] as string[] } as { -readonly [K in keyof Stage]: Stage[K] };
    const closers: (() => Promise<void>)[] = [];

    beforeAll(async () => {
      mkdirSync(SHOTS, { recursive: true });
      const server = await startDemoServer();
      closers.push(() => server.stop());
      stage.url = server.url;
      stage.server = server;
      stage.browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
      closers.push(() => stage.browser.close());
      stage.context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'vi-VN' });
      stage.context.setDefaultTimeout(TIMEOUT_MS);
      stage.page = await stage.context.newPage();
      stage.page.on('pageerror', (error) => stage.faults.push(error.message));
      stage.page.on('console', (line) => {
        if (line.type() === 'error') stage.faults.push(line.text());
      });
    }, 120_000);

    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    }, 30_000);

    body(stage);
  });
}

/** The dashboard with its figures in place, not the ones of the view before. */
export async function openDashboard(page: Page, baseUrl: string, query: string): Promise<void> {
  await page.goto(`${baseUrl}/?${query}`);
  await page.locator('[data-ready=yes]').waitFor();
}

/** The count in a list's heading and the rows that stand under it once every page is fetched. */
export async function readList(page: Page, { firstPageOnly = false } = {}): Promise<{ total: number; rows: number }> {
  await page.locator('h1.listh, .state h1').waitFor();
  const heading = page.locator('h1 [data-total]');
  if ((await heading.count()) === 0) {
    expect(await page.locator('main h1').innerText()).toMatch(/^0 việc/);
    return { total: 0, rows: 0 };
  }
  const total = Number(await heading.getAttribute('data-total'));
  if ((await page.locator('.wgrid').count()) > 0) {
    const walked = await walkRows(page);
    return { total, rows: firstPageOnly ? Math.min(100, walked) : walked };
  }
  const rows = page.locator('tr[data-task]');
  if (firstPageOnly) return { total, rows: await rows.count() };
  const more = page.getByRole('button', { name: /Xem thêm|Đang tải/ });
  for (let shown = await rows.count(); (await more.count()) > 0; shown = await rows.count()) {
    await more.click();
    await rows.nth(shown).waitFor();
  }
  const ids = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-task')));
  expect(new Set(ids).size).toBe(ids.length);
  return { total, rows: ids.length };
}

/** Scrolls a list that draws only the rows in sight from its top to its end; answers how many rows there were. */
async function walkRows(page: Page): Promise<number> {
  await page.locator('.wgrid[data-ready=yes] [data-task]').first().waitFor();
  return page.evaluate<number>(`(async () => {
    const seen = new Map();
    const picture = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    window.scrollTo(0, 0);
    for (;;) {
      do await picture(); while (document.querySelector('.wghost'));
      for (const row of document.querySelectorAll('[role=row][data-task]')) seen.set(row.getAttribute('aria-rowindex'), row.dataset.task);
      const before = window.scrollY;
      window.scrollBy(0, window.innerHeight / 2);
      await picture();
      if (window.scrollY === before) return seen.size;
    }
  })()`);
}

export interface CountedLink {
  readonly href: string;
  readonly count: number;
}

/** Every number on the page that is a link: what it says, and where it leads. */
export async function countedLinks(page: Page, within = ''): Promise<CountedLink[]> {
  for (const summary of await page.locator('details.more > summary').all()) await summary.click();
  const all = await page
    .locator(`${within} a[data-count]`)
    .evaluateAll((links) =>
      links.map((link) => ({ href: link.getAttribute('href') ?? '', count: Number(link.getAttribute('data-count')) })),
    );
  return [...new Map(all.map((link) => [`${link.href} ${link.count}`, link])).values()];
}

/** Every link is followed in the long run, and every third one where many are like it in every run. */
const FEW = 30;

/** Follows links and expects the number each came from. Long lists are turned to their last page once per length: the same rows again teach nothing. */
export async function expectEachLinkCounts(page: Page, baseUrl: string, links: readonly CountedLink[]): Promise<void> {
  const walked = new Set<number>();
  const followed = process.env['NHACVIEC_FULL'] || links.length < FEW ? links : links.filter((_, n) => n % 3 === 0);
  for (const link of followed) {
    await page.goto(`${baseUrl}${link.href}`);
    const firstPageOnly = walked.has(link.count);
    const list = await readList(page, { firstPageOnly });
    expect({ href: link.href, ...list }).toEqual({
      href: link.href,
      total: link.count,
      rows: firstPageOnly ? Math.min(100, link.count) : link.count,
    });
    walked.add(link.count);
  }
}

export async function ask<T>(baseUrl: string, path: string): Promise<T> {
  const answer = await fetch(`${baseUrl}/api/v1${path}`);
  if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Ids of the tasks behind a number of the view, e.g. `cell=O1`. */
export async function countedTasks(
  baseUrl: string,
  pick: string,
  query = 'asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020',
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { id: string }[]; nextCursor: string | null } = await ask(
      baseUrl,
      `/figures/list?${query}&limit=200&${pick}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    ids.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

/** For people to look at. */
export const picture = (tab: Page, name: string): Promise<unknown> => tab.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });

/** The tool itself, put into a page once: it stands there until the page is loaded anew. */
const AXE = readFileSync(createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** How often the tool ran in this file, and for how long. */
const looked = { runs: 0, ms: 0 };

/** No finding of axe, of whatever weight; `rules`: only these. */
export async function expectNoViolation(tab: Page, name: string, rules?: readonly string[]): Promise<void> {
  expect(await violations(tab, name, rules)).toEqual([]);
}

async function violations(tab: Page, name: string, rules?: readonly string[]): Promise<string[]> {
  if (!(await tab.evaluate<boolean>('"axe" in window'))) await tab.evaluate(AXE);
  const began = Date.now();
  // What passes is not told node by node; style sheets are fetched once more only where all rules are asked.
  const options = { resultTypes: ['violations'], ...(rules !== undefined && { runOnly: [...rules], preload: false }) };
  const found = await tab.evaluate<Violation[]>(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => ({ target, failureSummary })) })))`);
  looked.runs += 1;
  looked.ms += Date.now() - began;
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${name} ${id}: ${target.join(' ')} ${failureSummary ?? ''}`));
}

/** A screen, a screen at a zoom of 200 %, and the narrowest phone that is asked for; in every one of them both themes. */
const SIZES = [
  ['1440', { width: 1440, height: 900 }],
  ['zoom 200 %', { width: 720, height: 450 }],
  ['320', { width: 320, height: 800 }],
] as const;
/** The rules that hang on colours: all others find the same in both themes. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * No finding of axe on what the tab shows, without loading it anew: at every size in both themes. What is found is told all at once. The tab
 * is left light, and at the size it had. `sizes` left empty: at the size it has.
 */
export async function expectCleanEverywhere(tab: Page, name: string, { themes = ['light', 'dark'], sizes }: { themes?: readonly ('light' | 'dark')[]; sizes?: readonly string[] } = {}): Promise<void> {
  const was = tab.viewportSize()!;
  const found: string[] = [];
  const at = sizes === undefined ? SIZES : sizes.length === 0 ? [[String(was.width), was] as const] : SIZES.filter(([size]) => sizes.includes(size));
  for (const [size, viewport] of at) {
    await tab.setViewportSize(viewport);
    for (const [n, theme] of themes.entries()) {
      await tab.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      found.push(...(await violations(tab, `${name}, ${size}, ${theme}`, n === 0 ? undefined : COLOURS)));
    }
    const [content, view] = await tab.evaluate<number[]>('[document.documentElement.scrollWidth, window.innerWidth]');
    if (content! > view!) found.push(`${name}, ${size}: ${String(content)} px wide`);
  }
  await tab.emulateMedia({ colorScheme: 'light' });
  await tab.setViewportSize(was);
  expect(found).toEqual([]);
}

/**
 * What runs into something else, is cut off or sticks out of its box in what the tab shows, in words; nothing in what scrolls sideways by design.
 * Where a dialog is open over the page, it is what is looked at. Text that a page shows to listeners alone and what one has to scroll to does not count.
 */
const UNTIDY = (free: string): string => `(() => {
  const found = new Set();
  // What sticks to the top lies over nothing there.
  window.scrollTo(0, 0);
  const wide = document.documentElement.clientWidth;
  const say = (text) => text.trim().replace(/\\s+/g, ' ').slice(0, 40);
  if (document.documentElement.scrollWidth > window.innerWidth) found.add('page ' + document.documentElement.scrollWidth + ' px wide');
  const quiet = (one) => one.closest('.vh, .handle, .peekmark, .axis, option, select, dialog:not([open])') !== null || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  // Behind the edge of a box that scrolls or hides: what is seen of it, or nothing.
  const seen = (one, box) => {
    let { left, right, top, bottom } = box;
    for (let holder = one; holder && holder !== document.body; holder = holder.parentElement) {
      const { overflowX } = getComputedStyle(holder);
      if (overflowX === 'visible') continue;
      const edge = holder.getBoundingClientRect();
      [left, right, top, bottom] = [Math.max(left, edge.left), Math.min(right, edge.right), Math.max(top, edge.top), Math.min(bottom, edge.bottom)];
    }
    return right - left > 2 && bottom - top > 2 && left < wide ? { left, right, top, bottom } : null;
  };
  const words = [];
  const texts = document.createTreeWalker(document.querySelector('dialog:modal') ?? document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const holder = node.parentElement;
    if (node.data.trim() === '' || quiet(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const clear = seen(holder, box);
      if (clear) words.push({ ...clear, holder, text: say(node.data) });
    }
    const { display, textOverflow, overflowX } = getComputedStyle(holder);
    if (holder.namespaceURI.endsWith('svg') || display === 'inline' || holder.scrollWidth <= holder.clientWidth + 1) continue;
    if (textOverflow === 'ellipsis' || overflowX === 'visible' || overflowX === 'hidden') if (!holder.matches(${JSON.stringify(free || 'none')})) found.add('wider than its box: ' + holder.tagName.toLowerCase() + '.' + holder.className + ' ' + say(node.data));
  }
  words.sort((a, b) => a.top - b.top);
  // Boxes of lines touch where type is large: what shares two fifths of a line's height runs into another.
  const into = 0.4;
  words.forEach((one, n) => {
    for (let at = n + 1; at < words.length && words[at].top < one.bottom; at++) {
      const other = words[at];
      if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 && Math.min(one.bottom, other.bottom) - other.top > into * Math.min(one.bottom - one.top, other.bottom - other.top) && one.holder !== other.holder)
        found.add('“' + one.text + '” runs into “' + other.text + '”');
    }
  });
  return [...found].slice(0, 10);
})()`;

/** Nothing overlaps, is cut off or sticks out, at the size the tab has; `free`: where words of any length end in an ellipsis. */
export async function expectTidy(tab: Page, name: string, free = ''): Promise<void> {
  const width = tab.viewportSize()?.width;
  expect({ name, width, untidy: await tab.evaluate<string[]>(UNTIDY(free)) }).toEqual({ name, width, untidy: [] });
}

/** Widths at which nothing may have to be scrolled sideways, and at which pictures are drawn for people to look at. */
const WIDTHS = [1440, 768, 360] as const;
const WAYS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['contrast', { colorScheme: 'light', contrast: 'more' }],
  ['contrast-dark', { colorScheme: 'dark', contrast: 'more' }],
] as const;

/** Pages shown with something opened over them that is no dialog: a panel beside its button, the list of a field, the bar of what is chosen. */
const OVERLAID: ReadonlySet<string> = new Set(['known-then', 'deltas', 'assign', 'worklist']);

/**
 * In every theme and at every width, prepared once: nothing to scroll sideways, no finding of axe; pictures of all of it where they are asked for.
 * `prepare` brings the tab to what is to be seen.
 */
export async function expectFitToShow(stage: Stage, name: string, prepare: (tab: Page) => Promise<void>): Promise<void> {
  const full = Boolean(process.env['NHACVIEC_FULL']);
  const shots = full || Boolean(process.env['NHACVIEC_SHOTS']);
  const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN', reducedMotion: 'reduce', colorScheme: 'light' });
  try {
    own.setDefaultTimeout(TIMEOUT_MS);
    const tab = await own.newPage();
    await prepare(tab);
    await expectCleanEverywhere(tab, name);
    for (const width of WIDTHS) {
      await tab.setViewportSize({ width, height: 900 });
      const [content, view] = await tab.evaluate<number[]>('[document.documentElement.scrollWidth, window.innerWidth]');
      expect({ name, width, content }).toEqual({ name, width, content: Math.min(content!, view!) });
      if (!OVERLAID.has(name)) await expectTidy(tab, name);
      for (const [way, media] of shots ? WAYS : []) {
        await tab.emulateMedia({ contrast: null, ...media });
        await picture(tab, `${name}-${width}-${way}`);
        if (width === 1440 && 'contrast' in media) await expectNoViolation(tab, `${name} ${way}`, COLOURS);
      }
      await tab.emulateMedia({ colorScheme: 'light', contrast: null });
    }
  } finally {
    await own.close();
  }
}

/** For the end of a file: what the looking cost. */
export function toldLooks(title: string): void {
  told(title, { 'lượt axe': looked.runs, 'giây': (looked.ms / 1_000).toFixed(1), 'ms một lượt': Math.round(looked.ms / Math.max(1, looked.runs)) });
}
