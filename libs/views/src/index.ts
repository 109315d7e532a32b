export * from './view.ts';
export * from './port.ts';
