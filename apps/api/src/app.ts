import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants } from 'node:zlib';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { MulterModule, type NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { Problem } from '#kernel';
import { AuditController } from './audit/audit.controller.ts';
import { BriefingsController } from './briefing/briefings.controller.ts';
import { ChangesAfterCutOff } from './briefing/changes.ts';
import { CalendarController } from './reference/calendar.controller.ts';
import { DashboardController } from './dashboard/dashboard.controller.ts';
import { DeskController } from './desk/desk.controller.ts';
import { ExecuteTaskCommandHandler } from './tasks/execute-task-command.ts';
import { FiguresController } from './figures/figures.controller.ts';
import { FilesController, UPLOAD_PATH, uploadOptions } from './evidence/files.controller.ts';
import { IMPORTS_PATH, ImportsController } from './imports/imports.controller.ts';
import { ExportsController } from './exports/exports.controller.ts';
import { sendKeptPacked } from './http/answers-kept.ts';
import { ProblemFilter, sendProblem, toProblem } from './http/problem-filter.ts';
import { validationPipe } from './http/validation.ts';
import type { Runtime } from './runtime.ts';
import { IndicatorsController } from './reports/indicators.controller.ts';
import { PlansController } from './reports/plans.controller.ts';
import { OutputsController } from './outputs/outputs.controller.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { ProjectionsController } from './operating/projections.controller.ts';
import { InboxController } from './reminders/inbox.controller.ts';
import { PEOPLE_FILE_PATH, PeopleController } from './reminders/people.controller.ts';
import { RemindersController } from './reminders/reminders.controller.ts';
import { SubscriptionsController } from './reminders/subscriptions.controller.ts';
import { SettingsController } from './reference/settings.controller.ts';
import { LiveStream } from './stream/live-stream.ts';
import { liveStreamOf, StreamController } from './stream/stream.controller.ts';
import { SystemController } from './system.controller.ts';
import { BulkController } from './tasks/bulk/bulk.controller.ts';
import { TaskCommandsController } from './tasks/task-commands.controller.ts';
import { TaskQueriesController } from './tasks/task-queries.controller.ts';
import { openScreens } from './screens/open-screens.ts';
import { screenGuard } from './screens/screen-guard.ts';
import type { Screens } from './screens/screens.ts';
import { ScreensController } from './screens/screens.controller.ts';
import { METRICS, RUNTIME, SCREENS } from './tokens.ts';
import { UnitsController } from './reference/units.controller.ts';
import { ViewsController } from './views/views.controller.ts';
import { createLogger, nestLogger } from './watching/logger.ts';
import { createMetrics, type Metrics } from './watching/metrics.ts';
import { watchRequests } from './watching/watch-requests.ts';

const MAX_BODY = '1mb';

@Module({})
class AppModule {
  static with(runtime: Runtime, metrics: Metrics, screens: Screens): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot(), MulterModule.register(uploadOptions(runtime.evidence))],
      controllers: [ExportsController, DashboardController, DeskController, BulkController, ViewsController, TaskCommandsController, TaskQueriesController, FiguresController, AuditController, UnitsController, CalendarController, SettingsController, PlansController, IndicatorsController, ReportsController, OutputsController, FilesController, ImportsController, StreamController, BriefingsController, ScreensController, ProjectionsController, InboxController, RemindersController, SubscriptionsController, PeopleController, SystemController],
      providers: [{ provide: RUNTIME, useValue: runtime }, { provide: METRICS, useValue: metrics }, { provide: SCREENS, useValue: screens }, { provide: ChangesAfterCutOff, useFactory: () => new ChangesAfterCutOff(runtime.log) }, { provide: LiveStream, useFactory: () => liveStreamOf(runtime) }, ExecuteTaskCommandHandler],
    };
  }
}

