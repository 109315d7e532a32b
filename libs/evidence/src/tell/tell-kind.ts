import type { Told } from '../kinds.ts';
import { BrokenContent, startsWith, type ReadBytes } from './bytes.ts';
import { tellCompound } from './compound.ts';
import { tellZip } from './zip.ts';

const HEAD = 512;

/** Binary kinds that are not allowed, named so that a person sees what went wrong; the list need not be complete. */
const OTHERS: readonly (readonly [prefix: readonly number[] | string, found: string, offset?: number])[] = [
  ['MZ', 'chương trình Windows (EXE, DLL)'],
  [[0x7f, 0x45, 0x4c, 0x46], 'chương trình Linux (ELF)'],
  ['GIF8', 'ảnh GIF'],
  ['BM', 'ảnh BMP'],
  ['WEBP', 'ảnh WebP', 8],
  ['Rar!', 'tệp nén RAR'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'tệp nén 7z'],
  [[0x1f, 0x8b], 'tệp nén GZIP'],
  ['heic', 'ảnh HEIC', 8],
  ['ftyp', 'video hoặc âm thanh (MP4, MOV, M4A)', 4],
  ['ID3', 'âm thanh MP3'],
  ['SQLite format 3', 'cơ sở dữ liệu SQLite'],
  [[0xff, 0xfe], 'văn bản UTF-16 (hãy lưu lại dạng UTF-8)'],
  [[0xfe, 0xff], 'văn bản UTF-16 (hãy lưu lại dạng UTF-8)'],
];

/** Text that is more than plain text: it would be run or laid out by the program that opens it. */
const MARKED_UP: readonly (readonly [shape: RegExp, found: string])[] = [
  [/^\{\\rtf/, 'văn bản RTF'],
  [/^%!PS/, 'PostScript'],
  [/^#!/, 'tập lệnh (#!)'],
  [/^<(?:!doctype html|html|head|body|script)\b/i, 'trang HTML'],
  [/^<svg\b/i, 'ảnh SVG'],
  [/^<\?(?:xml|php)\b/i, 'tệp XML hoặc PHP'],
];

/**
 * What a file is, by its bytes. `isText` says whether the whole of it is plain UTF-8 without control characters.
 * Containers (ZIP, compound files) are opened as far as needed to see that they really are an office format.
 */
export async function tellKind({ read, size, isText }: { read: ReadBytes; size: number; isText: boolean }): Promise<Told> {
  const head = await read(0, Math.min(HEAD, size));
  // ISO 32000-1 7.5.2 wants the header first; writers that put a byte order mark or line breaks before it exist.
  if (/^(?:\u00ef\u00bb\u00bf)?[\r\n\t ]{0,16}%PDF-\d/.test(latin1(head))) return { kind: 'pdf' };
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return { kind: 'png' };
  if (startsWith(head, [0xff, 0xd8, 0xff])) return { kind: 'jpg' };
  if (startsWith(head, [0x49, 0x49, 0x2a, 0x00]) || startsWith(head, [0x4d, 0x4d, 0x00, 0x2a])) return { kind: 'tiff' };
  try {
    if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) return await tellZip(read, size);
    if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return await tellCompound(read);
  } catch (error) {
    if (error instanceof BrokenContent) return { found: startsWith(head, 'PK') ? 'tệp ZIP hỏng hoặc tải lên chưa trọn' : 'tệp Office 97–2003 hỏng hoặc tải lên chưa trọn' };
    throw error;
  }
  if (isText) {
    const start = new TextDecoder().decode(head).trimStart();
    const markedUp = MARKED_UP.find(([shape]) => shape.test(start));
    return markedUp ? { found: markedUp[1] } : { kind: 'text' };
  }
  const other = OTHERS.find(([prefix, , offset]) => startsWith(head, prefix, offset));
  if (other) return { found: other[1] };
  const first = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  return { found: `dữ liệu không rõ loại, cũng không phải văn bản UTF-8 (bắt đầu bằng ${first})` };
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
