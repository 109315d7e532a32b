/** An XML text that is not what a spreadsheet writes, and why. */
export class XmlFault extends Error {
  readonly code: 'xlsx-broken' | 'xlsx-doctype';
  constructor(code: XmlFault['code'], message: string) {
    super(message);
    this.code = code;
    this.name = 'XmlFault';
  }
}

/** A tag may hold many attributes, but never so many that it has to be kept in pieces. */
const LONGEST_TAG = 256 * 1024;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export interface XmlHandler {
  /** Attributes as they stand in the tag. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** A piece of text, entities not replaced; asked for while `wantsText` is true. */
  text(piece: string): void;
  wantsText: boolean;
}

/**
 * Elements and text of an XML file, in the pieces in which it arrives. A spreadsheet needs no document type, so one is refused and with it every
 * entity but the five of XML itself; names lose their prefix. What is not closed is for the handler to notice.
 */
export class XmlScanner {
  private rest = '';
  private readonly handler: XmlHandler;
  constructor(handler: XmlHandler) {
    this.handler = handler;
  }

  feed(piece: string): void {
    const { handler } = this;
    const text = this.rest === '' ? piece : this.rest + piece;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) {
        // An entity cut in two waits for its other half.
        const cut = handler.wantsText ? text.lastIndexOf('&') : -1;
        const end = cut >= at && text.length - cut < 12 && !text.includes(';', cut) ? cut : text.length;
        if (handler.wantsText && end > at) handler.text(text.slice(at, end));
        this.rest = text.slice(end);
        return;
      }
      if (open > at && handler.wantsText) handler.text(text.slice(at, open));
      const second = text.charCodeAt(open + 1);
      if (second === 33 /* ! */) {
        const next = this.declaration(text, open);
        if (next < 0) break;
        at = next;
        continue;
      }
      const end = endOfTag(text, open);
      if (end < 0) {
        if (text.length - open > LONGEST_TAG) throw new XmlFault('xlsx-broken', 'có thẻ XML dài bất thường');
        this.rest = text.slice(open);
        return;
      }
      at = end + 1;
      if (second === 63 /* ? */) continue;
      if (second === 47 /* / */) {
        handler.close(localName(text, open + 2, end));
        continue;
      }
      const empty = text.charCodeAt(end - 1) === 47;
      let nameEnd = open + 1;
      while (nameEnd < end && !endsName(text.charCodeAt(nameEnd))) nameEnd++;
      const name = localName(text, open + 1, nameEnd);
      if (name === '') throw new XmlFault('xlsx-broken', 'có thẻ XML không có tên');
      handler.open(name, text.slice(nameEnd, empty ? end - 1 : end));
      if (empty) handler.close(name);
    }
    this.rest = text.slice(Math.max(at, text.indexOf('<', at)));
  }

  /** True when nothing is left over. */
  get done(): boolean {
    return this.rest.trim() === '';
  }

  /** Where it goes on after a comment or CDATA; -1 when that is not all here yet. */
  private declaration(text: string, open: number): number {
    if (text.startsWith('<!--', open)) {
      const end = text.indexOf('-->', open + 4);
      if (end < 0 && text.length - open > LONGEST_TAG) throw new XmlFault('xlsx-broken', 'có chú thích XML dài bất thường');
      return end < 0 ? -1 : end + 3;
    }
    if (text.startsWith('<![CDATA[', open)) {
      const end = text.indexOf(']]>', open + 9);
      if (end < 0 && text.length - open > LONGEST_TAG) throw new XmlFault('xlsx-broken', 'có đoạn CDATA dài bất thường');
      if (end < 0) return -1;
      if (this.handler.wantsText) this.handler.text(text.slice(open + 9, end).replaceAll('&', '&amp;'));
      return end + 3;
    }
    if (text.length - open < 9) return -1;
    throw new XmlFault('xlsx-doctype', 'có khai báo DOCTYPE hoặc ENTITY');
  }
}

/** The `>` that ends a tag; one inside quotes does not. */
function endOfTag(text: string, open: number): number {
  let quote = 0;
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 62) return at;
    else if (code === 34 || code === 39) quote = code;
  }
  return -1;
}

const endsName = (code: number): boolean => code <= 32 || code === 47;

function localName(text: string, from: number, to: number): string {
  let end = to;
  while (end > from && endsName(text.charCodeAt(end - 1))) end--;
  const name = text.slice(from, end);
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** The value of an attribute in a tag, whatever its prefix; undefined when it has none. */
export function attribute(attributes: string, name: string): string | undefined {
  for (let from = 0; ; ) {
    const at = attributes.indexOf(`${name}=`, from);
    if (at < 0) return undefined;
    const before = attributes.charCodeAt(at - 1);
    const quote = attributes[at + name.length + 1];
    if ((before <= 32 || before === 58) && (quote === '"' || quote === "'")) {
      const start = at + name.length + 2;
      const end = attributes.indexOf(quote, start);
      return end < 0 ? undefined : plainText(attributes.slice(start, end));
    }
    from = at + 1;
  }
}

/** Text with its entities replaced. @throws XmlFault for one that XML itself does not know. */
export function plainText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{1,8})?;?/gi, (whole, entity: string | undefined) => {
    if (entity === undefined || !whole.endsWith(';')) throw new XmlFault('xlsx-broken', 'có dấu & đứng lẻ');
    if (entity.startsWith('#')) {
      const code = entity[1] === 'x' || entity[1] === 'X' ? parseInt(entity.slice(2), 16) : parseInt(entity.slice(1), 10);
      return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\uFFFD' : String.fromCodePoint(code);
    }
    const known = NAMED[entity];
    if (known === undefined) throw new XmlFault('xlsx-doctype', `dùng thực thể lạ “&${entity};”`);
    return known;
  });
}
