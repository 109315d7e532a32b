/** Controls other than tab, line feed and carriage return; U+FFFE and U+FFFF are no characters. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/;

/** Tells piece by piece whether all content is plain UTF-8 text. */
export class Utf8Check {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private sound = true;

  add(chunk: Uint8Array): void {
    if (this.sound) this.sound = this.decodes(chunk);
  }

  /** True when everything added was text and the last character is whole. */
  isText(): boolean {
    if (this.sound) this.sound = this.decodes();
    return this.sound;
  }

  private decodes(chunk?: Uint8Array): boolean {
    try {
      return !NOT_TEXT.test(chunk ? this.decoder.decode(chunk, { stream: true }) : this.decoder.decode());
    } catch {
      return false;
    }
  }
}
