export * from './port.ts';
export * from './upcast.ts';
