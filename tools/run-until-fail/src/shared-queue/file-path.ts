/** The bytes of a slash, and of the names that lead out of a folder or nowhere. */
const SLASH = 0x2f;
const NUL = 0;
/** Of Linux: PATH_MAX and NAME_MAX (limits.h). */
const PATH_BYTES_MAX = 4096;
const NAME_BYTES_MAX = 255;

/** A file's way below the folder of its run, as it travels: its bytes in base64, for a name on Linux is any bytes and need not be text. */
export function encodeFilePath(path: Buffer): string {
  return path.toString('base64');
}

/** The bytes of a path that came from elsewhere; null where it is none, or leads out of the folder. */
export function decodeFilePath(text: string): Buffer | null {
  const path = Buffer.from(text, 'base64');
  if (path.length === 0 || path.length > PATH_BYTES_MAX || path.includes(NUL) || encodeFilePath(path) !== text) return null;
  return namesOf(path).every(isName) ? path : null;
}

function namesOf(path: Buffer): readonly Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0; start <= path.length; ) {
    const slash = path.indexOf(SLASH, start);
    const end = slash === -1 ? path.length : slash;
    names.push(path.subarray(start, end));
    start = end + 1;
  }
  return names;
}

function isName(name: Buffer): boolean {
  return name.length > 0 && name.length <= NAME_BYTES_MAX && !name.equals(Buffer.from('.')) && !name.equals(Buffer.from('..'));
}
