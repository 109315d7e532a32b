export * from './at-hand.ts';
export * from './event-schemas.ts';
export * from './projection.ts';
export * from './projector.ts';
export * from './skips.ts';
