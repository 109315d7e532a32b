import { existsSync, mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startDemoServer, type DemoServer } from './demo-server.ts';

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

/** No finding of axe, of whatever weight; `rules`: only these. */
export async function expectNoViolation(tab: Page, name: string, rules?: readonly string[]): Promise<void> {
  // What passes is not told node by node, and no second page is opened to put frames together: there are none.
  const axe = new AxeBuilder({ page: tab }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze();
  expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes[0]?.target.join(' ') ?? ''} ${nodes[0]?.failureSummary ?? ''}`)).toEqual([]);
}

/** Looked at by axe on the narrowest phone in every run; the others are when there is time for all of it (`NHACVIEC_FULL`). */
const PHONE_TOO = new Set(['dashboard', 'assign', 'desk', 'replay']);
/** The dark theme and high contrast likewise, which change colours and nothing else. */
const DARK_TOO = new Set(['dashboard', 'desk', 'replay']);
const CONTRAST_TOO = new Set(['dashboard']);
/** A screen, a tablet, the screen at a zoom of 200 %, a phone, and the narrowest that is asked for. */
const WIDTHS = [1440, 768, 720, 360, 320] as const;

const WAYS = [
  { way: 'light', media: { colorScheme: 'light' }, always: () => true },
  { way: 'dark', media: { colorScheme: 'dark' }, always: (name: string) => DARK_TOO.has(name) },
  { way: 'contrast', media: { colorScheme: 'light', contrast: 'more' }, always: (name: string) => CONTRAST_TOO.has(name) },
  { way: 'contrast-dark', media: { colorScheme: 'dark', contrast: 'more' }, always: () => false },
] as const;

/**
 * In every theme and at every width (in every run those that are named above): nothing to scroll sideways, no finding of axe, a picture to look at.
 * `prepare` brings the tab to what is to be seen.
 */
export async function expectFitToShow(stage: Stage, name: string, prepare: (tab: Page) => Promise<void>): Promise<void> {
  const full = Boolean(process.env['NHACVIEC_FULL']);
  const shots = full || Boolean(process.env['NHACVIEC_SHOTS']);
  for (const { way, media, always } of WAYS) {
    if (!full && !always(name)) continue;
    const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN', reducedMotion: 'reduce', ...media });
    try {
      own.setDefaultTimeout(TIMEOUT_MS);
      const tab = await own.newPage();
      await prepare(tab);
      for (const width of WIDTHS) {
        await tab.setViewportSize({ width, height: width === 720 ? 450 : 900 });
        const [content, view] = await tab.evaluate<number[]>('[document.documentElement.scrollWidth, window.innerWidth]');
        expect({ name, way, width, content }).toEqual({ name, way, width, content: Math.min(content!, view!) });
        // Pictures for people to look at; drawing them takes longer than all the checks.
        if (shots && width !== 720 && width !== 320) await picture(tab, `${name}-${width}-${way}`);
        const looked = width === 1440 || (way === 'light' && (full ? width !== 768 && width !== 360 : width === 320 && PHONE_TOO.has(name)));
        // What does not depend on colours is the same in every theme.
        if (looked) await expectNoViolation(tab, `${width} ${way}`, way === 'light' ? undefined : ['color-contrast']);
      }
    } finally {
      await own.close();
    }
  }
}
