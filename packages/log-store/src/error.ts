export type LogStoreErrorCode =
  | 'NOT_FOUND'
  | 'NOT_READABLE'
  | 'NOT_A_FILE'
  | 'NO_LOG_IN_FOLDER'
  | 'READ_FAILED'
  | 'NO_SPACE'
  | 'BAD_ARCHIVE'
  | 'BAD_FORMAT'
  | 'UNKNOWN_FORMAT'
  | 'ROW_OUT_OF_RANGE'
  | 'CLOSED';

/** What went wrong with a log and what to do about it, in one line; `code` is stable. */
export class LogStoreError extends Error {
  override readonly name = 'LogStoreError';
  readonly code: LogStoreErrorCode;

  constructor(code: LogStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Cancelling is not a failure: it has a class of its own. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly code = 'CANCELLED';

  constructor() {
    super('cancelled');
  }
}

/** For what must hold whatever a log says: throws where it does not, for that is a defect of this package. */
export function invariant(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`broken invariant: ${what}`);
}
