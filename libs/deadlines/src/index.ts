export * from './types.ts';
export * from './due.ts';
