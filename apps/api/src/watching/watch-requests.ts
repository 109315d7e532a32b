import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import { correlationIdOf, withCorrelationId } from './correlation.ts';
import type { CommandOutcome, Metrics } from './metrics.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
const ROLES = new Set(['office', 'leader', 'auditor', 'admin', 'unit']);
const STREAM = '/api/v1/stream';
/** POSTs that only answer a question. */
const QUESTIONS = new Set(['/api/v1/deadlines/read', '/api/v1/calendar/:year/preview', '/api/v1/reminder-rules/preview']);

/** Gives every request its correlation id, counts and times it, and writes one line about it. */
export function watchRequests(metrics: Metrics, logger: Logger): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    const began = performance.now();
    const id = correlationIdOf(request.headers['x-correlation-id']);
    response.setHeader('X-Correlation-Id', id);
    response.locals['logger'] = logger;
    response.once('close', () => {
      const ms = performance.now() - began;
      const method = METHODS.has(request.method) ? request.method : 'OTHER';
      const route = routeOf(request);
      // A client that went away has no status; 499 as other servers write it.
      const status = response.writableFinished ? response.statusCode : 499;
      // A stream lasts as long as its client stays: that is no time of answering.
      if (route !== STREAM) metrics.request(method, route, status, ms / 1000);
      if (method === 'POST' && route.startsWith('/api/') && !QUESTIONS.has(route)) metrics.command(outcomeOf(status));
      if (logger.isLevelEnabled('info'))
        logger.info({ correlationId: id, method, route, status, ms: Math.round(ms * 10) / 10, role: roleOf(request) }, 'request');
    });
    withCorrelationId(id, next);
  };
}

/** The pattern that answered, never the path: it holds ids. */
function routeOf(request: Request): string {
  const pattern: unknown = (request.route as { path?: unknown } | undefined)?.path;
  // Nest's own route for what it does not know is “*path”.
  if (typeof pattern === 'string' && pattern.startsWith('/')) return pattern;
  return request.originalUrl.startsWith('/api') ? 'none' : 'page';
}

/** The role alone; which unit somebody acts for stays out of the line. */
function roleOf(request: Request): string {
  const given = request.headers['x-actor'];
  const role = typeof given === 'string' ? given.split(':', 1)[0]! : 'office';
  return ROLES.has(role) ? role : 'unknown';
}

function outcomeOf(status: number): CommandOutcome {
  if (status < 400) return 'accepted';
  if (status === 401 || status === 403) return 'not-permitted';
  if (status === 404) return 'not-found';
  if (status === 409) return 'refused';
  if (status === 412) return 'conflict';
  return status < 500 ? 'invalid' : 'failed';
}
