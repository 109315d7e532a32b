export * from './person.ts';
export * from './port.ts';
export * from './read-people.ts';
export * from './write-people.ts';
