export * from './events.ts';
export * from './decide.ts';
export * from './directory.ts';
