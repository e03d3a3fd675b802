import { fstatSync, readSync } from 'node:fs';

/**
 * What tells the content of a file from any other. Nobody can choose the inode and the time of the last change that the system gives to a
 * file, so that what comes with a log from elsewhere, or lies beside another file, is not taken for this one's. The times are in
 * nanoseconds, as text.
 */
export interface ContentId {
  readonly device: string;
  readonly inode: string;
  readonly size: string;
  readonly modified: string;
  readonly changed: string;
  /** Of all bytes up to the end that was indexed. */
  readonly digest: string;
}

type Stat = Omit<ContentId, 'digest'>;

/** Of the file as it is, of which the bytes up to `end` count. */
export function contentIdOf(fd: number, end: number): ContentId {
  return { ...statOf(fd), digest: digestOf(fd, end) };
}

/** Nobody has written to the file since. Only its ends are read. */
export function isSame(content: ContentId, fd: number, end: number): boolean {
  const now = statOf(fd);
  const isUnchanged = now.size === content.size && now.modified === content.modified && now.changed === content.changed;
  return isUnchanged && isSameFile(content, now) && BigInt(end) <= BigInt(now.size);
}

/** The same file, of which the first bytes are still the same: something may have been written behind them. */
export function isGrown(content: ContentId, fd: number, end: number): boolean {
  const now = statOf(fd);
  return isSameFile(content, now) && BigInt(now.size) > BigInt(content.size) && digestOf(fd, end) === content.digest;
}

function isSameFile(content: ContentId, now: Stat): boolean {
  return now.device === content.device && now.inode === content.inode;
}

function statOf(fd: number): Stat {
  const { dev, ino, size, mtimeNs, ctimeNs } = fstatSync(fd, { bigint: true });
  return { device: `${dev}`, inode: `${ino}`, size: `${size}`, modified: `${mtimeNs}`, changed: `${ctimeNs}` };
}

const BLOCK_BYTES = 1 << 20;

/** Two hashes of 32 bits over words of four bytes: it tells damage and change, and whoever wrote an index had no need to forge it. */
function digestOf(fd: number, end: number): string {
  const block = Buffer.alloc(BLOCK_BYTES);
  const words = new Int32Array(block.buffer, block.byteOffset, BLOCK_BYTES / 4);
  let first = 0x811c9dc5;
  let second = 0x9e3779b1;
  for (let at = 0; at < end; ) {
    const count = readSync(fd, block, 0, Math.min(BLOCK_BYTES, end - at), at);
    if (count === 0) return 'cut';
    block.fill(0, count, Math.ceil(count / 4) * 4);
    for (let i = 0; i * 4 < count; i++) {
      const word = words[i] ?? 0;
      first = Math.imul(first ^ word, 0x01000193);
      second = Math.imul((second << 13) | (second >>> 19), 5) ^ Math.imul(word, 0x85ebca6b);
    }
    at += count;
  }
  return `${end} ${first >>> 0} ${second >>> 0}`;
}
