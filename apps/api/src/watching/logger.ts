import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';
import { correlationId } from './correlation.ts';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** JSON lines on standard error; standard output belongs to the ready line and to what commands answer. */
export function createLogger(level: LogLevel, to: { write(line: string): void } = destination({ dest: 2, sync: true })): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const id = correlationId();
        return id === undefined ? {} : { correlationId: id };
      },
    },
    to,
  );
}

/** An error as a line holds it: class, message and stack, never what it was about. */
export function errorFields(error: unknown): { readonly error: string; readonly stack?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: `${error.name}: ${error.message}`, ...(error.stack === undefined ? {} : { stack: error.stack }) };
}

/** What Nest says, in the same lines. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: readonly unknown[]): void => {
      const context = rest.at(-1);
      const fields = { ...(typeof context === 'string' ? { context } : {}), ...(message instanceof Error ? errorFields(message) : {}) };
      logger[level](fields, message instanceof Error ? 'nest' : String(message));
    };
  // Its start-up notices are nobody's concern but a developer's.
  return { log: at('debug'), debug: at('debug'), verbose: at('debug'), warn: at('warn'), error: at('error'), fatal: at('error') };
}
