const project = (displayName, extra = {}) => ({
  displayName,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/{libs,apps,test}/**/*.${displayName}.spec.ts`],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data'],
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2022',
          // A JSON file is imported as one.
          experimental: { keepImportAttributes: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false, verbatimModuleSyntax: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  ...extra,
});

/** The browser story of every run: the daily work of a clerk, of those who lead and of a unit. */
const IN_EVERY_RUN = `<rootDir>/test/browser/daily-work\\.e2e`;
/** All other browser tests: `.ci/run` goes through them by themselves, the long run through all, so that `npm test` stays short. */
const SECOND_LOOK = '<rootDir>/test/browser/(?!daily-work\\.e2e)';
/** What measures at full size has nothing to say in a short run. */
const LONG_ONLY = process.env.NHACVIEC_FULL === undefined ? ['<rootDir>/test/browser/size\\.e2e'] : [];
const everything = process.env.NHACVIEC_FULL !== undefined || process.env.NHACVIEC_SHOTS !== undefined;
const LEFT_OUT = everything ? [] : [process.env.NHACVIEC_SECOND_LOOK === undefined ? SECOND_LOOK : IN_EVERY_RUN];

/** Three kinds of tests: pure code, real files and sockets, the whole program (HTTP, browser, faults). */
export default {
  projects: [project('unit'), project('int'), project('e2e', { setupFilesAfterEnv: ['<rootDir>/test/jest/once-more.js'], testPathIgnorePatterns: ['/node_modules/', ...LONG_ONLY, ...LEFT_OUT] })],
  reporters: ['default', '<rootDir>/test/jest/closing-line-reporter.js'],
  testTimeout: 60_000,
  // Most of what runs here waits for sockets, disks and a browser: two at a time need little more than half the time of one after another.
  // A real event log is shared by all tests: one at a time.
  maxWorkers: process.env.KURRENTDB_URL ? 1 : 2,
  // Modules of a test file stay in memory when it has ended; a worker that holds so much is exchanged before the next file.
  workerIdleMemoryLimit: '1GB',
};
