export * from './secret-counts.ts';
export * from './decide.ts';
