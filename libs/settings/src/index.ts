export * from './settings.ts';
export * from './decide.ts';
