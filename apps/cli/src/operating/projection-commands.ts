import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Problem } from '#kernel';
import type { ProjectionStatus } from '#projections';
import { whoWrites } from '#projections/sqlite/who-writes';
import type { Runtime } from '../../../api/src/runtime.ts';

type Work = (runtime: Runtime) => Promise<void>;

/** What these commands need of the program around them. */
export interface ProjectionCommandsOptions {
  readonly out: (line?: string) => void;
  readonly data: (command: Command) => Command;
  /** Opens a folder for a question; beside a running program too. */
  readonly reading: (dataDir: string, work: Work) => Promise<void>;
  readonly withRuntime: (dataDir: string, work: Work, how?: { anew?: boolean }) => Promise<void>;
}

interface Parked {
  readonly projection: string;
  readonly version: number;
  readonly stream: string;
  readonly eventId: string;
  readonly position: string;
  readonly revision: number;
  readonly error: string;
  readonly parkedAt: string;
  readonly attempts: number;
}

/** The doors of the server bring all of its framework, which takes four times as long to load as the rest of the command line. */
const doors = () => import('../../../api/src/operating/projections.controller.ts');

const ADMIN = { id: 'admin', role: 'admin' } as const;
const POLL_MS = 500;

/** `projections …` and `parked …`: on a folder nobody writes, or by asking the program that does. */
export function projectionCommands(program: Command, { out, data, reading, withRuntime }: ProjectionCommandsOptions): void {
  const projections = program.command('projections').description('các bảng dựng từ nhật ký');
  data(projections.command('list').description('vị trí, độ trễ, bảng đang dựng')).option('--json', 'JSON').action(async (o: { data: string; json?: boolean }) => {
    await reading(o.data, async ({ projector }) => {
      const list = await projector.status();
      if (o.json) out(JSON.stringify(list, null, 2));
      else for (const one of list) out(line(one));
    });
  });
  data(projections.command('rebuild').description('dựng lại một bảng, hoặc tất cả; chương trình đang chạy vẫn phục vụ bằng bảng cũ').argument('[tên]'))
    .addHelpText('after', '\nVí dụ:\n  nhacviec projections rebuild figures --data data/main')
    .action(async (name: string | undefined, o: { data: string }) => {
      const server = await serverOf(o.data);
      if (server !== undefined) {
        const names = name === undefined ? [...new Set((await ask<{ items: ProjectionStatus[] }>(server, 'GET', 'projections')).items.map((one) => one.name))] : [name];
        for (const one of names) await rebuildThere(server, one, out);
      } else {
        // All of them: thrown away before anything reads them, so that it works on a damaged file, too.
        await withRuntime(o.data, async (runtime) => {
          if (name === undefined && runtime.profile === 'embedded') return;
          if (name !== undefined) await (await doors()).requireProjection(name, runtime);
          await runtime.projector.rebuild(name, progress(out));
          await runtime.projector.drop();
        }, { anew: name === undefined });
      }
      out('Đã dựng lại.');
    });
  data(projections.command('drop').description('bỏ các bảng không còn phục vụ')).action(async (o: { data: string }) => {
    const server = await serverOf(o.data);
    const say = (dropped: readonly { name: string; version: number }[]): void => { out(dropped.length === 0 ? 'Không có bảng nào để bỏ.' : `Đã bỏ: ${dropped.map(({ name, version }) => `${name}@${String(version)}`).join(', ')}.`); };
    if (server !== undefined) say((await ask<{ dropped: { name: string; version: number }[] }>(server, 'POST', 'projections/drop')).dropped);
    else await withRuntime(o.data, async ({ projector }) => { say(await projector.drop()); });
  });
  data(projections.command('dump').description('in mọi dòng của mọi bảng theo thứ tự cố định, để so sánh')).action(async (o: { data: string }) => {
    await reading(o.data, async ({ projector }) => { for await (const row of projector.dump()) out(row); });
  });

  const parked = program.command('parked').description('sự kiện mà một bảng không nhận được, để riêng cùng luồng của nó')
    .addHelpText('after', '\nVí dụ:\n  nhacviec parked list\n  nhacviec parked retry 019… --projection figures\n  nhacviec parked skip 019… --projection figures --reason "ghi nhầm khi thử"');
  data(parked.command('list').description('các luồng đang để riêng')).option('--json', 'JSON').action(async (o: { data: string; json?: boolean }) => {
    const items = await parkedOf(o.data, reading);
    if (o.json) out(JSON.stringify(items, null, 2));
    else if (items.length === 0) out('Không có gì để riêng.');
    else for (const one of items) out(`${one.eventId}  ${one.projection}@${String(one.version)}  luồng ${one.stream}  ${one.error}`);
  });
  data(parked.command('show').description('một luồng, với sự kiện gây lỗi').argument('<mã sự kiện>')).action(async (eventId: string, o: { data: string }) => {
    const items = (await parkedOf(o.data, reading)).filter((one) => one.eventId === eventId);
    if (items.length === 0) throw notParked(eventId);
    await reading(o.data, async ({ log }) => {
      const event = await log.readEvent(eventId);
      out(JSON.stringify({ parked: items, event, waiting: (await log.readStream(items[0]!.stream, { from: items[0]!.revision })).length }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2));
    });
  });
  data(parked.command('retry').description('thử lại, ví dụ sau khi cập nhật chương trình').argument('<mã sự kiện>').requiredOption('--projection <tên>', 'bảng')).action(async (eventId: string, o: { data: string; projection: string }) => {
    const server = await serverOf(o.data);
    const say = ({ stillParked }: { stillParked?: unknown }): void => { tellOutcome(stillParked as Parked | null, out); };
    if (server !== undefined) say(await ask<{ stillParked: Parked | null }>(server, 'POST', `parked/${eventId}/retry`, { projection: o.projection }));
    else await withRuntime(o.data, async (runtime) => { say(await (await doors()).retryParked({ projection: o.projection, eventId }, runtime)); });
  });
  data(parked.command('skip').description('bảng đi tiếp mà không có sự kiện này; quyết định được ghi vào nhật ký').argument('<mã sự kiện>').requiredOption('--projection <tên>', 'bảng').requiredOption('--reason <lý do>', 'vì sao'))
    .action(async (eventId: string, o: { data: string; projection: string; reason: string }) => {
      const server = await serverOf(o.data);
      const say = ({ stillParked }: { stillParked?: unknown }): void => { tellOutcome(stillParked as Parked | null, out); };
      if (server !== undefined) say(await ask<{ stillParked: Parked | null }>(server, 'POST', `parked/${eventId}/skip`, { projection: o.projection, reason: o.reason }));
      else await withRuntime(o.data, async (runtime) => { say(await (await doors()).skipEvent({ projection: o.projection, eventId, reason: o.reason }, ADMIN, runtime)); });
    });
}

