import type { Database, Statement } from 'better-sqlite3';

const byDatabase = new WeakMap<Database, Map<string, Statement>>();

/** The statement for a text, prepared once per connection: live batches hold few events, so preparing would cost more than applying them. */
export function prepared<Parameters extends unknown[], Row = unknown>(db: Database, sql: string): Statement<Parameters, Row> {
  let statements = byDatabase.get(db);
  if (!statements) {
    statements = new Map();
    byDatabase.set(db, statements);
  }
  let statement = statements.get(sql);
  if (!statement) {
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  return statement as unknown as Statement<Parameters, Row>;
}
