/** What each code means. */
export const EVENT_ERRORS = {
  EVENT_NUMBER: 'a number that JSON or the reader cannot hold',
  EVENT_NAME: 'a name that would not survive in a list: it is empty or has a comma',
  EVENT_RESERVED: 'an extra key that the format gives a meaning of its own',
  EVENT_FIELD: 'a property that is no field of the format, or no field of the opcode',
  EVENT_ORDER: '`seq` does not rise',
  LOG_UNWRITABLE: 'the log file cannot be opened or written',
  RUN_NAME: "a run's name that would lead out of the logs folder, or that too many runs have",
  RUN_MISSING: 'a folder without a run',
  RUN_UNREADABLE: '`run.json` is there and cannot be read',
} as const;

export type EventErrorCode = keyof typeof EVENT_ERRORS;

/** Why an event, a log or a run cannot be written or read. */
export class EventError extends Error {
  override readonly name = 'EventError';
  readonly code: EventErrorCode;

  constructor(code: EventErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
