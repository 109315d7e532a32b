import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, Problem, type Clock, type Instant } from '#kernel';
import { stops, type Answer, type Driver } from '#scenarios';
import { actorOf } from '../../api/src/http/actor.ts';
import { CalendarController } from '../../api/src/reference/calendar.controller.ts';
import type { AssignTaskDto } from '../../api/src/http/dto.ts';
import { FiguresController } from '../../api/src/figures/figures.controller.ts';
import { openRuntime, type Runtime } from '../../api/src/runtime.ts';
import type { ReportDutyProcess } from '../../api/src/reports/report-duties.ts';
import { SettingsController } from '../../api/src/reference/settings.controller.ts';
import { TASK_COMMANDS, type TaskCommandPath } from '../../api/src/tasks/task-command-reader.ts';
import { TaskQueriesController } from '../../api/src/tasks/task-queries.controller.ts';
import { assignmentRequest, commandRequest } from '../../api/src/tasks/task-requests.ts';
import { UnitsController } from '../../api/src/reference/units.controller.ts';

interface Settable extends Clock {
  set(at: Instant): void;
}

/** Moves a clock set by hand and has the program record what passes on the way, when it does. */
export async function advanceRuntime({ deadlines, duties }: Pick<Runtime, 'deadlines'> & { readonly duties?: Pick<ReportDutyProcess, 'prepareDue'> }, clock: Settable, to: Instant): Promise<void> {
  const from = clock.now();
  if (to === from) return;
  if (from === 0) {
    clock.set(to);
    return;
  }
  await deadlines.recordPassed();
  for (const stop of stops(from, to)) {
    clock.set(stop);
    await deadlines.recordPassed();
    await duties?.prepareDue();
  }
}

/** The program over SQLite files in a folder of its own. */
export async function openSqliteDriver(): Promise<Driver> {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-scenario-'));
  const clock = new ManualClock(0);
  const runtime = await openRuntime({ dataDir: join(folder, 'data'), clock, simulated: true });
  return new RuntimeDriver('SQLite', runtime, clock, async () => { rmSync(folder, { recursive: true, force: true }); });
}

/** The program without its server: bodies and answers as at the doors, but nothing goes over a socket. Closes the runtime, then whatever is under it. */
export class RuntimeDriver implements Driver {
  readonly name: string;
  private readonly runtime: Runtime;
  private readonly clock: ManualClock;
  private readonly closeRest: () => Promise<void>;
  private readonly units: UnitsController;
  private readonly calendar: CalendarController;
  private readonly settings: SettingsController;
  private readonly tasks: TaskQueriesController;
  private readonly figures: FiguresController;

  constructor(name: string, runtime: Runtime, clock: ManualClock, closeRest: () => Promise<void>) {
    this.name = name;
    this.runtime = runtime;
    this.clock = clock;
    this.closeRest = closeRest;
    this.units = new UnitsController(runtime);
    this.calendar = new CalendarController(runtime);
    this.settings = new SettingsController(runtime);
    this.tasks = new TaskQueriesController(runtime);
    this.figures = new FiguresController(runtime);
  }

  async advance(to: Instant): Promise<void> {
    await advanceRuntime(this.runtime, this.clock, to);
  }

  async post(path: string, body: object, actor: string): Promise<Answer> {
    return answered(() => this.command(path.split('/').slice(1), body, { headers: { 'x-actor': actor } }));
  }

  async get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    await this.runtime.projector.catchUp();
    return answered(() => this.query(path.split('/').slice(1), query));
  }

  async close(): Promise<void> {
    await this.runtime.close();
    await this.closeRest();
  }

  private async command([room, id, segment]: readonly string[], body: object, headed: { readonly headers: Record<string, string> }): Promise<object> {
    const { runtime } = this;
    const request = headed as never;
    if (room === 'tasks') {
      const actor = actorOf(headed, runtime);
      if (id === undefined) return runtime.tasks.execute(assignmentRequest(runtime.ids.next(), body as AssignTaskDto, actor, runtime));
      if (segment !== undefined && Object.hasOwn(TASK_COMMANDS, segment)) return runtime.tasks.execute(commandRequest(segment as TaskCommandPath, id, body, actor, runtime));
    }
    if (room === 'units') {
      // What a unit leads is asked of a read model.
      await runtime.projector.catchUp();
      const given = body as never;
      switch (segment ?? 'establish') {
        case 'establish':
          return this.units.establish(given, request);
        case 'rename':
          return this.units.rename(id!, given, request);
        case 'move':
          return this.units.move(id!, given, request);
        case 'merge-into':
          return this.units.merge(id!, given, request);
        case 'split':
          return this.units.split(id!, given, request);
        case 'dissolve':
          return this.units.dissolve(id!, given, request);
        default:
      }
    }
    if (room === 'calendar') return this.calendar.publish(id!, body, request);
    if (room === 'deadlines') return this.calendar.recompute(body as never, request);
    if (room === 'settings') return this.settings.change(body as never, request);
    if (room === 'secret-counts') return this.settings.recordSecretCount(body as never, request);
    throw unknownPath([room, id, segment]);
  }

  private query([room, id, segment]: readonly string[], query: Readonly<Record<string, string>>): Promise<object> {
    if (room === 'tasks' && id !== undefined) return segment === 'events' ? this.tasks.events(id, query) : this.tasks.one(id, query);
    if (room === 'figures' && id === undefined) return this.figures.figures(query);
    if (room === 'figures' && id === 'list') return this.figures.list(query);
    if (room === 'figures' && id === 'coordination') return this.figures.coordination(query);
    throw unknownPath([room, id, segment]);
  }
}

const unknownPath = (path: readonly (string | undefined)[]): Problem => new Problem(404, 'path-unknown', 'Không có đường dẫn', `Không có đường dẫn /${path.filter((part) => part !== undefined).join('/')}.`);

async function answered(work: () => Promise<object>): Promise<Answer> {
  try {
    // As it would go out: an answer that cannot be written as JSON is none.
    return { status: 200, body: JSON.parse(JSON.stringify(await work())) as unknown };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, code, detail, errors, extra } = error;
    return { status, body: { status, code, detail, errors, ...extra } };
  }
}