function line({ name, version, state, position, lagEvents, lagSeconds, parked, lastError, progress: at }: ProjectionStatus): string {
  const lag = `vị trí ${position}  chậm ${String(lagEvents)} sự kiện, ${String(lagSeconds)} giây`;
  const building = state === 'building' && at !== null ? `  đang dựng ${percent(at.done, at.total)}` : '';
  return `${name}@${String(version)}  ${lag}${building}${parked === 0 ? '' : `  để riêng ${String(parked)} luồng`}${lastError === null ? '' : `  lỗi: ${lastError}`}`;
}

const percent = (done: number, total: number): string => `${String(total === 0 ? 100 : Math.floor((done / total) * 100))} %`;

const progress = (out: (line?: string) => void) => {
  let shown = -1;
  return (done: bigint, head: bigint): void => {
    const tenth = head === 0n ? 10 : Number((done * 10n) / head);
    if (tenth > shown) out(`  ${String(tenth * 10)} %`);
    shown = Math.max(shown, tenth);
  };
};

function tellOutcome(still: Parked | null, out: (line?: string) => void): void {
  if (still === null) out('Luồng đã trở lại.');
  else throw new Problem(409, 'still-parked', 'Chưa được', `Luồng ${still.stream} vẫn để riêng ở sự kiện ${still.eventId} (đã thử ${String(still.attempts)} lần): ${still.error}.`);
}

const notParked = (eventId: string): Problem => new Problem(404, 'not-parked', 'Không có luồng đang để riêng', `Không có luồng nào để riêng vì sự kiện “${eventId}”.`);

async function parkedOf(dataDir: string, reading: ProjectionCommandsOptions['reading']): Promise<readonly Parked[]> {
  let items: readonly Parked[] = [];
  await reading(dataDir, async (runtime) => { items = (await (await doors()).parkedItems(runtime)) as readonly Parked[]; });
  return items;
}

/** Where the program that writes the folder answers; undefined when nobody writes it. @throws Problem `data-folder-in-use` when a command does. */
async function serverOf(dataDir: string): Promise<string | undefined> {
  const folder = resolve(dataDir);
  const writer = await whoWrites(folder);
  if (writer === undefined) return undefined;
  if (writer.url === undefined) throw new Problem(409, 'data-folder-in-use', 'Thư mục dữ liệu đang được dùng', `Thư mục dữ liệu “${folder}” đang do tiến trình ${String(writer.pid ?? '?')} ghi, và tiến trình ấy không (chưa) trả lời qua HTTP: hãy đợi nó xong rồi thử lại.`);
  return writer.url;
}

async function ask<T>(server: string, method: 'GET' | 'POST', path: string, body: object = {}): Promise<T> {
  const response = await fetch(`${server}/api/v1/${path}`, { method, headers: { 'X-Actor': 'admin', 'Content-Type': 'application/json' }, ...(method === 'POST' && { body: JSON.stringify(body) }) });
  const answer = (await response.json()) as { code?: string; title?: string; detail?: string };
  if (!response.ok) throw new Problem(response.status, answer.code ?? 'failed', answer.title ?? '', answer.detail ?? `HTTP ${String(response.status)}`);
  return answer as T;
}

/** Asks a running program to build anew and waits until the new build serves. */
async function rebuildThere(server: string, name: string, out: (line?: string) => void): Promise<void> {
  const builds = async (): Promise<readonly ProjectionStatus[]> => (await ask<{ items: ProjectionStatus[] }>(server, 'GET', 'projections')).items.filter((one) => one.name === name);
  const before = (await builds()).find(({ state }) => state === 'active')?.build ?? 0;
  await ask(server, 'POST', `projections/${encodeURIComponent(name)}/rebuild`);
  for (let shown = ''; ; ) {
    const now = await builds();
    if (now.some(({ state, build }) => state === 'active' && build > before)) break;
    const building = now.find(({ state }) => state === 'building');
    if (building && building.lastError !== null) throw new Problem(500, 'projection-stopped', 'Dựng bảng dừng lại', building.lastError);
    const words = building?.progress ? `  ${name}: ${percent(building.progress.done, building.progress.total)}` : '';
    if (words !== shown && words !== '') out(words);
    shown = words;
    await sleep(POLL_MS);
  }
  await ask(server, 'POST', 'projections/drop');
}
