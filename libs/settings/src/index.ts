export * from './settings.ts';
export * from './decide.ts';
export * from './event-schemas.ts';
