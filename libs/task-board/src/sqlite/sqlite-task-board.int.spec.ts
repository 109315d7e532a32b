import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader } from '#projections/sqlite/open-read-models';
import { openSqliteReadModels, readBuilds, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskBoardFeatures } from '../task-board.features.ts';
import { SqliteTaskBoard, TaskBoardProjection } from './sqlite-task-board.ts';

taskBoardFeatures<SqliteTx>('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-task-board-'));
  const file = join(folder, 'read-models.sqlite');
  return {
    open: () => openSqliteReadModels(file),
    projection: () => new TaskBoardProjection(),
    board: async () => {
      const db = await openReader(file);
      return new SqliteTaskBoard(
        db,
        readBuilds(db).find(({ state }) => state === 'active')!,
      );
    },
    clear: async () => rmSync(folder, { recursive: true }),
  };
});
