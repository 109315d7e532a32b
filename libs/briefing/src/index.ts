export * from './events.ts';
export * from './event-schemas.ts';
export * from './agenda.ts';
export * from './state.ts';
export * from './decide.ts';
export * from './words.ts';
export * from './minutes.ts';
