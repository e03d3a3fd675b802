import type { Command } from './entry.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const encoder = new TextEncoder();

/**
 * Eight lower-case hexadecimal digits: FNV-1a, 32 bits, over the command's bytes (a text's UTF-8). It tells commands apart in a log;
 * it is no protection against anybody who wants two commands to look alike.
 */
export function digestOfCommand(command: Command): string {
  const bytes = typeof command === 'string' ? encoder.encode(command) : command;
  let hash = FNV_OFFSET;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, FNV_PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
