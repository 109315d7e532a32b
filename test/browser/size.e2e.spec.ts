import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { ask, describeInBrowser } from '../support/browser.ts';
import { endChild, startChildServer, type ChildServer } from '../support/child-server.ts';
import { FULL, told } from '../support/rounds.ts';
import { SseClient } from '../support/sse.ts';

/*
 * The screens at the size they are meant for, in the long run only: the built program in a process of its own over 65 units and 50,000 tasks,
 * and the browser on the same two cores. The clock's time is printed; what is asserted of one reader's wait is the time of the processor that
 * the page and the server took for it, which is the wait on a machine that does nothing else.
 */

const NOW = '2026-11-22T08:00:00+07:00';
const CUT_OFF = '2026-11-22T07:30:00+07:00';
const UNITS = 65;
const TASKS = 50_000;
const PATIENCE_MS = 30_000;

/** More work of the page than this is a change for the worse: about half as much again as was seen on a machine that others worked on. */
const OPENING_MS = 3_200;
const CHANGE_MS = 1_300;

/** Tabs of the browser; the rest of the fifty do what the page does, without drawing it. */
const ROOM_TABS = 3;
const BOARD_TABS = 2;
const SCREENS = 50;
const COMMANDS = 12;
/** How long the pages wait for more news before they ask again (`screen.tsx`, `use-live.ts`). */
const ROOM_COLLECTS_MS = 150;
const BOARD_COLLECTS_MS = 80;

const sorted = (all: readonly number[]): number[] => [...all].sort((a, b) => a - b);
const percentile = (all: readonly number[], part: number): number => sorted(all)[Math.min(all.length - 1, Math.ceil(all.length * part) - 1)]!;
const seen = (all: readonly number[], digits = 0): string => `p50 ${percentile(all, 0.5).toFixed(digits)} p95 ${percentile(all, 0.95).toFixed(digits)} max ${Math.max(...all).toFixed(digits)}`;

