import { readyLine, serveUntilStopped } from './serve.ts';
import { readSettings } from './settings.ts';

await serveUntilStopped(readSettings(process.env), async (served) => {
  process.stdout.write(`${await readyLine(served)}\n`);
});
