import { randomBytes, randomInt } from 'node:crypto';
import type { Secrets } from './screen.ts';

export const systemSecrets: Secrets = {
  code: () => String(randomInt(1_000_000)).padStart(6, '0'),
  secret: () => randomBytes(32).toString('base64url'),
};
