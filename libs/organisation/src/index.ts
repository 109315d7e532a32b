export * from './events.ts';
export * from './words.ts';
export * from './commands.ts';
export * from './state.ts';
export * from './decide.ts';
export * from './directory.ts';
export { Organisation, type Known, type OnDay, type OrganisedAs } from './organisation.ts';
export type { UnitAt } from './snapshot.ts';
export type { LineageEntry } from './lineage.ts';
