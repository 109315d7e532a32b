import { AsyncLocalStorage } from 'node:async_hooks';
import { isUuid, systemIds } from '#kernel';

const current = new AsyncLocalStorage<string>();

/** The correlation id of the request that is being answered; undefined outside of one. */
export const correlationId = (): string | undefined => current.getStore();

/** The one a client sent when it is a UUID, or a new one: what else it may hold has no place in logs and events. */
export function correlationIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && isUuid(given) ? given.toLowerCase() : systemIds.next();
}

export function withCorrelationId<T>(id: string, work: () => T): T {
  return current.run(id, work);
}
