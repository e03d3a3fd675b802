/** `BAD_PATTERN`: no regular expression. `UNSUPPORTED_PATTERN`: one that cannot be matched in linear time, or is too large. */
export type PatternErrorCode = 'BAD_PATTERN' | 'UNSUPPORTED_PATTERN';

/** Why a text cannot be used as a pattern: half a sentence, to stand behind the name of the place where the pattern was given. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly code: PatternErrorCode;

  constructor(code: PatternErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
