/** A command of the service above Raft, opaque to Raft. */
export type Command = string | Uint8Array;

/** The bytes of a command; a text counts as UTF-8. */
export function commandBytes(command: Command): number {
  return typeof command === 'string' ? Buffer.byteLength(command) : command.length;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const encoder = new TextEncoder();

/**
 * Eight lower-case hexadecimal digits: FNV-1a, 32 bits, over the command's bytes (a text's UTF-8). It tells commands apart in a log;
 * it is no protection against anybody who wants two commands to look alike.
 */
export function digestOfCommand(command: Command): string {
  const hash = typeof command === 'string' ? hashText(command) : hashBytes(command);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Most commands are ASCII, whose characters are their bytes. */
function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let position = 0; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code > 0x7f) return hashBytes(encoder.encode(text));
    hash = Math.imul(hash ^ code, FNV_PRIME);
  }
  return hash;
}

function hashBytes(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash;
}
