/**
 * Text that is added bit by bit, as UTF-8 in pieces of about `size` bytes. What is added is encoded at once, a row at a time: one long text of
 * thousands of small ones takes far longer to be put together than to be encoded.
 */
export class TextPieces {
  private readonly size: number;
  private piece: Buffer;
  private used = 0;

  constructor(size: number) {
    this.size = size;
    this.piece = Buffer.allocUnsafeSlow(size);
  }

  /** Answers the piece that was filled before, where there is no more room in it. */
  add(text: string): Buffer | undefined {
    // No letter takes more than three bytes for each of its code units.
    const most = text.length * 3;
    let full: Buffer | undefined;
    if (this.used + most > this.piece.length) {
      full = this.used > 0 ? this.end() : undefined;
      this.piece = Buffer.allocUnsafeSlow(Math.max(this.size, most));
    }
    this.used += this.piece.write(text, this.used);
    return full;
  }

  /** What has been added and not been answered yet. */
  end(): Buffer {
    const last = this.piece.subarray(0, this.used);
    this.piece = Buffer.alloc(0);
    this.used = 0;
    return last;
  }
}