/** How the program is watched from outside. */
export interface Watching {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The HTTP program over an open runtime; the caller listens and closes. */
export async function createApp(runtime: Runtime, { metrics, logger }: Watching = { metrics: createMetrics(), logger: createLogger('warn') }): Promise<NestExpressApplication> {
  metrics.watch(() => runtime.projector.status());
  const screens = await openScreens(runtime);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(runtime, metrics, screens), { bodyParser: false, logger: nestLogger(logger) });
  app.setGlobalPrefix('api/v1');
  app.disable('x-powered-by');
  app.use(watchRequests(metrics, logger));
  // A tag would be a hash of every answer, and answers change with every event.
  app.set('etag', false);
  const page = pageFolder();
  const secure = helmet({ contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null, 'style-src': ["'self'", "'unsafe-inline'"] } } });
  // Answers are made anew for every question: packed lightly, for on the way from this machine packing harder costs more than it saves. A file
  // goes out as it is kept, with its Content-Length.
  const compressAnswer = compression({
    level: constants.Z_BEST_SPEED, brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    filter: (request, response) => !response.hasHeader('Content-Disposition') && compression.filter(request, response),
  });
  const compressPage = compression();
  app.use((request: Request, response: Response, next: NextFunction) => {
    // Answers to commands are a few hundred bytes: preparing to compress them costs more than sending them.
    const small = request.method !== 'GET' && request.method !== 'HEAD';
    const compressed: NextFunction = (error?: unknown) => { if (error !== undefined || small) next(error); else (isApi(request) ? compressAnswer : compressPage)(request, response, next); };
    if (isApi(request)) {
      for (const [name, value] of API_HEADERS) response.setHeader(name, value);
      sendKeptPacked(request, response, compressed);
    } else secure(request, response, compressed);
  });
  app.use('/api', screenGuard(screens, runtime));
  app.use('/api', requireContentType);
  app.use('/api', express.json({ limit: MAX_BODY, strict: true }));
  app.use('/api', (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error === undefined) next();
    else sendProblem(toProblem(error), response);
  });
  app.useGlobalPipes(
    validationPipe(),
  );
  app.useGlobalFilters(new ProblemFilter((path) => allowedMethods(app, path)));

  if (page !== undefined) {
    const files = express.static(page, { index: 'index.html', setHeaders: (response, path) => { response.setHeader('Cache-Control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'); } });
    app.use((request: Request, response: Response, next: NextFunction) => { if (isApi(request)) next(); else files(request, response, next); });
    app.use((request: Request, response: Response, next: NextFunction) => {
      if (request.method === 'GET' && !isApi(request) && request.accepts('html')) response.sendFile('index.html', { root: page, headers: { 'Cache-Control': 'no-cache' } });
      else next();
    });
  }
  // Described when somebody asks: few do, and every start would wait for it.
  let described: OpenAPIObject | undefined;
  const describe = (): OpenAPIObject => SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Nhắc Việc').setDescription('Theo dõi nhiệm vụ theo nhật ký sự kiện').setVersion('1').build());
  app.getHttpAdapter().get('/api/v1/openapi.json', ((_request: Request, response: Response) => { response.json(described ??= describe()); }) as never);
  await app.init();
  return app;
}

/** What of helmet's headers means something for an answer that no browser shows. */
const API_HEADERS = [
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['X-Content-Type-Options', 'nosniff'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
] as const;

const isApi = (request: Request): boolean => request.path === '/api' || request.path.startsWith('/api/');

/** The methods of the routes whose pattern fits the path, of those that name most of it; none for an unknown path. */
function allowedMethods(app: NestExpressApplication, path: string): readonly string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly { route?: { path: string; methods: Readonly<Record<string, boolean>> } }[] } };
  const given = path.split('/');
  const methods = new Set<string>();
  let fewest = Infinity;
  for (const { route } of router.stack) {
    const pattern = typeof route?.path === 'string' ? route.path.split('/') : [];
    if (pattern.length !== given.length || !pattern.every((part, i) => (part.startsWith(':') ? given[i] !== '' : part === given[i]))) continue;
    const open = pattern.filter((part) => part.startsWith(':')).length;
    if (open > fewest) continue;
    if (open < fewest) methods.clear();
    fewest = open;
    for (const [method, there] of Object.entries(route!.methods)) if (there) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

const TAKE_FILES: ReadonlySet<string> = new Set([UPLOAD_PATH, IMPORTS_PATH, PEOPLE_FILE_PATH]);

/** A body must say that it is JSON; on the paths that take a file, that it is a form with files. */
function requireContentType(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'POST' && TAKE_FILES.has(request.path)) {
    if (request.is('multipart/form-data')) next();
    else sendProblem(new Problem(415, 'unsupported-media-type', 'Kiểu nội dung không hỗ trợ', `Content-Type “${request.headers['content-type'] ?? ''}”: cần multipart/form-data với một phần tên “file”.`), response);
    return;
  }
  const hasBody = Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
  if (hasBody && !request.is('application/json')) {
    sendProblem(new Problem(415, 'unsupported-media-type', 'Kiểu nội dung không hỗ trợ', `Content-Type “${request.headers['content-type'] ?? ''}”: cần application/json.`), response);
    return;
  }
  // A command without a body is a command with an empty one.
  if (request.method === 'POST' && !hasBody) request.body = {};
  next();
}

/** Built beside the program in dist/, or missing when only the API was built. */
function pageFolder(): string | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const page = join(at, 'dist/apps/web');
    if (existsSync(join(page, 'index.html'))) return page;
    if (dirname(at) === at) return undefined;
  }
}
