import { Problem } from '#kernel';
import { readSettings } from '../../api/src/settings.ts';
import { workUntilStopped } from './work.ts';

try {
  await workUntilStopped(readSettings(process.env));
} catch (error) {
  // What a person can act on is said in one line; anything else keeps its stack.
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.detail}\n`);
  process.exitCode = 1;
}
