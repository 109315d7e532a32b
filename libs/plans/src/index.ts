export * from './plans.ts';
export * from './decide.ts';
export * from './event-schemas.ts';
