const EVERY_MS = 200;

/** Says how far something is: one line that is written over on a terminal, nothing elsewhere. `end` clears it. */
export function progressLine(what: string): { readonly step: (done: number, total: number) => void; readonly end: () => void } {
  const { stderr } = process;
  let shownAt = 0;
  let shown = false;
  return {
    step(done, total) {
      const now = performance.now();
      if (!stderr.isTTY || now - shownAt < EVERY_MS || total === 0) return;
      shownAt = now;
      shown = true;
      stderr.write(`\r${what}: ${String(Math.min(100, Math.floor((100 * done) / total)))} % (${String(done)}/${String(total)})`);
    },
    end() {
      if (shown) stderr.write('\r\x1b[K');
    },
  };
}
