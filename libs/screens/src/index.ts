export * from './screen.ts';
export * from './system-secrets.ts';
