import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Problem } from '#kernel';
import { lockForWriting } from '#projections/sqlite/writer-lock';

const MARK = '.nhacviec-demo';

/**
 * An empty folder for a demonstration. Only one that an earlier demonstration marked as its own is ever emptied, and none that a program is
 * still serving: what it had acknowledged would be gone. @throws Problem naming the folder.
 */
export async function freshDemoFolder(folder: string): Promise<string> {
  const dir = resolve(folder);
  if (existsSync(dir)) {
    if (!existsSync(join(dir, MARK))) throw new Problem(409, 'folder-not-a-demo', 'Không động đến', `Thư mục “${dir}” không do bản trình diễn tạo ra: không động đến.`);
    (await lockForWriting(dir)).release();
    rmSync(dir, { recursive: true, force: true });
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, MARK), 'Thư mục trình diễn: bị xóa và làm lại mỗi lần chạy demo.\n');
  return dir;
}
