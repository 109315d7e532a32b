/** The directions of the house, one sentence per rule. `npm run check` runs them. */

const tests = '\\.(spec|features)\\.tsx?$';
/** Pure rooms: the files at the top of `src`, and everything in the kernel. */
const domain = '^libs/(kernel/src/|(tasks|deadlines|organisation|figures|evidence|settings|secret-counts|scenarios|oversight|briefing|screens|plans|indicators|reports|views|people|reminders)/src/[^/]+\\.ts$)';
const storage = '^libs/[^/]+/src/(sqlite|mongo|kurrent|folder|docx|xlsx|smtp|webhook)/';
const sqliteDriver = '^(node_modules/)?(@types/)?better-sqlite3($|/)';
const mongoDriver = '^(node_modules/)?mongodb($|/)';
const kurrentClient = '^(node_modules/)?@(eventstore/db-client|kurrent/kurrentdb-client)($|/)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Nothing imports itself by a detour: a cycle hides which room owns what.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'Every import leads to a file or an installed package, so that no other rule is passed by a name it cannot see.',
      severity: 'error',
      from: {},
      // A bundler's asset imports (`…?url`, fonts, styles) are its own affair.
      to: { couldNotResolve: true, pathNot: '\\?|\\.css$|^@fontsource' },
    },
    {
      name: 'libs-do-not-import-apps',
      comment: 'Rooms do not know their doors: nothing in libs imports apps.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'kernel-stands-alone',
      comment: 'Every room rests on the kernel, so the kernel rests on none.',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^(libs/(?!kernel/)|apps/)' },
    },
    {
      name: 'domain-imports-domain',
      comment: 'Domain code imports only the kernel, other domain code, and the types of the event log and of projections.',
      severity: 'error',
      from: { path: domain, pathNot: `${tests}|/(projection|module|[^/]+\\.module)\\.ts$` },
      to: {
        path: '^(libs|apps)/',
        pathNot: [domain, '^libs/event-log/src/(index|port)\\.ts$', '^libs/projections/src/(index|projection)\\.ts$'],
      },
    },
    {
      name: 'domain-without-io',
      comment: 'Domain code has no I/O, no clock and no framework: no Node module, and Nest stays outside.',
      severity: 'error',
      // Reading the published calendar, taking the system clock and making ids are the three edges that have to touch Node.
      from: { path: domain, pathNot: `${tests}|/(calendar-file|clock|ids|module|[^/]+\\.module)\\.ts$` },
      to: {
        path: '^(node_modules/)?(@nestjs|rxjs|express|class-validator|class-transformer)($|/)|^(node:)?(fs|net|http|https|child_process|worker_threads|os)($|/)',
      },
    },
    {
      name: 'nest-stays-out-of-domain',
      comment:
        'A framework comes and goes, the rules of the domain stay: @nestjs only in apps and in *.module.ts, commands/ and queries/ of a room.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `(\\.module\\.ts$|/(commands|queries)/|${tests})` },
      to: { path: '^(node_modules/)?@nestjs/' },
    },
    {
      name: 'storage-is-behind-its-room',
      comment: 'Storage folders are imported only by the apps that compose them, by modules, by storage of the same kind, and by tests.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `${storage}|\\.module\\.ts$|${tests}` },
      to: { path: storage },
    },
    {
      name: 'sqlite-only-in-sqlite',
      comment: 'better-sqlite3 is imported in */sqlite/ alone, so that another store needs no other change.',
      severity: 'error',
      // Tests may look past the store, and the bench sets up its peer with it.
      from: { pathNot: `/sqlite/|^test/|^apps/cli/src/bench/|${tests}` },
      to: { path: sqliteDriver },
    },
    {
      name: 'document-libraries-only-in-writers',
      comment: 'What writes Word, PDF and Excel files is imported in files/ and docx/ alone, which are loaded where files are written.',
      severity: 'error',
      from: { pathNot: `^libs/[^/]+/src/(files|docx)/|${tests}` },
      to: { path: '^(node_modules/)?(@types/)?(docx|pdfmake|exceljs)($|/)' },
    },
    {
      name: 'ways-out-only-in-channels',
      comment: 'What speaks SMTP is imported in smtp/ alone, so that another way out needs no other change.',
      severity: 'error',
      from: { pathNot: `^libs/[^/]+/src/smtp/|^test/|^apps/cli/src/bench/|${tests}` },
      to: { path: '^(node_modules/)?(@types/)?(nodemailer|smtp-server)($|/)' },
    },
    {
      name: 'mongo-only-in-mongo',
      comment: 'The MongoDB driver is imported in */mongo/ alone.',
      severity: 'error',
      from: { pathNot: '/mongo/' },
      to: { path: mongoDriver },
    },
    {
      name: 'kurrent-only-in-kurrent',
      comment:
        'The EventStoreDB client is imported in libs/event-log/src/kurrent/ alone: its table of pending appends is global to the process.',
      severity: 'error',
      // The stand-in takes the protocol definitions the client ships, and nothing else of it.
      from: { pathNot: '^(libs/event-log/src/kurrent|test/stand-ins/eventstoredb)/' },
      to: { path: kurrentClient },
    },
    {
      name: 'scaled-out-drivers-are-lazy',
      comment: 'The drivers of the scaled-out profile are loaded by dynamic import when it is chosen; types may be imported freely.',
      severity: 'error',
      from: { pathNot: '^test/stand-ins/' },
      to: { path: `${mongoDriver}|${kurrentClient}`, dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'page-takes-types-only-from-pure-rooms',
      comment: 'The page runs in a browser: of the rooms it may use only the kernel, and the types of the others.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: tests },
      to: { path: '^(libs/(?!kernel/)|apps/(?!web/))', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'program-does-not-import-tests',
      comment: 'Tests import the program, never the other way round.',
      severity: 'error',
      from: { pathNot: `${tests}|^test/|/testing/` },
      to: { path: `${tests}|^test/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^data/|/data/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
