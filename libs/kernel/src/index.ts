export * from './day.ts';
export * from './text.ts';
export * from './ids.ts';
export * from './clock.ts';
export * from './problem.ts';