/** In all threads, in milliseconds. Linux counts hundredths of a second. */
function processorMs({ child }: ChildServer): number {
  // Behind the name, which may hold blanks: the state is the first, the two times the twelfth and the thirteenth.
  const fields = readFileSync(`/proc/${String(child.pid)}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const [user, system] = fields.slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** What the page's own thread has worked since it was made, in milliseconds of the processor. */
async function pageMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1_000;
}
async function counting(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

/** Put into a page before its own scripts: when its figures first stood on the screen, counted from the navigation. */
const FIRST_FIGURES = `(() => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(performance.now()); port2.postMessage(0); }));
  window.painted = painted;
  new MutationObserver((_, watching) => {
    if (window.firstFigures === undefined && document.querySelector('.strip, .bands h1:not(.vh)')) window.firstFigures = painted();
    if (!document.querySelector('.bands[data-ready=yes]')) return;
    watching.disconnect();
    window.allFigures = painted();
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] });
})()`;

/** From the reader's choice to the picture that has the new figures; `want` stands in the address by then. */
const untilNew = (want: string): string => `window.untilNew = new Promise((done) => {
  let from, left = false;
  const began = () => { from ??= performance.now(); };
  for (const event of ['input', 'change', 'click']) document.addEventListener(event, began, { capture: true, once: true });
  const watching = new MutationObserver(() => {
    const ready = document.querySelector('.bands[data-ready=yes]') !== null;
    if (from === undefined || !location.search.includes(${JSON.stringify(want)})) return;
    if (!ready) left = true;
    else if (left) { watching.disconnect(); void window.painted().then((at) => done(at - from)); }
  });
  watching.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] });
}); undefined`;

if (FULL)
  describeInBrowser(`ba màn hình trên ${String(UNITS)} đơn vị và 50.000 việc`, (stage) => {
    let folder = '';
    let server: ChildServer;
    let context: BrowserContext;
    let page: Page;
    let units: string[] = [];

    const api = <T>(path: string): Promise<T> => ask<T>(server.url, path);
    async function post<T>(path: string, body: unknown, actor = 'office'): Promise<T> {
      const answer = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`POST ${path}: ${String(answer.status)} ${text}`);
      return JSON.parse(text) as T;
    }
    const newContext = async (size = { width: 1440, height: 900 }): Promise<BrowserContext> => {
      const made = await stage.browser.newContext({ viewport: size, locale: 'vi-VN' });
      made.setDefaultTimeout(PATIENCE_MS);
      await made.addInitScript(FIRST_FIGURES);
      return made;
    };

    /** Each choice as its reader waits for it, and what page and server work for it. */
    async function changing(choices: readonly string[], choose: (choice: string) => Promise<void>, undo?: () => Promise<void>): Promise<{ readonly took: number[]; readonly byPage: number[]; readonly byServer: number[] }> {
      const session = await counting(page);
      const [took, byPage, byServer]: [number[], number[], number[]] = [[], [], []];
      for (const choice of choices) {
        const before = [processorMs(server), await pageMs(session)] as const;
        await choose(choice);
        took.push(await page.evaluate<number>('window.untilNew'));
        byServer.push(processorMs(server) - before[0]);
        byPage.push((await pageMs(session)) - before[1]);
        await undo?.();
      }
      await session.detach();
      return { took, byPage, byServer };
    }

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'nhacviec-size-'));
      const began = performance.now();
      const { events } = await writeHistory({ folder: join(folder, 'data'), units: UNITS, tasks: TASKS, seed: 1, now: NOW });
      server = await startChildServer(join(folder, 'data'), { env: { NHACVIEC_NOW: NOW } });
      told('lịch sử giả định', { 'việc': TASKS, 'sự kiện': events, 'tạo và khởi động (s)': Math.round((performance.now() - began) / 1_000) });
      units = (await api<{ items: { id: string }[] }>('/units')).items.map(({ id }) => id);
      context = await newContext();
      page = await context.newPage();
      await page.goto(`${server.url}/`);
      await page.locator('[data-ready=yes]').waitFor({ timeout: PATIENCE_MS });
    }, 900_000);
    afterAll(async () => {
      await context.close();
      await endChild(server.child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    it('bảng điều hành: từ lúc mở trang đến khi các số đầu tiên đứng trên màn, trình duyệt không có gì trong bộ nhớ (đòi ≤ 1 s)', async () => {
      const first: number[] = [];
      const all: number[] = [];
      const worked: number[] = [];
      const byServerAll: number[] = [];
      for (let n = 0; n < 7; n++) {
        const own = await newContext();
        try {
          const tab = await own.newPage();
          const session = await counting(tab);
          const [byServer, byPage] = [processorMs(server), await pageMs(session)];
          await tab.goto(`${server.url}/`);
          await tab.locator('[data-ready=yes]').waitFor();
          first.push(await tab.evaluate<number>('window.firstFigures'));
          all.push(await tab.evaluate<number>('window.allFigures'));
          byServerAll.push(processorMs(server) - byServer);
          worked.push((await pageMs(session)) - byPage);
        } finally {
          await own.close();
        }
      }
      told('bảng điều hành, mở trang (ms)', { 'số đầu tiên': seen(first), 'mọi phần': seen(all), 'trang đã làm việc': seen(worked), 'máy chủ đã làm việc': seen(byServerAll) });
      // The page's own work holds what it fetches ahead after its figures stand, too, where the machine is slow enough for that to begin.
      expect(percentile(worked, 0.5)).toBeLessThan(OPENING_MS);
      expect(percentile(byServerAll, 0.5)).toBeLessThan(1_000);
    }, 120_000);

    it('bảng điều hành: từ lúc chọn đơn vị khác đến khi số mới đứng trên màn (đòi ≤ 300 ms)', async () => {
      const { took, byPage, byServer } = await changing(units.slice(0, 20), async (unit) => {
        await page.evaluate(untilNew(`donVi=${unit}`));
        await page.locator('select[name=donVi]').selectOption(unit);
      });
      told('bảng điều hành, đổi đơn vị (ms)', { 'lần': took.length, 'đến khi đứng trên màn': seen(took), 'trang đã làm việc': seen(byPage), 'máy chủ đã làm việc': seen(byServer) });
      expect(percentile(byPage, 0.5)).toBeLessThan(CHANGE_MS);
      expect(percentile(byServer, 0.5)).toBeLessThan(300);
    }, 120_000);

    it('bảng điều hành: từ lúc bấm một ô hay một phần của thanh đến khi cả trang chỉ còn các việc ấy (đòi ≤ 300 ms)', async () => {
      await page.locator('select[name=donVi]').selectOption('');
      await page.locator('.bands[data-ready=yes]:not(.stale)').waitFor();
      const whats = ['overdue', 'due-3', 'matured-90', 'extended', 'waiting', 'done-on-time', 'done-late', 'in-time'];
      const { took, byPage, byServer } = await changing(
        whats,
        async (what) => {
          await page.evaluate(untilNew(`chiXem=${what}`));
          await page.locator(`a[data-only=${what}]:not([tabindex="-1"])`).first().click();
        },
        async () => {
          await page.keyboard.press('Escape');
          await page.locator('.chips [data-one]').waitFor({ state: 'detached' });
          await page.locator('.bands[data-ready=yes]:not(.stale)').waitFor();
        },
      );
      told('bảng điều hành, toàn tỉnh, lọc bằng cách bấm (ms)', { 'lần': took.length, 'đến khi đứng trên màn': seen(took), 'trang đã làm việc': seen(byPage), 'máy chủ đã làm việc': seen(byServer) });
      expect(percentile(byPage, 0.5)).toBeLessThan(CHANGE_MS);
      expect(percentile(byServer, 0.5)).toBeLessThan(300);
    }, 120_000);

    it('bảng điều hành: từ lúc chọn một ngày đã qua đến khi số của ngày ấy đứng trên màn (đòi ≤ 300 ms)', async () => {
      await page.locator('select[name=donVi]').selectOption('');
      await page.locator('[data-ready=yes]').waitFor();
      await page.locator('select[name=luc]').selectOption('ngay-khac');
      const days = Array.from({ length: 20 }, (_, n) => `2026-${String(2 + (n % 9)).padStart(2, '0')}-${String(1 + n).padStart(2, '0')}`);
      const { took, byPage, byServer } = await changing(days, async (day) => {
        await page.evaluate(untilNew(`ngay=${day}`));
        await page.locator('input[name=ngay]').fill(day);
      });
      told('bảng điều hành, toàn tỉnh ở một ngày đã qua (ms)', { 'lần': took.length, 'đến khi đứng trên màn': seen(took), 'trang đã làm việc': seen(byPage), 'máy chủ đã làm việc': seen(byServer) });
      expect(percentile(byPage, 0.5)).toBeLessThan(CHANGE_MS);
      expect(percentile(byServer, 0.5)).toBeLessThan(300);
    }, 120_000);

    it('danh sách 50.000 việc cuộn bằng bánh xe trong sáu giây: khoảng cách giữa hai khung hình (đòi p95 ≤ 17,5 ms)', async () => {
      const own = await newContext();
      try {
        const tab = await own.newPage();
        await tab.goto(`${server.url}/viec`);
        await tab.locator('.wgrid[data-ready=yes] [data-task]').first().waitFor();
        await tab.mouse.move(700, 600);
        const session = await counting(tab);
        const before = await pageMs(session);
        await tab.evaluate(`window.frames_ = []; { let last = performance.now(); const step = (now) => { window.frames_.push(now - last); last = now; window.framing = requestAnimationFrame(step); }; requestAnimationFrame(step); }`);
        const until = performance.now() + 6_000;
        let turns = 0;
        for (; performance.now() < until; turns++) {
          await tab.mouse.wheel(0, 120);
          await sleep(16);
        }
        const frames = (await tab.evaluate<number[]>('(cancelAnimationFrame(window.framing), window.frames_)')).slice(1);
        const perFrame = ((await pageMs(session)) - before) / frames.length;
        const scrolled = await tab.evaluate<number>('window.scrollY');
        told('danh sách 50.000 việc, cuộn (ms một khung hình)', { 'khung hình': frames.length, 'nấc bánh xe': turns, 'đã cuộn (px)': Math.round(scrolled), 'khoảng cách': seen(frames, 1), 'trang làm việc mỗi khung hình': perFrame.toFixed(1) });
        expect(scrolled).toBeGreaterThan(3_000);
        expect(perFrame).toBeLessThan(16.7);
      } finally {
        await own.close();
      }
    }, 60_000);

    it('phát lại: mọi điều trang cần để mở một việc, hỏi qua HTTP (đòi ≤ 300 ms)', async () => {
      const { items } = await api<{ items: { id: string; code: string }[] }>('/tasks?limit=40&sort=-due');
      const took: number[] = [];
      const screens: number[] = [];
      const byServer = processorMs(server);
      for (const { id, code } of items) {
        const from = performance.now();
        const found = await api<{ items: { id: string; code: string }[] }>(`/tasks?q=${encodeURIComponent(code)}&limit=200`);
        expect(found.items.some((one) => one.code === code)).toBe(true);
        const { items: events } = await api<{ items: { position: string; occurredAt: string; recordedAt: string }[] }>(`/tasks/${id}/events`);
        const last = events.at(-1)!;
        await api(`/tasks/${id}?${new URLSearchParams({ asOf: last.recordedAt, knownAt: `position:${last.position}` }).toString()}`);
        took.push(performance.now() - from);
      }
      const perTask = (processorMs(server) - byServer) / items.length;
      for (const { code } of items.slice(0, 10)) {
        const from = performance.now();
        await page.goto(`${server.url}/phat-lai?doiTuong=${encodeURIComponent(code)}`);
        await page.locator('.replay[data-ready=yes]').waitFor();
        screens.push(performance.now() - from);
      }
      told('phát lại một việc (ms)', { 'việc': took.length, 'ba câu hỏi qua HTTP': seen(took), 'máy chủ đã làm việc': perTask.toFixed(1), 'cả trang, nạp mới': seen(screens) });
      expect(perTask).toBeLessThan(300);
      expect(percentile(took, 0.5)).toBeLessThan(300);
    }, 120_000);

    it('năm mươi màn mở, một lệnh: từ lúc gửi lệnh đến khi thấy trên từng màn (đòi p95 ≤ 1 s)', async () => {
      const { id: briefing } = await post<{ id: string }>('/briefings', { name: 'Giao ban Chủ nhật 22/11/2026', cutOff: CUT_OFF });
      await post(`/briefings/${briefing}/show`, { page: 'overdue', n: 1, unitId: null, live: true, blank: false });
      const pairedAs = async (code: string, n: number): Promise<void> => {
        await post('/screens/pair', { code, briefingId: briefing, name: `Màn ${String(n)}` });
      };
      const rooms: Page[] = [];
      const boards: Page[] = [];
      const contexts: BrowserContext[] = [];
      const streams: SseClient[] = [];
      const watchers: Watcher[] = [];
      try {
        for (let n = 0; n < ROOM_TABS; n++) {
          const own = await newContext({ width: 1920, height: 1080 });
          contexts.push(own);
          const tab = await own.newPage();
          await tab.goto(`${server.url}/man-hinh`);
          const code = tab.locator('.rcode[data-code]:not([data-code=""])');
          await code.waitFor();
          await pairedAs((await code.getAttribute('data-code'))!, n);
          await tab.locator('.rframe[data-ready=yes]').waitFor();
          rooms.push(tab);
        }
        for (let n = 0; n < BOARD_TABS; n++) {
          const own = await newContext();
          contexts.push(own);
          const tab = await own.newPage();
          await tab.goto(`${server.url}/`);
          await tab.locator('[data-ready=yes]').waitFor();
          await tab.locator('[data-line=live]').waitFor();
          boards.push(tab);
        }
        for (let n = ROOM_TABS + BOARD_TABS; n < SCREENS; n++) {
          if (n % 2 === 0) {
            const stream = await SseClient.open(`${server.url}/api/v1/stream`);
            streams.push(stream);
            watchers.push(new Watcher(server.url, stream, BOARD_COLLECTS_MS, {}, ['/figures', '/dashboard', '/system'], (answers) => BigInt((answers[0] as { parameters: { position: string } }).parameters.position)));
            continue;
          }
          // A person who looks on asks what a paired screen asks; codes are given out ten a minute only.
          const headers = { 'x-actor': 'leader' };
          const stream = await SseClient.open(`${server.url}/api/v1/stream?briefing=${briefing}`, { headers });
          streams.push(stream);
          const of = `/briefings/${briefing}`;
          watchers.push(new Watcher(server.url, stream, ROOM_COLLECTS_MS, headers, [`${of}/ticker?limit=3`, `${of}/screen?page=overdue&live=true`], (answers) => BigInt((answers[0] as { position: string }).position)));
        }
        const open = (await api<{ items: { id: string; leadUnitId: string }[] }>(`/tasks?cell=O1&limit=${String(COMMANDS + 1)}`)).items;
        expect(open.length).toBeGreaterThan(COMMANDS);
        const inTabs: number[] = [];
        const inClients: number[] = [];
        for (const [round, { id, leadUnitId }] of open.entries()) {
          const from = performance.now();
          const done = post<{ position: string }>(`/tasks/${id}/progress`, { percent: 50, note: `Đã làm được một nửa, lần ${String(round)}` }, `unit:${leadUnitId}`);
          const { position } = await done;
          const wait = async (seenThere: Promise<unknown>): Promise<number> => {
            await seenThere;
            return performance.now() - from;
          };
          const [tabs, clients] = await Promise.all([
            Promise.all([
              ...rooms.map((tab) => wait(tab.locator(`.rticker li[data-position="${position}"]`).waitFor())),
              ...boards.map((tab) => wait(tab.evaluate(`new Promise((done) => { const look = () => (Number((/#([\\d.]+)/.exec(document.querySelector('.point')?.textContent ?? '')?.[1] ?? '0').replaceAll('.', '')) >= ${position} ? done() : requestAnimationFrame(look)); look(); })`))),
            ]),
            Promise.all(watchers.map((one) => wait(one.until(BigInt(position))))),
          ]);
          // The first command finds everything cold once; what is asked of the others holds for it too, but it is told apart.
          if (round === 0) told('năm mươi màn, lệnh đầu tiên (ms)', { 'thẻ trình duyệt': seen(tabs), 'các màn còn lại': seen(clients) });
          inTabs.push(...tabs);
          inClients.push(...clients);
          await sleep(1_000);
        }
        told('năm mươi màn, từ lệnh đến khi thấy (ms)', { 'lệnh': open.length, 'thẻ trình duyệt': `${String(rooms.length + boards.length)}: ${seen(inTabs)}`, 'các màn còn lại': `${String(watchers.length)}: ${seen(inClients)}` });
        expect(percentile([...inTabs, ...inClients], 0.95)).toBeLessThan(1_000);
      } finally {
        for (const one of watchers) one.stop();
        for (const stream of streams) stream.cut();
        for (const own of contexts) await own.close();
      }
    }, 300_000);
  });

