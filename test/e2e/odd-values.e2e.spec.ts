import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '#kernel';
import { unit } from '../support/bodies.ts';
import { ACTORS, commandDoors, LEADS } from '../support/command-doors.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

/* Whatever stands in a question or a command, the answer is one that was meant: never an error of the program, never a word of its insides. */

const NOW = '2020-11-16T09:00:00+07:00';
const LONG = 'x'.repeat(5_000);
const DAYS = ['0001-01-01', '0020-11-05', '1969-12-28', '9999-12-31', '2020-11-31'];
const TEXTS = ['', '-1', '1e9', '99999999999999999999', 'NaN', '__proto__', 'constructor', '💥', '%', ',', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59+07:00', LONG];
const QUERIES = [...DAYS, ...TEXTS, '0001-Q1', '0050', '9999-Q4', 'position:0', 'position:99999999999999999999'];
const VALUES: readonly unknown[] = [...DAYS, ...TEXTS, 0, -1, 1e308, true, null, [], {}, [null], [[]], [{}], { a: 1 }, ['x']];

let server: TestServer;
let doors: ReturnType<typeof commandDoors>;
beforeAll(async () => {
  server = await TestServer.start(instant(NOW));
  for (const id of LEADS) await server.done('/units', unit(id), 'admin');
  doors = commandDoors(server, NOW);
});
afterAll(() => server.stop());

/** Words that only a mistake of the program brings into an answer. */
const SLIPS = /\bNaN\b|\bundefined\b|Invalid Date|\[object |unknown value/;
/** What is wrong with the answer, if anything. */
function slipIn({ status, text }: Reply, asked: string): string | undefined {
  if (status >= 500) return `${String(status)} ${text.slice(0, 120)}`;
  const slip = asked.includes('NaN') ? undefined : SLIPS.exec(text);
  return slip ? `“${text.slice(Math.max(0, slip.index - 60), slip.index + 60)}”` : undefined;
}

/** Each leaf of a body, and the body itself, in another's place. */
function* changed(body: unknown, value: unknown): Generator {
  yield value;
  if (typeof body !== 'object' || body === null) return;
  for (const [key, inner] of Object.entries(body)) {
    for (const other of changed(inner, value)) yield Array.isArray(body) ? body.map((one: unknown, n) => (String(n) === key ? other : one)) : { ...body, [key]: other };
  }
}

describe('odd values', () => {
  it('in any parameter of any question', async () => {
    const { paths } = await server.ok<{ paths: Record<string, { readonly get?: { parameters?: readonly { readonly name: string; readonly in: string }[] } }> }>('/openapi.json');
    const task = await doors.taskIn('asked');
    const found: string[] = [];
    let asked = 0;
    for (const [path, { get }] of Object.entries(paths)) {
      // Those that stay open are asked in stream.e2e.spec.ts.
      if (get === undefined || path.endsWith('/stream')) continue;
      const place = path.replace('/api/v1', '');
      const names = (get.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
      const questions = names.flatMap((name) => QUERIES.map((value) => `${place.replace(/\{\w+\}/g, task)}?${name}=${encodeURIComponent(value)}`));
      if (place.includes('{')) questions.push(...QUERIES.map((value) => place.replace(/\{\w+\}/g, encodeURIComponent(value))));
      for (const question of questions) {
        const slip = slipIn(await server.get(question, ACTORS.admin), question);
        asked += 1;
        if (slip !== undefined) found.push(`${question.slice(0, 100)}: ${slip}`);
      }
    }
    expect(found).toEqual([]);
    expect(asked).toBeGreaterThan(10_000);
  }, 300_000);

  it('in any place of any command', async () => {
    const found: string[] = [];
    let given = 0;
    for (const [path, rows] of Object.entries(doors.commands)) {
      const row = rows[0]!;
      // Codes of screens may be tried a few times in five minutes.
      if (path.startsWith('/screens')) server.clock.set(server.clock.now() + 600_000);
      const n = (given += 1);
      const id = row.id ? await row.id(n) : await doors.taskIn(row.state ?? 'open');
      const body = (await row.body?.(id, n)) ?? {};
      for (const value of VALUES) {
        for (const odd of changed(body, value)) {
          const reply = await server.post(path.replace(/\{\w+\}(?:.*\{\w+\})?/, id), odd ?? 'null', { 'X-Actor': ACTORS[row.may[0]!], ...(path.startsWith('/tasks/bulk') ? { 'Idempotency-Key': systemIds.next() } : {}) });
          const slip = slipIn(reply, JSON.stringify(odd));
          given += 1;
          if (slip !== undefined) found.push(`${path} ${JSON.stringify(odd).slice(0, 120)}: ${slip}`);
        }
      }
    }
    expect(found).toEqual([]);
    expect(given).toBeGreaterThan(8_000);
    // What was taken of it stands in the log, and everything that reads it still answers.
    await server.caughtUp();
    for (const path of ['/figures', '/dashboard', '/dashboard/exceptions', '/tasks', '/units', '/plans', '/indicators', '/reports', '/briefings', '/audit/events', '/audit/deadlines', '/secret-counts', '/subscriptions', '/reminder-rules', '/settings', '/calendar/2020', '/outputs/overdue?format=markdown', '/parked']) expect([path, (await server.get(path, ACTORS.office)).status]).toEqual([path, 200]);
    expect((await server.ok('/parked')).items).toEqual([]);
  }, 300_000);
});
