export * from './scenario.ts';
export * from './driver.ts';
export * from './read-scenario.ts';
export * from './play.ts';
export * from './words.ts';
export * from './report.ts';
