#!/usr/bin/env node
/**
 * Puts the compiled program together: dist/apps and dist/libs, and most packages they stand on, into a few files in dist/program. Every start
 * would otherwise open some 2,700 files, and take twice as long.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../dist');
const compiled = (path) => join(dist, 'apps', `${path}.js`);

/** What is started by its file: by people and containers, as threads, and by the bench. They stand side by side, as `./name.js` asks for them. */
const input = {
  nhacviec: compiled('cli/src/main'),
  server: compiled('api/src/main'),
  worker: compiled('worker/src/main'),
  'read-ahead-thread': join(dist, 'libs/event-log/src/sqlite/read-ahead-thread.js'),
  'projector-thread': compiled('api/src/embedded/projector-thread'),
  'export-thread': compiled('api/src/exports/export-thread'),
  'import-thread': compiled('api/src/imports/import-thread'),
  'pdf-thread': compiled('api/src/audit/pdf-thread'),
  'writer-thread': compiled('api/src/reports/writer-thread'),
  load: compiled('cli/src/bench/load'),
  listen: compiled('cli/src/bench/listen'),
};

/**
 * Stay packages: those with native parts or files and threads of their own, those loaded by few commands, Nest's that are not installed, and
 * `reflect-metadata`, which has to be one for all.
 */
const OUTSIDE = /^(better-sqlite3|mongodb|bson|@eventstore|pino|pdfmake|docx|exceljs|nodemailer|prom-client|@opentelemetry|@expo-google-fonts|@nestjs\/(websockets|microservices)|@fastify|reflect-metadata|swagger-ui-dist)(\/|$)/;

const bundle = await rolldown({ input, platform: 'node', external: OUTSIDE, logLevel: 'warn' });
await bundle.write({ dir: join(dist, 'program'), format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', cleanDir: true });
