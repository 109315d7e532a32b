export * from './secret-counts.ts';
export * from './decide.ts';
export * from './event-schemas.ts';
