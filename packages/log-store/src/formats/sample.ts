import type { ByteSource } from '../io/byte-source.ts';

/** The first block is small: mostly it is enough, and the first screen waits for it. */
const FIRST_BYTES = 1 << 16;
const BLOCK_BYTES = 1 << 20;
/** A line that is longer is not looked at: it would have to be held as a whole. */
const LINE_CHARS_MAX = 1 << 16;

/** The lines of a source from its beginning, as far as it can be read now; empty ones and those that are far too long are left out. */
export function* linesOf(source: ByteSource): Generator<string> {
  let block = Buffer.allocUnsafe(FIRST_BYTES);
  let cut = '';
  for (let position = 0; ; ) {
    if (position > 0 && block.length < BLOCK_BYTES) block = Buffer.allocUnsafe(BLOCK_BYTES);
    const count = source.read(block, position);
    if (count === 0) break;
    position += count;
    // Half a character at the end of a block damages one line of a thousand at most, and only what is looked at here.
    const lines = (cut + block.toString('utf8', 0, count)).split('\n');
    cut = lines.pop() ?? '';
    if (cut.length > LINE_CHARS_MAX) cut = cut.slice(0, LINE_CHARS_MAX + 1);
    for (const line of lines) if (isLookedAt(line)) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (isLookedAt(cut)) yield cut;
}

function isLookedAt(line: string): boolean {
  return line.length <= LINE_CHARS_MAX && line.trim() !== '';
}
