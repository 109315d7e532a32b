export * from './types.ts';
export * from './task-list.ts';
export * from './plan.ts';
export * from './refused-file.ts';
