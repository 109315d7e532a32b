export * from './audit-row.ts';
export * from './audit-columns.ts';
export * from './audit-trail.ts';
export * from './trail-task.ts';
