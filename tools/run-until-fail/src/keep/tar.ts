/** The size of a block of a tar archive: headers and contents are filled up to it. */
const BLOCK = 512;
const NAME_MAX = 100;
const SIZE_MAX = 8 ** 11;

export interface TarEntry {
  /** Relative, with slashes. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** The header of a plain file in the POSIX ustar format (IEEE 1003.1, "ustar Interchange Format"). @throws RangeError for what it cannot say */
export function tarHeader({ name, bytes, modifiedMs }: TarEntry): Buffer {
  const encoded = Buffer.from(name);
  if (encoded.length > NAME_MAX) throw new RangeError(`the name ${name} is longer than the ${NAME_MAX} bytes that tar allows`);
  if (bytes >= SIZE_MAX) throw new RangeError(`${name} has ${bytes} bytes, more than tar allows`);
  const header = Buffer.alloc(BLOCK);
  encoded.copy(header, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(bytes, 12), 124);
  header.write(octal(Math.max(0, Math.floor(modifiedMs / 1000)), 12), 136);
  header.write(' '.repeat(8), 148); // The sum is taken with blanks in its own place.
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148);
  return header;
}

/** What fills the last block of a file's contents. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

/** Two empty blocks end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\u0000`;
}
