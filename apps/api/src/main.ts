import { Problem } from '#kernel';
import { readyLine, serveUntilStopped } from './serve.ts';
import { readSettings } from './settings.ts';

try {
  await serveUntilStopped(readSettings(process.env), async (served) => {
    process.stdout.write(`${await readyLine(served)}\n`);
  });
} catch (error) {
  // What a person can act on is said in one line; anything else keeps its stack.
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.detail}\n`);
  process.exitCode = 1;
}
