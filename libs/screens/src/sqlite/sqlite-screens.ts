import type { Instant } from '#kernel';
import type { Screen, ScreenStore, Show } from '../screen.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS screens (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, code TEXT, claim TEXT, token TEXT, former TEXT, paired_at INTEGER, ends_at INTEGER NOT NULL, screen TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS screens_by_code ON screens (code) WHERE code IS NOT NULL;
  CREATE INDEX IF NOT EXISTS screens_by_claim ON screens (claim) WHERE claim IS NOT NULL;
  CREATE INDEX IF NOT EXISTS screens_by_token ON screens (token) WHERE token IS NOT NULL;
  CREATE INDEX IF NOT EXISTS screens_by_former ON screens (former) WHERE former IS NOT NULL;
  CREATE TABLE IF NOT EXISTS shows (briefing TEXT PRIMARY KEY, revision INTEGER NOT NULL, show TEXT NOT NULL) STRICT, WITHOUT ROWID;`;

/** In a file of its own in the data folder. @throws with the file's name when it cannot be opened. */
export async function openSqliteScreens(file: string): Promise<ScreenStore> {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(file, { timeout: 5_000 });
  db.pragma('journal_mode = WAL');
  // A revocation that was acknowledged must hold after power loss.
  db.pragma('synchronous = FULL');
  db.exec(SCHEMA);
  const read = (text: unknown): Screen | undefined => (text === undefined ? undefined : (JSON.parse(text as string) as Screen));
  const values = (screen: Screen): unknown[] => [screen.revision, screen.codeHash, screen.claimHash, screen.tokenHash, screen.formerTokenHash, screen.pairedAt, endsAt(screen), JSON.stringify(screen), screen.id];
  const insert = db.prepare('INSERT INTO screens (revision, code, claim, token, former, paired_at, ends_at, screen, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const update = db.prepare('UPDATE screens SET revision = ?, code = ?, claim = ?, token = ?, former = ?, paired_at = ?, ends_at = ?, screen = ? WHERE id = ? AND revision = ?');
  const one = db.prepare('SELECT screen FROM screens WHERE id = ?').pluck();
  const by = {
    code: db.prepare('SELECT screen FROM screens WHERE code = ?').pluck(),
    claim: db.prepare('SELECT screen FROM screens WHERE claim = ?').pluck(),
    token: db.prepare('SELECT screen FROM screens WHERE token = @hash UNION ALL SELECT screen FROM screens WHERE former = @hash').pluck(),
  };
  const paired = db.prepare('SELECT screen FROM screens WHERE paired_at IS NOT NULL ORDER BY paired_at DESC, id').pluck();
  const forget = db.prepare('DELETE FROM screens WHERE ends_at < ?');
  const show = db.prepare('SELECT show FROM shows WHERE briefing = ?').pluck();
  const begin = db.prepare('INSERT INTO shows (briefing, revision, show) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const goOn = db.prepare('UPDATE shows SET revision = ?, show = ? WHERE briefing = ? AND revision = ?');
  return {
    insert: async (screen) => { insert.run(...values(screen)); },
    get: async (id) => read(one.get(id)),
    byHash: async (kind, hash) => read(kind === 'token' ? by.token.get({ hash }) : by[kind].get(hash)),
    paired: async () => (paired.all() as string[]).map((text) => JSON.parse(text) as Screen),
    replace: async (screen) => update.run(...values(screen), screen.revision - 1).changes === 1,
    forget: async (before) => { forget.run(before); },
    async show(briefingId) {
      const text = show.get(briefingId);
      return text === undefined ? undefined : (JSON.parse(text as string) as Show);
    },
    putShow: async (next) => (next.revision === 1 ? begin.run(next.briefingId, 1, JSON.stringify(next)) : goOn.run(next.revision, JSON.stringify(next), next.briefingId, next.revision - 1)).changes === 1,
    close: async () => { db.close(); },
  };
}

/** From when on it is of no use to anybody. */
export function endsAt({ codeExpiresAt, expiresAt, revokedAt }: Screen): Instant {
  return revokedAt ?? expiresAt ?? codeExpiresAt;
}
