/** Reads up to `length` bytes from `offset`; fewer only at the end of the content. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** The content is not what its first bytes say: broken off, or made to mislead. */
export class BrokenContent extends Error {}

/** Exactly `length` bytes. @throws BrokenContent when there are fewer. */
export async function readExactly(read: ReadBytes, offset: number, length: number): Promise<DataView> {
  const bytes = await read(offset, length);
  if (bytes.length !== length) throw new BrokenContent(`${String(length)} bytes at ${String(offset)}, got ${String(bytes.length)}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function startsWith(bytes: Uint8Array, prefix: readonly number[] | string, offset = 0): boolean {
  const wanted = typeof prefix === 'string' ? Array.from(prefix, (c) => c.charCodeAt(0)) : prefix;
  return bytes.length >= offset + wanted.length && wanted.every((byte, n) => bytes[offset + n] === byte);
}
