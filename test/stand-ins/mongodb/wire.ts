import { deserialize, serialize, type Document } from 'bson';

/*
 * Messages of the MongoDB wire protocol, as its specification has them: a header of four little-endian int32 (length, request id, answered
 * id, opcode), then OP_MSG (flags and sections), or the OP_QUERY with which a driver says hello.
 */

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

export interface Request {
  readonly id: number;
  readonly legacy: boolean;
  /** The client does not wait for an answer (`w: 0`). */
  readonly unanswered: boolean;
  /** The name of the command is its first key; a `$db` stands in it, and document sequences have been put where they belong. */
  readonly command: Document;
}

/** Types of BSON are kept as they came: Int32, Long, Double and Binary are objects. */
export const decode = (bytes: Uint8Array): Document => deserialize(bytes, { promoteValues: false, promoteBuffers: false, promoteLongs: false });

/** Cuts whole messages out of what a socket brings. */
export class Messages {
  private rest: Buffer = Buffer.alloc(0);

  /** @throws Error for an opcode or a section it does not know. */
  *take(chunk: Buffer): Generator<Request> {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 16) {
      const length = this.rest.readInt32LE(0);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      yield parse(message);
    }
  }
}

function parse(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_QUERY) {
    const end = message.indexOf(0, 20);
    const db = message.toString('utf8', 20, end).replace(/\.\$cmd$/, '');
    return { id, legacy: true, unanswered: false, command: { ...decode(message.subarray(end + 9)), $db: db } };
  }
  if (opcode !== OP_MSG) throw new Error(`opcode ${opcode} is neither OP_MSG nor OP_QUERY`);
  const flags = message.readUInt32LE(16);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  let command: Document = {};
  const sequences: Document = {};
  for (let at = 20; at < end; ) {
    const kind = message[at];
    const size = message.readInt32LE(at + 1);
    const section = message.subarray(at + 1, at + 1 + size);
    if (kind === 0) command = decode(section);
    else if (kind === 1) {
      const zero = section.indexOf(0, 4);
      const list: Document[] = [];
      for (let from = zero + 1; from < section.length; ) {
        const length = section.readInt32LE(from);
        list.push(decode(section.subarray(from, from + length)));
        from += length;
      }
      sequences[section.toString('utf8', 4, zero)] = list;
    } else throw new Error(`section of kind ${String(kind)} is neither a body nor a sequence`);
    at += 1 + size;
  }
  return { id, legacy: false, unanswered: (flags & MORE_TO_COME) !== 0, command: { ...command, ...sequences } };
}

let answers = 0;

export function answer(request: Request, reply: Document): Buffer {
  const body = serialize(reply);
  const head = Buffer.alloc(request.legacy ? 36 : 21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE((answers = (answers + 1) & 0x7fffffff), 4);
  head.writeInt32LE(request.id, 8);
  head.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  // OP_REPLY: flags "await capable", no cursor, from 0, one document. OP_MSG: no flags, a body.
  if (request.legacy) {
    head.writeInt32LE(8, 16);
    head.writeInt32LE(1, 32);
  }
  return Buffer.concat([head, body]);
}
