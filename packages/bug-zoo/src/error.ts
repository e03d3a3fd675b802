export type BugZooErrorCode =
  | 'UNKNOWN_BUG'
  | 'NO_PATCH'
  | 'BAD_BUG_HEADER'
  | 'PATCH_DOES_NOT_APPLY'
  | 'NO_ESBUILD'
  | 'BUILD_FAILED'
  | 'UNSAFE_FOLDER';

/** Something about the zoo is wrong. `code` is stable; the message says what, where, and what to do. */
export class BugZooError extends Error {
  readonly code: BugZooErrorCode;

  constructor(code: BugZooErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BugZooError';
    this.code = code;
  }
}