/** A screen that is not drawn: hears the stream, waits as the page does for more, and asks what the page asks. */
class Watcher {
  private position = 0n;
  private asking = false;
  private again = false;
  private failed: unknown;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly url: string,
    stream: SseClient,
    collectMs: number,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly paths: readonly string[],
    private readonly positionOf: (answers: readonly unknown[]) => bigint,
  ) {
    let heard = stream.events.length;
    void stream
      .until(({ events }) => {
        if (events.length > heard) {
          heard = events.length;
          this.timer ??= setTimeout(() => {
            this.timer = undefined;
            this.ask().catch((error: unknown) => {
              if (!this.stopped.signal.aborted) this.failed = error;
            });
          }, collectMs);
        }
        return false;
      }, 280_000)
      .catch(() => undefined);
  }

  async until(position: bigint): Promise<void> {
    while (this.position < position) {
      if (this.failed !== undefined) throw new Error('a screen could not ask', { cause: this.failed });
      await Promise.race([new Promise<void>((resolve) => this.waiting.add(resolve)), sleep(1_000)]);
    }
  }

  stop(): void {
    this.stopped.abort();
    clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const answers = await Promise.all(
      this.paths.map(async (path) => {
        const answer = await fetch(`${this.url}/api/v1${path}`, { headers: this.headers, signal: this.stopped.signal });
        if (!answer.ok) throw new Error(`GET ${path}: ${String(answer.status)} ${await answer.text()}`);
        return answer.json();
      }),
    );
    this.position = this.positionOf(answers);
    this.asking = false;
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
    if (this.again) {
      this.again = false;
      await this.ask();
    }
  }
}
