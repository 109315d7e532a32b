export * from './rows.ts';
export * from './counts.ts';
export * from './timeline.ts';
export * from './believe.ts';
export * from './columns.ts';
export * from './rates.ts';
export * from './sentence.ts';
export * from './periods.ts';
