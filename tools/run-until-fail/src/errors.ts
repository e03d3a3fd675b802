/** The system's code of an error ("ENOENT"), or "UNKNOWN". */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's number of an error (positive, as in errno(3)); 0 when it has none. */
export function errnoOf(error: unknown): number {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : 0;
}
