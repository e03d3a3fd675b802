/** The exit codes, the same in every tool. */
export const ExitCode = {
  /** Nothing failed. */
  ok: 0,
  /** A run failed, or a check found a violation. */
  failed: 1,
  /** The command line or the input is wrong, or cannot be read. */
  usage: 2,
  /** The tool itself failed. */
  internal: 3,
  /** Ctrl-C, or SIGTERM. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * A mistake of the user, or an input that cannot be used: it is printed as one line without a stack, and the tool ends with exit code 2.
 * The message says what is wrong, where, and what to do.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** Stable, upper case with underscores: for scripts and for tests. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Ctrl-C or SIGTERM stopped the work, and everything is reported already: the tool ends with exit code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor() {
    super('interrupted');
  }
}
