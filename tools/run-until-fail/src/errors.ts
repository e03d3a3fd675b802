/** The system's code of an error ("ENOENT"), or "UNKNOWN". */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

/** Names and errors of the system hold paths, which a test can make 4 KB long. */
const TEXT_MAX = 400;

/** What went wrong, in one line of bounded length. Not safe to print. */
export function errorMessage(error: unknown): string {
  return bounded(error instanceof Error ? error.message : String(error));
}

/** Of a text that is too long for one line of a report its beginning and its end. */
export function bounded(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX / 2)} ... ${text.slice(-TEXT_MAX / 4)}`;
}

/** The system's number of an error (positive, as in errno(3)); 0 when it has none. */
export function errnoOf(error: unknown): number {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : 0;
}
