import { expect, jest } from '@jest/globals';

// A shared machine may starve a browser for longer than any limit: there a story is tried once more, and the first error is printed.
if (process.env.CI && expect.getState().testPath?.includes('/test/browser/')) jest.retryTimes(1, { logErrorsBeforeRetry: true });
