export * from './port.ts';
export * from './kinds.ts';
export * from './file-name.ts';
export * from './rejections.ts';
