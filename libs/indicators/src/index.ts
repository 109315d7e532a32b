export * from './amount.ts';
export * from './indicators.ts';
export * from './decide.ts';
export * from './event-schemas.ts';
