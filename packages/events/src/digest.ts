const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const encoder = new TextEncoder();

/**
 * The digest of a command as events carry it: FNV-1a, 32 bits, over the command's bytes (UTF-8 for text), as eight lower-case
 * hexadecimal digits.
 *
 * Deliberately not a cryptographic hash. It must take a line or two in every language, cost little beside the event, and only tell apart
 * commands that a test wrote, which nobody forges. Two different commands at one index and term are taken for equal once in 4 billion.
 */
export function digestOf(command: string | Uint8Array): string {
  const bytes = typeof command === 'string' ? encoder.encode(command) : command;
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
