export * from './types.ts';
export * from './columns.ts';
export * from './table.ts';
export * from './task-list.ts';
export * from './plan.ts';
export * from './refused-file.ts';
export { readCsvRecords } from './csv-file.ts';
export { sealOf, type Cells } from './read-row.ts';
export * from './write-csv.ts';
