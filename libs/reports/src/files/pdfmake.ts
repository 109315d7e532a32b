import { createRequire } from 'node:module';
import { tinos } from './layout.ts';

export type PdfContent = Readonly<Record<string, unknown>>;

/** What is used of the library. Its published types bring the whole of the browser's into a program of the server, so it is not imported by them. */
interface PdfMake {
  addFonts(fonts: Readonly<Record<string, ReturnType<typeof tinos>>>): void;
  setUrlAccessPolicy(allowed: (url: string) => boolean): void;
  setLocalAccessPolicy(allowed: (path: string) => boolean): void;
  createPdf(definition: PdfContent): { getBuffer(): Promise<Buffer> };
}

const pdfmake = createRequire(import.meta.url)('pdfmake') as PdfMake;

let ready = false;

/** Fonts once; no document may make the library read another file or ask the network. */
function prepare(): void {
  if (ready) return;
  const faces = tinos();
  pdfmake.addFonts({ Tinos: faces });
  pdfmake.setUrlAccessPolicy(() => false);
  const allowed = new Set<string>(Object.values(faces));
  pdfmake.setLocalAccessPolicy((path) => allowed.has(path));
  ready = true;
}

/** The bytes of a document in the one face that this program prints with, `Tinos`. The same definition gives the same bytes. */
export function writePdf(definition: PdfContent): Promise<Buffer> {
  prepare();
  return pdfmake.createPdf(definition).getBuffer();
}
