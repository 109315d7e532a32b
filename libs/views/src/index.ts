export * from './view.ts';
export * from './dashboard-address.ts';
export * from './port.ts';
