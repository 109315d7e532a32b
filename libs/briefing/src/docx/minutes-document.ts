import type { Minutes } from '../minutes.ts';

export async function minutesDocument(_minutes: Minutes): Promise<Uint8Array> {
  return new Uint8Array();
}
