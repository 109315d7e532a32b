/** Reads and parses every event of a log file and nothing more: the line that a rebuild is measured against. Returns how many there were. */
export async function rawReadAndParse(file: string): Promise<number> {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(file, { readonly: true });
  try {
    let read = 0;
    for (const { data, metadata } of db.prepare<[], { data: string; metadata: string }>('SELECT data, metadata FROM events ORDER BY position').iterate()) {
      JSON.parse(data);
      JSON.parse(metadata);
      read++;
    }
    return read;
  } finally {
    db.close();
  }
}
