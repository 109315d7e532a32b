export * from './types.ts';
export * from './due.ts';
export * from './calendar.ts';
export * from './calendar-file.ts';
export { PHRASE_EXAMPLES, RULE_VERSION, type ReadingContext } from './settle.ts';
export { endOfPeriod } from './days.ts';
export * from './read-phrase.ts';
