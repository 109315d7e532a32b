export * from './types.ts';
export * from './due.ts';
export * from './calendar.ts';
export * from './calendar-file.ts';
export * from './read-phrase.ts';
